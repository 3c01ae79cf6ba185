"""Rendering: a span in the language of the question, where it can be shown to mean the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from istok.index import territories
from istok.index.language import detect
from istok.index.types import Language
from istok.rag.checks.dates import dates
from istok.rag.checks.figures import Figure, figures
from istok.rag.checks.names import transliterated
from istok.rag.conversation.mentions import inflected, mentions
from istok.rag.spans.nominative import nominative
from istok.rag.spans.wanted import Kind

_HEDGES: tuple[tuple[str, str], ...] = (
    ("почти", "nearly"), ("почти", "almost"), ("около", "about"), ("примерно", "roughly"), ("порядка", "around"),
    ("примерно", "approximately"), ("более", "more than"), ("более чем", "more than"), ("свыше", "over"),
    ("менее", "less than"), ("менее", "fewer than"), ("до", "up to"), ("не менее", "at least"),
    ("по меньшей мере", "at least"),
)  # fmt: skip
_LEADS = re.compile(r"^(?:в|во|на|за|by|in|on)\s+", re.IGNORECASE)
_PREPOSITIONS = frozenset("в во на за by in on".split())
_SHARES: Mapping[Language, Mapping[str, str]] = {
    "ru": {"0.5": "половина", "0.333": "треть", "0.25": "четверть"},
    "en": {"0.5": "half", "0.333": "one third", "0.25": "one quarter"},
}
_MONEY: Mapping[str, tuple[str, str]] = {
    "usd": ("${}", "{} долларов"),
    "eur": ("€{}", "{} евро"),
    "gbp": ("£{}", "{} фунтов"),
    "rub": ("{} roubles", "{} рублей"),
}
_MEASURES: tuple[tuple[str, Decimal, re.Pattern[str]], ...] = tuple(
    (unit, Decimal(size), re.compile(word, re.IGNORECASE))
    for unit, size, word in (
        ("duration-year", 12, r"\b(?:лет|год)|\byear"), ("duration-month", 1, r"\bмесяц|\bmonth"),
        ("duration-week", 7, r"\bнедел|\bweek"), ("duration-day", 1, r"\bд(?:ень|н)|\bсут|\bday"),
        ("duration-hour", 60, r"\bчас|\bhour"), ("duration-minute", 1, r"\bминут|\bminute"),
        ("length-kilometer", 1000, r"\bкм\b|\bкилометр|\bkm\b|\bkilomet"),
        ("length-meter", 1, r"\bм\b|\bметр|\bmet(?:re|er)"),
    )
)  # fmt: skip
_MOST = 1_000_000
"""From here on figures are written with a word for their scale."""


def rendered(text: str, kind: Kind, language: Language, before: str = "") -> str | None:
    """`text`, the answer to a question of that kind, in `language`; None where it can't be shown to be the same.
    `before` is what stands before it in its sentence."""
    if kind == "number":
        return _figure(text, language)
    if kind == "date":
        return _date(text, language)
    if language == "en" and detect(text) == "ru":
        return _name(text, before) if kind == "person" else _place(text) if kind == "place" else None
    return None


def _figure(text: str, language: Language) -> str | None:
    """One figure with its hedge and its unit. The noun that it counts is left out: the question has said it."""
    read = figures(text)
    if len(read) != 1 or any(letter.isdigit() for letter in text[: read[0].start] + text[read[0].end :]):
        return None
    figure = read[0]
    lead = " ".join(word for word in text[: figure.start].lower().split() if word not in _PREPOSITIONS)
    pairs = {pair[language == "ru"]: pair[language == "en"] for pair in reversed(_HEDGES)}
    number = _number(figure, text[figure.start : figure.end], language)
    if number is None or (lead and lead not in pairs):
        return None
    made = f"{pairs[lead]} {number}" if lead else number
    again = figures(made)
    same = len(again) == 1 and (again[0].unit, again[0].hedge) == (figure.unit, figure.hedge)
    return made if same and abs(again[0].value - figure.value) <= abs(figure.value) / 10**9 else None


def _number(figure: Figure, text: str, language: Language) -> str | None:
    from babel.numbers import format_compact_decimal, format_decimal
    from babel.units import format_unit

    def written(value: Decimal) -> str:
        if value >= _MOST:
            return format_compact_decimal(value, format_type="long", locale=language, fraction_digits=3)
        return format_decimal(value, locale=language)

    value = figure.value
    if figure.unit == "":
        return written(value)
    if figure.unit == "percent":
        return f"{format_decimal(value, locale=language)}%"
    if figure.unit == "share":
        return _SHARES[language].get(str(round(value, 3).normalize()))
    if figure.unit == "times" and re.search(r"раз|times", text):
        return f"{written(value)} times" if language == "en" else f"{written(value)} раз"
    if figure.unit in _MONEY:
        return _MONEY[figure.unit][language == "ru"].format(written(value)) if value >= _MOST else None
    for unit, size, word in _MEASURES:
        if word.search(text):
            return format_unit(value / size, unit, length="long", locale=language)
    return None


def _date(text: str, language: Language) -> str | None:
    """A day, a month or a year, without the preposition before it."""
    read = dates(text)
    if len(read) != 1 or text[read[0].end :].strip() or _LEADS.sub("", text[: read[0].start]).strip():
        return None
    moment = read[0]
    parts = (moment.day, _month(moment.month, moment.day is not None, language), moment.year)
    made = " ".join(str(part) for part in parts if part)
    again = dates(made)
    same = [(one.year, one.month, one.day) for one in again] == [(moment.year, moment.month, moment.day)]
    # A bare year is read as one only where its place says so.
    return made if same or (moment.month is None and moment.year and made == str(moment.year)) else None


def _month(number: int | None, has_day: bool, language: Language) -> str:
    from babel.dates import get_month_names

    return get_month_names("wide", "format" if has_day else "stand-alone", language)[number] if number else ""


def _name(text: str, before: str) -> str | None:
    """Names that are surely known in the nominative, in Latin letters."""
    name = nominative(text, before)
    return None if name is None else transliterated(name.replace(" и ", " and "))


def _place(text: str) -> str | None:
    """A country or a city that CLDR knows, in English."""
    bare = _LEADS.sub("", text)
    found = mentions(bare, "ru")
    if len(found) != 1 or found[0].text != bare:
        return None
    name = inflected(found[0], "nomn").lower()
    country = territories.names("ru").get(name)
    if country is not None:
        return country.upper() if bare.isupper() else country.title()
    return _cities().get(name)


@cache
def _cities() -> Mapping[str, str]:
    """Cities after which CLDR names time zones: in Russian, lower-case, and in English."""
    from babel import Locale

    zones = Locale("ru").time_zones
    return {
        str(zone["city"]).lower(): name.rpartition("/")[2].replace("_", " ")
        for name, zone in zones.items()
        if "city" in zone
    }
