from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from istok.eval.cost import Cost
from istok.eval.metrics import NOTHING
from istok.eval.questions import GoldItem
from istok.eval.results import METRICS, Machine, Results, ResultsError, calibrate, groups, summarise
from istok.eval.run import judge

Make = Callable[..., Any]
UZBEKISTAN = "000_1bc56f7a989034cf.txt"


def test_a_summary_has_every_metric_of_every_group(
    gold: dict[str, GoldItem], perfect: Make, texts: dict[str, str]
) -> None:
    chosen = [gold["ru-001"], gold["en-001"], gold["ru-002"]]
    summary = summarise(judge(item, perfect(item), texts, {"rr@10": 0.5}) for item in chosen)
    assert summary.keys() == {
        *("all", "ru", "en", "fact", "dev", "ru.fact", "en.fact", "ru.dev", "en.dev"),
        *("fact.dev", "ru.fact.dev", "en.fact.dev"),
    }
    assert tuple(summary["all"]) == METRICS
    assert (summary["ru.fact"]["answer_accuracy"].value, summary["ru.fact"]["answer_accuracy"].n) == (1, 2)
    assert summary["all"]["rr@10"].value == 0.5
    assert summary["all"]["recall@1"].n == 0
    assert summary["all"]["abstention_f1"].value is None
    assert summary["all"]["total_p50"].value == pytest.approx(0.3)


def test_abstention_f1_leaves_correctable_false_premises_out(
    gold: dict[str, GoldItem], answer: Make, texts: dict[str, str]
) -> None:
    unanswerable = next(item for item in gold.values() if item.type == "unanswerable_near")
    premise = next(item for item in gold.values() if item.type == "false_premise" and item.answers)
    records = [judge(item, answer(item, None), texts, {}) for item in (unanswerable, premise)]
    estimate = summarise(records)["all"]["abstention_f1"]
    assert (estimate.value, estimate.n) == (1, 1)


def test_faults_are_named(gold: dict[str, GoldItem], answer: Make, cite: Make, texts: dict[str, str]) -> None:
    item = gold["ru-001"]
    right = cite(UZBEKISTAN, "экспорт возрос почти на 45%")
    wrong = cite(UZBEKISTAN, "Большой потенциал для дальнейшего развития")
    inexact = replace(right, quote="экспорт возрос почти на 54%")
    unanswerable = next(item for item in gold.values() if item.type == "unanswerable_near")

    def faults(item: GoldItem, *answered: Any, retrieval: dict[str, float] | None = None, **changed: Any) -> set[str]:
        return set(judge(item, answer(item, *answered, **changed), texts, retrieval or {}).faults)

    assert faults(item, "45% [1]", right) == set()
    assert faults(item, "54% [1]", right) == {"wrong answer"}
    assert faults(item, "45% [1]", wrong) == {"wrong citation", "missing citation"}
    assert faults(item, "45% [1]", inexact) == {"inexact quote"}
    assert faults(item, None, wrong) == {"refused"}
    assert faults(item, "45% [1]", right, language="en") == {"wrong language"}
    assert faults(item, "45% [1]", right, retrieval={"recall@20": 0.0}) == {"not retrieved"}
    assert faults(unanswerable, "45%") == {"should have abstained"}
    assert faults(unanswerable, None, wrong) == set()


def test_results_survive_their_file(gold: dict[str, GoldItem], perfect: Make, tmp_path: Path, texts: Any) -> None:
    items = tuple(judge(gold[name], perfect(gold[name]), texts, {}, (1, 3)) for name in ("ru-001", "en-001"))
    results = Results(
        version="0.1.0",
        encoder="kind:name",
        encoder_fingerprint="abc",
        index_generation=3,
        reader="quote",
        gold="seeds.jsonl",
        limit=None,
        finished="2025-11-05T00:00:00+00:00",
        seconds=1.5,
        machine=Machine.here(),
        cost=Cost(peak_memory=1, passages=NOTHING, tokens=NOTHING),
        items=items,
        summary=summarise(items),
        calibration=calibrate(items),
    )
    results.write(tmp_path / "results.json")
    content = (tmp_path / "results.json").read_text("utf-8")
    assert Results.read(tmp_path / "results.json") == results
    assert "На сколько вырос экспорт" in content
    assert results.machine.cores >= 1


def test_a_direction_is_a_group_of_its_own_and_in_its_split(gold: dict[str, GoldItem]) -> None:
    item = gold["en-001"]
    assert {"en→ru", f"en→ru.{item.split}"} <= set(groups(item, "en→ru"))
    assert not any("→" in group for group in groups(item))


def test_what_was_lost_by_asking_a_follow_up_is_the_gap_to_asking_it_in_full(
    gold: dict[str, GoldItem], answer: Make, perfect: Make, texts: dict[str, str]
) -> None:
    item = next(item for item in gold.values() if item.type == "followup" and item.answers)
    right, wrong = perfect(item), answer(item, "other")
    lost, kept, both = (
        judge(item, said, texts, {}, full=full) for said, full in ((wrong, right), (right, right), (wrong, wrong))
    )
    assert (lost.full, kept.full, both.full) == (True, True, False)
    gap = summarise([lost, kept, both, judge(gold["ru-001"], perfect(gold["ru-001"]), texts, {})])["all"][
        "followup_gap"
    ]
    assert (gap.value, gap.n) == (pytest.approx(1 / 3), 3)


def test_confidence_is_calibrated_over_what_was_answered(
    gold: dict[str, GoldItem], answer: Make, perfect: Make, texts: dict[str, str]
) -> None:
    item = gold["ru-001"]
    sure, unsure = replace(perfect(item), confidence=0.9), answer(item, "54%", confidence=0.2)
    records = [judge(item, said, texts, {}) for said in (sure, unsure, answer(item, None, confidence=1.0))]
    found = calibrate(records)
    assert found.keys() == {"all", "ru", item.split, f"ru.{item.split}"}
    assert found["all"]["ece"].value == pytest.approx((0.1 + 0.2) / 2)
    assert found["all"]["aurc"].value == pytest.approx(0.5 * 0 + 0.5 * 0.5)
    assert found["all"]["ece"].n == 2
    assert calibrate([judge(item, answer(item, None), texts, {})])["all"]["ece"].value is None


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "can't be read"), ("{", "Invalid JSON"), ('{"version": "0"}', "encoder: Field required")],
)
def test_a_file_that_is_no_results_is_one_line(tmp_path: Path, content: str | None, says: str) -> None:
    path = tmp_path / "results.json"
    if content:
        path.write_text(content, "utf-8")
    with pytest.raises(ResultsError) as fault:
        Results.read(path)
    assert says in str(fault.value)
    assert "\n" not in str(fault.value)
