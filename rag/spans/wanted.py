"""What a question asks for: a kind of short answer, and the noun that it asks about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from istok.index.language import detect
from istok.index.terms import term, tokens
from istok.index.types import Language
from istok.rag.morphology import parses
from istok.rag.question import Question

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

Kind = Literal["number", "date", "person", "place", "organisation", "thing"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for: the kind, what more is known of it ("money", "year", "city"), and the words of the noun
    that is asked about, or of what changed. `led` when a preposition leads the question in, and so may the answer."""

    kind: Kind
    sort: str
    nouns: tuple[str, ...]
    led: bool


_ASK = re.compile(
    r"(?P<number>\bсколь\w+|\bнасколько\b|\bкак\s+(?:долго|далеко|часто|быстро|давно)\b"
    r"|\bhow\s+(?:many|much|long|old|far|large|big|tall|high|fast|quickly|often|deep|heavy)\b)"
    r"|(?P<date>\bкогда\b|\bwhen\b)"
    r"|(?P<place>\bгде\b|\bкуда\b|\bоткуда\b|\bwhere\b)"
    r"|(?P<person>\bкто\b|\bкого\b|\bкому\b|\bкем\b|\bком\b|\bкак\s+(?:зовут|звали)\b|\bwho(?:m|se)?\b)"
    r"|(?P<called>\bкак\s+(?:назыв|назва|озаглав)\w*|\bwhat\s+(?:is|was|are|were)\s+(?:the\s+)?(?:name|title)s?\s+of\b)"
    r"|(?P<which>\bкак(?:ой|ая|ое|ие|ого|ому|им|ом|ую|их|ими)\b|\bкотор(?:ый|ая|ое|ого|ом|ую|ой)\b|\b(?:which|what)\b)",
    re.IGNORECASE,
)
_SORTS: Mapping[tuple[Kind, str], str] = {
    ("date", "year"): "год year",
    ("date", "day"): "дата день date day",
    ("date", "month"): "месяц month",
    ("date", "time"): "час hour time",
    ("date", ""): "век столетие десятилетие century decade",
    ("number", "money"): """
        сумма цена стоимость выручка доход прибыль бюджет штраф зарплата гонорар сбор деньги денег рубль доллар евро
        amount sum price cost revenue income profit budget fine salary fee wage money dollar ruble rouble euro""",
    ("number", "percent"): "процент доля percentage percent share proportion",
    ("number", "time"): """
        возраст продолжительность длительность срок время времени лет минута сутки неделя age duration minute week""",
    ("number", "length"): """
        расстояние длина высота глубина ширина километр метр
        distance height depth width kilometre kilometer mile metre meter""",
    ("number", "count"): """
        объем количество численность скорость температура вес масса мощность товарооборот население рубеж счет
        volume number population speed temperature weight turnover milestone score total value size""",
    ("place", "country"): "страна государство country nation",
    ("place", "city"): "город столица село деревня поселок city town capital village",
    ("place", ""): """
        область регион район остров штат континент площадь улица адрес аэропорт стадион арена провинция край республика
        пригород площадка гора река море озеро region district island state continent square street address airport
        stadium arena province county suburb venue location river mountain lake sea place""",
    ("organisation", ""): """
        компания организация ведомство министерство банк газета издание агентство партия клуб команда университет
        телеканал суд фирма студия концерн группа издательство институт завод предприятие сайт холдинг фонд вуз орган
        учреждение корпорация сборная телекомпания спецслужба подразделение журнал объединение ассоциация
        company organisation organization agency ministry bank newspaper publication party club team university channel
        court firm studio concern group publisher institute plant enterprise institution website holding fund
        foundation body corporation band magazine network association manufacturer maker developer school college""",
    ("person", ""): """
        person president minister official director actor actress writer author politician singer scientist player
        man woman head leader chief mentor artist poet composer governor mayor coach general officer king queen pope
        professor lawyer judge journalist model athlete skater captain founder owner senator deputy ambassador
        spokesman""",
}
_AUXILIARIES = frozenset(
    "did does do was were is are has have had will would can could may might must should be been а the a an of in on at"
    " for with by from to that who which when".split()
)


@lru_cache(maxsize=1)
def sorts() -> Mapping[str, tuple[Kind, str]]:
    """The stem of a noun, and what kind of answer it asks for."""
    return {term(word): sort for sort, words in list(_SORTS.items())[::-1] for word in words.split()}


@lru_cache(maxsize=256)
def ask(question: Question) -> Wanted | None:
    """What `question` asks for, or None when its answer is no short thing."""
    text = question.text
    found = _ASK.search(text)
    if found is None:
        return None
    rest = [word for word, _ in tokens(text[found.end() :])]
    nouns = _noun_phrase(rest, question.language)
    led = bool(re.search(r"\b(?:в|во|на|из|с|со|к|до|от|по|под|у)\s+$", text[: found.start()].lower()))
    group = str(found.lastgroup)
    asked = found.group().lower()
    if group == "number":
        measure = _measure(asked, nouns, text)
        return Wanted("number", measure, _subject(rest, question.language) if measure == "change" else nouns, led)
    if group == "called":
        return Wanted("thing", "", nouns, led)
    if group == "person" and _tells_of(text):
        return None
    if group in ("date", "place", "person"):
        if group == "date":
            return Wanted("date", "hours" if _OPEN.search(text) else "", (), True)
        return Wanted("place" if group == "place" else "person", "", (), group == "place")
    if not nouns:
        return None
    if asked == "какого" and nouns[0].lower() == "числа":
        return Wanted("date", "day", nouns, led)
    for noun in reversed(nouns):
        if (sort := sorts().get(term(noun))) is not None:
            return Wanted(*sort, nouns, led)
    if question.language == "ru" and "anim" in readings(nouns[-1])[0].tag:
        return Wanted("person", "", nouns, led)
    return Wanted("thing", "", nouns, led)


_OPEN = re.compile(
    r"\bкогда\s+(?:работа(?:ет|ют)|открыт[аоы]?|закрыт[аоы]?|открыва\w+|закрыва\w+)\b"
    r"|\bwhen\s+(?:is|are)\b.*\b(?:open|closed)\b|\bwhen\s+(?:does|do)\b.*\b(?:open|close|work)\b",
    re.IGNORECASE,
)
"""Asks for the hours of something, or for the day of its opening."""

_OF_WHOM = re.compile(
    r"\bкто\s+так(?:ой|ая|ие)\b|\bwho(?:\s+(?:is|was|are|were)|['’]s)\s+(?P<whom>[^?,;]+)", re.IGNORECASE
)
_POSTS = frozenset(
    "minister president director governor chairman chairwoman chair head chief mayor ambassador secretary speaker ceo"
    " premier chancellor king queen".split()
)


def _tells_of(text: str) -> bool:
    """Whether "who" asks what is known of a person whom the question names: then no name answers."""
    found = _OF_WHOM.search(text)
    if found is None or found["whom"] is None:
        return found is not None
    words = [word for word, _ in tokens(found["whom"])]
    return all(word[0].isupper() or word == "and" for word in words) and _POSTS.isdisjoint(map(str.lower, words))


def _noun_phrase(rest: Sequence[str], language: Language) -> tuple[str, ...]:
    """The words after the question word, up to the noun in Russian and to a function word in English."""
    found: list[str] = []
    for word in rest[:4]:
        if language == "ru":
            if readings(word)[0].tag.POS in ("VERB", "PREP", "INFN"):
                break
            found.append(word)
            if may_be(word, "NOUN"):
                return tuple(found)
        elif word.lower() in _AUXILIARIES or (found and word.endswith("ed")):
            if found or word.lower() not in ("the", "a", "an"):
                break
        else:
            found.append(word)
    return tuple(found) if language == "en" else ()


def _subject(rest: Sequence[str], language: Language) -> tuple[str, ...]:
    """What changed, in "by how much did exports grow": the first noun, or in English the first word that tells."""
    if language == "ru":
        return next(((word,) for word in rest[:4] if readings(word)[0].tag.POS == "NOUN"), ())
    return next(((word,) for word in rest[:4] if word.lower() not in _AUXILIARIES), ())


def _measure(asked: str, nouns: Sequence[str], text: str) -> str:
    """What kind of figure "how many X" wants: money, a percentage, a length of time, or a count."""
    lowered = text.lower()
    for noun in nouns:
        if noun.lower() in ("лет", "года", "years", "дней", "days", "часов", "hours", "месяцев", "months"):
            return "time"
        if (sort := sorts().get(term(noun))) is not None and sort[0] == "number":
            return sort[1]
    if asked.endswith((" long", " old", "долго", "давно")):
        return "time"
    if asked.endswith((" far", "далеко", " tall", " high", " deep")):
        return "length"
    if re.search(r"\bво\s+сколько\s+раз", lowered):
        return "times"
    if asked == "насколько" or re.search(r"\bна\s+сколько\b|\bby\s+how\s+much\b", lowered):
        return "change"
    if asked.endswith("much") or re.search(
        r"\bсколько\s+(?:сто(?:ит|ил)|заплат|плат|зараб|потрат|собра|выдел)", lowered
    ):
        return "money"
    return "count"


@lru_cache(maxsize=1 << 15)
def readings(word: str) -> tuple[Parse, ...]:
    """What a Russian word may be, the likeliest first; readings under a tenth of probability left out."""
    found = parses(word)
    return tuple(one for one in found if one.score >= 0.1) or found[:1]


def may_be(word: str, grammeme: str) -> bool:
    """Whether a Russian word may be of a kind, by pymorphy3's name of it."""
    return detect(word) == "ru" and any(grammeme in one.tag for one in readings(word))
