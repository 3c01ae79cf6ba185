"""Confidence: whether the questions that were answered wrongly are those that it was low for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Curve:
    """For each confidence as a threshold, highest first: what share of the questions would be answered, in (0, 1],
    and what share of those wrongly."""

    coverage: tuple[float, ...]
    risk: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """The `n` questions with a confidence in (low, high] (the first: from 0 on), its mean, and the share rightly
    answered."""

    low: float
    high: float
    confidence: float
    accuracy: float
    n: int


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> Curve:
    """The selective risk at every threshold (El-Yaniv and Wiener 2010), one point for each distinct confidence:
    equal ones are answered or withheld together."""
    sure, wrong = _arrays(confidences, right)
    order = np.argsort(-sure)
    sure, wrong = sure[order], wrong[order]
    answered = np.flatnonzero(np.diff(sure, append=-np.inf)) + 1
    return Curve(tuple((answered / len(sure)).tolist()), tuple((wrong.cumsum()[answered - 1] / answered).tolist()))


def risk_at(curve: Curve, coverage: float) -> float:
    """The risk at the highest threshold that answers at least `coverage` of the questions."""
    return curve.risk[np.searchsorted(curve.coverage, coverage - 1e-9)]


def area(curve: Curve) -> float:
    """The area under the curve (AURC; Geifman et al. 2019): the mean over the questions of the risk at the threshold
    that just answers each; lower is better. At least one question is needed."""
    return float(np.average(curve.risk, weights=np.diff(curve.coverage, prepend=0.0)))


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> tuple[Bin, ...]:
    """The questions by confidence, in `bins` of equal width; empty ones are left out."""
    sure, wrong = _arrays(confidences, right)
    edges = np.linspace(0, 1, bins + 1)
    places = np.searchsorted(edges[1:-1], sure)
    return tuple(
        Bin(
            low=float(edges[place]),
            high=float(edges[place + 1]),
            confidence=float(sure[inside].mean()),
            accuracy=float(1 - wrong[inside].mean()),
            n=int(inside.sum()),
        )
        for place in np.unique(places)
        for inside in [places == place]
    )


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """The expected calibration error (Naeini et al. 2015): how far accuracy and confidence are apart in the bins, by
    their size. At least one question is needed."""
    parts = reliability(confidences, right, bins)
    return sum(part.n * abs(part.accuracy - part.confidence) for part in parts) / len(confidences)


def _arrays(confidences: Sequence[float], right: Sequence[bool]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The confidences, and 1 for each question that was answered wrongly. Raises ValueError when they don't pair."""
    sure, wrong = np.asarray(confidences, np.float64), 1 - np.asarray(right, np.float64)
    if sure.shape != wrong.shape:
        raise ValueError(f"{len(sure)} confidences, but {len(wrong)} verdicts")
    return sure, wrong
