"""Confidence: how probably the evidence answers the question at all.

The scorer compares sentences with each other; whether the best of them is an answer is another matter. A logistic model
over what sets questions with an answer apart: how far ahead the best sentence is, how near the encoder finds it and its
rivals, which of the question's words, names and years nothing holds. Fitted by `models/confidence/fit.py`;
decision 18 has the figures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from istok.rag.question import Question
from istok.rag.scorer import FEATURES as OF_SENTENCES
from istok.rag.scorer import Candidate, Scorer, Weights
from istok.rag.spans.span import find
from istok.rag.spans.wanted import ask
from istok.rag.types import Sentence

THRESHOLD = 0.37
"""The confidence under which nothing is answered; chosen on the `dev` half of the gold questions."""

FEATURES = (
    "logit", "ahead", "crowd", "alike_peak", "alike_stands_out", "beyond_peak", "passage_peak", "own_peak",
    "names_lost_least", "year_lost_least", "elsewhere_least", "number", "person", "date", "terms",
    "number_lacking", "date_lacking", "name_lacking",
    "own", "near", "far", "names_lost", "names_far", "year_lost", "elsewhere", "kind_lacking", "passage",
    "alike", "alike_beyond", "passage_alike",
)  # fmt: skip
"""Names of the features, in the order of the weights; from "own" on those that the best sentence has as a sentence."""

_OF_BEST = [OF_SENTENCES.index(name) for name in FEATURES[FEATURES.index("own") :]]
_READ = 3  # sentences in which the thing asked for is looked for
_FARTHEST = 5.0  # a lead in logits beyond which more says nothing


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Weights]:
    """The fitted weights, by the `situation` of the best sentence."""
    stored = json.loads(files("istok.models").joinpath("confidence", "weights.json").read_text("utf-8"))
    return {
        name: Weights(numbers["intercept"], tuple(numbers[feature] for feature in FEATURES))
        for name, numbers in stored.items()
    }


def confidence(question: Question, scorer: Scorer) -> float:
    """The probability that the best of the scorer's candidates answers, in [0, 1]; 0 without candidates."""
    if not scorer.candidates:
        return 0.0
    return weights()[scorer.situation(int(np.argmax(scorer.scores())))](features(question, scorer))


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
