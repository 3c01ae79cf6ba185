"""Citing: where a true claim's citations end up if its reader cites too much, or the sentence beside the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict

from istok.eval.metrics import Estimate, mean, ratio
from istok.eval.mutations.truths import Truth
from istok.index.sentences import split_sentences
from istok.index.types import Range
from istok.rag.types import Claim, Evidence, Sentence
from istok.rag.verify import TextOf

BESIDE = 3
"""Sentences next to the proof that are cited, too."""

Attribute = Callable[[Claim, Evidence, TextOf], Claim]


class Citing(BaseModel):
    """Of the true claims of a direction. When a reader cites the proof and all beside it: `right`, the share of the
    citations shown that prove the claim, and `proved`, that of the claims shown that cite a proof. When it cites a
    sentence beside the proof alone: `mended`, the share of claims that come to cite a proof, and `misplaced`, of those
    that are shown and don't."""

    model_config = ConfigDict(frozen=True)

    direction: str
    right: Estimate
    proved: Estimate
    mended: Estimate
    misplaced: Estimate


@dataclass(frozen=True, slots=True)
class _Tried:
    truth: Truth
    proof: frozenset[int]
    among_all: Claim
    """Whose reader cites the proof and all beside it."""
    beside: Claim
    """Whose reader cites the nearest sentence alone."""


def measure(truths: Iterable[Truth], attribute: Attribute) -> list[Citing]:
    """What `attribute` makes of wrong citations, by direction and of all."""
    tried = [one for truth in truths for one in _try(truth, attribute)]
    directions = sorted({one.truth.direction for one in tried}, reverse=True)
    return [
        *(_tabulate(name, [one for one in tried if one.truth.direction == name]) for name in directions),
        _tabulate("all", tried),
    ]


def _try(truth: Truth, attribute: Attribute) -> Iterator[_Tried]:
    """Nothing of a claim that quotes its proof, or whose document has nothing else."""
    beside = [] if truth.verbatim else _beside(truth)
    if not beside:
        return
    proof = truth.evidence.sentences
    shown = sorted([*proof, *beside], key=lambda sentence: (sentence.document, sentence.start))
    evidence = Evidence(tuple(replace(sentence, number=number) for number, sentence in enumerate(shown, 1)))
    numbers = {(one.document, one.start): one.number for one in evidence.sentences}
    nearest = numbers[beside[0].document, beside[0].start]
    text_of = truth.documents.get
    yield _Tried(
        truth,
        frozenset(numbers[one.document, one.start] for one in proof),
        attribute(Claim(truth.text, tuple(numbers.values())), evidence, text_of),
        attribute(Claim(truth.text, (nearest,)), evidence, text_of),
    )


def _beside(truth: Truth) -> list[Sentence]:
    """The sentences of the first proof's document that are nearest to it, the nearest first."""
    first = truth.evidence.sentences[0]
    text = truth.documents.get(first.document, "")
    taken = [(one.start, one.end) for one in truth.evidence.sentences if one.document == first.document]
    free = [
        Range(*one)
        for one in split_sentences(text, Range(0, len(text)))
        if all(one[1] <= start or end <= one[0] for start, end in taken)
    ]
    free.sort(key=lambda one: min(abs(one.start - first.end), abs(first.start - one.end)))
    return [replace(first, start=start, end=end, text=text[start:end]) for start, end in free[:BESIDE]]


def _tabulate(direction: str, tried: Sequence[_Tried]) -> Citing:
    shown = [one for one in tried if _is_shown(one.among_all)]
    right = [len(one.proof.intersection(one.among_all.citations)) for one in shown]
    ends = [(_is_shown(one.beside), bool(one.proof.intersection(one.beside.citations))) for one in tried]
    return Citing(
        direction=direction,
        right=ratio(right, [len(one.among_all.citations) for one in shown]),
        proved=mean([number > 0 for number in right]),
        mended=mean([is_shown and is_right for is_shown, is_right in ends]),
        misplaced=mean([is_shown and not is_right for is_shown, is_right in ends]),
    )


def _is_shown(claim: Claim) -> bool:
    return claim.verdict != "unsupported"
