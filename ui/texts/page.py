"""Strings of the page around its panes, in Russian and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PageTexts:
    """Of the page around its panes."""

    title: str
    sources: str
    drawers: str


RUSSIAN: Final = PageTexts(
    title="Исток",
    sources="Источники",
    drawers="Разговоры, документы и настройки",
)


ENGLISH: Final = PageTexts(
    title="Istok",
    sources="Sources",
    drawers="Conversations, documents and settings",
)
