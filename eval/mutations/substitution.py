"""Substitution: a text with one of its words replaced by another from a list, in the same form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from istok.eval.mutations import inflection
from istok.index.types import Language

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_COUNTED = frozenset(("over", "under", "about", "above", "below", "around", "более", "менее", "свыше"))
"""Words that are taken for what they say of figures only before one."""
_FIGURE_NEXT = re.compile(
    r"\s+(?:[$€£]?\d|(?:two|three|four|five|six|seven|eight|nine|ten|half|two-|a|one|hundred|thousand|million)\b|"
    r"чем|половин|трет|двух|тр[её]х|четыр|пят|шест|сем|восьм|девят|десят|двадцат|ст[ао]|тысяч|миллион)"
)


@lru_cache(maxsize=1)
def lists() -> dict[str, dict[str, Any]]:
    """words.toml."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def families(section: str, language: Language) -> Iterator[tuple[list[str], bool, bool]]:
    """The families of a section: the words, whether they are inflected, whether only the first one is replaced."""
    found = lists()[section]
    inflected = language == "ru"
    for family in found.get(language, []):
        yield family, inflected, False
    for family in found.get(f"phrases_{language}", []):
        yield family, False, False
    for family in found.get(f"replacements_{language}", []):
        yield family, False, True


def swapped(text: str, section: str, language: Language) -> Iterator[str]:
    """`text` with each word that a family of `section` has replaced by each of the others, one at a time."""
    for family, inflected, one_way in families(section, language):
        for old in family[:1] if one_way else family:
            others = [new for new in family if new != old]
            yield from (_inflected if inflected else _as_it_stands)(text, old, others)


def _inflected(text: str, old: str, others: Sequence[str]) -> Iterator[str]:
    for match in WORD.finditer(text):
        parse = next((one for one in inflection.parses(match[0]) if one.normal_form == old), None)
        if parse is None or parse.score < 0.4:
            continue
        for other in others:
            if new := inflection.like(match[0], other, parse):
                yield replaced(text, match.start(), match.end(), new)


def _as_it_stands(text: str, old: str, others: Iterable[str]) -> Iterator[str]:
    for match in re.finditer(rf"(?<![\w-]){re.escape(old)}(?![\w-]|['’]\w)", text, re.IGNORECASE):
        if old in _COUNTED and not _FIGURE_NEXT.match(text, match.end()):
            continue
        for other in others:
            yield replaced(text, match.start(), match.end(), inflection.capitals(other, match[0]))


def replaced(text: str, start: int, end: int, new: str) -> str:
    """`text` with `new` in the place of its characters `start` to `end`; an English article before it agrees."""
    before, article = text[:start], re.search(r"\b([Aa])n? $", text[:start])
    if article and new.isascii():
        before = before[: article.start()] + article[1] + ("n " if new[:1].lower() in "aeiou" else " ")
    return before + new + text[end:]
