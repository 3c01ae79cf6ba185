"""What one browser tab shows; kept by Gradio per session, so tabs don't mix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from istok.index.types import Language
from istok.rag.types import Answer
from istok.ui.conversation import Conversation
from istok.ui.texts import TEXTS, Texts

NOBODY: Final = ":"
"""Who owns a tab until the page is told who opened it: no name has a colon, so nothing is this one's."""


@dataclass(slots=True)
class Tab:
    """`owner` is the name the person logged in with, "" where nobody has to. `opened` is a citation: the exchange's
    index and the citation's number; `reading` a document that was opened by itself; `selected` the exchange whose
    sources are shown, None for the last. `scope` are the documents that questions are put to, None for all."""

    language: Language = "en"
    owner: str = NOBODY
    conversation: Conversation = field(default_factory=Conversation)
    selected: int | None = None
    opened: tuple[int, int] | None = None
    reading: str | None = None
    scope: frozenset[str] | None = None

    @property
    def texts(self) -> Texts:
        """The strings of the page's present language."""
        return TEXTS[self.language]

    @property
    def shown(self) -> tuple[int, Answer | None]:
        """The exchange whose sources are shown, and its answer."""
        exchanges = self.conversation.exchanges
        index = len(exchanges) - 1 if self.selected is None else self.selected
        return index, self.conversation.answer(index)

    def show(self, conversation: Conversation) -> None:
        """Turn to another conversation."""
        self.conversation, self.selected, self.opened, self.reading = conversation, None, None, None
