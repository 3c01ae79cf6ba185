"""What a question asks: its terms, the kind of answer it wants, and the names and years it insists on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from istok.index.language import detect
from istok.index.terms import STOPWORDS, query_terms, term, tokens
from istok.index.types import Language

Kind = Literal["number", "date", "person", "place", "other"]

# The first pattern that matches decides; "в каком году" is a date although "каком" alone is not.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "date",
        re.compile(
            r"\bкогда\b|\bкак(?:ого|ом|ие|ая|ую|ой)\s+(?:\w+\s+)?(?:год\w*|числ\w*|месяц\w*|дат\w*|дн[ияей]\w*|день)\b"
            r"|\bwhen\b|\b(?:what|which|since)\s+(?:\w+\s+)?(?:year|date|day|month)s?\b"
        ),
    ),
    (
        "number",
        re.compile(
            r"\bсколь\w+|\bнасколько\b"
            r"|\bкак(?:ой|ая|ое|ую|ого|ов|ова|ово|им|ому)\s+(?:\w+\s+){0,3}(?:сумм|объ[её]м|дол|процент|числ|количеств|товарооборот|рубеж)\w*"
            r"|\bкак(?:ую|ой|ая|ое)\s+(?:общую\s+|общая\s+)?(?:сумм\w*|место)|\bhow\s+(?:much|many|large|big|far)\b"
            r"|\bwhat\s+(?:\w+\s+){0,3}(?:amount|sum|share|percentage|volume|value|number|turnover|total|milestone|place|rank)\b"
        ),
    ),
    (
        "person",
        re.compile(
            r"\bкто\b|\bкем\b|\bкому\b|\bкого\b|\bчь[яеё]\b|\bчей\b|\bкак\s+(?:зовут|звали)\b|\bwho(?:m|se)?\b|\bname\s+of\b"
        ),
    ),
    (
        "place",
        re.compile(
            r"\bгде\b|\bкуда\b|\bоткуда\b|\bв\s+как(?:ом|ой|их)\s+(?:город|стран|област|регион)\w*|\bwhere\b"
            r"|\b(?:what|which)\s+(?:city|cities|town|country|countries|region|place)\b"
        ),
    ),
)
NOW = re.compile(
    r"\bсейчас\b|\bсегодня\b|\bнынешн\w+|\bтекущ\w+|\bтеперь\b|\bдействующ\w+|\bнов(?:ая|ый|ое|ейш\w+)\b|\bпоследн(?:ий|яя|ее|ие)\b"
    r"|\bnow\b|\bcurrent(?:ly)?\b|\btoday\b|\bpresent(?:ly)?\b|\b(?:newest|latest|most\s+recent)\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MONTHS_EN = frozenset("january february march april may june july august september october november december".split())


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question. `names` are terms of words written as names; `years` and `figures` as written."""

    text: str
    language: Language
    kind: Kind
    now: bool
    terms: tuple[str, ...]
    names: frozenset[str]
    years: frozenset[str]
    figures: frozenset[str]


def analyse(text: str) -> Question:
    """What `text` asks."""
    lowered = text.lower()
    kind: Kind = next((kind for kind, pattern in _KINDS if pattern.search(lowered)), "other")
    years = frozenset(YEAR.findall(text))
    return Question(
        text=text,
        language=detect(text),
        kind=kind,
        now=bool(NOW.search(lowered)),
        terms=tuple(query_terms(text)),
        names=names(text),
        years=years,
        figures=frozenset(figure.replace(",", ".") for figure in _NUMBER.findall(text)) - years,
    )


def names(text: str) -> frozenset[str]:
    """The terms of words that are written as names: capitalised inside a sentence, or in the other script."""
    found = set()
    language = detect(text)
    for token, range_ in tokens(text):
        lowered = token.lower()
        if token[0].isdigit() or len(token) < 2 or lowered in STOPWORDS or lowered in _MONTHS_EN:
            continue
        foreign = language == "ru" and detect(token) == "en"
        if foreign or (token[0].isupper() and not _opens_sentence(text, range_.start)):
            found.add(term(token))
    return frozenset(found)


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t«\"“'(—–-")
    return not before or before[-1] in ".!?…\n:"
