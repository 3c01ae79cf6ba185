"""Compare: two runs on the same questions, what is better by more than chance, and what was won and lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict
from scipy.stats import binomtest, bootstrap

from istok.eval.metrics import RESAMPLES, Row
from istok.eval.questions import GoldItem
from istok.eval.results import OVERALL, RETRIEVAL, ItemResult, Results, ResultsError, gather

BINARY = ("success", "answer_accuracy", "exact_match", "answered", "language", "abstention_recall")
GRADED = (
    "token_f1",
    "chrf",
    "citation_precision",
    "citation_recall",
    "citation_exactness",
    "claim_support",
    *RETRIEVAL,
    "seconds",
)
METRICS = (*BINARY, *GRADED)


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class Difference(_Record):
    """A metric of both runs over the `n` questions that have it in both; `difference` is b - a with its 95% interval.

    `p` is two-sided, of McNemar's exact test for scores of 0 and 1, else of the paired bootstrap.
    """

    n: int
    a: float
    b: float
    difference: float
    low: float | None
    high: float | None
    p: float


class Change(_Record):
    """A question that one run got right and the other didn't; what each said, in one line."""

    id: str
    question: str
    a: str
    b: str


class Comparison(_Record):
    """Run `a` against run `b`. `differences` are by group and metric, over the questions that both were asked;
    `changed` names those that were left out because what is expected has changed, `only_a` and `only_b` those that
    only one run was asked."""

    changed: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    differences: Mapping[str, Mapping[str, Difference]]
    won: tuple[Change, ...]
    lost: tuple[Change, ...]

    def write(self, path: Path) -> None:
        """Write it as JSON. Raises ResultsError."""
        try:
            path.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")
        except OSError as error:
            raise ResultsError(f"{path} can't be written ({error.strerror}): choose another --json") from error


def compare(a: Results, b: Results) -> Comparison:
    """`b` against `a`. Raises ResultsError when they share no question."""
    first, second = ({result.item.id: result for result in run.items} for run in (a, b))
    both = [name for name in first if name in second]
    changed = tuple(name for name in both if _asked(first[name].item) != _asked(second[name].item))
    pairs = {name: (first[name], second[name]) for name in both if name not in changed}
    if not pairs:
        raise ResultsError(f"the runs share no question ({a.gold}, {b.gold}): run both on the same --gold")
    members = gather(result for _, result in pairs.values())
    directions = sorted(group for group in members if "→" in group and "." not in group)
    shown = [group for group in (OVERALL, "ru", "en", "test", *directions) if group in members]
    return Comparison(
        changed=changed,
        only_a=tuple(name for name in first if name not in second),
        only_b=tuple(name for name in second if name not in first),
        differences={group: _differences([pairs[result.item.id] for result in members[group]]) for group in shown},
        won=_changes(pairs.values(), lambda a, b: b > a),
        lost=_changes(pairs.values(), lambda a, b: b < a),
    )


def _asked(item: GoldItem) -> GoldItem:
    return item.model_copy(update={"why": ""})


def _differences(pairs: Sequence[tuple[ItemResult, ItemResult]]) -> dict[str, Difference]:
    scores = [(_scores(a), _scores(b)) for a, b in pairs]
    found = {}
    for metric in METRICS:
        both = [(a[metric], b[metric]) for a, b in scores if metric in a and metric in b]
        if both:
            found[metric] = difference(both, binary=metric in BINARY)
    return found


def _scores(result: ItemResult) -> dict[str, float]:
    return {**result.scores, "seconds": result.timings["total"]}


def difference(pairs: Sequence[tuple[float, float]], *, binary: bool) -> Difference:
    """The mean difference of pairs (a, b), of which there is one at least."""
    rows = np.array(pairs, dtype=np.float64)
    gains = rows[:, 1] - rows[:, 0]
    low, high, p = _bootstrap(gains)
    if binary:
        won, lost = int((gains > 0).sum()), int((gains < 0).sum())
        p = float(binomtest(won, won + lost).pvalue) if won + lost else 1.0
    a, b = rows.mean(axis=0).tolist()
    return Difference(n=len(pairs), a=a, b=b, difference=float(gains.mean()), low=low, high=high, p=p)


def _bootstrap(gains: Row) -> tuple[float | None, float | None, float]:
    """The percentile interval of the mean, and twice the share of resamples on the far side of 0."""
    if len(gains) == 1:
        return None, None, 1.0
    found = bootstrap(
        [gains], np.mean, n_resamples=RESAMPLES, vectorized=True, method="percentile", rng=np.random.default_rng(0)
    )
    means = found.bootstrap_distribution
    beyond = min(int((means <= 0).sum()), int((means >= 0).sum()))
    interval = found.confidence_interval
    return float(interval.low), float(interval.high), min(1.0, 2 * (beyond + 1) / (RESAMPLES + 1))


def _changes(
    pairs: Iterable[tuple[ItemResult, ItemResult]], changed: Callable[[float, float], bool]
) -> tuple[Change, ...]:
    return tuple(
        Change(id=b.item.id, question=b.item.question, a=" ".join(a.text.split()), b=" ".join(b.text.split()))
        for a, b in pairs
        if changed(a.scores["success"], b.scores["success"])
    )
