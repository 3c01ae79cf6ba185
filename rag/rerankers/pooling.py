"""Pooling: the scorer and a reranker heard together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from istok.index.types import Range
from istok.rag.question import Question, timeless
from istok.rag.rerankers import Excerpt, Reranker
from istok.rag.scorer import Candidate, Scorer

SUREST = 0.99
"""A reranker is believed no more than this, nor less than its opposite: most give an order, not probabilities, and one
that says 1.0 would leave the scorer without a say."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """What both judges say of a scorer's candidates, by their places."""

    fingerprint: str
    """The reranker's."""
    scores: list[float]
    """How probably each answers by both, in (0, 1)."""
    read: Mapping[int, float]
    """The reranker's own logits, of what it has read: the scorer's best first, each sentence once."""


def pooled(question: Question, scorer: Scorer, reranker: Reranker) -> Pooled:
    """The weighted mean of both judges' logits.

    What the reranker doesn't read counts as what it likes least of all, so that it comes after all that it reads.
    """
    own = np.array(scorer.scores())
    if not len(own):
        return Pooled(reranker.fingerprint, [], {})
    places: dict[tuple[str, Range], list[int]] = {}
    for place in np.argsort(-own, kind="stable"):
        candidate = scorer.candidates[place]
        places.setdefault((candidate.hit.passage.document_id, candidate.range), []).append(int(place))
    read = [*places.values()][: reranker.reads]
    scores = _scores(question, [scorer.candidates[first] for first, *_ in read], scorer, reranker)
    found = _logit(np.clip(scores, 1 - SUREST, SUREST))
    other = np.full_like(own, found.min())
    for same, logit in zip(read, found, strict=True):
        other[same] = logit
    logits = (1 - reranker.weight) * _logit(own) + reranker.weight * other
    return Pooled(
        reranker.fingerprint,
        [float(score) for score in 1 / (1 + np.exp(-logits))],
        {first: float(logit) for (first, *_), logit in zip(read, found, strict=True)},
    )


def _scores(
    question: Question, candidates: Sequence[Candidate], scorer: Scorer, reranker: Reranker
) -> NDArray[np.float64]:
    """How probably each answers, by the reranker. It isn't asked of a time that the document's date tells: no sentence
    says "now"."""
    scores = np.zeros(len(candidates))
    asked: dict[str, list[int]] = {}
    for place, candidate in enumerate(candidates):
        date = scorer.documents[candidate.hit.passage.document_id].date
        asked.setdefault(timeless(question, date), []).append(place)
    for text, places in asked.items():
        scores[places] = reranker.scores(text, [_excerpt(candidates[place], scorer) for place in places])
    return scores


def _excerpt(candidate: Candidate, scorer: Scorer) -> Excerpt:
    """Not its passage or all its neighbours: those would be scored alike, what stands beside an answer as if it were
    one."""
    title = scorer.documents[candidate.hit.passage.document_id].title
    return Excerpt(title, candidate.neighbour(-1), candidate.text)


def _logit(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(share) - np.log1p(-share)
