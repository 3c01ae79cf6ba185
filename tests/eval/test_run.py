from collections.abc import Iterator

import pytest

from istok.eval.questions import SEEDS, GoldItem
from istok.eval.run import evaluate
from istok.index.home import Home
from istok.rag.assistant import Assistant


@pytest.fixture
def assistant(home: Home) -> Iterator[Assistant]:
    assistant = Assistant.open(home, reader="quote")
    yield assistant
    assistant.index.close()


def test_a_run_judges_every_question_in_order(assistant: Assistant, gold: dict[str, GoldItem]) -> None:
    followup = next(item for item in gold.values() if item.type == "followup")
    unanswerable = next(item for item in gold.values() if item.type == "unanswerable")
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
