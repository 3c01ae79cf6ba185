"""Candidates: the figures, dates and names of a sentence that may be a short answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from istok.index.language import detect
from istok.index.terms import STOPWORDS, is_country, term
from istok.index.types import Language, Range
from istok.rag.checks.figures import Figure, figures
from istok.rag.spans.wanted import Wanted, may_be, readings, sorts
from istok.rag.types import Sentence


@dataclass(frozen=True, slots=True)
class Word:
    """A token of the sentence; `asked` tells how surely it is one of the question's words, `noun` of its noun."""

    text: str
    start: int
    end: int
    asked: float
    noun: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Characters that may answer, and the values of its own features that aren't 0."""

    range: Range
    own: Mapping[str, float]


_BREAK = re.compile(r"[,;:()]\s|\s[—–-]\s")


def clause(text: str, range_: Range) -> Range:
    """The characters between the commas, brackets and dashes around a range."""
    start = max((found.end() for found in _BREAK.finditer(text, 0, range_.start)), default=0)
    after = _BREAK.search(text, range_.end)
    return Range(start, after.start() if after else len(text))


def candidates(wanted: Wanted, sentence: Sentence, words: Sequence[Word]) -> Iterator[Candidate]:
    """What in a sentence, of whose tokens `words` are, is of the kind that is asked for."""
    match wanted.kind:
        case "number":
            return _numbers(wanted, sentence, words)
        case "date":
            return _dates(wanted, sentence)
        case "person":
            return _people(sentence, words)
        case "place":
            return _places(wanted, sentence, words)
        case _:
            return _titles(wanted, sentence, words)


# Figures

_APPROXIMATE = re.compile(
    r"(?:\b(?:не\s+(?:менее|более)(?:\s+чем)?|по\s+(?:меньшей|крайней)\s+мере|(?:более|менее)(?:\s+чем)?|свыше|около|почти|примерно"
    r"|порядка|приблизительно|до|на|в|через|at\s+least|as\s+many\s+as|(?:more|less|fewer)\s+than|up\s+to|about|around"
    r"|over|nearly|almost|approximately|roughly|some|under)\s+)+$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?:в|на|через)\s+", re.IGNORECASE)
_RANGE = re.compile(r"\s?[–—-]\s?|\s+(?:до|to)\s+")
_NUMBERED = re.compile(r"(?:№|#|стать\w+|пункт\w*|част\w+|article|section|no\.)\s*$", re.IGNORECASE)
_SORTS: Mapping[str, str] = {
    **dict.fromkeys(("minute", "day", "month"), "time"),
    **dict.fromkeys(("percent", "share"), "percent"),
    **{"m": "length", "kg": "weight", "times": "times", "": "count"},
}
"""What is measured by a unit of `istok.rag.checks.figures`; any other unit is a currency."""


def _numbers(wanted: Wanted, sentence: Sentence, words: Sequence[Word]) -> Iterator[Candidate]:
    """Figures with what they count and how they are qualified; not the numbers of dates, clauses and ranks."""
    text = sentence.text
    taken = [found.range for found in _moments(text)]
    joined: list[list[Figure]] = []
    for figure in figures(text):
        last = joined[-1][-1] if joined else figure
        if joined and last.unit in ("", figure.unit) and _RANGE.fullmatch(text, last.end, figure.start):
            joined[-1].append(figure)
        else:
            joined.append([figure])
    for group in joined:
        start, end, unit = group[0].start, group[-1].end, group[-1].unit
        if unit in ("ordinal", "clock") or any(start < other.end and other.start < end for other in taken):
            continue
        if _NUMBERED.search(text, 0, start) or text[start - 1 : start] == "-":
            continue
        sort = _SORTS.get(unit, "money")
        counts, noun = max((word.noun for word in words if start <= word.start < end), default=0.0), None
        if sort == "count":
            counts, noun = _counted(text, end, words, sentence.language)
            if not counts and _ONE.fullmatch(text, start, end):
                continue  # "один из них" counts nothing
            end = noun if counts and noun else end
        if wanted.sort == "change":
            around = clause(text, Range(start, end))
            counts = max((word.noun for word in words if around.start <= word.start < around.end), default=0.0)
        own = {"approximate": 0.0, "bare": float(sort == "count" and noun is None)}
        if len(group) > 1 and (lead := _FROM.search(text, 0, start)):
            start = lead.start()
        if approximate := _APPROXIMATE.search(text, 0, start):
            start = approximate.start()
            if not (wanted.led or wanted.sort == "change") and (lead := _PREPOSITION.match(text, start)):
                start = lead.end()
            own["approximate"] = 1.0
        yield Candidate(Range(start, end), _weighed(wanted, sort, counts) | own)


_CHANGE = ("percent", "times", "money", "weight", "length", "time")


def _weighed(wanted: Wanted, sort: str, counts: float) -> dict[str, float]:
    """Whether a figure is of the sort that is asked for, or of another and counts nothing that is."""
    asked = wanted.sort
    agrees = sort == asked or (asked == "change" and sort in _CHANGE)
    return {"counts": counts, "agrees": float(agrees), "clashes": float(not agrees and not counts)}


_FROM = re.compile(r"\b(?:от|с|со|from|between)\s+$", re.IGNORECASE)
_ONE = re.compile(r"од(?:ин|на|но|ного|ной|ну|ним|ном)|one", re.IGNORECASE)


def _counted(text: str, start: int, words: Sequence[Word], language: Language) -> tuple[float, int | None]:
    """How surely a figure counts the noun that is asked about, and where the noun that it counts ends: in Russian after
    its adjectives; in English the last of the words that follow which the question asks about, or else the first."""
    end = start
    near: list[Word] = []
    for word in [word for word in words if word.start >= start][:3]:
        if text[end : word.start].strip() or word.text[0].isdigit() or word.text.lower() in STOPWORDS:
            break
        if language == "ru" == detect(word.text) and not any(
            may_be(word.text, kind) for kind in ("NOUN", "ADJF", "PRTF")
        ):
            break
        end = word.end
        near.append(word)
        if language == "ru" and may_be(word.text, "NOUN"):
            break
    counts = max((word.noun for word in near), default=0.0)
    if not near or language == "ru":
        return counts, end if near and may_be(near[-1].text, "NOUN") else None
    return counts, next((word.end for word in reversed(near) if word.noun), near[0].end)


# Dates

_MONTH = (
    r"(?:январ[еьяю]|феврал[еьяю]|март[еау]?|апрел[еьяю]|ма[йяею]|июн[еьяю]|июл[еьяю]|август[еау]?|сентябр[еьяю]"
    r"|октябр[еьяю]|ноябр[еьяю]|декабр[еьяю]|January|February|March|April|May|June|July|August|September|October"
    r"|November|December)"
)
_YEAR = r"(?:1[0-9]|20)\d\d"
_G = r"(?:\s?(?:год(?:а|у|ом|е|ов|ы|ах)?(?!\w)|гг?(?!\w)\.?))"
_HOUR = r"\d{1,2}(?:[:.]\d\d)?(?:\s?(?:час(?:а|ов)|[ap]\.?m\b\.?))?"
_HOURS = (
    rf"\b(?:с|from)\s{_HOUR}\s(?:до|to|till|until)\s{_HOUR}"
    r"(?=\s*(?:[.,;:!?)—–]|$|(?:по|в|кроме|ежедневно|без|и|on|and|every|daily|except)\b))"
)
"""When something is open: not "from 9 to 17 people"."""
_MOMENT = re.compile(
    rf"(?P<day>\b\d{{1,2}}(?:-го)?(?:\s?(?:[–—-]|и|по|до)\s?\d{{1,2}}(?:-го)?)?\s+{_MONTH}(?:\s+(?P<dy>{_YEAR}){_G}?)?"
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<dy2>{_YEAR}))?|\b\d{{1,2}}\.\d{{1,2}}\.(?P<dy3>\d{{4}})\b)"
    rf"|(?P<month>\b{_MONTH}(?:\s?[–—-]\s?{_MONTH})?,?\s+(?:of\s+)?(?P<my>{_YEAR}){_G}?|(?<=[ВвнН] )\b{_MONTH}\b"
    rf"|(?<=[Ii]n )\b{_MONTH}\b)"
    rf"|(?P<time>{_HOURS}|\b\d{{1,2}}[:.]\d\d(?::\d\d)?(?!\d)(?:\s?[ap]\.?m\.?)?|\b\d{{1,2}}\s(?:час(?:а|ов)\s(?:утра|вечера|ночи|дня)|[ap]\.?m\b\.?))"
    rf"|(?P<year>(?:\b(?:весной|летом|осенью|зимой|весна|лето|осень|зима|spring|summer|autumn|fall|winter)\s+(?:of\s+)?)?"
    rf"(?<![\d.,])(?:{_YEAR}(?:\s?[–—/-]\s?(?:{_YEAR}|\d\d))?{_G}|{_YEAR}-?(?:е|х|s)\b|{_YEAR}(?![\d%.,]\d|\d|\s*%)))"
    r"|(?P<week>\b(?:в(?:о)?\s+)?(?:понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
    r"|(?P<century>\b[XVI]+(?:\s?[–—-]\s?[XVI]+)?\s+век\w*|\b\d{1,2}(?:st|nd|rd|th)\s+century\b)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"\b(?:в|во|с|со|к|до|на|по|после|от)\s+$", re.IGNORECASE)
_TERM = re.compile(r"\b(?:на|for)\s+$", re.IGNORECASE)
_YEARS = re.compile(rf"{_YEAR}\s?[–—/-]\s?(?:{_YEAR}|\d\d)(?!\d)")
_YEAR_ONLY = re.compile(rf"{_YEAR}{_G}?")


@dataclass(frozen=True, slots=True)
class _Moment:
    range: Range
    sort: str
    year: Range | None


@lru_cache(maxsize=256)
def _moments(text: str) -> tuple[_Moment, ...]:
    found = []
    for match in _MOMENT.finditer(text):
        start, end = match.span()
        sort = next(name for name in ("day", "month", "time", "year", "week", "century") if match[name])
        if sort == "year" and match.group().isdigit() and not _is_year(text, start, end):
            continue
        year = _YEAR_ONLY.search(text, start, end) if sort in ("day", "month", "year") else None
        found.append(_Moment(Range(start, end), sort, Range(*year.span()) if year else None))
    return tuple(found)


def _is_year(text: str, start: int, end: int) -> bool:
    """Whether four bare digits are a year: behind a preposition or in brackets, and no noun that they count follows."""
    if text[start] == "1" and text[start + 1] not in "6789" and not re.search(r"\b(?:in|since)\s$", text[:start]):
        return False
    following = re.match(r"\s+([А-Яа-яЁё]+)", text[end:])
    if (
        following
        and any({"gent", "plur"} in one.tag for one in readings(following[1]))
        and may_be(following[1], "NOUN")
    ):
        return False
    return bool(
        re.search(
            r"(?:\b(?:в|с|к|до|на|по|от|и|in|since|by|of|from|until|during|to|the|and|for|between|after|before|early|late)\s|[(–—-])$",
            text[:start],
            re.IGNORECASE,
        )
    )


def _dates(wanted: Wanted, sentence: Sentence) -> Iterator[Candidate]:
    for moment in _moments(sentence.text):
        start, end = moment.range
        of_sort = {
            "year": moment.year is not None,
            "day": moment.sort in ("day", "week"),
            "hours": moment.sort in ("time", "day", "week"),
        }
        agrees = of_sort.get(
            wanted.sort, moment.sort == wanted.sort or (wanted.sort == "month" and moment.sort == "day")
        )
        if wanted.sort == "year" and moment.year and not _YEARS.match(sentence.text, start, end):
            start, end = moment.year
        if wanted.sort == "":
            agrees = moment.sort != "time"
        if wanted.sort == "" and _TERM.search(sentence.text, 0, start) and _YEARS.match(sentence.text, start, end):
            continue  # "план на 2026–2028 гг.": what a plan is for, not when anything happened
        if sentence.language == "ru" and (lead := _LEAD.search(sentence.text, 0, start)):
            start = lead.start()
        yield Candidate(
            Range(start, end),
            {
                "agrees": float(agrees),
                "clashes": float(not agrees),
                "full": float(moment.year is not None and moment.sort == "day"),
            },
        )


# Names

_QUOTED = re.compile(r"«[^«»]*(?:«[^«»]*»[^«»]*)*»|“[^“”]+”|„[^„“”]+[“”]|\"[^\"]+\"|''[^']+''")
_PERSONAL = ("Name", "Surn", "Patr")
_JOINED = frozenset("де да ди ван фон бен ибн аль эль ла ле of de la van von der the del di al bin for and".split())


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[Word, ...]
    range: Range
    quoted: bool
    extended: bool


def _names(sentence: Sentence, words: Sequence[Word]) -> Iterator[_Name]:
    """Quoted titles, and runs of capitalised words; a run of adjectives goes on to its noun."""
    text = sentence.text
    quoted = []
    for found in _QUOTED.finditer(text):
        inner = tuple(word for word in words if found.start() <= word.start and word.end <= found.end())
        if inner and len(inner) <= 10 and (inner[0].text[0].isupper() or inner[0].text[0].isdigit()):
            quoted.append(Range(*found.span()))
            yield _Name(inner, quoted[-1], True, False)
    run: list[Word] = []
    for i, word in enumerate(words):
        if any(one.start <= word.start < one.end for one in quoted):
            continue
        if run and _splits(text, run, word):
            yield from _close(text, run, words[i:])
            run = []
        begins = word.text[0].isupper() and bool(run or not _is_common_opening(text, word))
        if begins or (run and (_joins(text, words[i : i + 2]) or _numbers_name(text, run[-1], word))):
            run.append(word)
    if run:
        yield from _close(text, run, [])


def _joins(text: str, pair: Sequence[Word]) -> bool:
    """Whether a small word joins the capitalised one after it to those before."""
    if len(pair) < 2 or pair[0].text.lower() not in _JOINED:
        return False
    return pair[1].text[0].isupper() and not text[pair[0].end : pair[1].start].strip(" -")


def _numbers_name(text: str, last: Word, word: Word) -> bool:
    """Whether a number belongs to the name before it (Phillips 66)."""
    if not word.text[0].isdigit() or len(word.text) > 4 or is_country(term(last.text)):
        return False
    return text[last.end : word.start] in (" ", "-", "") and text[word.end : word.end + 1] != "-"


def _close(text: str, run: list[Word], rest: Sequence[Word]) -> Iterator[_Name]:
    while run and (run[-1].text.lower() in _JOINED or (run[-1].text[0].isdigit() and len(run) == 1)):
        run.pop()
    if not run:
        return
    extended = False
    if not any(may_be(word.text, "NOUN") or detect(word.text) == "en" for word in run):
        found = list(run)
        for word in rest[:3]:
            if text[found[-1].end : word.start].strip():
                break
            found.append(word)
            if may_be(word.text, "NOUN"):
                run, extended = found, True
                break
            if not may_be(word.text, "ADJF"):
                break
    yield _Name(tuple(run), Range(run[0].start, run[-1].end), False, extended)


def _splits(text: str, run: Sequence[Word], word: Word) -> bool:
    """Whether a word begins another name than the run before it: another thing between, or another first name."""
    between = text[run[-1].end : word.start]
    if between.strip(" -.'’\u00a0&") or (between.startswith(".") and len(run[-1].text) > 2) or "\n" in between:
        return True
    if between.strip() in ("-", "–", "—") and between != between.strip():
        return True
    if not word.text[0].isupper():
        return not (word.text.lower() in _JOINED or word.text[0].isdigit())
    if detect(word.text) != "ru" or detect(run[-1].text) != "ru":
        return detect(word.text) != detect(run[-1].text)
    if between.strip():
        return False
    first = _is_first_name(word.text)
    if first and len(run) > 1 and any(_is_first_name(one.text) for one in run[:-1]):
        return True
    if first and readings(run[-1].text)[0].is_known and not any(may_be(run[-1].text, kind) for kind in _PERSONAL):
        return True
    place = is_country(term(run[-1].text)) or "Geox" in readings(run[-1].text)[0].tag
    return (place and not may_be(word.text, "Geox")) or (
        run[-1].text.isupper() and len(run[-1].text) > 1 and not word.text.isupper()
    )


def _is_first_name(word: str) -> bool:
    return detect(word) == "ru" and any("Name" in one.tag and one.is_known for one in readings(word))


def _is_common_opening(text: str, word: Word) -> bool:
    """Whether a capitalised word is so only because a sentence begins with it."""
    before = text[: word.start].rstrip(' «"“„—–-(')
    if before and before[-1] not in ".!?…:":
        return False
    if word.text.isupper() and len(word.text) > 1:
        return False
    if word.text.lower() in STOPWORDS:
        return True
    if detect(word.text) == "en":
        return False
    best = readings(word.text)[0]
    return (
        best.is_known and not any(name in best.tag for name in (*_PERSONAL, "Geox", "Orgn")) and "ADJF" not in best.tag
    )


def _marks(name: _Name, words: Sequence[Word], sentence: Sentence) -> dict[str, float]:
    """What is seen of a name, whatever is asked."""
    parts = [word.text for word in name.words]
    russian = [part for part in parts if detect(part) == "ru" and not part[0].isdigit()]
    before = [word for word in words if word.end <= name.range.start][-2:]
    described = [word.noun for word in before] + [word.noun for word in name.words]
    after = [word.noun for word in words if word.start >= name.range.end][:1]
    return {
        "several": float(len(parts) > 1),
        "title": float(name.quoted),
        "foreign": float(sentence.language == "ru" and not russian),
        "initials": float(any(part.isupper() and len(part) > 1 for part in parts)),
        "named": _named(name, sentence, russian),
        "territory": float(
            any(may_be(part, "Geox") for part in russian)
            or any(is_country(term(part)) for part in parts)
            or (sentence.language == "en" and bool(_INSIDE.search(sentence.text, 0, name.range.start)))
        ),
        "country": float(any(is_country(term(part)) for part in parts)),
        "organisation": float(any(may_be(part, "Orgn") or (part.isupper() and len(part) > 1) for part in parts)),
        "described": max([*described, *after], default=0.0),
        "extended": float(name.extended),
    }


def _named(name: _Name, sentence: Sentence, russian: Sequence[str]) -> float:
    """How much of a name is a person's: by the dictionary in Russian, by its make in English, which has none here."""
    if sentence.language == "ru":
        return sum(any(may_be(part, kind) for kind in _PERSONAL) for part in russian) / len(name.words)
    parts = [word.text for word in name.words]
    other = any(part.lower() in _JOINED or (part.isupper() and len(part) > 1) for part in parts)
    described = any(sorts().get(term(part), ("person", ""))[0] != "person" for part in parts)
    after_article = bool(re.search(r"\b(?:the|a|an)\s+$", sentence.text[: name.range.start], re.IGNORECASE))
    if other or described or after_article or name.quoted or any(is_country(term(part)) for part in parts):
        return 0.0
    return 1.0 if 2 <= len(parts) <= 4 else 0.5


def _people(sentence: Sentence, words: Sequence[Word]) -> Iterator[Candidate]:
    for name in _names(sentence, words):
        marks = _marks(name, words, sentence)
        before = next((word.text for word in reversed(words) if word.end <= name.range.start), "")
        parts = [word.text for word in name.words]
        yield Candidate(
            name.range,
            marks
            | {
                "nominative": float(
                    all(may_be(part, "nomn") for part in parts if detect(part) == "ru" and len(part) > 1)
                ),
                "posted": float(max(may_be(before, "anim"), marks["described"] > 0)),
                "place": marks["territory"],
            },
        )


_INSIDE = re.compile(
    r"\b(?:в|во|на|из|под|близ|у|около|возле|in|at|from|near|to|on)\s+(?:[а-яё-]+\s+|the\s+)?[«“\"]?$", re.IGNORECASE
)
_LEAD_PLACE = re.compile(r"\b(?:в|во|на|из|под|близ|у|возле)\s+$", re.IGNORECASE)


def _places(wanted: Wanted, sentence: Sentence, words: Sequence[Word]) -> Iterator[Candidate]:
    for name in _names(sentence, words):
        marks = _marks(name, words, sentence)
        inside = _INSIDE.search(sentence.text, 0, name.range.start)
        start = name.range.start
        if wanted.led and sentence.language == "ru" and (lead := _LEAD_PLACE.search(sentence.text, 0, start)):
            start = lead.start()
        yield Candidate(
            Range(start, name.range.end),
            marks
            | {
                "inside": float(bool(inside)),
                "person": marks["named"],
                "agrees": float(wanted.sort == "country" and marks["country"]),
                "clashes": float(wanted.sort == "city" and marks["country"]),
            },
        )


def _titles(wanted: Wanted, sentence: Sentence, words: Sequence[Word]) -> Iterator[Candidate]:
    """Names, for organisations and things; for a thing also the adjective of the noun that is asked about."""
    for name in _names(sentence, words):
        marks = _marks(name, words, sentence)
        yield Candidate(name.range, marks | {"person": marks["named"]})
    if wanted.kind == "thing" and sentence.language == "ru":
        for one, other in pairwise(words):
            if other.noun > 0.5 and not one.asked and readings(one.text)[0].tag.POS == "ADJF" and one.text.islower():
                yield Candidate(Range(one.start, one.end), {"adjective": 1.0})
