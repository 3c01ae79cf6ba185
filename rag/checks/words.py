"""Words of a text with what they may be in the other language, so that two texts can be compared word by word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from istok.index.language import detect
from istok.index.lexicon import translations
from istok.index.terms import STOPWORDS, keys, term, tokens
from istok.index.types import Language

LIKELY = 0.05
"""Probability from which a translation counts."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is written and where; `abroad` are its likely translations, `keys` its spelling across scripts."""

    text: str
    start: int
    end: int
    language: Language
    term: str
    keys: frozenset[str]
    abroad: frozenset[str]

    @property
    def is_function(self) -> bool:
        """Whether it is a word without a meaning of its own."""
        return self.text.lower().replace("ё", "е") in STOPWORDS


@lru_cache(maxsize=1024)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text in order, figures left out."""
    return tuple(
        Word(token, range_.start, range_.end, *_meaning(token))
        for token, range_ in tokens(text)
        if not token[0].isdigit()
    )


@lru_cache(maxsize=1 << 16)
def _meaning(token: str) -> tuple[Language, str, frozenset[str], frozenset[str]]:
    stem = term(token)
    likely = frozenset(other for other, probability in translations(stem).items() if probability >= LIKELY)
    return detect(token), stem, frozenset(keys(token)), likely


def alike(one: Word, other: Word) -> bool:
    """Whether two words may be the same one: by stem, and across the languages by spelling or by the lexicon."""
    if one.term == other.term:
        return True
    if one.language == other.language:
        return False
    return bool(one.keys & other.keys) or other.term in one.abroad or one.term in other.abroad


def akin(one: Word, other: Word) -> bool:
    """Whether they are alike, of one root (построил, строительство) or translations of one word."""
    if alike(one, other):
        return True
    if one.language != other.language:
        return False
    shared = 0
    for mine, theirs in zip(one.term, other.term, strict=False):
        if mine != theirs:
            break
        shared += 1
    return (shared >= 4 and shared * 10 >= 6 * max(len(one.term), len(other.term))) or bool(one.abroad & other.abroad)
