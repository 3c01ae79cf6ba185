from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from istok.eval.journal import Journal
from istok.eval.questions import SEEDS, GoldItem
from istok.eval.results import Results
from istok.eval.run import evaluate, key
from istok.index.home import Home
from istok.rag.assistant import Assistant


@pytest.fixture
def assistant(home: Home) -> Iterator[Assistant]:
    assistant = Assistant.open(home, reader="quote")
    yield assistant
    assistant.index.close()


def test_a_run_judges_every_question_in_order(assistant: Assistant, gold: dict[str, GoldItem]) -> None:
    followup = next(item for item in gold.values() if item.type == "followup")
    unanswerable = next(item for item in gold.values() if item.type == "unanswerable_near")
    chosen = [gold["ru-001"], followup, unanswerable]
    heard: list[tuple[str, int, int]] = []
    results = evaluate(assistant, chosen, SEEDS, lambda *step: heard.append(step))

    assert [result.item.id for result in results.items] == [item.id for item in chosen]
    assert heard == [("ask", 1, 3), ("ask", 2, 3), ("ask", 3, 3)]
    assert results.summary["all"]["citation_exactness"].value == 1
    assert results.summary["all"]["language"].value == 1
    assert (results.reader, results.gold) == ("quote", "seeds.jsonl")
    assert results.encoder_fingerprint
    assert results.index_generation >= 1


def test_a_known_question_is_answered_cited_and_found(assistant: Assistant, gold: dict[str, GoldItem]) -> None:
    [result] = evaluate(assistant, [gold["ru-001"]], SEEDS).items
    assert "45%" in result.text
    assert result.faults == ()
    assert result.relevant_ranks[0] == 1
    assert result.scores["rr@10"] == 1
    assert result.timings["total"] >= result.timings["search"] > 0
    assert result.evidence_ranks[0] == 1
    assert result.scores["sentence_rr@10"] == 1
    assert result.direction == "ru→ru"
    assert result.confidence > 0.5
    assert [claim.verdict for claim in result.claims] == ["supported"] * len(result.claims)


def test_a_follow_up_is_asked_in_full_too(assistant: Assistant, gold: dict[str, GoldItem]) -> None:
    item = next(item for item in gold.values() if item.type == "followup")
    asked = item.model_copy(update={"question": "А что ещё?", "standalone": gold["ru-001"].question})
    asked = asked.model_copy(update={name: getattr(gold["ru-001"], name) for name in ("answers", "gold", "language")})
    [result] = evaluate(assistant, [asked], SEEDS).items
    assert result.full is True
    assert result.scores["followup_gap"] == 1 - result.scores["success"]


def test_a_run_that_was_stopped_goes_on_and_finds_the_same(
    assistant: Assistant, gold: dict[str, GoldItem], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [gold[name] for name in ("ru-001", "en-001", "ru-002", "en-002")]
    whole = evaluate(assistant, chosen, SEEDS)
    ask, asked = assistant.ask, []

    def stopped(question: str, *arguments: Any) -> Any:
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(question)
        return ask(question, *arguments)

    monkeypatch.setattr(assistant, "ask", stopped)
    path = tmp_path / "answers.jsonl"
    with Journal(path, key(assistant, chosen)) as journal, pytest.raises(KeyboardInterrupt):
        evaluate(assistant, chosen, SEEDS, journal=journal)
    asked.clear()
    with Journal(path, key(assistant, chosen)) as journal:
        assert list(journal.done) == ["ru-001", "en-001"]
        resumed = evaluate(assistant, chosen, SEEDS, journal=journal)
    assert asked == [item.question for item in chosen[2:]]
    assert _timeless(resumed) == _timeless(whole)


def _timeless(results: Results) -> dict[str, Any]:
    found = results.model_dump(exclude={"finished", "seconds", "cost"})
    for item in found["items"]:
        del item["timings"]
    for metrics in found["summary"].values():
        for name in [name for name in metrics if name.endswith(("_p50", "_p95"))]:
            del metrics[name]
    return found


def test_another_question_reader_or_setting_makes_another_run(assistant: Assistant, gold: dict[str, GoldItem]) -> None:
    item = gold["ru-001"]
    changed = item.model_copy(update={"answers": (("46%",),)})
    names = {key(assistant, asked) for asked in ([item], [changed], [item, gold["en-001"]])}
    assert len(names) == 3
    assert key(assistant, [item]) in names
