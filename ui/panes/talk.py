"""The middle: questions, and answers as they come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from istok.index.errors import IstokError
from istok.ui.html.invitation import Holdings, invitation_html
from istok.ui.html.marks import COMMENT_LENGTH, exchange_html, outcome, question_html
from istok.ui.panes import QUIET
from istok.ui.tab import Tab
from istok.ui.texts import ENGLISH

if TYPE_CHECKING:
    from gradio.components.chatbot import Message, MessageDict

    from istok.ui.conversation import Exchange
    from istok.ui.conversations.store import Vote
    from istok.ui.desk import Desk
    from istok.ui.page import Page

QUESTION_LENGTH: Final = 4_000  # characters
_PAUSE: Final = 0.15
"""Seconds between two states of an answer in the making: each makes the browser look at every message again."""
_VOTES: Final[dict[str, Vote]] = {"up": "up", "down": "down"}


class TalkPane:
    """The chat, a line above the box that says what stands in the way of a question, and the box.

    The buttons under an answer are our own: those of the chatbot would copy HTML instead of text with its sources, know
    no comment to a vote, and speak the browser's language rather than the page's.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._held: tuple[int, Holdings] | None = None
        self.chat = gr.Chatbot(
            elem_id="chat",
            show_label=False,
            container=False,
            layout="panel",
            height=None,
            buttons=[],
            feedback_options=None,
            latex_delimiters=[],
            allow_tags=False,
        )
        self.bar = gr.HTML(
            "",
            elem_id="bar",
            apply_default_css=False,
            js_on_load=(Path(__file__).parent / "talk.js").read_text("utf-8"),
        )
        self.question = gr.Textbox(
            placeholder=ENGLISH.talk.ask,
            label=ENGLISH.talk.question,
            show_label=False,
            container=False,
            lines=1,
            max_lines=6,
            submit_btn=ENGLISH.talk.send,
            elem_id="question",
        )
        self.components = [self.chat, self.bar, self.question]

    def show(self, tab: Tab) -> list[Any]:
        """The conversation, and the box ready for the next question; what is typed there stays."""
        talk = tab.texts.talk
        return [
            gr.Chatbot(value=_messages(tab), **self._invitation(tab)),
            self.bar_html(tab),
            gr.Textbox(placeholder=talk.ask, label=talk.question, **_buttons(tab)),
        ]

    def listen(self, page: Page) -> None:
        """Asking and asking again, stopping, choosing an answer and saying what one thinks of it."""
        # A tab may turn to another conversation and ask there while the listener of the first is still waiting.
        answering: Any = {
            "outputs": page.outputs(self, page.sources, page.conversations),
            "trigger_mode": "multiple",
            "concurrency_limit": None,
            **QUIET,
        }
        quick: Any = {"queue": False, "trigger_mode": "multiple", **QUIET}

        def ask(question: str, tab: Tab) -> Iterator[list[Any]]:
            if question := question.strip():
                yield from self._put(tab, page, question, value="")

        def example(tab: Tab, event: gr.EventData) -> Iterator[list[Any]]:
            if question := str(event.value).strip():
                yield from self._put(tab, page, question)

        def again(tab: Tab, event: gr.EventData) -> Iterator[list[Any]]:
            """In place of the last answer; of no other, for those after it have heard it."""
            exchange = _exchange(tab, event.value)
            if exchange is None or exchange is not tab.conversation.exchanges[-1] or not exchange.done:
                return
            yield from self._put(tab, page)

        def follow(tab: Tab) -> Iterator[list[Any]]:
            if tab.conversation.exchanges:
                yield from self._follow(tab, page)

        def choose(tab: Tab, event: gr.EventData) -> list[Any]:
            index = int(event.value)
            if index == tab.shown[0] or tab.conversation.answer(index) is None:
                return page.still(page.sources)
            tab.selected, tab.opened, tab.reading = index, None, None
            return page.show(tab, page.sources)

        def vote(tab: Tab, event: gr.EventData) -> Any:
            id_, _, name = str(event.value).partition("-")
            if (exchange := _exchange(tab, id_)) and (chosen := _VOTES.get(name)):
                # Pressed once more, it is withdrawn, and the comment with it.
                withdrawn = exchange.vote == chosen
                self._rate(tab, exchange, None if withdrawn else chosen, "" if withdrawn else exchange.comment)
            return _messages(tab)

        def comment(tab: Tab, event: gr.EventData) -> Any:
            if (exchange := _exchange(tab, event.value)) and exchange.vote:
                self._rate(tab, exchange, exchange.vote, str(event.comment).strip()[:COMMENT_LENGTH])
            return _messages(tab)

        def everywhere(tab: Tab) -> list[Any]:
            tab.scope = None
            return [self.bar_html(tab), *page.show(tab, page.documents)]

        self.question.submit(ask, [self.question, page.tab], **answering)
        self.question.stop(_stop, page.tab, None, **quick)
        self.bar.example(example, page.tab, **answering)
        self.bar.again(again, page.tab, **answering)
        self.bar.follow(follow, page.tab, **answering)
        self.bar.halt(_stop, page.tab, None, **quick)
        self.bar.choose(choose, page.tab, page.outputs(page.sources), **quick)
        self.bar.vote(vote, page.tab, self.chat, **quick)
        self.bar.comment(comment, page.tab, self.chat, **quick)
        self.bar.everywhere(everywhere, page.tab, [self.bar, *page.outputs(page.documents)], **quick)

    def bar_html(self, tab: Tab, warning: str = "", *, followed: bool = False) -> str:
        """What stands in the way of a question, and beside it what the script must know.

        The script asks for an answer in the making to be followed where it isn't `followed` yet: after a reload, or in
        a conversation that was turned back to.
        """
        talk, conversation = tab.texts.talk, tab.conversation
        told = {
            "conversation": conversation.id,
            "answering": conversation.exchanges[-1].id if conversation.busy else 0,
            "followed": followed,
            "shown": tab.shown[0],
            "log": talk.conversation,
            "waiting": talk.thinking,
            "outcome": outcome(conversation.exchanges[-1], tab.texts) if conversation.exchanges else "",
            "copied": talk.copied,
            "refused": talk.not_copied,
        }
        lines = ""
        if tab.scope is not None:
            chosen, count = len(tab.scope), self._desk.index.counts()[0]
            scope = talk.scope(chosen, count) if chosen else tab.texts.documents.searched_none
            lines += (
                f'<p class="scope"><span>{escape(scope)}</span> '
                f'<button type="button" class="act" name="everywhere">{escape(talk.everywhere)}</button></p>'
            )
        if warning:
            lines += f'<p class="warning" role="alert">{escape(warning)}</p>'
        state = escape(json.dumps(told, ensure_ascii=False))
        return f'<div lang="{tab.texts.language}" data-told="{state}">{lines}</div>'

    def _put(self, tab: Tab, page: Page, question: str = "", **box: Any) -> Iterator[list[Any]]:
        """A question, or the last one again, and its answer; `box` is what changes of what was typed. Where it can't be
        put now, that is said, and what was typed stays."""
        warning = _refusal(question, tab)
        if not warning:
            try:
                if question:
                    self._desk.ask(tab.conversation, question, tab.texts, owner=tab.owner, scope=tab.scope)
                else:
                    self._desk.again(tab.conversation, tab.texts, owner=tab.owner, scope=tab.scope)
            except IstokError as error:
                warning = tab.texts.talk.failed(tab.texts.told(error))
        if warning:
            rest = page.still(page.sources, page.conversations)
            yield [gr.skip(), self.bar_html(tab, warning), gr.skip(), *rest]
            return
        tab.selected = tab.opened = tab.reading = None
        begun = [_messages(tab), self.bar_html(tab, followed=True), gr.Textbox(**box, **_buttons(tab))]
        yield [*begun, *page.still(page.sources), *page.show(tab, page.conversations)]
        yield from self._follow(tab, page)

    def _follow(self, tab: Tab, page: Page) -> Iterator[list[Any]]:
        """The answer as it comes, for as long as the tab shows its conversation."""
        conversation = tab.conversation
        exchange = conversation.exchanges[-1]
        for _ in exchange.follow(_PAUSE):
            if tab.conversation is not conversation:
                return
            if not exchange.done:
                yield [_messages(tab), gr.skip(), gr.skip(), *page.still(page.sources, page.conversations)]
        yield page.show(tab, self, page.sources, page.conversations)

    def _rate(self, tab: Tab, exchange: Exchange, vote: Vote | None, comment: str) -> None:
        self._desk.store.rate(exchange.id, vote, comment, tab.owner)
        exchange.vote, exchange.comment = vote, comment

    def _invitation(self, tab: Tab) -> dict[str, Any]:
        """What an empty chat shows; what is indexed is looked up when that has changed."""
        if tab.conversation.exchanges:
            return {}
        index = self._desk.index
        if self._held is None or self._held[0] != index.generation:
            self._held = index.generation, Holdings.of(index)
        return {"placeholder": invitation_html(self._held[1], self._desk.assistant.reader, tab.texts)}


def _messages(tab: Tab) -> list[MessageDict | Message]:
    messages: list[MessageDict | Message] = []
    exchanges = tab.conversation.exchanges
    for index, exchange in enumerate(exchanges):
        last = index == len(exchanges) - 1
        messages.append({"role": "user", "content": question_html(exchange.question)})
        messages.append({"role": "assistant", "content": exchange_html(exchange, index, tab.texts, last=last)})
    return messages


def _buttons(tab: Tab) -> dict[str, Any]:
    """The question's buttons: ask, or stop while an answer is in the making."""
    texts, busy = tab.texts, tab.conversation.busy
    return {"submit_btn": False if busy else texts.talk.send, "stop_btn": texts.talk.stop if busy else False}


def _refusal(question: str, tab: Tab) -> str:
    """Why a question can't be asked now, in a line; it stays in the box."""
    if tab.conversation.busy:
        return tab.texts.talk.busy
    if len(question) > QUESTION_LENGTH:
        return tab.texts.talk.too_long(len(question), QUESTION_LENGTH)
    if tab.scope is not None and not tab.scope:
        return tab.texts.documents.searched_none
    return ""


def _exchange(tab: Tab, id_: object) -> Exchange | None:
    """The exchange of that id, if the tab's conversation has it: a browser may say anything."""
    return next((exchange for exchange in tab.conversation.exchanges if str(exchange.id) == str(id_)), None)


def _stop(tab: Tab) -> None:
    tab.conversation.stop()
