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
            r"\bкогда\b|\bкак(?:ого|ом|ие|ая|ую|ой)\s+(?:\w+\s+)?(?:год\w*|числ\w*|месяц\w*|дат\w*|дн[ияей]\w*"
            r"|день)\b"
            r"|\bwhen\b|\b(?:what|which|since)\s+(?:\w+\s+)?(?:year|date|day|month)s?\b"
        ),
    ),
    (
        "number",
        re.compile(
            r"\bсколь\w+|\bнасколько\b"
            r"|\bкак(?:ой|ая|ое|ую|ого|ов|ова|ово|им|ому)\s+(?:\w+\s+){0,3}(?:сумм|объ[её]м|дол|процент|числ"
            r"|количеств|товарооборот|рубеж)\w*"
            r"|\bкак(?:ую|ой|ая|ое)\s+(?:общую\s+|общая\s+)?(?:сумм\w*|место)|\bhow\s+(?:much|many|large|big|far)\b"
            r"|\bwhat\s+(?:\w+\s+){0,3}(?:amount|sum|share|percentage|volume|value|number|turnover|total"
            r"|milestone|place|rank)\b"
        ),
    ),
    (
        "person",
        re.compile(
            r"\bкто\b|\bкем\b|\bкому\b|\bкого\b|\bчь[яеё]\b|\bчей\b|\bкак\s+(?:зовут|звали)\b|\bwho(?:m|se)?\b"
            r"|\bname\s+of\b"
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
    r"\bсейчас\b|\bсегодня\b|\bнынешн\w+|\bтекущ\w+|\bтеперь\b|\bдействующ\w+|\bнов(?:ая|ый|ое|ейш\w+)\b"
    r"|\bпоследн(?:ий|яя|ее|ие)\b"
    r"|\bnow\b|\bcurrent(?:ly)?\b|\btoday\b|\bpresent(?:ly)?\b|\b(?:newest|latest|most\s+recent)\b",
    re.IGNORECASE,
)
_HOLDER = (
    r"(?:вице-)?(?:премьер\w*|министр\w*|президент\w*|губернатор\w*|директор\w*|гендиректор\w*|глава"
    r"|председател\w*|мэр\w*|ректор\w*|"
    r"руководител\w*|посол|секретар\w*|спикер\w*|premier|minister|president|governor|director|chair(?:man"
    r"|woman)?|head|mayor|rector|"
    r"leader|ambassador|secretary|speaker|ceo|chancellor)"
)
_HOLDS = re.compile(
    rf"\bкто\s+(?:такой\s+|является\s+)?(?:(?!был|стал|назнач|избра|буд)\w+\s+)?{_HOLDER}\b(?!.*\b(?:был|стал"
    rf"|назнач|избра|занима)\w*)"
    r"|\bкто\s+(?:возглавляет|руководит|управляет)\b"
    rf"|\bwho(?:\s+is|\s+are|['’]s)\s+(?:the\s+)?(?:\w+\s+){{0,3}}?{_HOLDER}\b|\bwho\s+(?:heads|leads|runs|chairs)\b",
    re.IGNORECASE,
)
"""Who holds an office: holders change, so that a question without a time is about the present."""

HOLDER = re.compile(
    r"\bкто\s+(?:(?:был|стал|станет|такой|является|сейчас|теперь|тогда|назначен|избран|занимает|пост|должность)\w*\s+){0,3}"
    rf"(?:\w+(?:ый|ий|ым|им|ого)\s+)?{_HOLDER}\b"
    rf"|\bwho(?:['’]s|\s+(?:is|are|was|were|became|will\s+be(?:come)?))\s+(?:\w+\s+){{0,3}}?{_HOLDER}\b",
    re.IGNORECASE,
)
"""Who holds or held an office, and not who met or named its holder."""

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTHS_RU = (
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма[йяе]",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
)
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = rf"(?:(?:{'|'.join(_MONTHS_RU)})[а-яё]*|(?:{'|'.join(name.capitalize() for name in _MONTHS)}))"
_YEAR_RU = r"(?:19|20)\d\d(?!\d|\s?[-–—]\s?\d)(?:-(?:м|го|му|й))?(?:\s*(?:год(?:а|у|ом|е)?\b|г\.))?"
TIME = re.compile(
    # A month or a year with its preposition, a month alone, and what counts from today.
    rf"\b(?i:в|во|за|к|с|до|после|с начала|в начале|в "
    rf"конце)\s+(?:(?:\d{{1,2}}\s+)?(?i:{_MONTH})(?:\s+{_YEAR_RU})?(?!\w)|{_YEAR_RU})"
    rf"|\b\d{{1,2}}\s+(?i:{_MONTH})(?:,?\s+{_YEAR_RU})?(?!\w)"
    rf"|\b(?i:in|for|by|since|during|until|before|after|on|as of)\s+(?:early\s+"
    rf"|late\s+)?(?:(?:\d{{1,2}}\s+)?{_MONTH}(?:\s+\d{{1,2}}\b,?)?"
    rf"(?:,?\s+(?:19|20)\d\d\b)?(?!\w)|(?:19|20)\d\d\b)"
    r"|\b(?i:в|за)\s+(?i:прошл|позапрошл|нынешн|текущ|этом|этот|следующ|будущ|предыдущ)\w*\s+(?i:год|месяц|недел"
    r"|квартал)\w*"
    r"|\b(?:(?i:in|for)\s+)?(?:the\s+)?(?i:last|this|next|previous|current)\s+(?i:year|month|week|quarter)\b"
    r"|\b(?i:сейчас|теперь|сегодня|вчера|раньше|ранее|now|nowadays|today|yesterday|currently|earlier)\b"
    r"|\b(?i:прежде(?!\s+(?:чем|всего))|previously|before(?=\W*$))"
)
"""A time that a question names, with its preposition."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MOMENT = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?\s+(?:of\s+)?)?(?P<month>{_MONTH})(?:\s+(?P<day_after>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?\b)?,?\s+(?P<year>(?:19|20)\d\d)\b"
    r"|(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question. `names` are terms of words written as names; `years` and `figures` as written. `moment` is
    the one time that it names, ISO 8601 at its precision ("2024", "2024-11", "2024-11-14")."""

    text: str
    language: Language
    kind: Kind
    now: bool
    terms: tuple[str, ...]
    names: frozenset[str]
    years: frozenset[str]
    figures: frozenset[str]
    moment: str | None = None


def analyse(text: str, language: Language | None = None) -> Question:
    """What `text` asks. `language` is that of the answer; names in the other script may outweigh the question's own
    words, so that a follow-up passes the language that it was asked in."""
    lowered = text.lower()
    kind: Kind = next((kind for kind, pattern in _KINDS if pattern.search(lowered)), "other")
    years = frozenset(YEAR.findall(text))
    return Question(
        text=text,
        language=language or detect(text),
        kind=kind,
        now=bool(NOW.search(lowered) or (_HOLDS.search(lowered) and not years and not TIME.search(text))),
        terms=tuple(query_terms(text)),
        names=names(text),
        years=years,
        figures=frozenset(figure.replace(",", ".") for figure in _NUMBER.findall(text)) - years,
        moment=moment(text),
    )


def moment(text: str) -> str | None:
    """The one day, month or year that a text names, as ISO 8601; None when it names none or several."""
    found = list(_MOMENT.finditer(text))
    if len(found) == 1:
        return _iso(found[0])
    years = set(YEAR.findall(text))
    return years.pop() if len(years) == 1 and not found else None


def timeless(question: Question, date: str | None) -> str:
    """The question without the time that a document tells by its date: "now", and the year or month of that date."""
    text = NOW.sub(" ", question.text) if question.now else question.text
    if question.moment and date and date.startswith(question.moment):
        text = TIME.sub(lambda found: " " if YEAR.search(found[0]) else found[0], text)
    return " ".join(text.split()).replace(" ?", "?") or question.text


def _iso(found: re.Match[str]) -> str | None:
    if found["y"]:
        year, month, day = found["y"], int(found["m"]), int(found["d"])
    else:
        year, day = found["year"], int(found["day"] or found["day_after"] or 0)
        name = found["month"].lower()
        months = (*_MONTHS_RU, *_MONTHS)
        month = next(number for number, stem in enumerate(months) if re.match(stem, name)) % 12 + 1
    if not 1 <= month <= 12 or day > 31:
        return None
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"


def names(text: str) -> frozenset[str]:
    """The terms of words that are written as names: capitalised inside a sentence, or in the other script."""
    found = set()
    language = detect(text)
    for token, range_ in tokens(text):
        lowered = token.lower()
        if token[0].isdigit() or len(token) < 2 or lowered in STOPWORDS or lowered in _MONTHS:
            continue
        foreign = language == "ru" and detect(token) == "en"
        if foreign or (token[0].isupper() and not _opens_sentence(text, range_.start)):
            found.add(term(token))
    return frozenset(found)


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t«\"“'(—–-")
    return not before or before[-1] in ".!?…\n:"
