"""Inflection: another Russian word in the grammatical form of a given one, through pymorphy3 and its dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

FORM = frozenset(
    """nomn gent datv accs ablt loct gen2 loc2 sing plur past pres futr 1per 2per 3per indc impr actv pssv COMP Supr
    VERB INFN PRTF PRTS GRND ADJF ADJS""".split()
)
"""The grammemes that say in which form a word is, and not which word it is; gender, which is both, apart."""
GENDERS = frozenset(("masc", "femn", "neut"))
_LIKELY = 0.2


@lru_cache(maxsize=1)
def _analyzer() -> Any:  # pymorphy3 carries no types
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


@lru_cache(maxsize=1 << 14)
def parses(word: str) -> tuple[Any, ...]:
    """The likely analyses of a word, the likeliest first: each has `.tag`, `.normal_form`, `.score`, `.is_known`."""
    found = _analyzer().parse(word)
    return tuple(parse for parse in found if parse.score >= min(_LIKELY, found[0].score))


def lemmas(text_words: Iterator[str]) -> frozenset[str]:
    """The dictionary forms that words may have, ё as е."""
    return frozenset(parse.normal_form.replace("ё", "е") for word in text_words for parse in parses(word))


def is_(word: str, *grammemes: str) -> bool:
    """Whether the likeliest analysis of a word has all of the grammemes."""
    return bool(set(grammemes) <= parses(word)[0].tag.grammemes)


def like(word: str, lemma: str, parse: Any) -> str | None:
    """`lemma` in the form that `parse` finds `word` in, with its capitals; None when it has no such form.

    A noun of another gender is none: what agrees with it would have to change too.
    """
    wanted = parse.tag.grammemes & FORM
    gender = parse.tag.grammemes & GENDERS
    for target in _analyzer().parse(lemma):
        if target.normal_form.replace("ё", "е") != lemma.lower().replace("ё", "е"):
            continue
        noun = "NOUN" in target.tag
        if noun != ("NOUN" in parse.tag) or (noun and not gender <= target.tag.grammemes):
            continue
        if not noun and gender:
            wanted = wanted | gender
        if "accs" in wanted and not noun and "anim" in parse.tag.grammemes:
            wanted = wanted | {"anim"}
        found = target.inflect(wanted - {"gen2", "loc2"} | _plain_cases(wanted))
        if found:
            return capitals(found.word, word)
    return None


def _plain_cases(wanted: frozenset[str]) -> frozenset[str]:
    return frozenset(plain for plain, second in (("gent", "gen2"), ("loct", "loc2")) if second in wanted)


def capitals(word: str, model: str) -> str:
    """`word` with a capital first letter, or all capitals, where `model` has them."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


@lru_cache(maxsize=1 << 14)
def every(word: str) -> tuple[Any, ...]:
    """All analyses of a word."""
    return tuple(_analyzer().parse(word))


def forms(lemma: str) -> tuple[str, ...]:
    """The forms of a noun in the singular."""
    return tuple(dict.fromkeys(form.word for form in every(lemma)[0].lexeme if "sing" in form.tag))
