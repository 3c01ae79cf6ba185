"""Mentions: the people, countries and cities that a claim names, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from istok.eval.mutations import inflection
from istok.eval.mutations.substitution import lists
from istok.eval.mutations.truths import Truth
from istok.index import territories
from istok.index.terms import keys
from istok.index.types import Language

_CAPITAL = re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?")
_LATIN = re.compile(r"[A-Z][a-z]+(?:-[A-Z]?[a-z]+)?")
_SURNAME = re.compile(
    r"(?:[оеё]в|[иы]н)(?:а|у|ым|е|ой|ы)?$|[сц]к(?:ий|ого|ому|им|ом|ая|ой|ую)$|(?:енко|чук|швили|дзе)$"
)
_TITLE = re.compile(
    r"^(?:President|Minister|Prime|Judge|Prince|Princess|King|Queen|Pope|General|Colonel|Captain|Major|Lieutenant|Senator"
    r"|Governor|Professor|Doctor|Mayor|Secretary|Chancellor|Ambassador|Republican|Democrat|Communist|Socialist|Patriarch"
    r"|The|In|After|Before|On|By|And|\w+(?:ian|ish|ese))$"
)
_PART = re.compile(r"(?:[^\W\d_]*[A-ZА-ЯЁ][^\W\d_]*[ -]|\bde |[«\"“])$")
"""What stands before a place that is only a part of a name: South China Morning Post, Tour de France."""
CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")


@dataclass(frozen=True)
class Mention:
    """A name in a text: all of it, and its last word (a person's surname), each with its range. In Russian `parse` is
    that of the last word, `first` that of the first name (None where there is none), in one case and gender."""

    start: int
    end: int
    last: str
    last_start: int
    parse: Any = None
    first: Any = None

    @property
    def case(self) -> str:
        """The grammatical case, "" in English."""
        return str(self.parse.tag.case) if self.parse else ""

    @property
    def gender(self) -> str:
        """The gender, "" in English or where the word doesn't say."""
        return str((self.first or self.parse).tag.gender or "") if self.parse else ""


def people(truth: Truth) -> list[Mention]:
    """The people that a claim names."""
    return russian_people(truth.text) if truth.language == "ru" else _english_people(truth)


@lru_cache(maxsize=4096)
def russian_people(text: str) -> list[Mention]:
    """A first name with what follows it, or a surname that can be told by its ending."""
    words = list(_CAPITAL.finditer(text))
    found, used = [], -1
    for index, match in enumerate(words):
        if index <= used:
            continue
        last = index
        first = next((one for one in inflection.parses(match[0]) if "Name" in one.tag and "sing" in one.tag), None)
        if first and first.is_known and _beside(text, words, index):
            last += 1
            if "Patr" in inflection.parses(words[last][0])[0].tag and _beside(text, words, last):
                last += 1
        if first and last > index:
            surname = _agreeing(words[last][0], first)
            if surname:
                found.append(Mention(match.start(), words[last].end(), words[last][0], words[last].start(), *surname))
                used = last
        elif _SURNAME.search(match[0]) and not _is_place(match[0]):
            surn = [one for one in inflection.parses(match[0]) if "Surn" in one.tag and "sing" in one.tag]
            if surn and surn[0] is inflection.parses(match[0])[0]:
                found.append(Mention(match.start(), match.end(), match[0], match.start(), surn[0]))
    return found


def _beside(text: str, words: list[re.Match[str]], index: int) -> bool:
    """Whether only a space parts a capitalised word from the next one."""
    return index + 1 < len(words) and text[words[index].end() : words[index + 1].start()] == " "


def _agreeing(surname: str, first: Any) -> tuple[Any, Any] | None:
    """The analyses of a surname and of its first name in the same case."""
    names = [one for one in inflection.every(first.word) if "Name" in one.tag and "sing" in one.tag]
    last = [one for one in inflection.every(surname) if "sing" in one.tag and one.tag.POS in ("NOUN", "ADJF")]
    last.sort(key=lambda one: "Surn" not in one.tag)
    for name in names:
        for one in last:
            if one.tag.case == name.tag.case and one.tag.gender in (name.tag.gender, None):
                return one, name
    return None


def _apart(text: str, match: re.Match[str]) -> bool:
    """Whether a name stands for itself and is no part of a longer one."""
    before, after = text[: match.start()], text[match.end() :]
    alone = not _PART.search(before) or re.fullmatch(
        r"(?:In|From|At|Before|After|By|To|В|Из|На|От|До|После|С) ", before
    )
    return (
        bool(alone)
        and not re.match(r"[ -][^\W\d_]?[A-ZА-ЯЁ]|[ -][A-ZА-ЯЁ]|»|\"", after)
        and not re.search(r"(?:\bthe|\bThe|рек[аиеу]) $", before)
    )


def _is_place(word: str) -> bool:
    top = inflection.parses(word)[0]
    return "Geox" in top.tag and bool(top.is_known)


def _english_people(truth: Truth) -> list[Mention]:
    """The words of an English claim that are spelled like a surname of its translation or its proof."""
    known = {key for text in (truth.twin, truth.quotes) for one in russian_people(text) for key in keys(one.last)}
    given = {
        key
        for text in (truth.twin, truth.quotes)
        for one in russian_people(text)
        if one.first
        for key in keys(str(one.first.word))
    }
    written = {
        key for text in (truth.twin, truth.quotes) for match in _CAPITAL.finditer(text) for key in keys(match[0])
    }
    words = list(_LATIN.finditer(truth.text))
    found = []
    for index, match in enumerate(words):
        spelled = set(keys(match[0]))
        if spelled & known and not spelled & given:
            before = words[index - 1] if index else None
            joined = (
                before
                and truth.text[before.end() : match.start()] == " "
                and (set(keys(before[0])) & written or not _TITLE.search(before[0]))
            )
            start = before.start() if before and joined else match.start()
            found.append(Mention(start, match.end(), match[0], match.start()))
    return found


def countries(truth: Truth) -> list[Mention]:
    """The countries that a claim names."""
    return list(_listed(truth, _country_names(truth.language)))


def cities(truth: Truth) -> list[Mention]:
    """The cities and regions that a claim names."""
    if truth.language == "ru":
        known = _country_names("ru")
        names = [
            match
            for match in _CAPITAL.finditer(truth.text)
            if _is_place(match[0])
            and _apart(truth.text, match)
            and inflection.parses(match[0])[0].normal_form not in known
        ]
        taken = {mention.last_start for mention in russian_people(truth.text)}
        return [
            Mention(match.start(), match.end(), match[0], match.start(), inflection.parses(match[0])[0])
            for match in names
            if match.start() not in taken
        ]
    twin = Truth(truth.id, truth.twin, "ru", "", truth.evidence, truth.measured)
    spelled = {key for one in cities(twin) for key in keys(one.last)}
    return [
        Mention(match.start(), match.end(), match[0], match.start())
        for match in _LATIN.finditer(truth.text)
        if _apart(truth.text, match)
        and (match[0] in {city for _, city in lists()["places"]["cities"]} or spelled & set(keys(match[0])))
    ]


@lru_cache(maxsize=2)
def _country_names(language: Language) -> frozenset[str]:
    listed = (pair[language == "en"].lower() for pair in lists()["places"]["countries"])
    return frozenset((*territories.names(language), *listed))


def _listed(truth: Truth, names: frozenset[str]) -> Iterator[Mention]:
    if truth.language == "en":
        for match in _LATIN.finditer(truth.text):
            if match[0].lower() in names and _apart(truth.text, match):
                yield Mention(match.start(), match.end(), match[0], match.start())
        return
    for match in _CAPITAL.finditer(truth.text):
        parse = inflection.parses(match[0])[0]
        if parse.normal_form in names:
            yield Mention(match.start(), match.end(), match[0], match.start(), parse)
