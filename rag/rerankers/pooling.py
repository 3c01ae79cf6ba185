"""Pooling: the scorer and a reranker heard together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from istok.index.embed import titled
from istok.rag.question import Question
from istok.rag.rerankers import Reranker
from istok.rag.scorer import Candidate, Scorer, leans_back

RERANKED = 40
"""Sentences that a reranker reads, the scorer's best: its time grows with each, and twice as many as evidence holds."""

WEIGHT = 0.5
"""The reranker's part of the pooled logit: as much as the scorer's, since nothing is known of the one that is named."""

SUREST = 0.99
"""A reranker is believed no more than this, nor less than its opposite: most give an order, not probabilities, and one
that says 1.0 would leave the scorer without a say."""


def pooled(question: Question, scorer: Scorer, reranker: Reranker) -> list[float]:
    """How probably each candidate answers by both, in (0, 1): the weighted mean of their logits.

    What the reranker doesn't read counts as what it likes least of all, so that it comes after all that it reads.
    """
    own = np.array(scorer.scores())
    if not len(own):
        return []
    read = np.argsort(-own, kind="stable")[:RERANKED]
    texts = [_context(scorer.candidates[place], scorer) for place in read]
    found = np.array(reranker.scores(question.text, texts))
    other = np.full_like(own, found.min())
    other[read] = found
    logits = (1 - WEIGHT) * _logit(own) + WEIGHT * _logit(np.clip(other, 1 - SUREST, SUREST))
    return [float(score) for score in 1 / (1 + np.exp(-logits))]


def _context(candidate: Candidate, scorer: Scorer) -> str:
    """The sentence with its document's title, and with the one before it where a pronoun points there. Not its passage
    or all its neighbours: they would be scored alike, and the sentence beside an answer as if it were one."""
    text = candidate.text
    before = candidate.neighbour(-1) if leans_back(text) else ""
    return titled(scorer.documents[candidate.hit.passage.document_id].title, f"{before} {text}".strip())


def _logit(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(share) - np.log1p(-share)
