"""Gathering evidence: whole sentences, each scored together with its passage and its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from istok.index.index import Index
from istok.index.types import Document, Hit
from istok.rag.question import Question
from istok.rag.scorer import Candidate, Scorer
from istok.rag.types import Evidence, Sentence

LIMIT = 20
"""Sentences of evidence at the most: what a small model on two cores reads in seconds."""

NEARLY = 0.65
"""Of the best probability: what counts as nearly as good, where the newest shall come first."""


def gather(question: Question, hits: Sequence[Hit], index: Index) -> Evidence:
    """The sentences of `hits` that speak to the question, best first, each text once.

    A question about the present gets the newest of the good ones first.
    """
    scorer = Scorer(question, index, hits)
    unique: dict[str, tuple[float, Candidate]] = {}
    for candidate, score in zip(scorer.candidates, scorer.scores(), strict=True):
        if candidate.text not in unique or score > unique[candidate.text][0]:
            unique[candidate.text] = (score, candidate)
    best = sorted(unique.values(), key=lambda pair: (-pair[0], pair[1].hit.passage.document_id, pair[1].range))
    if question.now:
        best = _newest_first(best, scorer.documents)
    return Evidence(
        tuple(
            _sentence(number, score, candidate, scorer.documents[candidate.hit.passage.document_id])
            for number, (score, candidate) in enumerate(best[:LIMIT], 1)
        )
    )


def _sentence(number: int, score: float, candidate: Candidate, document: Document) -> Sentence:
    start, end = candidate.range
    language = candidate.hit.passage.language
    return Sentence(number, document.id, document.title, document.date, language, start, end, candidate.text, score)


def _newest_first(
    best: Sequence[tuple[float, Candidate]], documents: Mapping[str, Document]
) -> list[tuple[float, Candidate]]:
    """Among the sentences nearly as good as the best one, those of the newest document come first."""
    good = [pair for pair in best if pair[0] >= NEARLY * best[0][0]]
    good.sort(key=lambda pair: documents[pair[1].hit.passage.document_id].date or "", reverse=True)
    return [*good, *best[len(good) :]]
