"""Selection: which questions of a gold file a run asks."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from istok.eval.questions import GoldError, GoldItem, load_gold, missing_documents
from istok.index.index import Index


def select(path: Path, index: Index, split: str = "all", limit: int | None = None) -> tuple[list[GoldItem], bool]:
    """The questions of `split` ("dev", "test" or "all"), at most `limit`, and whether that left any out.

    Raises GoldError for a file that can't be used, documents that are not in `index`, and a split without questions.
    """
    texts = {document.id: document.text for document in index.documents()}
    if missing := missing_documents(load_gold(path), texts):
        names = missing[0] if len(missing) == 1 else f"{missing[0]} and {len(missing) - 1} more"
        raise GoldError(f"{path.name} asks about documents that are not indexed ({names}): run: istok index")
    gold = [item for item in load_gold(path, texts) if split in ("all", item.split)]
    if not gold:
        raise GoldError(f"{path.name} has no {split} questions: choose another --split")
    drawn = draw(gold, limit)
    return drawn, len(drawn) < len(gold)


def draw(gold: Sequence[GoldItem], limit: int | None) -> list[GoldItem]:
    """At most `limit` items, the same ones every time, evenly from all languages and types; twins stay together."""
    if limit is None or limit >= len(gold):
        return list(gold)
    units: dict[str, list[GoldItem]] = {}
    for item in gold:
        units.setdefault(min(item.id, item.twin or item.id), []).append(item)
    # By a hash, so that a question more in the file changes little of what is drawn.
    waiting = [units[name] for name in sorted(units, key=lambda name: hashlib.sha256(name.encode()).digest())]
    drawn: list[GoldItem] = []
    cells: Counter[tuple[str, str]] = Counter()
    while fitting := [unit for unit in waiting if len(drawn) + len(unit) <= limit]:
        unit = min(fitting, key=lambda unit: sum(cells[cell] for item in unit for cell in _cells(item)) / len(unit))
        cells.update(cell for item in unit for cell in _cells(item))
        drawn += unit
        waiting.remove(unit)
    chosen = {item.id for item in drawn}
    return [item for item in gold if item.id in chosen]


def _cells(item: GoldItem) -> tuple[tuple[str, str], ...]:
    return (item.language, item.type), (item.type, item.split)
