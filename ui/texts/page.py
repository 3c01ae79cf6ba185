"""Strings of the page around its panes, in Russian and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PageTexts:
    """Of the page around its panes; callables take counts, names or messages."""

    title: str
    tagline: str
    sources: str
    drawers: str


RUSSIAN: Final = PageTexts(
    title="Исток",
    tagline="Ответы по вашим документам: у каждого предложения есть источник, и его можно проверить одним нажатием. "
    "Всё происходит на этом компьютере, ничего не уходит в сеть.",
    sources="Источники",
    drawers="Разговоры, документы и настройки",
)


ENGLISH: Final = PageTexts(
    title="Istok",
    tagline="Answers from your own documents: every sentence names its source, and one click checks it. "
    "Everything happens on this computer; nothing leaves it.",
    sources="Sources",
    drawers="Conversations, documents and settings",
)
