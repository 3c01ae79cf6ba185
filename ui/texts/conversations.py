"""Strings of the list of conversations, in Russian and English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ConversationsTexts:
    """Of the list of conversations; callables take a title, a count or a moment in words."""

    tab: str
    new: str
    untitled: str
    # The list
    search: str
    empty: str
    nothing: str
    found: str
    older: Callable[[int], str]
    today: str
    yesterday: str
    answering: str
    # What can be done with one
    rename: Callable[[str], str]
    delete: Callable[[str], str]
    export: Callable[[str], str]
    sure: str
    yes: str
    no: str
    gone: str
    # The exported document
    held: Callable[[str], str]


RUSSIAN: Final = ConversationsTexts(
    tab="Разговоры",
    new="Новый разговор",
    untitled="Без названия",
    search="Найти в разговорах",
    empty="Здесь будут ваши разговоры. Они хранятся на этом компьютере.",
    nothing="Ничего не нашлось: попробуйте другие слова.",
    found="Найдено",
    older=lambda count: f"Более ранние не показаны ({count}): их найдёт поиск.",
    today="Сегодня",
    yesterday="Вчера",
    answering="отвечает…",
    rename=lambda title: f"Переименовать «{title}»",
    delete=lambda title: f"Удалить «{title}»",
    export=lambda title: f"Сохранить в файл Markdown: «{title}»",
    sure="Удалить?",
    yes="Удалить",
    no="Оставить",
    gone="Этого разговора больше нет: его удалили.",
    held=lambda moment: f"Разговор с Истоком, {moment}",
)


ENGLISH: Final = ConversationsTexts(
    tab="Conversations",
    new="New conversation",
    untitled="Untitled",
    search="Search conversations",
    empty="Your conversations will be here. They stay on this computer.",
    nothing="Nothing found: try other words.",
    found="Found",
    older=lambda count: f"Earlier ones are not shown ({count}): search finds them.",
    today="Today",
    yesterday="Yesterday",
    answering="answering…",
    rename=lambda title: f"Rename “{title}”",
    delete=lambda title: f"Delete “{title}”",
    export=lambda title: f"Save as a Markdown file: “{title}”",
    sure="Delete it?",
    yes="Delete",
    no="Keep",
    gone="This conversation is no longer there: it was deleted.",
    held=lambda moment: f"A conversation with Istok, {moment}",
)
