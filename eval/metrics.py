"""Metrics: pure functions from a gold item and its answer to named scores, and from scores to estimates.

Every metric is a mean over questions of a score in [0, 1] that a question either has or has not, except F1 and the
percentiles. The definitions are argued in docs/decisions/0007-evaluation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import ir_measures
import numpy as np
from ir_measures import RR, Measure, R, nDCG
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from scipy.stats import bootstrap

from istok.eval.matching import CITATION_MARK, says_all
from istok.eval.questions import GoldItem, GoldRange
from istok.eval.spans import chrf, exact_match, inflected, token_f1
from istok.index.types import Hit, Language, Passage, passage_id
from istok.rag.types import Answer, Citation, Sentence

Scores = dict[str, float]
Row = NDArray[np.float64]

MEASURES = {"recall@1": R @ 1, "recall@5": R @ 5, "recall@20": R @ 20, "rr@10": RR @ 10, "ndcg@10": nDCG @ 10}
SENTENCE_MEASURES = {f"sentence_{name}": measure for name, measure in MEASURES.items()}
STAGES = ("search", "read", "verify", "total")
RESAMPLES = 2000


class Estimate(BaseModel):
    """A value over `n` observations with its bootstrap 95% interval; no value without any, no interval below two."""

    model_config = ConfigDict(frozen=True)

    value: float | None
    low: float | None
    high: float | None
    n: int


NOTHING = Estimate(value=None, low=None, high=None, n=0)


def estimate(statistic: Callable[..., Row], *samples: Sequence[float]) -> Estimate:
    """`statistic` (of arrays and an `axis`) of paired samples of n each, with the seeded percentile bootstrap."""
    rows = [np.asarray(sample, dtype=np.float64) for sample in samples]
    n = len(rows[0])
    if not n:
        return NOTHING
    value = float(statistic(*rows, axis=-1))
    if n == 1:
        return Estimate(value=value, low=None, high=None, n=1)
    interval = bootstrap(
        rows,
        statistic,
        n_resamples=RESAMPLES,
        vectorized=True,
        paired=True,
        method="percentile",  # the default, BCa, is undefined for constant samples
        rng=np.random.default_rng(0),
    ).confidence_interval
    return Estimate(value=value, low=float(interval.low), high=float(interval.high), n=n)


def mean(values: Iterable[float]) -> Estimate:
    """The mean of `values`."""
    return estimate(np.mean, list(values))


def ratio(hits: Sequence[float], counts: Sequence[float]) -> Estimate:
    """All `hits` to all `counts`, which are drawn in pairs."""

    def statistic(hits: Row, counts: Row, axis: int) -> Row:
        share: Row = np.sum(hits, axis=axis) / np.sum(counts, axis=axis)
        return share

    return estimate(statistic, hits, counts)


def percentile(values: Iterable[float], share: float) -> Estimate:
    """The `share`-th percentile (0 to 100) of `values`."""
    return estimate(lambda rows, axis: np.percentile(rows, share, axis=axis), list(values))


def f1(pairs: Iterable[tuple[bool, bool]]) -> Estimate:
    """F1 of (said, true) pairs; no value where nothing was said and nothing is true."""
    rows = list(pairs)
    if not any(said or true for said, true in rows):
        return NOTHING

    def statistic(said: Row, true: Row, axis: int) -> Row:
        either = said.sum(axis) + true.sum(axis)
        both: Row = 2 * (said * true).sum(axis)
        score: Row = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
        return score

    return estimate(statistic, [said for said, _ in rows], [true for _, true in rows])


def shared(a_start: int, a_end: int, b_start: int, b_end: int) -> int:
    """How many characters two ranges of one document share."""
    return max(0, min(a_end, b_end) - max(a_start, b_start))


def covers(document: str, start: int, end: int, gold: GoldRange) -> bool:
    """Whether the characters `start` to `end` of `document` and `gold` share at least half of the shorter of them."""
    shorter = min(end - start, gold.end - gold.start)
    return document == gold.document and 0 < shorter <= 2 * shared(start, end, gold.start, gold.end)


def proves(place: Citation | Sentence, gold: GoldRange) -> bool:
    """Whether `place` covers `gold`."""
    return covers(place.document, place.start, place.end, gold)


def right_citations(item: GoldItem, answer: Answer) -> tuple[bool, ...]:
    """For each citation of `answer`, whether it proves a gold range of `item`; context alone proves nothing."""
    proven = any(proves(citation, gold) for citation in answer.citations for gold in item.proof)
    ranges = item.gold if proven else ()
    return tuple(any(proves(citation, gold) for gold in ranges) for citation in answer.citations)


def needed_citations(item: GoldItem, answer: Answer) -> tuple[tuple[bool, ...], ...]:
    """For each claim of `answer`, whether each of its citations is right and not superfluous: it is when the citations
    before it in the same claim prove the same parts already."""
    right = {
        citation.number: {gold.part or gold for gold in item.gold if proves(citation, gold)}
        for citation, is_right in zip(answer.citations, right_citations(item, answer), strict=True)
        if is_right
    }
    needed = []
    for claim in answer.claims:
        proven: set[int | GoldRange] = set()  # of context, each range is a part of its own
        marks = []
        for number in claim.citations:
            parts = right.get(number, set())
            marks.append(not parts <= proven)
            proven |= parts
        needed.append(tuple(marks))
    return tuple(needed)


def exact_citations(answer: Answer, texts: Mapping[str, str]) -> tuple[bool, ...]:
    """For each citation of `answer`, whether its range of the original reads as its quote."""
    return tuple(
        citation.start < citation.end
        and texts.get(citation.document, "")[citation.start : citation.end] == citation.quote
        for citation in answer.citations
    )


def cited_parts(item: GoldItem, answer: Answer) -> dict[int, bool]:
    """For each part of the proof of `item`, whether a citation of `answer` proves one of its ranges."""
    parts: dict[int, bool] = {}
    for gold in item.proof:
        parts[gold.part] = parts.get(gold.part, False) or any(proves(citation, gold) for citation in answer.citations)
    return parts


def accepted(item: GoldItem, text: str) -> list[str]:
    """What `text` is compared with word for word: the accepted answers of `item`, and its reference sentence if any.

    Of each group of answers the alternative is taken that is nearest to `text`, as `text` inflects it; joined they are
    one answer.
    """
    language = item.language
    said = [
        max(
            (inflected(text, alternative, language) for alternative in group),
            key=lambda spelled: token_f1(text, [spelled], language),
        )
        for group in item.answers
    ]
    return [" ".join(said), *([item.reference] if item.reference else [])]


def similarity_scores(item: GoldItem, answer: Answer) -> Scores:
    """`exact_match` and `token_f1` of the whole text with what is `accepted`, and `chrf` with the reference sentence
    (only where there is one); an abstention says nothing of it."""
    text = "" if answer.status == "abstained" else CITATION_MARK.sub("", answer.text)
    references = accepted(item, text)
    scores = {
        "exact_match": exact_match(text, references, item.language),
        "token_f1": token_f1(text, references, item.language),
    }
    if item.reference:
        scores["chrf"] = chrf(" ".join(text.split()), item.reference)
    return scores


def answer_scores(item: GoldItem, answer: Answer, texts: Mapping[str, str]) -> Scores:
    """The scores that one answer has.

    `answer_accuracy` (answerable questions), `success` (all: rightly answered, or rightly abstained from),
    `exact_match`, `token_f1` (answerable), `chrf` (with a reference sentence), `citation_recall` (answerable: the share
    of parts that are cited), `citation_precision` (answered: the share of needed citations), `claim_support`
    (answered: the share of claims with a right citation, which is what ALCE calls citation recall),
    `citation_exactness` (with citations), `abstention_precision` (abstained), `abstention_recall` (unanswerable),
    `answered` and `language` (all). A false premise that the documents correct may be corrected or abstained from: an
    abstention has no score there but `success`, `answer_accuracy` and those of all questions.
    """
    abstained = answer.status == "abstained"
    right = item.may_abstain if abstained else item.answerable and says_all(answer.text, item.answers)
    optional = item.answerable and item.may_abstain
    scores: Scores = {"success": right, "answered": not abstained, "language": answer.language == item.language}
    if item.answerable:
        scores["answer_accuracy"] = right
    if item.answerable and not (abstained and optional):
        parts = cited_parts(item, answer)
        scores["citation_recall"] = 0.0 if abstained else sum(parts.values()) / len(parts)
        scores |= similarity_scores(item, answer)
    if not abstained:
        needed = needed_citations(item, answer)
        marks = [mark for claim in needed for mark in claim]
        scores["citation_precision"] = sum(marks) / len(marks) if marks else 0.0
        # The first right citation of a claim is always needed.
        scores["claim_support"] = sum(map(any, needed)) / len(needed) if needed else 0.0
    if answer.citations:
        exact = exact_citations(answer, texts)
        scores["citation_exactness"] = sum(exact) / len(exact)
    if abstained and not optional:
        scores["abstention_precision"] = not item.answerable
    if not item.answerable:
        scores["abstention_recall"] = abstained
    return {name: float(score) for name, score in scores.items()}


def direction(item: GoldItem, languages: Mapping[str, Language]) -> str:
    """From the question's language to that of the documents that prove its answer ("en→ru"); "" without any.
    `languages` are the documents', by their ids."""
    read = sorted({languages[gold.document] for gold in item.proof})
    return f"{item.language}→{'+'.join(read)}" if read else ""


def relevant_passages(item: GoldItem, passages: Iterable[Passage]) -> set[int]:
    """The ids of the passages that overlap the proof of `item`."""
    return {
        passage.id
        for passage in passages
        for gold in item.proof
        if passage.document_id == gold.document and shared(passage.start, passage.end, gold.start, gold.end)
    }


def relevant_sentences(item: GoldItem, passages: Iterable[Passage]) -> set[str]:
    """The ids (`document:start-end`) of the sentences that prove `item`."""
    return {
        passage_id(passage.document_id, start, end)
        for passage in passages
        for start, end in passage.sentences
        if any(covers(passage.document_id, start, end, gold) for gold in item.proof)
    }


def retrieval_scores(
    relevant: Mapping[str, set[int]], found: Mapping[str, Sequence[Hit]], measures: Mapping[str, Measure] = MEASURES
) -> dict[str, Scores]:
    """`measures` of each question that has relevant passages, from the order of its hits."""
    return _ranking_scores(
        {query: set(map(str, passages)) for query, passages in relevant.items()},
        {query: [str(hit.passage.id) for hit in hits] for query, hits in found.items()},
        measures,
    )


def sentence_scores(
    relevant: Mapping[str, set[str]],
    evidence: Mapping[str, Sequence[Sentence]],
    measures: Mapping[str, Measure] = SENTENCE_MEASURES,
) -> dict[str, Scores]:
    """`measures` of each question that has relevant sentences, from the order of its evidence."""
    ids = {query: [passage_id(s.document, s.start, s.end) for s in sentences] for query, sentences in evidence.items()}
    return _ranking_scores(relevant, ids, measures)


def _ranking_scores(
    relevant: Mapping[str, set[str]], ranking: Mapping[str, Sequence[str]], measures: Mapping[str, Measure]
) -> dict[str, Scores]:
    """Through ir_measures; what a question has no ranking for was not found."""
    judged = {query: dict.fromkeys(ids, 1) for query, ids in relevant.items() if ids}
    # The order is the ranking; equal scores would be ordered by id.
    ranked = {query: {id_: -float(rank) for rank, id_ in enumerate(ranking.get(query, ()))} for query in judged}
    names = {measure: name for name, measure in measures.items()}
    scores: dict[str, Scores] = {query: dict.fromkeys(measures, 0.0) for query in judged}
    for score in ir_measures.iter_calc(list(names), judged, ranked) if judged else ():
        scores[score.query_id][names[score.measure]] = score.value
    return scores
