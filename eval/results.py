"""Results: what one run of the evaluation found; the shape of `results.json`."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict

from istok.eval.metrics import MEASURES, STAGES, Estimate, f1, mean, percentile
from istok.eval.questions import GoldItem
from istok.index.types import Language
from istok.rag.types import Status

Summary = Mapping[str, Mapping[str, Estimate]]
"""Group ("all", "ru", "fact", "test", "ru.fact"...) to metric to estimate."""

OVERALL = "all"
SCORES = (
    "success",
    "answer_accuracy",
    "answered",
    "language",
    "citation_precision",
    "citation_recall",
    "citation_exactness",
    "abstention_precision",
    "abstention_recall",
)
F1 = "abstention_f1"
PERCENTILES = {f"{stage}_p{share}": (stage, share) for stage in STAGES for share in (50, 95)}
METRICS = (*SCORES, F1, *MEASURES, *PERCENTILES)


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


class ItemResult(_Record):
    """One question, what was answered, and its scores by name. Timings are seconds; ranks count from 1."""

    item: GoldItem
    standalone_question: str
    language: Language
    status: Status
    reader: str
    text: str
    notes: tuple[str, ...]
    citations: tuple[CitationResult, ...]
    missed_parts: tuple[int, ...]
    relevant_ranks: tuple[int, ...]
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
    """A whole run; `encoder` is a spec such as "kind:name", `finished` ISO 8601 in UTC, `seconds` wall clock."""

    version: str
    encoder: str
    encoder_fingerprint: str
    index_generation: int
    reader: str
    gold: str
    finished: str
    seconds: float
    machine: Machine
    items: tuple[ItemResult, ...]
    summary: Summary

    def write(self, path: Path) -> None:
        """Write `results.json`."""
        path.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")


def groups(item: GoldItem) -> tuple[str, ...]:
    """The groups of the summary that `item` counts in."""
    language = item.language
    return OVERALL, language, item.type, item.split, f"{language}.{item.type}", f"{language}.{item.split}"


def summarise(items: Iterable[ItemResult]) -> dict[str, dict[str, Estimate]]:
    """Every metric of every group that has a question, the groups in the order of their first question."""
    members: dict[str, list[ItemResult]] = {}
    for result in items:
        for group in groups(result.item):
            members.setdefault(group, []).append(result)
    return {group: _metrics(results) for group, results in members.items()}


def _metrics(results: Sequence[ItemResult]) -> dict[str, Estimate]:
    metrics = {name: mean(r.scores[name] for r in results if name in r.scores) for name in (*SCORES, *MEASURES)}
    metrics[F1] = f1(
        (r.status == "abstained", not r.item.answerable)
        for r in results
        if not (r.item.answerable and r.item.may_abstain)
    )
    for name, (stage, share) in PERCENTILES.items():
        metrics[name] = percentile((r.timings[stage] for r in results), share)
    return {name: metrics[name] for name in METRICS}
