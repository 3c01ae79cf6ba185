"""Dates: a claim may be coarser than the cited text, never finer and never another."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from istok.index.language import detect
from istok.rag.checks.finding import Finding, otherwise
from istok.rag.checks.words import Word, akin, words
from istok.rag.wording import say

_RUSSIAN = (
    "январ[а-я]{1,2}", "феврал[а-я]{1,2}", "март[ауе]?|мартом", "апрел[а-я]{1,2}", "ма[йяюе]|маем", "июн[ьяюе]|июнем",
    "июл[ьяюе]|июлем", "август[ауе]?|августом", "сентябр[а-я]{1,2}", "октябр[а-я]{1,2}", "ноябр[а-я]{1,2}",
    "декабр[а-я]{1,2}",
)  # fmt: skip
_SHORT = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сент?", "окт", "нояб?", "дек")
_ENGLISH = (
    "January|Jan", "February|Feb", "March|Mar", "April|Apr", "May", "June|Jun", "July|Jul", "August|Aug",
    "September|Sept?", "October|Oct", "November|Nov", "December|Dec",
)  # fmt: skip
# March and May stand for months without a figure only after such a word.
_PLAIN_ENGLISH = "|".join(names.split("|")[0] for number, names in enumerate(_ENGLISH, 1) if number not in (3, 5))
_RU = "|".join(f"(?:{names})" for names in _RUSSIAN)
_RU_SHORT = "|".join(_SHORT)
_EN = "|".join(_ENGLISH)
_Y = r"(?:1[0-9]|20)\d\d"
_YEAR_AFTER = rf"(?:,?\s+(?:of\s+|in\s+)?(?P<y>{_Y})(?![\d]|[.,]\d)(?:\s*(?:года|году|год|годом|гг?\b\.?))?)?"
_D = r"(?:3[01]|[12]\d|0?[1-9])"
_NTH = r"(?:-?(?:го|е|ое|й|st|nd|rd|th))?"
_BEFORE = (
    # The first of 5 and 7 November, 5–7 November, с 5 по 7 ноября.
    rf"(?:(?P<d0>{_D}){_NTH}\s*(?:[-–—,]|и|по|до|and|to|or|или|на)\s*(?:the\s+)?)?"
    rf"(?P<d>{_D}){_NTH}\s+(?:of\s+)?"
)
_FORMS = tuple(
    re.compile(form, flags)
    for form, flags in (
        (rf"(?<![\d.,-])(?P<y>{_Y})-(?P<m>[01]\d)(?:-(?P<d>[0-3]\d))?(?![\d-])", 0),
        (rf"(?<![\d.,])(?P<d>{_D})\.(?P<m>1[0-2]|0?[1-9])\.(?P<y>{_Y})(?!\d)", 0),
        (rf"(?<![\d.,:-]){_BEFORE}(?P<name>(?:{_RU})\b|(?:{_RU_SHORT})\b\.?){_YEAR_AFTER}", re.IGNORECASE),
        (rf"(?<![\d.,:-])(?i:{_BEFORE})(?P<name>(?:{_EN})\b\.?){_YEAR_AFTER}", 0),
        (
            rf"\b(?P<name>(?:{_EN})\b\.?)\s+(?:the\s+)?(?P<d0>{_D})(?:st|nd|rd|th)?"
            rf"(?:\s*(?:[-–—]|and|to)\s*(?P<d>{_D})(?:st|nd|rd|th)?)?(?![\d:]|[.,]\d){_YEAR_AFTER}",
            0,
        ),
        (rf"\b(?P<name>{_RU})\b{_YEAR_AFTER}", re.IGNORECASE),
        (rf"\b(?P<name>(?:{_EN})\b\.?),?\s+(?:of\s+)?(?P<y>{_Y})(?!\d)", 0),
        (rf"\b(?P<name>{_PLAIN_ENGLISH})\b", 0),
        (
            r"\b(?i:in|of|since|until|till|by|last|this|next|early|late|mid|before|after|from|to|during)[\s-]+"
            r"(?P<name>March|May)\b",
            0,
        ),
        (
            r"(?<![\d.,:$€£№/-])(?P<y>(?:1[0-9]|20)\d\d)(?=(?:\s*[-–—/]\s*\d{2,4})?\s*(?:год|гг?\b))"
            r"(?:\s*(?:года|году|годом|год|г\b\.?))?",
            re.IGNORECASE,
        ),
        (
            r"(?<![\d.,:$€£№])(?P<y>(?:1[89]|20)\d\d)(?!\d|[.,:]\d|\s?%|-[йяемх]|s\b|\s\d{3}\b|-(?:летн|year))(?:/\d\d(?!\d))?",
            0,
        ),
    )
)
_ASIDE = re.compile(
    r"\b(?:год|годом|дн[её]м|месяцем|сутками)\s+(?:ранее|раньше|позже|позднее|спустя|назад)"
    r"|\b(?:year|day|month)\s+(?:earlier|before|later|ago|after)|накануне|на\s+следующий\s+день|the\s+(?:next|previous)\s+(?:day|year)",
    re.IGNORECASE,
)
"""What moves a date by one."""

_RELATIVE = re.compile(
    r"\b(?:(?P<year>(?:в\s+)?(?:прошл(?:ого|ом|ый)|минувш(?:ем|его|ий))\s+год[ау]?|last\s+year|the\s+previous\s+year)"
    r"|(?P<this>(?:в\s+)?(?:это(?:го|м)|нынешн(?:ем|его)|текущ(?:ем|его))\s+год[ау]|this\s+year|the\s+current\s+year)"
    r"|(?P<next>(?:в\s+)?(?:следующ|будущ)(?:ем|его)\s+год[ау]|next\s+year)"
    r"|(?P<month>(?:в\s+)?(?:прошл|минувш)(?:ом|ого|ем|его)\s+месяц[еа]|last\s+month)"
    r"|(?P<yesterday>вчера|yesterday)|(?P<today>сегодня(?!шн)|today))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as it is said, and where; `year` is None in "5 November"."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int


def dates(text: str, as_of: dt.date | None = None) -> list[Moment]:
    """The dates of a text in order. "Last year" and the like are resolved against `as_of`, and left out without it."""
    found: list[Moment] = []
    covered: list[tuple[int, int]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if all(match.end() <= start or end <= match.start() for start, end in covered):
                moments = list(_moments(match))
                if moments:
                    covered.append(match.span())
                    found.extend(moments)
    if as_of:
        found.extend(_relative(match, as_of) for match in _RELATIVE.finditer(text))
    return sorted(found, key=lambda moment: (moment.start, moment.day or 0))


def date_of(iso: str | None) -> dt.date | None:
    """The day of an ISO date of a document, whatever its precision: the first one that it allows."""
    if not iso:
        return None
    year, month, day = (*map(int, iso[:10].split("-")), 1, 1)[:3]
    return dt.date(year, month, day)


def against(
    claim: str,
    quotes: Sequence[str],
    published: Sequence[str | None] = (),
    titles: Sequence[str] = (),
    documents: Sequence[str] = (),
) -> list[Finding]:
    """What the quotes, whose documents were `published` on those ISO dates, have against the dates of a claim;
    `titles`, those of their documents, bear dates too. What the whole `documents` say of a date with the same noun
    (the 2016 referendum) can't be checked against the quotes."""
    days = [*published, *[None] * (len(quotes) - len(published))]
    as_of = next((date_of(day) for day in days if day), None)
    said = [moment for quote, day in zip(quotes, days, strict=False) for moment in dates(quote, date_of(day))]
    # A figure of a quote may be a year, whatever it looks like.
    years = {int(year) for quote in [*quotes, *titles] for year in re.findall(rf"(?<!\d){_Y}(?!\d)", quote)}
    headed = [_precise(day) for day in days if day] + [moment for title in titles for moment in dates(title)]
    found = []
    for moment in dates(claim, as_of):
        if any(_within(moment, other, years) for other in [*said, *headed]):
            continue
        written, language = claim[moment.start : moment.end].strip(" ,."), detect(claim)
        if moment.month is None and moment.year in years:
            continue
        undated = replace(moment, year=None)
        if moment.month and any(other.year is None and _within(undated, other, years) for other in said):
            others = {other.year for other in [*said, *headed] if other.year}
            near = bool(as_of and moment.year and abs(moment.year - as_of.year) <= 1)
            if near or not others:
                if not near:
                    found.append(Finding(say(language, "date_unchecked", claim=written), against=False))
                continue
        if any(_ASIDE.search(quote) for quote in quotes) and any(_next_to(moment, other) for other in said):
            found.append(Finding(say(language, "date_unchecked", claim=written), against=False))
            continue
        if _is_named_so(claim, moment, documents, as_of):
            found.append(Finding(say(language, "date_unchecked", claim=written), against=False))
            continue
        other = _rival(moment, said)
        if other is None:
            found.append(Finding(say(language, "date_lacking", claim=written)))
        else:
            text = next(quote for quote in quotes if other in _placed(quote, days, quotes))
            cited = text[other.start : other.end].strip(" ,.")
            found.append(otherwise(language, written, cited))
    return found


def _is_named_so(claim: str, moment: Moment, documents: Sequence[str], as_of: dt.date | None) -> bool:
    """Whether the noun that a date of the claim belongs to has that date in a document, too."""
    noun = _noun(claim, moment)
    return noun is not None and any(
        _within(moment, other, set()) and (its := _noun(document, other)) is not None and akin(noun, its)
        for document in documents
        for other in dates(document, as_of)
    )


def _noun(text: str, moment: Moment) -> Word | None:
    """The noun that a date belongs to: the 2016 referendum, референдум 2016 года."""
    if detect(text[max(0, moment.start - 60) : moment.end + 60]) == "ru":
        before = words(text[max(0, moment.start - 40) : moment.start].rstrip())[-1:]
        return before[0] if before and not before[0].is_function else None
    after = [word for word in words(text[moment.end : moment.end + 40]) if word.start < 2][:1]
    return after[0] if after and not after[0].is_function else None


def _placed(quote: str, days: Sequence[str | None], quotes: Sequence[str]) -> list[Moment]:
    return dates(quote, date_of(days[quotes.index(quote)]))


def _rival(moment: Moment, said: Sequence[Moment]) -> Moment | None:
    """The date of the quotes that the claim's most likely stands in place of."""
    alike = [other for other in said if (other.month is None) == (moment.month is None)]
    return max(
        alike or said,
        key=lambda other: sum((moment.year == other.year, moment.month == other.month, moment.day == other.day)),
        default=None,
    )


def _within(moment: Moment, other: Moment, years: set[int]) -> bool:
    """Whether all that `moment` says `other` says too."""
    return (
        (moment.year is None or moment.year == other.year or (other.year is None and moment.year in years))
        and (moment.month is None or moment.month == other.month)
        and (moment.day is None or moment.day == other.day)
    )


def _next_to(moment: Moment, other: Moment) -> bool:
    """Whether two dates are one year, month or day apart."""
    fields = ((moment.year, other.year), (moment.month, other.month), (moment.day, other.day))
    return sum(abs(one - another) for one, another in fields if one is not None and another is not None) == 1


def _precise(iso: str) -> Moment:
    year, month, day = (*map(int, iso[:10].split("-")), None, None)[:3]
    assert year is not None  # noqa: S101 - an ISO date begins with its year
    return Moment(year, month, day, 0, 0)


def _moments(match: re.Match[str]) -> Iterator[Moment]:
    groups = match.groupdict()
    year = int(groups["y"]) if groups.get("y") else None
    month = int(groups["m"]) if groups.get("m") else _month(groups["name"]) if groups.get("name") else None
    for day in (groups.get("d0"), groups.get("d")):
        if day:
            yield Moment(year, month, int(day), *match.span())
    if not groups.get("d") and not groups.get("d0"):
        yield Moment(year, month, None, *match.span())


def _month(name: str) -> int:
    bare = name.rstrip(".")
    for months, flags in ((_RUSSIAN, re.IGNORECASE), (_SHORT, re.IGNORECASE), (_ENGLISH, 0)):
        for number, form in enumerate(months, 1):
            if re.fullmatch(form, bare, flags):
                return number
    raise ValueError(name)


def _relative(match: re.Match[str], as_of: dt.date) -> Moment:
    span = match.span()
    match match.lastgroup:
        case "year":
            return Moment(as_of.year - 1, None, None, *span)
        case "this":
            return Moment(as_of.year, None, None, *span)
        case "next":
            return Moment(as_of.year + 1, None, None, *span)
        case "month":
            before = as_of.replace(day=1) - dt.timedelta(days=1)
            return Moment(before.year, before.month, None, *span)
        case kind:
            day = as_of - dt.timedelta(days=kind == "yesterday")
            return Moment(day.year, day.month, day.day, *span)
