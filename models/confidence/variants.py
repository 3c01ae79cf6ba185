"""Variants of a question that its document doesn't answer: another name, country, company or year in its place.

What people ask in vain near a topic is mostly of this kind, and question sets hold few of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pymorphy3

from istok.index.types import Language

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
YEARS = range(1996, 2024)

COUNTRIES = {
    "ru": "Китай Индия Вьетнам Туркменистан Турция Монголия Азербайджан Иран Сербия Куба Египет Пакистан Грузия",
    "en": "China India Vietnam Turkmenistan Turkey Mongolia Azerbaijan Iran Serbia Cuba Egypt Pakistan Georgia",
}
CITIES = {"ru": "Саратов Омск Пермь Тула Ташкент Гомель Вологда", "en": "Saratov Omsk Perm Tula Tashkent Gomel Vologda"}
PEOPLE = {
    "ru": "Иванов Петренко Сидорчук Лаптев Громов Ковалёв Абрамов Жуков Мельников",
    "en": "Ivanov Petrenko Sidorchuk Laptev Gromov Kovalyov Abramov Zhukov Melnikov",
}
COMPANIES = ("Уралмаш", "Заря", "Вымпел", "Электросила", "Прогресс")
IS_COUNTRY = re.compile(
    r"Росси|Беларус|Белорусси|Казахстан|Узбекистан|Украин|Германи|Франци|Польш|Великобритани"
    r"|Russia|Belarus|Kazakhstan|Uzbekistan|Ukraine|Germany|France|Poland|Britain"
)
NO_NAMES = frozenset(
    "January February March April May June July August September October November December The In What Who".split()
)

_morphology = pymorphy3.MorphAnalyzer()


def variants(question: str, language: Language, text: str, random: Random) -> list[str]:
    """Variants of `question` that `text`, which answers it, doesn't: one for each of its names, one for its year."""
    changed = _russian(question, text, random) if language == "ru" else _english(question, text, random)
    return [*changed, *_of_another_year(question, language, text, random)]


def _russian(question: str, text: str, random: Random) -> Iterator[str]:
    for match in re.finditer(r"(?<![«\"])\b[А-ЯЁ][а-яё]+", question):
        tag = _morphology.parse(match[0])[0].tag
        if match.start() == 0 or not ("Geox" in tag or "Surn" in tag):
            continue
        other = _other(PEOPLE["ru"] if "Surn" in tag else _places(match[0], "ru"), text, random)
        if other:
            yield question[: match.start()] + _inflected(other, match[0]) + question[match.end() :]
    for match in re.finditer(r"(?<=«)[^»]+(?=»)", question):
        other = _other(" ".join(COMPANIES), text, random)
        if other:
            yield question[: match.start()] + other + question[match.end() :]


def _english(question: str, text: str, random: Random) -> Iterator[str]:
    for match in re.finditer(r"(?<!^)\b[A-Z][a-z]+(?: [A-Z][a-z]+)?", question):
        name = match[0].split()
        if name[0] in NO_NAMES:
            continue
        is_person = len(name) > 1
        other = _other(PEOPLE["en"] if is_person else _places(match[0], "en"), question, random)
        if other:
            whole = f"{name[0]} {other}" if is_person else other
            yield question[: match.start()] + whole + question[match.end() :]


def _of_another_year(question: str, language: Language, text: str, random: Random) -> Iterator[str]:
    free = [str(year) for year in YEARS if str(year) not in text]
    if not free:
        return
    year = random.choice(free)
    if YEAR.search(question):
        yield YEAR.sub(year, question)
    else:
        yield question.rstrip("? ") + (f" в {year} году?" if language == "ru" else f" in {year}?")


def _places(name: str, language: Language) -> str:
    return COUNTRIES[language] if IS_COUNTRY.match(name) else CITIES[language]


def _other(pool: str, text: str, random: Random) -> str:
    free = [name for name in pool.split() if name.lower()[:5] not in text.lower()]
    return random.choice(free) if free else ""


def _inflected(word: str, like: str) -> str:
    case = _morphology.parse(like)[0].tag.case
    parsed = _morphology.parse(word)[0]
    form = parsed.inflect({case, "sing"}) if case else None
    return (form or parsed).word.capitalize()
