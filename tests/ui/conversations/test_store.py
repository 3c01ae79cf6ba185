"""Conversations are kept, and each is its owner's alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from istok.index.errors import IstokError
from istok.rag.errors import ReaderError, ReaderKind
from istok.rag.types import Answer, Evidence, Sentence
from istok.ui.conversations.store import (
    FORMAT,
    TITLE_LENGTH,
    ConversationsError,
    ConversationStore,
    UnknownConversationError,
)
from istok.ui.errors import PageKind


def titles(store: ConversationStore, owner: str = "", words: str = "") -> list[str]:
    return [summary.title for summary in store.summaries(owner, words)]


def test_an_answer_is_read_again_as_it_was_with_what_was_read_for_it(
    store: ConversationStore, path: Path, answered: Callable[..., Answer]
) -> None:
    conversation = store.begin("anna", "Станки")
    exchange = store.ask(conversation, "Сколько станков?", "anna")
    sentence = Sentence(1, "plant.txt", "Завод", None, "ru", 0, 3, "Да.", 0.5)
    whole = answered(evidence=Evidence((sentence,)))
    store.answer(exchange, whole)
    store.close()
    again = ConversationStore(path)
    assert titles(again, "anna") == ["Станки"]
    [record] = again.records(conversation, "anna")
    assert (record.id, record.question, record.answer) == (exchange, "Сколько станков?", whole)
    assert (record.failure, record.vote, record.comment, record.answering) == (None, None, "", False)
    again.close()


def test_the_list_begins_with_the_one_that_was_last_asked_in(store: ConversationStore) -> None:
    first, second = store.begin("", "one"), store.begin("", "two")
    assert titles(store) == ["two", "one"]
    store._rows("UPDATE conversations SET updated = '2020-01-01T00:00:00.000+00:00'")
    store.ask(first, "?", "")
    assert titles(store) == ["one", "two"]
    assert [summary.answering for summary in store.summaries("")] == [True, False]
    assert second


def test_a_question_that_was_cut_short_has_neither_answer_nor_failure(store: ConversationStore, path: Path) -> None:
    conversation = store.begin("", "t")
    cut, failed = store.ask(conversation, "cut?", ""), store.ask(conversation, "failed?", "")
    store.fail(failed, ReaderError(ReaderKind.SILENT, url="http://bear", problem="\ud800"))
    assert [record.answering for record in store.records(conversation, "")] == [True, False]
    # As after a kill: nobody closed the file, and another process opens it.
    later = ConversationStore(path)
    assert not later.summaries("")[0].answering
    records = later.records(conversation, "")
    assert [(record.id, record.answer, record.answering) for record in records] == [
        (cut, None, False),
        (failed, None, False),
    ]
    assert records[0].failure is None
    assert records[1].failure
    assert records[1].failure.line == ReaderKind.SILENT
    assert records[1].failure.facts == {"url": "http://bear", "problem": "?"}
    later.close()


def test_an_answer_that_comes_after_its_question_was_taken_away_is_let_go(
    store: ConversationStore, answered: Callable[..., Answer]
) -> None:
    conversation = store.begin("", "t")
    first, second = store.ask(conversation, "a?", ""), store.ask(conversation, "b?", "")
    store.forget(first, "")
    store.answer(first, answered())
    assert [record.id for record in store.records(conversation, "")] == [second]
    store.delete(conversation, "")
    store.answer(second, answered())
    assert store.summaries("") == []
    with pytest.raises(UnknownConversationError, match="choose one from the list"):
        store.records(conversation, "")
    with pytest.raises(UnknownConversationError):
        store.ask(conversation, "c?", "")


def test_deleting_takes_the_questions_along(store: ConversationStore) -> None:
    conversation = store.begin("", "t")
    store.ask(conversation, "a?", "")
    store.delete(conversation, "")
    assert store._rows("SELECT count(*) FROM exchanges") == [(0,)]


def test_a_title_is_one_line_of_bounded_length(store: ConversationStore) -> None:
    conversation = store.begin("", " a\n b ")
    assert store.title(conversation, "") == "a b"
    assert store.rename(conversation, "", "x" * 500) == "x" * TITLE_LENGTH == store.title(conversation, "")


def test_half_a_character_from_a_browser_is_kept_as_a_question_mark(store: ConversationStore) -> None:
    conversation = store.begin("", "t\ud83d")
    store.ask(conversation, "why\udc00", "")
    assert titles(store, words="why") == ["t?"]
    assert titles(store, words="\ud83d") == []


@pytest.mark.parametrize("words", ["отчет", "ОТЧЁТ", "отчёт лес", "кедр", "лесничеств 812", "«Лесной"])
def test_titles_questions_and_answers_are_searched_in_any_case_with_yo_as_ye(
    words: str, store: ConversationStore, answered: Callable[..., Answer]
) -> None:
    conversation = store.begin("", "«Лесной Отчёт»")
    store.begin("", "Другое")
    store.answer(store.ask(conversation, "Что сделало лесничество?", ""), answered(text="Посажено 812 кедров [1]"))
    assert titles(store, words=words) == ["«Лесной Отчёт»"]


@pytest.mark.parametrize("words", ["чёт", "кедр бобр", "%", "plant.txt", "answered"])
def test_what_is_not_said_is_not_found(words: str, store: ConversationStore, answered: Callable[..., Answer]) -> None:
    conversation = store.begin("", "Отчёт")
    store.answer(store.ask(conversation, "Сколько?", ""), answered(text="Посажено 812 кедров [1]"))
    assert store.summaries("", words) == []


def test_what_was_found_is_shown_where_it_was_said(store: ConversationStore, answered: Callable[..., Answer]) -> None:
    conversation = store.begin("", "Отчёт")
    text = f"{'слово ' * 40}Посажено 812 кедров {'слово ' * 40}[1]"
    store.answer(store.ask(conversation, "Сколько?", ""), answered(text=text))
    [summary] = store.summaries("", "КЕДР")
    assert "Посажено 812 кедров" in summary.excerpt
    assert summary.excerpt[0] == summary.excerpt[-1] == "…"
    assert len(summary.excerpt) < 160
    assert store.summaries("", "отчет")[0].excerpt == ""


def test_a_rating_is_changed_and_withdrawn(store: ConversationStore) -> None:
    conversation = store.begin("", "t")
    exchange = store.ask(conversation, "?", "")

    def rating() -> tuple[object, str]:
        [record] = store.records(conversation, "")
        return record.vote, record.comment

    store.rate(exchange, "up", " Верно ", "")
    assert rating() == ("up", "Верно")
    assert store.rated("") == [conversation]
    store.rate(exchange, "down", "", "")
    assert rating() == ("down", "")
    store.rate(exchange, None, "", "")
    assert rating() == (None, "")
    assert store.rated("") == []


def test_nothing_of_another_owner_is_reached(store: ConversationStore, answered: Callable[..., Answer]) -> None:
    conversation = store.begin("anna", "Тайна")
    exchange = store.ask(conversation, "Где клад?", "anna")
    store.answer(exchange, answered())
    store.rate(exchange, "up", "да", "anna")
    before = store.records(conversation, "anna")
    for other in ("boris", "", "ANNA", "anna'--", "%"):
        assert store.summaries(other) == store.summaries(other, "клад") == []
        assert store.rated(other) == []
        for reach in (
            lambda: store.title(conversation, other),  # noqa: B023
            lambda: store.records(conversation, other),  # noqa: B023
            lambda: store.ask(conversation, "?", other),  # noqa: B023
            lambda: store.rename(conversation, other, "x"),  # noqa: B023
        ):
            with pytest.raises(UnknownConversationError):
                reach()
        store.forget(exchange, other)
        store.rate(exchange, "down", "x", other)
        store.delete(conversation, other)
        store.answer(exchange, answered(text="x"))
        store.fail(exchange, IstokError("x"))
    assert store.records(conversation, "anna") == before
    assert titles(store, "anna") == ["Тайна"]
    assert store.owners() == ["anna"]


def test_an_answer_kept_by_an_older_version_is_read_with_defaults(
    store: ConversationStore, answered: Callable[..., Answer]
) -> None:
    conversation = store.begin("", "t")
    exchange = store.ask(conversation, "?", "")
    store.answer(exchange, answered())
    [(kept,)] = store._rows("SELECT answer FROM exchanges")
    older = json.loads(kept)
    for newer in ("notes", "evidence", "tokens"):
        del older[newer]
    older["of_a_version_to_come"] = 1
    store._rows("UPDATE exchanges SET answer = :answer", answer=json.dumps(older))
    assert store.records(conversation, "")[0].answer == answered()


def test_an_answer_that_cannot_be_read_is_said_to_be_so_and_kept(store: ConversationStore) -> None:
    conversation = store.begin("", "t")
    store.ask(conversation, "?", "")
    store._rows("""UPDATE exchanges SET answer = '{"text": 1}'""")
    [record] = store.records(conversation, "")
    assert record.answer is None
    assert record.failure is not None
    assert record.failure.line == PageKind.OTHER_VERSION
    assert store._rows("SELECT answer FROM exchanges") == [('{"text": 1}',)]


def test_a_failure_that_was_kept_as_a_line_is_told_as_it_is(store: ConversationStore) -> None:
    conversation = store.begin("", "t")
    store.ask(conversation, "?", "")
    store._rows("UPDATE exchanges SET failure = 'the model is {gone}'")
    [record] = store.records(conversation, "")
    assert str(record.failure) == "the model is {gone}"


def test_a_file_of_a_newer_format_is_refused_in_one_line_and_stays(store: ConversationStore, path: Path) -> None:
    store.begin("", "t")
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    content = path.read_bytes()
    with pytest.raises(ConversationsError, match=r"format 2, this Istok knows 1: update Istok") as error:
        ConversationStore(path)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("damage", ["head", "middle"])
def test_a_damaged_file_is_moved_aside_and_the_next_start_works(
    damage: str, store: ConversationStore, path: Path
) -> None:
    for number in range(200):
        store.begin("", f"t{number}" * 20)
    store.close()
    content = bytearray(path.read_bytes())
    place = 0 if damage == "head" else len(content) // 2
    content[place : place + 3000] = b"\xff" * 3000
    path.write_bytes(content)
    with pytest.raises(ConversationsError, match=r"is damaged .* was moved to .*: run again") as error:
        ConversationStore(path)
    assert "\n" not in str(error.value)
    [aside] = path.parent.glob("conversations.damaged-*.sqlite")
    assert aside.read_bytes() == content
    assert str(aside) in str(error.value)
    again = ConversationStore(path)
    assert again.summaries("") == []
    again.close()


def test_a_file_that_cannot_be_opened_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConversationsError, match="close other programs that use it, or free the disk"):
        ConversationStore(tmp_path / "missing" / "conversations.sqlite")


def test_many_threads_write_at_once_and_nothing_is_lost(
    store: ConversationStore, path: Path, answered: Callable[..., Answer]
) -> None:
    other = ConversationStore(path)  # as of a second process

    def talk(number: int) -> None:
        mine = (store, other)[number % 2]
        conversation = mine.begin("", str(number))
        for _ in range(5):
            mine.answer(mine.ask(conversation, "?", ""), answered())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(talk, range(16)))
    assert sorted(map(int, titles(store))) == list(range(16))
    assert all(
        [record.answer for record in store.records(summary.id, "")] == [answered()] * 5
        for summary in store.summaries("")
    )
    other.close()
