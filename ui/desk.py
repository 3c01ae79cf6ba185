"""The desk: what all tabs share - the assistant, the conversations, the answers in the making."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from dataclasses import replace
from threading import RLock, Thread
from typing import Final
from weakref import WeakValueDictionary

from istok.index.errors import IndexStateError, IstokError
from istok.index.types import Document
from istok.rag.assistant import Assistant
from istok.ui.conversation import Conversation, Exchange
from istok.ui.conversations.store import ConversationStore, storable
from istok.ui.downloads import Downloads
from istok.ui.errors import PageKind
from istok.ui.texts import Texts

_LOG: Final = logging.getLogger(__name__)
_TITLE_LENGTH: Final = 80  # characters


class Desk:
    """Answers go on here when the tab that asked looks elsewhere or is closed, and are kept when they have ended."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.index = assistant.index
        self.home = assistant.index.home
        self.store = ConversationStore(self.home.conversations)
        self.downloads = Downloads(self.home.models)
        self.keeper = ""
        """The one person who may change what is everybody's: which reader, which server, which models. Tabs whose owner
        has no name have that say only where nobody has a name."""
        self._open: WeakValueDictionary[int, Conversation] = WeakValueDictionary()
        self._answering: dict[int, tuple[Conversation, Thread]] = {}
        self._lock = RLock()

    def open(self, id_: int, owner: str) -> Conversation:
        """The conversation of that id, the same object in every tab. Raises UnknownConversationError."""
        with self._lock:
            title = self.store.title(id_, owner)
            if (conversation := self._open.get(id_)) is None:
                exchanges = [Exchange.of(record) for record in self.store.records(id_, owner)]
                conversation = self._open[id_] = Conversation(id_, title, exchanges)
            return conversation

    def ask(
        self, conversation: Conversation, question: str, texts: Texts, *, owner: str, scope: Collection[str] | None
    ) -> Exchange:
        """Begin to answer; `scope` are the documents to look in, None for all. A new conversation is kept from here."""
        question = storable(question)
        with self._lock:
            if conversation.id is None:
                conversation.title = " ".join(question.split())[:_TITLE_LENGTH]
                conversation.id = self.store.begin(owner, conversation.title)
                self._open[conversation.id] = conversation
            turns = conversation.turns
            exchange = Exchange(question, self.store.ask(conversation.id, question, owner))
            conversation.exchanges.append(exchange)

        def work() -> None:
            try:
                for event in self.assistant.stream(question, turns, scope=scope, stop=exchange.stop):
                    exchange.take(event)
            except IstokError as error:
                exchange.fail(error)
            except Exception as error:
                # Whatever it was, the page must come back to the person, and its traceback go to the terminal; not the
                # question, which is nobody's business there.
                _LOG.exception("no answer to question %d", exchange.id)
                exchange.fail(IstokError(PageKind.CRASHED, error=type(error).__name__))
            finally:
                try:
                    self._keep(exchange, texts)
                finally:
                    exchange.end()
                    del self._answering[exchange.id]

        # Held here: a conversation that no tab shows must be found again while it is answered.
        thread = Thread(target=work, name="answering", daemon=True)
        self._answering[exchange.id] = conversation, thread
        thread.start()
        return exchange

    def again(self, conversation: Conversation, texts: Texts, *, owner: str, scope: Collection[str] | None) -> Exchange:
        """Ask the last question once more, in place of what came of it."""
        with self._lock:
            last = conversation.exchanges.pop()
            try:
                exchange = self.ask(conversation, last.question, texts, owner=owner, scope=scope)
            except IstokError:
                conversation.exchanges.append(last)
                raise
            # Only now: on a full disk the answer that there is must stay.
            self.store.forget(last.id, owner)
            return exchange

    def _keep(self, exchange: Exchange, texts: Texts) -> None:
        try:
            if exchange.answer:
                self.store.answer(exchange.id, exchange.answer)
            elif exchange.failure:
                self.store.fail(exchange.id, exchange.failure)
        except IstokError as error:
            if exchange.answer:
                # It can be read and copied, but will not be here tomorrow.
                exchange.answer = replace(exchange.answer, notes=(*exchange.answer.notes, texts.told(error)))

    def close(self, seconds: float) -> None:
        """End the answers in the making, and keep what there is of them; that may take up to `seconds`."""
        answering = [*self._answering.values()]
        for conversation, _ in answering:
            conversation.stop()
        until = time.monotonic() + seconds
        for _, thread in answering:
            thread.join(max(0.0, until - time.monotonic()))

    def document(self, document_id: str) -> Document | None:
        """A stored document, None when it is no longer there."""
        try:
            return self.index.document(document_id)
        except IndexStateError:
            return None
