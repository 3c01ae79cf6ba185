"""Results: what one run of the evaluation found; the shape of `results.json`."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

from istok.eval.confidence import area, calibration_error, risk_coverage
from istok.eval.cost import Cost
from istok.eval.metrics import MEASURES, SENTENCE_MEASURES, STAGES, Estimate, Row, estimate, f1, mean, percentile
from istok.eval.questions import GoldItem
from istok.index.errors import IstokError
from istok.index.types import Language
from istok.rag.types import Status, Verdict

Summary = Mapping[str, Mapping[str, Estimate]]
"""Group ("all", "ru", "fact", "test", "en→ru", "ru.fact", "ru.fact.test"...) to metric to estimate."""

OVERALL = "all"
SCORES = (
    "success",
    "answer_accuracy",
    "followup_gap",
    "exact_match",
    "token_f1",
    "chrf",
    "answered",
    "language",
    "citation_precision",
    "citation_recall",
    "citation_exactness",
    "claim_support",
    "abstention_precision",
    "abstention_recall",
)
F1 = "abstention_f1"
RETRIEVAL = (*MEASURES, *SENTENCE_MEASURES)
PERCENTILES = {f"{stage}_p{share}": (stage, share) for stage in STAGES for share in (50, 95)}
CALIBRATED = (OVERALL, "ru", "en", "dev", "test", "ru.dev", "en.dev", "ru.test", "en.test")
CALIBRATION: dict[str, Callable[[Sequence[float], Sequence[bool]], float]] = {
    "ece": calibration_error,
    "aurc": lambda confidences, right: area(risk_coverage(confidences, right)),
}
METRICS = (*SCORES, F1, *RETRIEVAL, *PERCENTILES)


class ResultsError(IstokError):
    """A results file that can't be read or written."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class CitationResult(_Record):
    """A citation, whether it proves a gold range, and whether its range reads as its quote."""

    number: int
    document: str
    title: str
    date: str | None
    start: int
    end: int
    quote: str
    right: bool
    exact: bool


class ClaimResult(_Record):
    """A sentence of an answer, the numbers of its citations, and whether they hold what it says."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict


class ItemResult(_Record):
    """One question, what was answered, and its scores by name. Timings are seconds; ranks count from 1.

    `direction` is from the question's language to that of the gold documents ("en→ru"), "" without any;
    `relevant_ranks` are the places of the gold passages among the hits, `evidence_ranks` of the gold sentences among
    the evidence. `full` is whether the same question, asked in full instead of as a follow-up, was rightly answered;
    None for others. `tokens` counts what a model generated.
    """

    item: GoldItem
    direction: str
    standalone_question: str
    language: Language
    status: Status
    reader: str
    text: str
    notes: tuple[str, ...]
    confidence: float
    claims: tuple[ClaimResult, ...]
    citations: tuple[CitationResult, ...]
    missed_parts: tuple[int, ...]
    relevant_ranks: tuple[int, ...]
    evidence_ranks: tuple[int, ...]
    full: bool | None
    tokens: int
    scores: Mapping[str, float]
    timings: Mapping[str, float]

    @property
    def faults(self) -> tuple[str, ...]:
        """What went wrong, for people to filter by; empty when nothing did."""
        abstained = self.status == "abstained"
        found = {
            "refused": abstained and not self.item.may_abstain,
            "should have abstained": not abstained and not self.item.answerable,
            "wrong answer": not abstained and self.item.answerable and not self.scores["success"],
            "wrong citation": not abstained and not all(citation.right for citation in self.citations),
            "missing citation": not abstained and bool(self.missed_parts),
            "inexact quote": not all(citation.exact for citation in self.citations),
            "not retrieved": self.scores.get("recall@20") == 0,
            "wrong language": self.language != self.item.language,
            "lost as a follow-up": bool(self.full) and not self.scores["success"],
        }
        return tuple(name for name, wrong in found.items() if wrong)


class Machine(_Record):
    """Where the run took place; memory in bytes."""

    system: str
    processor: str
    cores: int
    memory: int
    python: str

    @classmethod
    def here(cls) -> Machine:
        """This machine."""
        return cls(
            system=platform.platform(),
            processor=_processor(),
            cores=os.cpu_count() or 1,
            memory=psutil.virtual_memory().total,
            python=platform.python_version(),
        )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():  # platform.processor() is empty or "x86_64" on Linux
        for line in cpuinfo.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


class Results(_Record):
    """A whole run; `encoder` is a spec such as "kind:name", `finished` ISO 8601 in UTC, `seconds` wall clock.

    `limit` is how many questions were drawn at most (None: all). `calibration` has, of some groups, "ece" and "aurc":
    how well the confidence of the questions that were answered foretells which of them are right.
    """

    version: str
    encoder: str
    encoder_fingerprint: str
    index_generation: int
    reader: str
    gold: str
    limit: int | None
    finished: str
    seconds: float
    machine: Machine
    cost: Cost
    items: tuple[ItemResult, ...]
    summary: Summary
    calibration: Summary

    @classmethod
    def read(cls, path: Path) -> Results:
        """What `write` wrote. Raises ResultsError."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise ResultsError(f"{path}: can't be read ({error.strerror}): name a results.json") from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the file"
            raise ResultsError(
                f"{path}: not the results of this version ({place}: {first['msg']}): make them with: istok eval"
            ) from error

    def write(self, path: Path) -> None:
        """Write `results.json`. Raises ResultsError."""
        try:
            path.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")
        except OSError as error:
            raise ResultsError(f"{path} can't be written ({error.strerror}): choose another --out") from error


def groups(item: GoldItem, direction: str = "") -> tuple[str, ...]:
    """The groups of the summary that `item` counts in."""
    language, type_, split = item.language, item.type, item.split
    pairs = (f"{language}.{type_}", f"{language}.{split}", f"{type_}.{split}", f"{language}.{type_}.{split}")
    return OVERALL, language, type_, split, *pairs, *((direction, f"{direction}.{split}") if direction else ())


def gather(items: Iterable[ItemResult]) -> dict[str, list[ItemResult]]:
    """The members of every group that has any, the groups in the order of their first question."""
    members: dict[str, list[ItemResult]] = {}
    for result in items:
        for group in groups(result.item, result.direction):
            members.setdefault(group, []).append(result)
    return members


def summarise(items: Iterable[ItemResult]) -> dict[str, dict[str, Estimate]]:
    """Every metric of every group that has a question."""
    return {group: _metrics(results) for group, results in gather(items).items()}


def calibrate(items: Iterable[ItemResult]) -> dict[str, dict[str, Estimate]]:
    """How well the confidence foretells which answers are right, in the groups of a language, a split, or all.

    An abstention is left out: what would have been said is not known.
    """
    found = {}
    for group, results in gather(items).items():
        if group in CALIBRATED:
            answered = [result for result in results if result.status == "answered"]
            sure = [result.confidence for result in answered]
            right = [result.scores["success"] for result in answered]
            found[group] = {name: estimate(_rows(statistic), sure, right) for name, statistic in CALIBRATION.items()}
    return found


def _rows(statistic: Callable[[Sequence[float], Sequence[bool]], float]) -> Callable[..., Row]:
    """`statistic` of two sequences, as one of the last axis of two arrays."""

    def over(sure: Row, right: Row, axis: int) -> Row:
        if sure.ndim == 1:
            return np.array(statistic(sure.tolist(), right.tolist()))
        return np.array([statistic(*pair) for pair in zip(sure.tolist(), right.tolist(), strict=True)])

    return over


def _metrics(results: Sequence[ItemResult]) -> dict[str, Estimate]:
    metrics = {name: mean(r.scores[name] for r in results if name in r.scores) for name in (*SCORES, *RETRIEVAL)}
    metrics[F1] = f1(
        (r.status == "abstained", not r.item.answerable)
        for r in results
        if not (r.item.answerable and r.item.may_abstain)
    )
    for name, (stage, share) in PERCENTILES.items():
        metrics[name] = percentile((r.timings[stage] for r in results), share)
    return {name: metrics[name] for name in METRICS}
