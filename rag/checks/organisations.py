"""Organisations that have one name in each language: ФСБ is the FSB, МВД and Министерство внутренних дел the Interior
Ministry. Which words spell them can't be told from the letters alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from istok.index.language import detect
from istok.rag.checks.finding import Finding, otherwise
from istok.rag.wording import say

# Abbreviations count as they stand; of the rest each line holds the beginnings of its Russian words, then its English
# words.
_NAMED = """
ФСБ FSB | федеральн\\w+ служб\\w+ безопасност\\w+ | federal security service
ФАС FAS | антимонопольн\\w+ служб\\w+ | antimonopoly service
ФНС FNS FTS | налогов\\w+ служб\\w+ | (?:federal )?tax service
ФСО FSO | федеральн\\w+ служб\\w+ охраны | federal protective service
СК СКР | следственн\\w+ комитет\\w* | investigative committee
ЦРУ CIA | центральн\\w+ разведывательн\\w+ управлени\\w+ | central intelligence agency
ФБР FBI | федеральн\\w+ бюро расследовани\\w+ | federal bureau of investigation
ООН UN | организаци\\w+ объединенных наций | united nations
ВОЗ WHO | всемирн\\w+ организаци\\w+ здравоохранени\\w+ | world health organi[sz]ation
МВФ IMF | международн\\w+ валютн\\w+ фонд\\w* | international monetary fund
НАТО NATO | североатлантическ\\w+ альянс\\w* | north atlantic alliance
ВТО WTO | всемирн\\w+ торгов\\w+ организаци\\w+ | world trade organi[sz]ation
ОБСЕ OSCE | по безопасности и сотрудничеству в европе | security and co-?operation in europe
МАГАТЭ IAEA | агентств\\w+ по атомной энергии | atomic energy agency
ФРС Fed | федеральн\\w+ резервн\\w+ систем\\w+ | (?:us )?federal reserve
ЕЦБ ECB | европейск\\w+ центральн\\w+ банк\\w* | european central bank
МОК IOC | международн\\w+ олимпийск\\w+ комитет\\w* | international olympic committee
МКС ISS | международн\\w+ космическ\\w+ станци\\w+ | international space station
МГУ MSU | московск\\w+ государственн\\w+ университет\\w* | moscow state university
РАН RAS | российск\\w+ академи\\w+ наук | russian academy of sciences
ЕСПЧ ECHR | европейск\\w+ суд\\w* по правам человека | european court of human rights
МИД MFA | министерств\\w+ иностранных дел|министр\\w* иностранных дел|внешнеполитическ\\w+ ведомств\\w+
  | foreign (?:ministry|minister|affairs)
МВД MVD | министерств\\w+ внутренних дел|министр\\w* внутренних дел
  | interior (?:ministry|minister)|ministry of (?:the interior|internal affairs)|internal affairs
МЧС EMERCOM | министерств\\w+ (?:по )?чрезвычайн\\w+ | emergenc(?:y|ies) ministry
"""
_DECLINED = re.compile(r"[А-Я]*[БВГДЖЗКЛМНПРСТФХЦЧШЩ]$")
"""Abbreviations that may be declined."""
_CASE = "(?:а|у|ом|е)?"
# Of a ministry: its subject in Russian, what stands after «Мин», and its subject in English.
_MINISTRIES = """
обороны | оборон | defen[cs]e
промышленности | пром | industry
здравоохранения | здрав | health(?:care)?
культуры | культ | culture
юстиции | юст | justice
энергетики | энерго | energy
финансов | фин | finance
экономическ\\w+ развития | экономразвит | economic development
сельского хозяйства | сельхоз | agriculture
образования | обр | education
транспорта | транс | transport
"""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as a text names it, and where; `name` is the same for all its names."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _pattern() -> tuple[re.Pattern[str], tuple[str, ...]]:
    names, patterns = [], []
    for row in _NAMED.replace("\n  ", " ").strip().split("\n"):
        short, *words = (part.strip() for part in row.split(" | "))
        names.append(short.split()[0])
        # МИДа, МИДом
        forms = "|".join(rf"{one}{_CASE if _DECLINED.search(one) else ''}" for one in short.split())
        patterns.append(rf"\b(?:{forms})\b|\b(?i:{'|'.join(words)})")
    for row in _MINISTRIES.strip().split("\n"):
        subject, short, english = (part.strip() for part in row.split("|"))
        names.append(f"министерство {subject}")
        patterns.append(
            rf"\b(?i:мин{short}\w*|(?:министерств\w+|министр\w*) {subject}"
            rf"|{english} (?:ministry|minister)|(?:ministry|minister) (?:of|for) {english})\b"
        )
    return re.compile("|".join(f"(?P<o{n}>{pattern})" for n, pattern in enumerate(patterns))), tuple(names)


@lru_cache(maxsize=1024)
def organisations(text: str) -> tuple[Organisation, ...]:
    """The organisations of the table that a text names, in order."""
    pattern, names = _pattern()
    folded = text.replace("ё", "е").replace("Ё", "Е")
    return tuple(
        Organisation(names[int((match.lastgroup or "o0")[1:])], *match.span()) for match in pattern.finditer(folded)
    )


def against(
    claim: str, quotes: Sequence[str], titles: Sequence[str] = (), documents: Sequence[str] = ()
) -> list[Finding]:
    """The organisations of a claim in whose place the quotes have another one, or that the documents nowhere name."""
    language = detect(claim)
    claimed = organisations(claim)
    mine = Counter(one.name for one in claimed)
    said = [(one, quote) for quote in quotes for one in organisations(quote)]
    theirs = Counter(one.name for one, _ in said)
    known = {*theirs, *(one.name for title in titles for one in organisations(title))}
    free = [quote[one.start : one.end] for one, quote in said if theirs[one.name] > mine[one.name]]
    everywhere = {one.name for document in documents for one in organisations(document)}
    found = []
    for one in claimed:
        if one.name in known:
            continue
        written = claim[one.start : one.end]
        if free:
            found.append(otherwise(language, written, free[0]))
        elif documents and one.name not in everywhere:
            found.append(Finding(say(language, "name_lacking", claim=written)))
    return found
