"""Figures: what a benchmark measured, and the shape of the file that keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from istok.eval.metrics import Estimate
from istok.eval.results import Machine
from istok.index.errors import IstokError


class BenchmarkError(IstokError):
    """A benchmark whose data, home or output can't be used."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class Figure(_Record):
    """One measure; `direction` is "language of the question→language of the text", `system` what was measured:
    one of `istok.eval.systems` ("dense", "lexical", "fused", "reranked"), the encoder alone, or the reader."""

    measure: str
    direction: str
    system: str
    estimate: Estimate


class Published(_Record):
    """A figure that others published, which ours may be held against, and in what respect it differs."""

    what: str
    source: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a benchmark has to say; `passages` and `vectors` count what was searched (0: nothing was indexed)."""

    figures: tuple[Figure, ...]
    passages: int = 0
    vectors: int = 0
    notes: tuple[str, ...] = ()


class Measured(_Record):
    """One benchmark with its outcome. `limit` is how many questions of each kind were drawn at most (None: all),
    `seconds` wall clock."""

    name: str
    limit: int | None
    passages: int
    vectors: int
    seconds: float
    notes: tuple[str, ...]
    figures: tuple[Figure, ...]
    published: tuple[Published, ...]


class Run(_Record):
    """The benchmarks of one command; `finished` is ISO 8601 in UTC."""

    version: str
    encoder: str
    encoder_fingerprint: str
    reader: str
    finished: str
    machine: Machine
    benchmarks: tuple[Measured, ...]

    def write(self, path: Path) -> None:
        """Write it as JSON. Raises BenchmarkError."""
        try:
            path.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")
        except OSError as error:
            raise BenchmarkError(f"{path} can't be written ({error.strerror}): choose another --json") from error
