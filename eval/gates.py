"""Gates: the least that a run must reach; `gates.toml` holds the project's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from istok.eval.metrics import NOTHING, Estimate
from istok.eval.results import METRICS, Summary
from istok.index.errors import IstokError

ENOUGH = 10
"""Questions under which a sample says nothing of its group."""

DEFAULT = Path(__file__).parent / "gates.toml"


class GateError(IstokError):
    """A gates file that can't be used."""


class Gate(BaseModel):
    """The least value that a metric of a group may have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: str
    metric: str
    minimum: float


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    gate: list[Gate]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a gate; one that is not measured breaks nothing.

    A run of a few questions drawn from many (`sampled`) breaks a gate only when it is not just bad luck: when even the
    upper end of the 95% interval is below. A metric that must always be 1 needs no such proof.
    """

    gate: Gate
    estimate: Estimate
    sampled: bool

    @property
    def value(self) -> float | None:
        """What was reached."""
        return self.estimate.value

    @property
    def state(self) -> Literal["passed", "broken", "not measured"]:
        """In a word."""
        if self.reached is None:
            return "not measured"
        return "passed" if self.reached >= self.gate.minimum else "broken"

    @property
    def reached(self) -> float | None:
        """What is held against the minimum."""
        if not self.sampled or self.gate.minimum >= 1:
            return self.estimate.value
        return self.estimate.high if self.estimate.n >= ENOUGH else None


def load_gates(path: Path = DEFAULT) -> list[Gate]:
    """The gates of a TOML file. Raises GateError."""
    try:
        gates = _File.model_validate(tomllib.loads(path.read_text("utf-8"))).gate
    except OSError as error:
        raise GateError(f"{path}: can't be read ({error.strerror}): mend its path") from error
    except tomllib.TOMLDecodeError as error:
        raise GateError(f"{path}: not TOML: {error}: mend that line") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise GateError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}: mend that gate") from error
    for gate in gates:
        if gate.metric not in METRICS:
            raise GateError(f"{path}: unknown metric {gate.metric!r}: use one of {', '.join(METRICS)}")
    return gates


def check(gates: Iterable[Gate], summary: Summary, *, sampled: bool = False) -> list[Verdict]:
    """Each gate with the estimate that `summary` has for it."""
    return [Verdict(gate, summary.get(gate.group, {}).get(gate.metric, NOTHING), sampled) for gate in gates]
