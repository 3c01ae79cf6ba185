"""The parts of a question that asks the same of several names or years: "A and B", "in 2023 or in 2024", "X than Y"."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from istok.index.lexicon import translations
from istok.index.terms import STOPWORDS, is_country, keys, term, tokens
from istok.index.types import Range
from istok.rag.conversation.mentions import GOVERNS, PREPOSITIONS
from istok.rag.question import YEAR, Question, analyse
from istok.rag.scorer import kin

BETWEEN = 4
"""Words that may stand between a name and the conjunction that joins it to another, on either side."""

LOOSE = 0.4
"""What a part needs whose second name has words of its own ("the forum with A and the visit to B")."""

_SUMS = frozenset("и and".split())
_JOINS = frozenset("и или а либо чем and or than but versus vs".split())
_COMPARES = re.compile(r"\b(?:сравни(?:те|ть)?|сопостав\w+|compare)\b", re.IGNORECASE)
_JOINS_COMPARED = frozenset("с со with to".split())
_RELATES = frozenset("между between".split())
_APART = re.compile(
    r"\b(?:сравни(?:те|ть)?|сопостав\w+|разниц\w+|различ\w+|отлича\w+|оба|обе|обеих|обоих|кажд\w+"
    r"|compare|differ\w*|both|each)\b",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    "Region Oblast Province Republic City Group Company Plant Ministry Forum Область Республика".split()
)
_TIMELY = frozenset("прежде раньше скорее rather other more less later earlier".split())
_ARTICLES = frozenset(("the", "a", "an"))
_PREPOSITIONS = PREPOSITIONS | frozenset(GOVERNS)
_STOP = re.compile(r"[.!?;:]")


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked of one of the names or years: a question of its own, and the words that the other doesn't have.

    `needs` is what its best sentence must reach, against the best one for the whole question: nothing where the wording
    sets the two apart ("in A and in B"), a good deal where they may be doing one thing together ("A and B").
    """

    question: Question
    own: frozenset[str]
    needs: float

    def is_spoken_of(self, said: Collection[str], crossing: Collection[str], date: str | None = None) -> bool:
        """Whether a text of these terms and cross-language keys (and of that date) says one of the words."""
        return any(_says(word, said, crossing) or (date or "").startswith(word) for word in self.own)


def _says(word: str, said: Collection[str], crossing: Collection[str]) -> bool:
    stem = term(word)
    if stem in said or word.isdigit():
        return stem in said
    return (
        any(kin(stem, other) for other in said)
        or any(key in crossing for key in keys(word))
        or any(other in said for other in translations(stem))
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring names, or one year."""

    words: tuple[tuple[str, Range], ...]

    @property
    def start(self) -> int:
        return self.words[0][1].start

    @property
    def end(self) -> int:
        return self.words[-1][1].end

    @property
    def is_year(self) -> bool:
        return bool(YEAR.fullmatch(self.words[0][0]))

    def last(self, count: int) -> _Run:
        """Its last `count` words."""
        return _Run(self.words[-count:])


def parts(question: Question) -> tuple[Part, Part] | tuple[()]:
    """The two parts of `question`, in its order; none when it asks of one thing."""
    text = question.text
    for one, other in pairwise(_runs(question)):
        joint = _joint(text, one, other)
        if joint is None:
            continue
        left = one if one.is_year else one.last(len(other.words))
        words = [frozenset(word for word, _ in run.words) for run in (left, other)]
        own = [ours - rest - _GENERIC or ours - rest for ours, rest in (words, words[::-1])]
        if not all(own):
            continue
        mine, theirs = _words(text[left.end : joint.start]), _words(text[joint.end : other.start])
        head, tail = text[: left.start], text[other.end :]
        # What follows the second name is of both ("A and B regions"), unless either has something of its own.
        asked = (head + text[left.start : joint.start] + ("" if mine or theirs else tail), head + text[joint.end :])
        is_apart = (
            bool(_APART.search(text))
            or text[joint.start : joint.end].lower() not in _SUMS
            or not _PREPOSITIONS.isdisjoint(mine)
            or (theirs[-1:] == _words(head)[-1:] and not _PREPOSITIONS.isdisjoint(theirs[-1:]))
        )
        needs = 0.0 if is_apart or one.is_year else LOOSE if mine or theirs else 1.0
        first, second = (Part(analyse(" ".join(q.split())), words, needs) for q, words in zip(asked, own, strict=True))
        return first, second
    return ()


def _words(text: str) -> list[str]:
    return [word.lower() for word, _ in tokens(text) if word.lower() not in _ARTICLES]


def _runs(question: Question) -> list[_Run]:
    found: list[list[tuple[str, Range]]] = []
    end = -1
    for word, range_ in tokens(question.text):
        stem = term(word)
        is_year = bool(YEAR.fullmatch(word))
        is_name = stem in question.names or is_country(stem) or _opens_choice(question.text, word, range_)
        if not is_year and not is_name:
            continue
        gap = question.text[end : range_.start] if end >= 0 else ""
        if found and not is_year and not found[-1][-1][0].isdigit() and not gap.strip(' \t-«»"“”.'):
            found[-1].append((word, range_))
        else:
            found.append([(word, range_)])
        end = range_.end
    return [_Run(tuple(words)) for words in found]


def _opens_choice(text: str, word: str, place: Range) -> bool:
    """Whether a capital that a sentence or a colon may be the reason of is a name's: "A or B" follows."""
    follows = _words(text[place.end :])[:1]
    return word[0].isupper() and len(follows) == 1 and follows[0] in _JOINS and word.lower() not in STOPWORDS


def _joint(text: str, one: _Run, other: _Run) -> Range | None:
    """The conjunction between two runs of the same kind, when each stands near it."""
    between = text[one.end : other.start]
    if one.is_year != other.is_year or _STOP.search(between):
        return None
    before = _words(text[: one.start])[-BETWEEN:]
    if not _RELATES.isdisjoint(before) and not _APART.search(text):
        return None
    words = [(word.lower(), range_) for word, range_ in tokens(between)]
    joins = _JOINS | _JOINS_COMPARED if _COMPARES.search(text) else _JOINS
    for place, (word, range_) in enumerate(words):
        if words[place - 1 : place] and words[place - 1][0] in _TIMELY:
            continue
        if "," in between[: range_.start].rstrip(" ,"):
            return None
        if word in joins and place <= BETWEEN and len(words) - place - 1 <= BETWEEN:
            return Range(one.end + range_.start, one.end + range_.end)
    return None
