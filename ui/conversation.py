"""The conversation of one browser tab."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from istok.index.types import Language
from istok.rag.types import Answer, Claim, Turn
from istok.ui.marks import answer_html, draft_html, failure_html, question_html
from istok.ui.texts import TEXTS, Texts

if TYPE_CHECKING:
    from gradio.components.chatbot import Message, MessageDict


@dataclass(slots=True)
class Exchange:
    """A question and as much of its answer as there is; `failure` says why there is none.

    `stop` is set when the answer has ended or is to end.
    """

    question: str
    stop: Event = field(default_factory=Event)
    claims: list[Claim] = field(default_factory=list)
    provisional: str = ""
    answer: Answer | None = None
    failure: str | None = None

    def take(self, event: str | Claim | Answer) -> None:
        """Add what the assistant has just said."""
        match event:
            case str():
                self.provisional += event
            case Claim():
                self.claims.append(event)
                self.provisional = ""
            case Answer():
                self.answer = event

    def html(self, index: int, texts: Texts) -> str:
        """The answer's message."""
        if self.failure is not None:
            return failure_html(self.failure, texts)
        if self.answer is not None:
            return answer_html(self.answer, index, texts)
        return draft_html(self.claims, self.provisional, texts)


@dataclass(slots=True)
class Conversation:
    """What one tab asked and heard; kept by Gradio per session, so tabs don't mix."""

    language: Language = "en"
    exchanges: list[Exchange] = field(default_factory=list)
    opened: tuple[int, int] | None = None

    @property
    def texts(self) -> Texts:
        """The strings of the page's present language."""
        return TEXTS[self.language]

    @property
    def turns(self) -> list[Turn]:
        """The finished exchanges, as the assistant wants them."""
        return [Turn(exchange.question, exchange.answer.text) for exchange in self.exchanges if exchange.answer]

    @property
    def busy(self) -> bool:
        """Whether an answer is in the making."""
        return bool(self.exchanges) and not self.exchanges[-1].stop.is_set()

    def ask(self, question: str) -> Exchange:
        """Begin an exchange."""
        exchange = Exchange(question)
        self.exchanges.append(exchange)
        self.opened = None
        return exchange

    def stop(self) -> None:
        """Ask every unfinished answer to end."""
        for exchange in self.exchanges:
            exchange.stop.set()

    def clear(self) -> None:
        """Stop and forget."""
        self.stop()
        self.exchanges.clear()
        self.opened = None

    def answer(self, index: int) -> Answer | None:
        """The answer of the exchange `index`, if there is one."""
        return self.exchanges[index].answer if 0 <= index < len(self.exchanges) else None

    def messages(self) -> list[MessageDict | Message]:
        """All of it for Gradio's chat."""
        messages: list[MessageDict | Message] = []
        for index, exchange in enumerate(self.exchanges):
            messages.append({"role": "user", "content": question_html(exchange.question)})
            messages.append({"role": "assistant", "content": exchange.html(index, self.texts)})
        return messages
