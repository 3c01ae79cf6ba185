from pathlib import Path

import pytest

from istok.eval.gates import Gate, GateError, check, load_gates
from istok.eval.metrics import mean
from istok.eval.questions import SEEDS, load_gold
from istok.eval.results import groups


def test_a_gate_is_passed_at_its_minimum_and_broken_below() -> None:
    summary = {"ru.fact": {"answer_accuracy": mean([1, 1, 1, 1, 1, 1, 1, 1, 1, 0])}}
    gates = [Gate(group="ru.fact", metric="answer_accuracy", minimum=minimum) for minimum in (0.9, 0.91)]
    assert [verdict.state for verdict in check(gates, summary)] == ["passed", "broken"]


def test_a_sample_breaks_a_gate_only_beyond_bad_luck() -> None:
    half, none = ({"test": {"success": mean([1.0] * right + [0.0] * (20 - right))}} for right in (10, 0))
    gate = Gate(group="test", metric="success", minimum=0.6)
    assert [check([gate], summary)[0].state for summary in (half, none)] == ["broken", "broken"]
    assert [check([gate], summary, sampled=True)[0].state for summary in (half, none)] == ["passed", "broken"]


def test_a_sample_too_small_breaks_no_gate_but_what_must_always_hold() -> None:
    few = {"test": {"success": mean([0.0] * 5), "language": mean([1, 1, 1, 1, 0])}}
    gates = [Gate(group="test", metric="success", minimum=0.6), Gate(group="test", metric="language", minimum=1)]
    assert [verdict.state for verdict in check(gates, few, sampled=True)] == ["not measured", "broken"]


def test_a_group_without_questions_breaks_nothing_and_says_so() -> None:
    gate = Gate(group="en.list", metric="answer_accuracy", minimum=0.9)
    assert [verdict.state for verdict in check([gate], {})] == ["not measured"]
    assert [verdict.state for verdict in check([gate], {"en.list": {"answer_accuracy": mean([])}})] == ["not measured"]


def test_the_projects_gates_are_all_measured_by_its_questions() -> None:
    gates = load_gates()
    measured = {group for item in load_gold(SEEDS) for group in groups(item)}
    assert {gate.group for gate in gates} <= measured
    assert Gate(group="all", metric="citation_exactness", minimum=1.0) in gates


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[[gate]]\ngroup =", "not TOML"),
        ('[[gate]]\ngroup = "all"\nminimum = 1', "gate.0.metric: Field required"),
        ('[[gate]]\ngroup = "all"\nmetric = "beauty"\nminimum = 1', "unknown metric 'beauty'"),
    ],
)
def test_a_faulty_file_is_one_line(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(GateError) as fault:
        load_gates(path)
    assert says in str(fault.value)
    assert "\n" not in str(fault.value)
