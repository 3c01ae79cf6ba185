"""Two voices made one score: a weighted mean of a passage's cosine and of its share of the question's words.

Both mean the same from question to question, so that one weight for each kind of pair of languages is all there is to
fit; such sums do better than rank fusion and hardly depend on how they are scaled (Bruch, Gai & Ingber 2023).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from istok.index.types import Language


@dataclass(frozen=True, slots=True)
class Weights:
    """The cosine's part of the score: within Russian, within English, and across the two."""

    ru: float
    en: float
    across: float

    def of(self, asked: Language, spoken: Language) -> float:
        """The weight for a question in `asked` and a passage in `spoken`."""
        if asked != spoken:
            return self.across
        return self.ru if asked == "ru" else self.en


WEIGHTS = Weights(ru=0.28, en=0.40, across=0.40)
"""Fitted by `models/fusion`."""


def fuse(
    cosines: Mapping[int, float], shares: Mapping[int, float], weights: Mapping[int, float], waiting: Collection[int]
) -> dict[int, float]:
    """One score in [0, 1] for every passage in `weights`.

    One whose vector is not there yet (`waiting`) gets the cosine that its share of the words predicts, so that it
    is neither favoured nor punished; one on which the encoder has no say has its share alone.
    """
    expected = _expectation(cosines, shares)
    found: dict[int, float] = {}
    for id_, weight in weights.items():
        share = shares.get(id_, 0.0)
        if id_ in cosines:
            found[id_] = weight * cosines[id_] + (1 - weight) * share
        elif expected and id_ in waiting:
            found[id_] = weight * expected(share) + (1 - weight) * share
        else:
            found[id_] = share
    return found


def _expectation(cosines: Mapping[int, float], shares: Mapping[int, float]) -> Callable[[float], float] | None:
    """The cosine by the share of words, a line through the passages that have both; None where none has."""
    both = [(shares[id_], cosine) for id_, cosine in cosines.items() if id_ in shares]
    if not both:
        return None
    points = np.array(both)
    share, cosine = points.mean(0)
    spread = float(points[:, 0].var())
    slope = max(0.0, float(np.mean((points[:, 0] - share) * (points[:, 1] - cosine))) / spread) if spread else 0.0
    return lambda asked: min(1.0, max(0.0, cosine + slope * (asked - share)))
