"""Gates: the least that a run must reach; `gates.toml` holds the project's own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from istok.eval.results import METRICS, Summary
from istok.index.errors import IstokError

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
    """What became of a gate; a group without questions in this run is not measured, and breaks nothing."""

    gate: Gate
    value: float | None

    @property
    def state(self) -> Literal["passed", "broken", "not measured"]:
        """In a word."""
        if self.value is None:
            return "not measured"
        return "passed" if self.value >= self.gate.minimum else "broken"


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


def check(gates: list[Gate], summary: Summary) -> list[Verdict]:
    """Each gate with the value that `summary` has for it."""
    verdicts = []
    for gate in gates:
        estimate = summary.get(gate.group, {}).get(gate.metric)
        verdicts.append(Verdict(gate, estimate.value if estimate else None))
    return verdicts
