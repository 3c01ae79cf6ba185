"""The shortest answer: which characters of a sentence answer a typed question.

Candidates of the asked kind (figures with what they count, dates, names, quoted titles) are compared by a softmax over
a few features that can be read, with "none of them" as one more choice. The weights are fitted by `models/span/fit.py`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from istok.index.language import detect
from istok.index.lexicon import translations
from istok.index.terms import STOPWORDS, keys, term, tokens
from istok.index.types import Range
from istok.rag.question import Question
from istok.rag.scorer import kin
from istok.rag.spans.candidates import Candidate, Word, candidates, clause
from istok.rag.spans.wanted import Kind, Wanted, ask
from istok.rag.types import Sentence

GENERAL = ("bias", "near", "nearest", "left", "right", "clause", "given", "first", "aside", "long")
"""Features of every candidate: how near the question's words are, on which side, in the same clause; how much of it
the question gave; whether it is the first; brackets around it; its length."""

OWN: Mapping[Kind, tuple[str, ...]] = {
    "number": ("counts", "agrees", "clashes", "approximate", "bare", "ordinal"),
    "date": ("agrees", "clashes", "full"),
    "person": ("named", "several", "nominative", "posted", "place", "organisation", "title", "foreign"),
    "place": ("territory", "inside", "described", "person", "title", "organisation", "country", "agrees", "clashes"),
    "organisation": ("described", "title", "foreign", "initials", "person", "territory", "extended", "several"),
    "thing": ("described", "title", "foreign", "initials", "person", "territory", "extended", "adjective"),
}
"""Features of the candidates of one kind."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a sentence's text that answer, and how probably they do, in (0, 1)."""

    range: Range
    score: float


def find(question: Question, sentence: Sentence) -> Span | None:
    """The shortest characters of `sentence.text` that answer, or None when it isn't clear that any do."""
    wanted = ask(question)
    if wanted is None:
        return None
    found = rows(question, wanted, sentence)
    if not found:
        return None
    weights = _weights()[wanted.kind]
    logits = [sum(w * x for w, x in zip(weights, row, strict=True)) for _, row in found]
    top = max(range(len(found)), key=logits.__getitem__)
    start, end = chosen(found, top, wanted, sentence)
    powers = [math.exp(logit) for logit in logits]
    # Names that are enumerated answer together.
    inside = [start <= one.range.start and one.range.end <= end for one, _ in found]
    score = sum(power for power, is_inside in zip(powers, inside, strict=True) if is_inside) / (1 + sum(powers))
    rival = max((power for power, is_inside in zip(powers, inside, strict=True) if not is_inside), default=0.0)
    if MARGIN * rival > powers[top]:
        return None
    return Span(Range(start, end), score) if score >= THRESHOLD else None


def chosen(found: Sequence[tuple[Candidate, Sequence[float]]], top: int, wanted: Wanted, sentence: Sentence) -> Range:
    """The range of the candidate `top`; of names that are enumerated, all of them."""
    start, end = found[top][0].range
    if wanted.kind in ("number", "date"):
        return Range(start, end)
    ranges = sorted(candidate.range for candidate, _ in found)
    for one in ranges:
        if one.start >= end and _AND.fullmatch(sentence.text, end, one.start):
            end = one.end
    for one in reversed(ranges):
        if one.end <= start and _AND.fullmatch(sentence.text, one.end, start):
            start = one.start
    return Range(start, end)


_AND = re.compile(r",\s+|,?\s+(?:и|and)\s+")


THRESHOLD = 0.45
"""The probability under which no span is marked: a wrong one is worse than none. Chosen for nine in ten to be right."""


MARGIN = 1.5
"""Times another that the best must be as probable: of two figures of one sentence the wrong one misleads."""


@lru_cache(maxsize=1)
def _weights() -> Mapping[Kind, tuple[float, ...]]:
    stored = json.loads(files("istok.models").joinpath("span", "weights.json").read_text("utf-8"))
    return {kind: tuple(stored[kind][name] for name in (*GENERAL, *own)) for kind, own in OWN.items()}


def rows(question: Question, wanted: Wanted, sentence: Sentence) -> list[tuple[Candidate, tuple[float, ...]]]:
    """The candidates of a sentence, each with its features: GENERAL, then OWN of the kind."""
    words = read(question, wanted, sentence)
    found: list[tuple[Candidate, tuple[float, ...]]] = []
    for candidate in candidates(wanted, sentence, words):
        inner = [word for word in words if word.start >= candidate.range.start and word.end <= candidate.range.end]
        given = [word.asked for word in inner if word.text.lower() not in STOPWORDS]
        if wanted.kind not in ("number", "date") and given and min(given) >= 0.8:
            continue  # what the question itself says
        if candidate.own.get("bare") and not question.figures.isdisjoint(word.text.replace(",", ".") for word in inner):
            continue
        general = _general(candidate.range, words, inner, sentence.text)
        general["bias"], general["first"] = 1.0, float(not found)
        found.append(
            (
                candidate,
                tuple(float({**general, **candidate.own}.get(name, 0.0)) for name in (*GENERAL, *OWN[wanted.kind])),
            )
        )
    return found


def read(question: Question, wanted: Wanted, sentence: Sentence) -> list[Word]:
    """The tokens of a sentence, and which of them are the question's."""
    same = question.language == sentence.language
    nouns = [term(noun) for noun in wanted.nouns]
    crossing = frozenset() if same else frozenset(keys(question.text))
    return [
        Word(
            text, range_.start, range_.end,
            0.0 if text.lower() in STOPWORDS else _likeness(term(text), text, question.terms, crossing, same),
            _likeness(term(text), text, nouns, frozenset(), same),
        )
        for text, range_ in tokens(sentence.text)
    ]  # fmt: skip


def _likeness(one: str, text: str, asked: Sequence[str], crossing: frozenset[str], same: bool) -> float:
    """How surely a term of the sentence is one of those asked, in [0, 1]."""
    if one in asked:
        return 1.0
    if same or detect(text) == detect(" ".join(asked) or text):
        return 0.8 if any(kin(one, other) for other in asked) else 0.0
    if crossing and not crossing.isdisjoint(keys(text)):
        return 1.0
    return min(1.0, 2 * max((translations(other).get(one, 0.0) for other in asked), default=0.0))


def _general(range_: Range, words: Sequence[Word], inner: Sequence[Word], text: str) -> dict[str, float]:
    first = next((i for i, word in enumerate(words) if word.end > range_.start), len(words))
    last = next((i for i in range(len(words) - 1, -1, -1) if words[i].start < range_.end), first)
    outside = [(i, word) for i, word in enumerate(words) if i < first or i > last]
    whole = sum(word.asked for _, word in outside)
    distances = [(first - i if i < first else i - last, word) for i, word in outside if word.asked]
    start, end = clause(text, range_)
    content = [word for word in inner if word.text.lower() not in STOPWORDS]
    return {
        "near": sum(word.asked / distance for distance, word in distances) / max(1.0, whole),
        "nearest": max((word.asked / distance for distance, word in distances), default=0.0),
        "left": max((word.asked for i, word in outside if 0 < first - i <= 3), default=0.0),
        "right": max((word.asked for i, word in outside if 0 < i - last <= 3), default=0.0),
        "clause": sum(w.asked for _, w in outside if w.start >= start and w.end <= end) / max(1.0, whole),
        "given": sum(word.asked for word in content) / max(1, len(content)),
        "aside": float(text[: range_.start].rfind("(") > text[: range_.start].rfind(")")),
        "long": min(1.0, len(inner) / 8),
    }
