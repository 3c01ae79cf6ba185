"""Figures that are all in the quote but change places: exports 45%, imports 12% is not exports 12%, imports 45%."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from istok.index.language import detect
from istok.rag.checks.figures import Figure, figures, values
from istok.rag.checks.finding import Finding, otherwise
from istok.rag.checks.words import Word, akin, words

_CUT = re.compile(r"[,;:()]|\b(?:и|а|and|while|but)\b")
_OF = re.compile(r"\s*(?:[^\W\d]+\s+){0,2}(?:из|of(?:\s+the)?)\s+(?:возможных\s+)?")
_TO = re.compile(r"\s*(?:до|to|по)\s+")
_FROM = re.compile(r"\b(?:от|с|со|from)\s+(?:\w+\s+)?$", re.IGNORECASE)
_BEFORE, _AFTER = 2, 2
"""Words on either side that may say what a figure is of."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A figure and the words right before and after it, up to the next figure or cut."""

    figure: Figure
    before: tuple[Word, ...]
    after: tuple[Word, ...]


def against(claim: str, quotes: Sequence[str]) -> list[Finding]:
    """The first two figures of a claim that stand in each other's place in a quote."""
    for one, other in combinations(_places(claim), 2):
        if values(one.figure) & values(other.figure):
            continue
        for quote in quotes:
            said = _places(quote)
            first = [place for place in said if values(one.figure) & values(place.figure)]
            second = [place for place in said if values(other.figure) & values(place.figure)]
            if first and second and (
                _turned(claim, one, other, quote, first, second) or _crossed(one, other, first, second)
            ):  # fmt: skip
                low, high = one.figure.start, other.figure.end
                cited = sorted((first[0].figure, second[0].figure), key=lambda figure: figure.start)
                return [otherwise(detect(claim), claim[low:high], quote[cited[0].start : cited[1].end])]
    return []


def _turned(
    claim: str, one: _Place, other: _Place, quote: str, first: Sequence[_Place], second: Sequence[_Place]
) -> bool:
    """Whether both texts tie the two figures with one word (from, to; of), in the contrary order."""
    tie = _tie(claim, one, other)
    return (
        bool(tie)
        and any(_tie(quote, back, front) == tie for back in second for front in first)
        and not any(_tie(quote, front, back) == tie for back in second for front in first)
    )


def _tie(text: str, one: _Place, other: _Place) -> str:
    if one.figure.end > other.figure.start:
        return ""
    between = text[one.figure.end : other.figure.start]
    if _OF.fullmatch(between):
        return "of"
    return "to" if _TO.fullmatch(between) and _FROM.search(text[: one.figure.start]) else ""


def _crossed(one: _Place, other: _Place, first: Sequence[_Place], second: Sequence[_Place]) -> bool:
    """Whether each figure is of what the quote has the other one of, and neither of what it has itself."""
    if any(_linked(one, place) for place in first) or any(_linked(other, place) for place in second):
        return False
    return any(_linked(one, place) for place in second) or any(_linked(other, place) for place in first)


def _linked(mine: _Place, said: _Place) -> bool:
    if mine.figure.unit and mine.figure.unit == said.figure.unit and mine.figure.unit != "percent":
        return True
    return _akin(mine.after, said.after) or _akin(mine.before, said.before)


def _akin(mine: Sequence[Word], said: Sequence[Word]) -> bool:
    return any(akin(word, other) for word in mine for other in said)


@lru_cache(maxsize=1024)
def _places(text: str) -> tuple[_Place, ...]:
    found = [figure for figure in figures(text) if not figure.word or figure.value != Decimal(1)]
    cuts = sorted(
        [match.start() for match in _CUT.finditer(text)] + [at for one in found for at in (one.start, one.end)]
    )
    places = []
    for figure in found:
        low = max((cut for cut in cuts if cut < figure.start), default=0)
        high = min((cut for cut in cuts if cut > figure.end), default=len(text))
        own = [word for word in words(text) if not word.is_function]
        before = [word for word in own if low <= word.start and word.end <= figure.start]
        after = [word for word in own if figure.end <= word.start and word.end <= high]
        places.append(_Place(figure, tuple(before[-_BEFORE:]), tuple(after[:_AFTER])))
    return tuple(places)
