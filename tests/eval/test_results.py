from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from istok.eval.questions import GoldItem
from istok.eval.results import METRICS, Machine, Results, summarise
from istok.eval.run import judge

Make = Callable[..., Any]
UZBEKISTAN = "000_1bc56f7a989034cf.txt"


def test_a_summary_has_every_metric_of_every_group(
    gold: dict[str, GoldItem], perfect: Make, texts: dict[str, str]
) -> None:
    chosen = [gold["ru-001"], gold["en-001"], gold["ru-002"]]
    summary = summarise(judge(item, perfect(item), texts, {"rr@10": 0.5}) for item in chosen)
    assert summary.keys() == {
        *("all", "ru", "en", "fact", "dev", "test"),
        *("ru.fact", "en.fact", "ru.dev", "en.dev", "ru.test"),
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
    unanswerable = next(item for item in gold.values() if item.type == "unanswerable")
    premise = next(item for item in gold.values() if item.type == "false_premise" and item.answers)
    records = [judge(item, answer(item, None), texts, {}) for item in (unanswerable, premise)]
    estimate = summarise(records)["all"]["abstention_f1"]
    assert (estimate.value, estimate.n) == (1, 1)


def test_faults_are_named(gold: dict[str, GoldItem], answer: Make, cite: Make, texts: dict[str, str]) -> None:
    item = gold["ru-001"]
    right = cite(UZBEKISTAN, "экспорт возрос почти на 45%")
    wrong = cite(UZBEKISTAN, "Большой потенциал для дальнейшего развития")
    inexact = replace(right, quote="экспорт возрос почти на 54%")
    unanswerable = next(item for item in gold.values() if item.type == "unanswerable")

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
        finished="2025-11-05T00:00:00+00:00",
        seconds=1.5,
        machine=Machine.here(),
        items=items,
        summary=summarise(items),
    )
    results.write(tmp_path / "results.json")
    content = (tmp_path / "results.json").read_text("utf-8")
    assert Results.model_validate_json(content) == results
    assert "На сколько вырос экспорт" in content
    assert results.machine.cores >= 1
