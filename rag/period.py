"""Time in an answer: dates in words, and what "last year" in a quote means by its document's date.

A question's own "last year" is not turned into a year: today is no date of the documents, and they may be older. It
asks for documents that say so, and the note below their quote tells which year they meant.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, cast

from istok.index.types import Language

Unit = Literal["year", "month", "day"]

_FORMS: dict[int, dict[Language, str]] = {
    4: {"ru": "y 'год'", "en": "y"},
    7: {"ru": "LLLL y 'года'", "en": "LLLL y"},
    10: {"ru": "d MMMM y 'года'", "en": "d MMMM y"},
}
"""By the length of an ISO date, the pattern of its words."""


def in_words(date: str, language: Language) -> str:
    """An ISO date as people write it, no more precise than it is: "5 ноября 2025 года", "November 2025", "2025 год"."""
    from babel.dates import format_date

    year, month, day = (*map(int, date.split("-")), 1, 1)[:3]
    return format_date(dt.date(year, month, day), _FORMS[len(date)][language], locale=language)


@dataclass(frozen=True, slots=True)
class Relative:
    """A time that a text counts from its own: its words, and the ISO date that they mean."""

    text: str
    moment: str


_LAST = r"прошл(?:ый|ого|ому|ом)|минувш(?:ий|его|ему|ем)|предыдущ(?:ий|его|ему|ем)"
_THIS = r"эт(?:от|ого|ому|ом)|нынешн(?:ий|его|ему|ем)|текущ(?:ий|его|ему|ем)"
_NEXT = r"следующ(?:ий|его|ему|ем)|будущ(?:ий|его|ему|ем)"
_YEAR, _MONTH = r"\s+год(?:а|у|ом)?", r"\s+месяц(?:а|у|е|ем)?"
_TIMES: tuple[tuple[Unit, int, re.Pattern[str]], ...] = tuple(
    (cast("Unit", unit), shift, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for unit, shift, words in (
        ("year", -2, rf"(?:в\s+)?позапрошл(?:ый|ого|ому|ом){_YEAR}|the\s+year\s+before\s+last"),
        ("year", -1, rf"(?:в\s+)?(?:{_LAST}){_YEAR}|(?<!the )last\s+year(?!\s+of)|the\s+previous\s+year"),
        ("year", 0, rf"(?:в\s+)?(?:{_THIS}){_YEAR}|this\s+year|the\s+current\s+year"),
        ("year", 1, rf"(?:в\s+)?(?:{_NEXT}){_YEAR}|next\s+year|the\s+coming\s+year"),
        ("month", -1, rf"(?:в\s+)?(?:{_LAST}){_MONTH}|(?<!the )last\s+month(?!\s+of)|the\s+previous\s+month"),
        ("month", 0, rf"(?:в\s+)?(?:{_THIS}){_MONTH}|this\s+month"),
        ("month", 1, rf"(?:в\s+)?(?:{_NEXT}){_MONTH}|next\s+month"),
        ("day", -2, r"позавчера"),
        ("day", -1, r"вчера|yesterday"),
        ("day", 0, r"сегодня(?!\s*,?\s+\d)|today"),
        ("day", 1, r"завтра|tomorrow"),
    )
)  # fmt: skip


def relative(text: str, date: str | None) -> list[Relative]:
    """The times that `text` counts from the `date` of its document, in order, each once; a unit finer than the date is
    known to can't be told."""
    if date is None:
        return []
    found = []
    for unit, shift, pattern in _TIMES:
        moment = _shifted(date, unit, shift)
        if moment:
            found += [(match.start(), Relative(match[0], moment)) for match in pattern.finditer(text)]
    return list({told.text.lower(): told for _, told in sorted(found, key=lambda pair: pair[0])}.values())


def _shifted(date: str, unit: Unit, shift: int) -> str | None:
    parts = [int(part) for part in date.split("-")]
    match unit, parts:
        case "year", [year, *_]:
            return f"{year + shift:04}"
        case "month", [year, month, *_]:
            months = year * 12 + month - 1 + shift
            return f"{months // 12:04}-{months % 12 + 1:02}"
        case "day", [year, month, day]:
            return (dt.date(year, month, day) + dt.timedelta(days=shift)).isoformat()
    return None
