"""Gathering evidence: whole sentences, each scored together with its passage and its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from istok.index.index import Index
from istok.index.types import Document, Hit
from istok.rag.question import Question
from istok.rag.scorer import Candidate, Scorer
from istok.rag.types import Evidence, Sentence

LIMIT = 40
"""Sentences of evidence at the most."""

NEARLY = 0.5
"""Of the best probability: what counts as nearly as good, where the newest shall come first."""


def gather(question: Question, hits: Sequence[Hit], index: Index) -> Evidence:
    """The sentences of `hits` that speak to the question, best first, each text once.

    A question about the present gets the newest of the good ones first.
    """
    candidates = [Candidate(hit, position) for hit in hits for position in range(len(hit.passage.sentences))]
    documents = {id_: index.document(id_) for id_ in {hit.passage.document_id for hit in hits}}
    scorer = Scorer(question, index, documents.values())
    unique: dict[str, tuple[float, Candidate]] = {}
    for candidate, alike in zip(candidates, _similarities(question, candidates, index), strict=True):
        score = scorer(candidate, alike)
        if candidate.text not in unique or score > unique[candidate.text][0]:
            unique[candidate.text] = (score, candidate)
    best = sorted(unique.values(), key=lambda pair: (-pair[0], pair[1].hit.passage.document_id, pair[1].range))
    if question.now:
        best = _newest_first(best, documents)
    return Evidence(
        tuple(
            _sentence(number, score, candidate, documents[candidate.hit.passage.document_id])
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


def _similarities(question: Question, candidates: Sequence[Candidate], index: Index) -> list[float | None]:
    """The encoder's cosine of each sentence to the question, or None where it has no say."""
    found: list[float | None] = [None] * len(candidates)
    judged = [i for i, candidate in enumerate(candidates) if candidate.hit.passage.language in index.languages]
    if judged and (query := index.encode_queries([question.text], question.language)) is not None:
        rows = index.encode_passages([candidates[i].text for i in judged])
        for i, cosine in zip(judged, (rows @ query[0]).tolist(), strict=True):
            found[i] = max(0.0, cosine)
    return found
