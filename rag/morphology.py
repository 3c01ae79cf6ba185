"""Russian morphology, by pymorphy3: its dictionary, 16 MB, is opened when a word is first looked up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse

_PERSON = frozenset(("Name", "Surn", "Patr"))
_PROPER = frozenset(("Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr"))


@cache
def _analyser() -> MorphAnalyzer:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=1 << 14)
def parses(word: str) -> tuple[Parse, ...]:
    """The readings of a Russian word, likeliest first."""
    return tuple(_analyser().parse(word))


@lru_cache(maxsize=1 << 15)
def _shares(word: str) -> tuple[float, float, bool]:
    """How likely a word is a name, how likely a common word, and whether the dictionary has it."""
    proper = common = 0.0
    for parse in parses(word):
        if _PROPER.intersection(parse.tag.grammemes):
            proper += parse.score
        else:
            common += parse.score
    return proper, common, bool(_analyser().word_is_known(word))


def is_proper(word: str) -> bool:
    """Whether a Russian word is mostly a name of a person, a place or an organisation."""
    proper, common, known = _shares(word)
    return known and proper > common


def may_be_proper(word: str) -> bool:
    """Whether a Russian word with a capital inside a sentence may be a name: unknown, or one of its readings."""
    proper, _, known = _shares(word)
    return not known or proper > 0.05


def is_rarely_common(word: str) -> bool:
    """Whether a Russian word that opens a sentence is most likely a name, or none of the dictionary's."""
    _, common, known = _shares(word)
    return not known or common < 0.35


def is_known_common(word: str) -> bool:
    """Whether it is a word of the dictionary and mostly no name."""
    proper, common, known = _shares(word)
    return known and common > proper


@lru_cache(maxsize=1 << 15)
def kind(word: str) -> str:
    """ "person" or "place" for a Russian name that the dictionary has as one of them alone, otherwise ""."""
    if not _analyser().word_is_known(word):
        return ""
    grammemes = frozenset().union(*(parse.tag.grammemes for parse in parses(word)))
    person, place = bool(grammemes & _PERSON), "Geox" in grammemes
    return "person" if person and not place else "place" if place and not person else ""


@lru_cache(maxsize=1 << 15)
def cases(word: str) -> Mapping[str, float]:
    """The cases that a Russian noun may stand in, with their probabilities; empty for another word."""
    found: dict[str, float] = {}
    for parse in parses(word):
        if parse.tag.POS == "NOUN" and parse.tag.case:
            found[parse.tag.case] = found.get(parse.tag.case, 0.0) + parse.score
    return MappingProxyType(found)


@lru_cache(maxsize=1 << 15)
def verb(word: str) -> str:
    """ "active", "passive" or "" for another part of speech; participles in their short form and -ся count."""
    parse = _analyser().parse(word)[0]
    if parse.tag.POS == "PRTS" or (parse.tag.POS in ("VERB", "INFN") and word.lower().endswith(("ся", "сь"))):
        return "passive"
    return "active" if parse.tag.POS in ("VERB", "INFN", "GRND") else ""
