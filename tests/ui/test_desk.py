"""The desk: nothing that was answered is lost, and nothing that was asked is told to the terminal."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from threading import Event

import pytest

from istok.index.home import Home
from istok.index.types import Language
from istok.rag.assistant import Assistant
from istok.rag.errors import ReaderError, ReaderKind
from istok.rag.readers import Reader, ReaderEvent
from istok.rag.types import Claim, Evidence, Reading, Turn
from istok.ui.conversation import Conversation, Exchange
from istok.ui.conversations.store import ConversationsError
from istok.ui.desk import Desk
from istok.ui.errors import PageKind
from istok.ui.html.marks import exchange_html
from istok.ui.texts import ENGLISH, RUSSIAN

QUESTION = "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?"


class Endless:
    """Says one thing, and goes on until it is stopped; or breaks."""

    name = "endless"

    def __init__(self, broken: Exception | None = None) -> None:
        self.said = Event()
        self._broken = broken

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        if self._broken:
            raise self._broken
        claim = Claim(evidence.sentences[0].text, (1,))
        yield claim
        self.said.set()
        stop.wait(20)
        yield Reading((claim,), used=1, stopped=True)


def desk(home: Home, reader: Reader | None = None) -> Desk:
    assistant = Assistant.open(home, reader="quote")
    return Desk(Assistant(assistant.index, reader) if reader else assistant)


def ended(desk: Desk, conversation: Conversation, question: str = QUESTION) -> Exchange:
    exchange = desk.ask(conversation, question, ENGLISH, owner="", scope=None)
    for _ in exchange.follow(0.05):
        pass
    return exchange


def full(*_: object) -> None:
    raise ConversationsError("the disk is full: make room")


def test_when_the_server_ends_what_there_is_of_an_answer_is_kept(home: Home):
    reader = Endless()
    asked = desk(home, reader)
    conversation = Conversation()
    exchange = asked.ask(conversation, QUESTION, ENGLISH, owner="", scope=None)
    assert reader.said.wait(20)
    asked.close(20)
    assert conversation.id is not None
    *_, record = asked.store.records(conversation.id, "")
    assert record.id == exchange.id
    assert record.answer
    assert record.answer.status == "answered"


def test_an_answer_that_can_not_be_kept_says_so(home: Home, monkeypatch: pytest.MonkeyPatch):
    asked = desk(home)
    monkeypatch.setattr(asked.store, "answer", full)
    exchange = ended(asked, Conversation())
    assert exchange.answer
    assert exchange.answer.notes[-1] == "the disk is full: make room"


def test_an_answer_stays_when_it_can_not_be_asked_for_again(home: Home, monkeypatch: pytest.MonkeyPatch):
    asked = desk(home)
    conversation = Conversation()
    exchange = ended(asked, conversation)
    with monkeypatch.context() as patch:
        patch.setattr(asked.store, "ask", full)
        with pytest.raises(ConversationsError):
            asked.again(conversation, ENGLISH, owner="", scope=None)
    assert conversation.exchanges == [exchange]
    assert conversation.id is not None
    assert [record.id for record in asked.store.records(conversation.id, "")] == [exchange.id]


def test_an_answer_that_was_asked_for_again_takes_the_place_of_the_former(home: Home):
    asked = desk(home)
    conversation = Conversation()
    former = ended(asked, conversation)
    exchange = asked.again(conversation, ENGLISH, owner="", scope=None)
    for _ in exchange.follow(0.05):
        pass
    assert conversation.id is not None
    assert [record.id for record in asked.store.records(conversation.id, "")] == [exchange.id] != [former.id]


def test_a_question_is_not_told_to_the_terminal_when_its_answer_breaks(home: Home, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR):
        exchange = ended(desk(home, Endless(RuntimeError("broken inside"))), Conversation())
    assert exchange.failure
    assert exchange.failure.line == PageKind.CRASHED
    assert "broken inside" in caplog.text
    assert QUESTION not in caplog.text


def test_a_reader_that_fails_is_told_in_the_language_of_the_page_then_and_on_another_day(home: Home):
    asked, conversation = desk(home, Endless(silent())), Conversation()
    exchange = ended(asked, conversation)
    assert conversation.id is not None
    [record] = desk(home).store.records(conversation.id, "")
    for told in (exchange, Exchange.of(record)):
        russian = exchange_html(told, 0, RUSSIAN, last=True)
        assert "Ответить не получилось: http://bear/v1 не отвечает (refused); запустите сервер" in russian
        assert "does not answer" not in russian
        assert "No answer: http://bear/v1 does not answer (refused): start" in exchange_html(
            told, 0, ENGLISH, last=True
        )


def silent() -> ReaderError:
    return ReaderError(ReaderKind.SILENT, url="http://bear/v1", problem="refused")


def test_a_failure_that_is_kept_holds_on_to_nothing_that_led_to_it(home: Home):
    failure = ended(desk(home, Endless(silent())), Conversation()).failure
    assert failure
    assert (failure.__traceback__, failure.__cause__, failure.__context__) == (None, None, None)


def test_half_of_a_surrogate_pair_in_a_question_does_no_harm(home: Home):
    exchange = ended(desk(home), Conversation(), QUESTION + "\ud800")
    assert exchange.failure is None
    assert exchange.question == QUESTION + "?"
