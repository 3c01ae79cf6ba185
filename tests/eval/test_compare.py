from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from istok.eval.compare import Comparison, compare, difference
from istok.eval.cost import Cost
from istok.eval.metrics import NOTHING
from istok.eval.questions import GoldItem
from istok.eval.results import ItemResult, Machine, Results, ResultsError, calibrate, summarise
from istok.eval.run import judge
from istok.ui.cli import main

Make = Callable[..., Any]


def run_of(items: Sequence[ItemResult]) -> Results:
    return Results(
        version="0", encoder="kind:name", encoder_fingerprint="abc", index_generation=1, reader="hand",
        gold="hand.jsonl", limit=None, finished="2025-11-05T00:00:00+00:00", seconds=1, machine=Machine.here(),
        cost=Cost(peak_memory=1, passages=NOTHING, tokens=NOTHING), items=tuple(items), summary=summarise(items),
        calibration=calibrate(items),
    )  # fmt: skip


@pytest.fixture
def facts(gold: dict[str, GoldItem]) -> list[GoldItem]:
    return [item for item in gold.values() if item.type == "fact"][:40]


@pytest.fixture
def judged(perfect: Make, answer: Make, texts: dict[str, str]) -> Callable[..., Results]:
    """A run that is right but on the questions named."""

    def make(items: Sequence[GoldItem], wrong: Sequence[str] = (), seconds: float = 0.1) -> Results:
        return run_of(
            [
                judge(
                    item,
                    answer(item, "Нет.\nИ ещё раз нет.", seconds=seconds) if item.id in wrong else perfect(item),
                    texts,
                    {"rr@10": 0.25 if item.id in wrong else 0.5},
                    direction=f"{item.language}→ru",
                )
                for item in items
            ]
        )

    return make


def test_a_planted_loss_is_found_with_its_questions(facts: list[GoldItem], judged: Callable[..., Results]) -> None:
    wrong = [item.id for item in facts[:12]]
    found = compare(judged(facts), judged(facts, wrong))
    loss = found.differences["all"]["success"]
    assert (loss.n, loss.a, loss.b) == (40, 1, 0.7)
    assert loss.difference == pytest.approx(-0.3)
    assert loss.low is not None
    assert loss.high is not None
    assert loss.low < -0.3 < loss.high < 0
    assert loss.p == pytest.approx(2 * 0.5**12)
    assert found.differences["all"]["rr@10"].p < 0.01
    assert [change.id for change in found.lost] == wrong
    assert found.lost[0].b == "Нет. И ещё раз нет."
    assert found.won == ()
    gain = compare(judged(facts, wrong), judged(facts))
    assert gain.differences["all"]["success"].difference == pytest.approx(0.3)
    assert [change.id for change in gain.won] == wrong


def test_the_same_run_twice_differs_in_nothing(facts: list[GoldItem], judged: Callable[..., Results]) -> None:
    found = compare(judged(facts), judged(facts))
    assert {difference.p for metrics in found.differences.values() for difference in metrics.values()} == {1.0}
    assert found.won == found.lost == found.changed == found.only_a == found.only_b == ()
    assert {"all", "ru", "en", "ru→ru", "en→ru"} <= found.differences.keys()
    assert "fact" not in found.differences


def test_a_question_that_has_changed_is_named_and_left_out(
    facts: list[GoldItem], judged: Callable[..., Results]
) -> None:
    first, second, *rest = facts
    reworded = first.model_copy(update={"question": first.question + "?"})
    explained = second.model_copy(update={"why": "another reason"})
    found = compare(judged([first, second, *rest[1:]], [first.id]), judged([reworded, explained, *rest[:-1]]))
    assert found.changed == (first.id,)
    assert (found.only_a, found.only_b) == ((rest[-1].id,), (rest[0].id,))
    assert found.differences["all"]["success"].n == 37
    assert found.won == ()


def test_scores_of_0_and_1_are_tested_exactly_and_others_by_resampling() -> None:
    binary = difference([(0, 1)] * 5 + [(1, 0)] + [(1, 1)] * 14, binary=True)
    assert binary.p == pytest.approx(2 * (1 + 6) / 2**6)  # 5 of 6 discordant pairs, two-sided
    assert difference([(0.2, 0.2 + step / 100) for step in range(1, 30)], binary=False).p < 0.01
    assert difference([(0.5, 0.5 + step) for step in (-0.2, 0.3, -0.3, 0.2)], binary=False).p > 0.5
    assert difference([(0.0, 1.0)], binary=False).p == 1


def test_runs_without_a_common_question_are_refused(facts: list[GoldItem], judged: Callable[..., Results]) -> None:
    with pytest.raises(ResultsError, match="share no question"):
        compare(judged(facts[:2]), judged(facts[2:4]))


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["eval", "compare", *map(str, arguments)])
    assert isinstance(stop.value.code, int)
    return stop.value.code


def test_the_command_prints_what_changed_and_fails_at_a_broken_gate(
    gold: dict[str, GoldItem], judged: Callable[..., Results], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = [item for item in gold.values() if item.type == "fact" and item.split == "test"]
    good, bad, file = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "comparison.json"
    judged(items).write(good)
    judged(items, [item.id for item in items]).write(bad)
    assert command(bad, good) == 0
    assert f"won: {len(items)}" in capsys.readouterr().out
    assert command(good, bad, "--json", file) == 1
    printed = capsys.readouterr().out
    assert "gate broken: ru.fact.test answer_accuracy 0.000 < " in printed
    assert f"{items[0].id} {items[0].question}" in printed
    assert "B: Нет. И ещё раз нет." in printed
    assert len(Comparison.model_validate_json(file.read_bytes()).lost) == len(items)


def test_a_file_that_is_no_results_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.json"
    path.write_text("[1]", "utf-8")
    assert command(path, path) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "make them with: istok eval" in error
