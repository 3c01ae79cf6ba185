"""Rated answers become gold questions once a person has completed them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from istok.eval.questions import GoldError, load_gold
from istok.index.home import Home
from istok.rag.types import Answer, Citation, Claim
from istok.ui.commands.eval_ratings import command
from istok.ui.conversations.candidates import Candidate, candidates
from istok.ui.conversations.store import ConversationStore

QUOTE = "Годом ранее было собрано 95 штук."
DOCUMENTS = {"plant.txt": " " * 310 + QUOTE + " " * 100}


def rated(store: ConversationStore, *said: tuple[Answer, str | None], comment: str = "", owner: str = "") -> None:
    """A conversation with these answers and votes."""
    conversation = store.begin(owner, "t")
    for answer, vote in said:
        exchange = store.ask(conversation, answer.question, owner)
        store.answer(exchange, answer)
        store.rate(exchange, vote, comment, owner)  # type: ignore[arg-type]


def written(path: Path, *made: Candidate, **completed: object) -> Path:
    path.write_text("".join(json.dumps(candidate.item | completed) + "\n" for candidate in made), "utf-8")
    return path


def test_an_answer_is_taken_as_gold_once_what_is_accepted_is_filled_in(
    store: ConversationStore, answered: Callable[..., Answer], tmp_path: Path
) -> None:
    rated(store, (answered(), "up"), comment="точно")
    [made] = candidates(store, "")
    assert not made.complete
    with pytest.raises(GoldError, match=r":1: .*answers and gold ranges"):
        load_gold(written(tmp_path / "raw.jsonl", made), DOCUMENTS)
    [item] = load_gold(written(tmp_path / "done.jsonl", made, answers=[["95"]]), DOCUMENTS)
    assert (item.language, item.type, item.question, item.split) == ("ru", "fact", "Сколько станков?", "dev")
    assert [(gold.document, gold.start, gold.quote) for gold in item.gold] == [("plant.txt", 310, QUOTE)]
    assert (item.reference, item.why) == (QUOTE, "rated up: точно")


def test_a_follow_up_brings_its_history_and_the_question_asked_in_full(
    store: ConversationStore, answered: Callable[..., Answer], tmp_path: Path
) -> None:
    second = answered("А в 2022?", standalone_question="Сколько станков в 2022 году?")
    rated(store, (answered(), None), (second, "down"))
    [made] = candidates(store, "")
    [item] = load_gold(written(tmp_path / "gold.jsonl", made, answers=[["95"]]), DOCUMENTS)
    assert (item.type, item.standalone) == ("followup", "Сколько станков в 2022 году?")
    assert item.history == (("Сколько станков?", QUOTE),)
    assert item.reference == ""
    assert item.why == f"rated down; quote answered: {QUOTE}"


def test_an_abstention_found_right_is_complete_and_one_found_wrong_brings_the_nearest(
    store: ConversationStore, answered: Callable[..., Answer], tmp_path: Path
) -> None:
    abstained = answered(status="abstained", claims=(), text="Нет ответа. Ближайшее: Завод [1].")
    rated(store, (abstained, "up"), (replace(abstained, question="Б?", standalone_question="Б?"), "down"))
    right, wrong = candidates(store, "")
    assert (right.complete, wrong.complete) == (True, False)
    [item] = load_gold(written(tmp_path / "right.jsonl", right), DOCUMENTS)
    assert (item.type, item.answerable) == ("unanswerable_near", False)
    [item] = load_gold(written(tmp_path / "wrong.jsonl", wrong, answers=[["95"]]), DOCUMENTS)
    assert item.type == "fact"


def test_sources_of_one_claim_prove_the_same_and_several_documents_make_a_multi(
    store: ConversationStore, answered: Callable[..., Answer]
) -> None:
    citations = tuple(Citation(n, f"{n}.txt", "", None, 0, 2, "Да", 0.5) for n in (1, 2, 3))
    rated(store, (answered(claims=(Claim("а", (1, 2)), Claim("б", (3,))), citations=citations), "up"))
    [made] = candidates(store, "")
    assert [gold["part"] for gold in made.item["gold"]] == [1, 1, 2]
    assert made.item["type"] == "multi"


def test_only_rated_answers_of_the_owner_are_taken(store: ConversationStore, answered: Callable[..., Answer]) -> None:
    rated(store, (answered(), None), owner="anna")
    rated(store, (answered(), "up"), owner="boris")
    assert list(candidates(store, "anna")) == []
    rated(store, (answered("В?"), None), comment="не то", owner="anna")
    assert [made.item["why"] for made in candidates(store, "anna")] == ["commented on: не то"]


def test_the_command_writes_each_question_once_to_a_new_file(
    fresh_home: Home, answered: Callable[..., Answer], tmp_path: Path
) -> None:
    out, run = tmp_path / "mine.jsonl", CliRunner().invoke
    options = ["--home", str(fresh_home.root), "--out", str(out)]
    result = run(command, options)
    assert (result.exit_code, out.exists(), fresh_home.conversations.exists()) == (0, False, False)
    assert "no answer is rated yet" in result.stderr
    store = ConversationStore(fresh_home.conversations)
    rated(store, (answered(), "down"))
    rated(store, (answered("сколько станков"), "up"), owner="anna")
    store.close()
    assert run(command, options).exit_code == 0
    [line] = out.read_text("utf-8").splitlines()
    assert json.loads(line)["why"] == "rated up"
    result = run(command, options)
    assert isinstance(result.exception, GoldError)
    assert "choose another --out" in str(result.exception)
    assert out.read_text("utf-8").splitlines() == [line]
    printed = run(command, [*options[:2], "--owner", ""]).stdout
    assert json.loads(printed)["why"].startswith("rated down")
