"""Ablation: the same questions to each of the systems: the search by one of its voices, by both, and reranked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from istok.eval.metrics import MEASURES, Estimate, mean
from istok.eval.questions import GoldItem
from istok.eval.results import ItemResult, Machine, ResultsError, Summary, gather, summarise
from istok.eval.run import Examiner, Progress
from istok.eval.systems import RERANKED, VOICES, rerank, voices
from istok.index.index import Index
from istok.rag.assistant import Assistant
from istok.rag.readers import open_reader

T = TypeVar("T")


class Ablation(BaseModel):
    """The summary of each system; that of "reranked" has the measures of passages alone. `split` is "dev", "test" or
    "all", `limit` as in `Results`, `finished` ISO 8601 in UTC."""

    model_config = ConfigDict(frozen=True)

    version: str
    encoder: str
    encoder_fingerprint: str
    index_generation: int
    reader: str
    gold: str
    split: str
    limit: int | None
    finished: str
    machine: Machine
    systems: Mapping[str, Summary]

    def write(self, path: Path) -> None:
        """Write `ablation.json`. Raises ResultsError."""
        try:
            path.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")
        except OSError as error:
            raise ResultsError(f"{path} can't be written ({error.strerror}): choose another --out") from error


def ablate(
    index: Index,
    gold: Sequence[GoldItem],
    source: Path,
    progress: Progress,
    *,
    reader: str = "quote",
    split: str = "all",
    limit: int | None = None,
) -> Ablation:
    """Ask `gold`, which was drawn from `source`, of every system. `progress` hears (system, done, total)."""
    systems: dict[str, Summary] = {}
    opened = open_reader(reader)
    sources = index.home.config.sources
    for name in voices(index):
        examiner = Examiner(Assistant(index, opened, VOICES[name]))
        asked = [examiner.ask(item) for item in _told(gold, name, progress)]
        results = [examiner.judge(item, said) for item, said in zip(gold, asked, strict=True)]
        systems[name] = summarise(results)
    # Of the last of them: of both voices, where there are two.
    reranked = []
    for result, said in zip(_told(results, RERANKED, progress), asked, strict=True):
        hits = [*rerank(said.answer.standalone_question, said.hits[:sources], index), *said.hits[sources:]]
        reranked.append(result.model_copy(update={"scores": examiner.retrieval(result.item, hits)[0]}))
    systems[RERANKED] = _measures(reranked)
    return Ablation(
        version=version("istok"),
        encoder=index.home.config.embedder,
        encoder_fingerprint=index.fingerprint,
        index_generation=index.generation,
        reader=opened.name,
        gold=source.name,
        split=split,
        limit=limit,
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=Machine.here(),
        systems=systems,
    )


def _told(items: Sequence[T], what: str, progress: Progress) -> Iterator[T]:
    for done, item in enumerate(items, 1):
        yield item
        progress(what, done, len(items))


def _measures(results: Iterable[ItemResult]) -> dict[str, dict[str, Estimate]]:
    return {
        group: {name: mean(r.scores[name] for r in members if name in r.scores) for name in MEASURES}
        for group, members in gather(results).items()
    }
