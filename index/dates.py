"""Publication dates as documents print them: a header, a dateline, a date that stands alone near the top.

A date inside running text, a ticker or a list says nothing of when the page itself appeared, so it is never used.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_RUSSIAN = ("янв", "фев", "мар", "апр", "ма[йя]", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = r"(?:1[5-9]|20)\d\d"
_MONTH = rf"(?:(?:{'|'.join(_RUSSIAN)})[а-я]*\.?|(?:{'|'.join(_ENGLISH)})[a-z]*\.?)"
_OF_YEAR = r"(?:\s*(?:года|год|г\b\.?))?"
_FORMS = (
    rf"(?P<y>{_YEAR})-(?P<m>\d\d)(?:-(?P<d>\d\d))?",
    rf"(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>{_YEAR}){_OF_YEAR}",
    rf"(?P<d>\d\d?)/(?P<m>\d\d?)/(?P<y>{_YEAR})",
    rf"(?P<d>\d\d?)(?:-?(?:е|го|st|nd|rd|th))?\s+(?:of\s+)?(?P<name>{_MONTH}),?\s+(?P<y>{_YEAR}){_OF_YEAR}",
    rf"(?P<name>{_MONTH})\s+(?P<d>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y>{_YEAR})",
    rf"(?P<name>{_MONTH}),?\s+(?P<y>{_YEAR}){_OF_YEAR}",
)
DATE = "(?:" + "|".join(re.sub(r"\?P<\w+>", "?:", form) for form in _FORMS) + ")"
"""A regular expression, without groups, for a date with its year (to be compiled with IGNORECASE)."""

TIME = r"(?:\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?:\s?(?:[ap]\.?m\.?|мск|msk|utc|gmt|est|edt|cet|z|[+-]\d\d:?\d\d))*)"
_LABEL = (
    r"(?:date|дата(?:\s+публикации)?|опубликован[оаы]?|размещен[оаы]?|добавлен[оаы]?|"
    r"published(?:\s+on)?|publication\s+date|posted(?:\s+on)?)"
)
_AT = rf"(?:T{TIME}|,?\s*(?:в\s|at\s)?{TIME})?"
_PLACE = r"[^\W\d_][\w-]*(?:[ ][\w-]+){0,2}"
_ASIDE = r"(?:\s*\([^()]{2,40}\))?"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_EXACT = tuple(_compiled(form) for form in _FORMS)
HEADER = _compiled(rf"\W*{_LABEL}\s*[:—–-]?\s*({DATE}){_AT}(?:\s*[|•·.,;—–-])*(?:\s+|$)")
"""A labelled date that opens a line: "date 2025-11-05 The plan was signed ...". Group 1 is the date."""

_LABELLED = _compiled(rf".{{0,60}}?\b{_LABEL}\s*[:—–-]?\s*({DATE}){_AT}(?:\s*(?:[|•·/,;(].{{0,80}})?)?")
_STANDING = (
    _compiled(rf"(?:{TIME},?\s*[|•·]?\s*)?({DATE}){_AT}(?:\s*[|•·/].{{0,60}}|,(?:\s+\w[\w-]*){{1,3}})?"),
    re.compile(rf"(?:[^\W\d_][\w-]+|[A-ZА-ЯЁ][A-ZА-ЯЁ -]{{2,30}})[.,]\s+((?i:{DATE}))(?i:{_AT})"),
    _compiled(rf".{{2,60}}?\s[|•·]\s+({DATE}){_AT}"),
)
_DATELINE = _compiled(rf"[(«]?{_PLACE}{_ASIDE}[.,]\s+({DATE})\)?{_ASIDE}\s*[.—–:/-]\s*\S")


def parse(text: str) -> str | None:
    """The ISO form, at its own precision, of a text that is a date and nothing else; None for any other text
    and for a day and month that could be either way round (05/11/2025)."""
    for form in _EXACT:
        if found := form.fullmatch(text.strip()):
            groups = found.groupdict()
            month = _month(groups["name"]) if groups.get("name") else int(groups["m"])
            day = int(groups["d"]) if groups.get("d") else None
            if "/" in text and day is not None and day != month:
                if day <= 12 and month <= 12:
                    return None
                day, month = max(day, month), min(day, month)
            return _iso(int(groups["y"]), month, day)
    return None


def is_iso(text: str) -> bool:
    """Whether it is an existing year, month or day: "2024", "2024-02", "2024-02-07"."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    if not found:
        return False
    year, month, day = found.groups()
    return _iso(int(year), int(month or 1), int(day or 1)) is not None


def publication_date(head: Sequence[str], lead: str | None) -> tuple[str, str] | None:
    """The ISO date and its basis in words, from the short lines above the text and its first paragraph `lead`;
    None unless the page says it, and None when lines without a label name several dates."""
    for line in (*head, *((lead,) if lead else ())):
        found = HEADER.match(line) or _LABELLED.fullmatch(line)
        if found and (date := parse(found[1])):
            return date, f'labelled date at the top of the text: "{_quote(found[0])}"'
    standing = {date: line for line in head if (date := _standing(line))}
    if len(standing) == 1:
        ((date, line),) = standing.items()
        return date, f'date line at the top of the text: "{_quote(line)}"'
    if not standing and lead and (found := _DATELINE.match(lead)) and (date := parse(found[1])):
        return date, f'dateline of the first paragraph: "{_quote(found[0][:-1])}"'
    return None


def date_above(paragraphs: Sequence[str]) -> tuple[str, str] | tuple[None, None]:
    """The same for a page in paragraphs: its running text begins with the first long one."""
    lead = next((i for i, paragraph in enumerate(paragraphs) if _is_long(paragraph)), None)
    found = publication_date(paragraphs[:lead][:10], None if lead is None else paragraphs[lead])
    return found or (None, None)


def _is_long(paragraph: str) -> bool:
    return len(paragraph) >= 120 or (len(paragraph) >= 60 and paragraph[-1] in ".!?…")


def is_date_line(line: str) -> bool:
    """Whether a line only says when the page appeared."""
    return bool(_LABELLED.fullmatch(line)) or _standing(line) is not None


def _standing(line: str) -> str | None:
    for form in _STANDING:
        if found := form.fullmatch(line):
            return parse(found[1])
    return None


def _month(name: str) -> int:
    for months in (_RUSSIAN, _ENGLISH):
        for number, stem in enumerate(months, 1):
            if re.match(stem, name, re.IGNORECASE):
                return number
    raise ValueError(name)


def _iso(year: int, month: int, day: int | None) -> str | None:
    try:
        date = dt.date(year, month, 1 if day is None else day)
    except ValueError:
        return None
    return date.isoformat() if day is not None else f"{year:04}-{month:02}"


def _quote(text: str) -> str:
    return " ".join(text.split())[:80]
