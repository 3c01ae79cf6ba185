"""Every string of the page, in Russian and English, by the part of the page that shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from istok.index.errors import IstokError
from istok.index.types import Language
from istok.ui.texts import conversations, documents, errors, page, settings, sources, talk

EXAMPLES: Final = (
    "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?",
    "Кто сейчас премьер-министр Беларуси?",
    "До какой суммы вырос товарооборот за девять месяцев?",
    "What will Amkodor and Kazakh companies produce?",
    "Who is Anton Alikhanov?",
    "What is PLANETA SERVIS going to do in 2024?",
)
"""Questions that the seed articles answer."""

_MONTHS: Final[Mapping[Language, tuple[str, ...]]] = {
    "ru": tuple("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split()),
    "en": tuple("January February March April May June July August September October November December".split()),
}
_OF_MONTH: Final = tuple("января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split())


@dataclass(frozen=True, slots=True)
class Texts:
    """The strings of one language."""

    language: Language
    page: page.PageTexts
    conversations: conversations.ConversationsTexts
    documents: documents.DocumentsTexts
    settings: settings.SettingsTexts
    talk: talk.TalkTexts
    sources: sources.SourcesTexts
    told: Callable[[IstokError], str]
    undated: str
    languages: Mapping[Language, str]


RUSSIAN: Final = Texts(
    language="ru",
    page=page.RUSSIAN,
    conversations=conversations.RUSSIAN,
    documents=documents.RUSSIAN,
    settings=settings.RUSSIAN,
    talk=talk.RUSSIAN,
    sources=sources.RUSSIAN,
    told=errors.told,
    undated="без даты",
    languages={"ru": "русский", "en": "английский"},
)

ENGLISH: Final = Texts(
    language="en",
    page=page.ENGLISH,
    conversations=conversations.ENGLISH,
    documents=documents.ENGLISH,
    settings=settings.ENGLISH,
    talk=talk.ENGLISH,
    sources=sources.ENGLISH,
    told=str,
    undated="no date",
    languages={"ru": "Russian", "en": "English"},
)

TEXTS: Final[Mapping[Language, Texts]] = {"ru": RUSSIAN, "en": ENGLISH}


def preferred(accept_language: str) -> Language:
    """Russian or English, whichever an Accept-Language header names first; English when it names neither."""
    for tag in re.findall(r"[a-z]{2,3}", accept_language.lower()):
        if tag == "ru":
            return "ru"
        if tag == "en":
            return "en"
    return "en"


def date_text(date: str | None, texts: Texts) -> str:
    """An ISO date ("2024", "2024-02", "2024-02-07") in words."""
    match (date or "").split("-"):
        case [year, month, day] if texts.language == "ru":
            return f"{int(day)} {_OF_MONTH[int(month) - 1]} {year} г."
        case [year, month, day]:
            return f"{_MONTHS['en'][int(month) - 1]} {int(day)}, {year}"
        case [year, month]:
            return f"{_MONTHS[texts.language][int(month) - 1]} {year}" + (" г." if texts.language == "ru" else "")
        case [year] if year:
            return f"{year} г." if texts.language == "ru" else year
        case _:
            return texts.undated
