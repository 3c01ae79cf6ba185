"""Confidence: how probably the evidence answers the question at all.

The scorer compares sentences with each other; whether the best of them is an answer is another matter. A logistic model
over what sets questions with an answer apart: how far ahead the best sentence is, how near the encoder finds it and its
rivals, which of the question's words, names and years nothing holds. Fitted by `models/confidence/fit.py`;
decision 18 has the figures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from istok.rag.question import Question
from istok.rag.rerankers.pooling import Pooled
from istok.rag.scorer import FEATURES as OF_SENTENCES
from istok.rag.scorer import Candidate, Scorer, Weights
from istok.rag.spans.span import find
from istok.rag.spans.wanted import ask
from istok.rag.types import Sentence

THRESHOLD = 0.32
"""The confidence under which nothing is answered; chosen on the `dev` half of the gold questions and on held-out news,
by the mean of the right answers' and the abstentions' shares (decision 26)."""

FEATURES = (
    "logit", "ahead", "crowd", "alike_peak", "alike_stands_out", "beyond_peak", "passage_peak", "own_peak",
    "names_lost_least", "year_lost_least", "elsewhere_least", "number", "person", "date", "terms",
    "number_lacking", "date_lacking", "name_lacking",
    "own", "near", "far", "names_lost", "names_far", "year_lost", "elsewhere", "kind_lacking", "passage",
    "alike", "alike_beyond", "passage_alike",
)  # fmt: skip
"""Names of the features, in the order of the weights; from "own" on those that the best sentence has as a sentence."""

REREAD = ("reread_peak", "reread_scorers", "reread_best", "reread_ahead", "reread_any")
"""Names of those that a reranker adds: its logit of what it likes best, of the scorer's best, of the best by both; its
lead; and the logit of any of what it read."""

LITERAL = {"own": 0.6, "near": 0.85}
"""The share of the question's words, weighed by rarity, from which on the best sentence, alone or with its neighbours,
repeats the question."""

BENEFIT = 0.5
"""There, how far doubts that only the reranker has are lifted: it takes some literal answers for traps still. So the
success on the gold `dev` half and on held-out news is greatest together (decision 25)."""

ENTIRE = 0.9
"""The share from which on the best sentence holds all that "which plant was opened?" names, what it asks for among it.
There such doubts are lifted wholly; "who" and "why" name no thing that the sentence would have to hold."""

_WHICH = re.compile(r"\W*(?:как(?:ой|ая|ое|ие|ую|их|им|ими|ого)|котор\w+|what|which)\b", re.IGNORECASE)
_OF_BEST = [OF_SENTENCES.index(name) for name in FEATURES[FEATURES.index("own") :]]
_READ = 3  # sentences in which the thing asked for is looked for
_FARTHEST = 5.0  # a lead in logits beyond which more says nothing


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Weights]:
    """The fitted weights, by the `situation` of the best sentence."""
    stored = json.loads(files("istok.models").joinpath("confidence", "weights.json").read_text("utf-8"))
    names = (*FEATURES, *REREAD)
    return {
        name: Weights(numbers["intercept"], tuple(numbers[feature] for feature in names if feature in numbers))
        for name, numbers in stored.items()
    }


def confidence(question: Question, scorer: Scorer, judged: Pooled | None = None) -> float:
    """The probability that the best candidate answers, in [0, 1]; 0 without candidates.

    `judged` is what a reranker makes of them. It has a say if the weights were fitted with it; its doubts weigh less
    where the best sentence repeats the question's words.
    """
    if not scorer.candidates:
        return 0.0
    situation = scorer.situation(int(np.argmax(scorer.scores())))
    seen = features(question, scorer)
    plain = weights()[situation](seen)
    if judged and (fitted := weights().get(reread(situation, judged.fingerprint))):
        sure = fitted((*seen, *of_reranker(judged)))
        is_literal = any(seen[FEATURES.index(name)] >= share for name, share in LITERAL.items())
        is_entire = seen[FEATURES.index("own")] >= ENTIRE and question.kind == "other" and _WHICH.match(question.text)
        benefit = 1.0 if is_entire else BENEFIT
        return _between(sure, plain, benefit) if is_literal and plain > sure else sure
    return plain


def _between(one: float, other: float, share: float) -> float:
    """The probability whose logit lies that share of the way from one's to the other's."""
    logits = np.log([one, other]) - np.log1p([-one, -other])
    return float(1 / (1 + np.exp(-((1 - share) * logits[0] + share * logits[1]))))


def reread(situation: str, fingerprint: str) -> str:
    """The situation where a reranker has a say, too."""
    return f"{situation}, reread by {fingerprint}"


def of_reranker(judged: Pooled) -> tuple[float, ...]:
    """REREAD of what a reranker has read."""
    logits = np.array([*judged.read.values()])
    ranked = np.sort(logits)[::-1]
    best = max(judged.read, key=lambda place: judged.scores[place])
    return (
        float(ranked[0]),
        float(logits[0]),
        judged.read[best],
        min(_FARTHEST, float(ranked[0] - ranked[1])) if len(ranked) > 1 else _FARTHEST,
        float(np.logaddexp.reduce(np.append(logits, 0.0))),
    )


def features(question: Question, scorer: Scorer) -> tuple[float, ...]:
    """The features of a question, as FEATURES names them; the scorer has at least one candidate."""
    scores = np.array(scorer.scores())
    logits = np.log(scores) - np.log1p(-scores)
    columns = dict(zip(OF_SENTENCES, np.array(scorer.features()).T, strict=True))
    best = int(np.argmax(logits))
    ranked = np.sort(logits)[::-1]
    alike = columns["alike"]
    return (
        float(logits[best]),
        min(_FARTHEST, float(ranked[0] - ranked[1])) if len(ranked) > 1 else _FARTHEST,
        float(np.logaddexp.reduce(logits) - logits[best]),
        float(alike.max()),
        float((alike[best] - alike.mean()) / (alike.std() + 1e-6)),
        float(columns["alike_beyond"].max()),
        float(columns["passage_alike"].max()),
        float(columns["own"].max()),
        float(columns["names_lost"].min()),
        float(columns["year_lost"].min()),
        float(columns["elsewhere"].min()),
        float(question.kind == "number"),
        float(question.kind == "person"),
        float(question.kind == "date"),
        float(len(question.terms)),
        *_lacking(question, scorer, logits),
        *(float(scorer.features()[best][place]) for place in _OF_BEST),
    )


def _lacking(question: Question, scorer: Scorer, logits: NDArray[np.float64]) -> tuple[float, float, float]:
    """Whether a number, a date, a name is asked for and the best sentences show none that answers, in [0, 1]."""
    wanted = ask(question)
    if wanted is None:
        return 0.0, 0.0, 0.0
    best = [_sentence(scorer.candidates[place], scorer) for place in np.argsort(-logits)[:_READ]]
    spans = [find(question, sentence) for sentence in best]
    lacking = 1 - max((span.score for span in spans if span), default=0.0)
    return (
        lacking * (wanted.kind == "number"),
        lacking * (wanted.kind == "date"),
        lacking * (wanted.kind not in ("number", "date")),
    )


def _sentence(candidate: Candidate, scorer: Scorer) -> Sentence:
    passage, (start, end) = candidate.hit.passage, candidate.range
    document = scorer.documents[passage.document_id]
    return Sentence(0, document.id, document.title, document.date, passage.language, start, end, candidate.text, 0.0)
