"""A conversation while it is open: shared by all tabs that show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Condition, Event

from istok.index.errors import IstokError
from istok.rag.assistant import AnswerEvent
from istok.rag.readers import Waiting
from istok.rag.types import Answer, Claim, Turn
from istok.ui.conversations.store import Record, Vote


@dataclass(slots=True)
class Exchange:
    """A question and as much of its answer as there is; `failure` says why there is none. `ahead` are the answers that
    the reader gives before this one.

    `stop` is set when the answer is to end, `done` when it has.
    """

    question: str
    id: int = 0
    claims: list[Claim] = field(default_factory=list)
    provisional: str = ""
    ahead: int = 0
    answer: Answer | None = None
    failure: IstokError | None = None
    vote: Vote | None = None
    comment: str = ""
    done: bool = False
    stop: Event = field(default_factory=Event)
    _changed: Condition = field(default_factory=Condition)
    _version: int = 0

    @classmethod
    def of(cls, record: Record) -> Exchange:
        """One that has ended."""
        return cls(
            record.question, record.id, answer=record.answer, failure=record.failure, vote=record.vote,
            comment=record.comment, done=True,
        )  # fmt: skip

    def take(self, event: AnswerEvent) -> None:
        """Add what the assistant has just said."""
        with self._changed:
            match event:
                case Waiting():
                    self.ahead = event.ahead
                case str():
                    self.provisional += event
                case Claim():
                    self.claims.append(event)
                    self.provisional = ""
                case Answer():
                    self.answer = event
            self._tell()

    def fail(self, failure: IstokError) -> None:
        """There will be no answer."""
        with self._changed:
            self.failure = failure.bare()
            self._tell()

    def end(self) -> None:
        """Nothing will be added."""
        with self._changed:
            self.done = True
            self._tell()

    def follow(self, pause: float) -> Iterator[None]:
        """Wakes whenever there is more than before, but not more often than every `pause` seconds; the last time when
        the answer has ended."""
        seen, done = -1, False
        while not done:
            with self._changed:
                while self._version == seen:
                    self._changed.wait()
                seen, done = self._version, self.done
            yield
            with self._changed:
                self._changed.wait_for(lambda: self.done, pause)

    def _tell(self) -> None:
        self._version += 1
        self._changed.notify_all()


@dataclass(slots=True, weakref_slot=True)
class Conversation:
    """What was asked and heard. `id` is None until the first question, when it is stored."""

    id: int | None = None
    title: str = ""
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def turns(self) -> list[Turn]:
        """The answered exchanges, as the assistant wants them."""
        return [Turn(exchange.question, exchange.answer.text) for exchange in self.exchanges if exchange.answer]

    @property
    def busy(self) -> bool:
        """Whether an answer is in the making."""
        return bool(self.exchanges) and not self.exchanges[-1].done

    def stop(self) -> None:
        """Ask the answer in the making to end."""
        for exchange in self.exchanges:
            exchange.stop.set()

    def answer(self, index: int) -> Answer | None:
        """The answer of the exchange `index`, if there is one."""
        return self.exchanges[index].answer if 0 <= index < len(self.exchanges) else None
