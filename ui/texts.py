"""Every string of the page, in Russian and English."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from istok.index.types import Language

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
    """The strings of one language; the callables take counts, names or messages."""

    language: Language
    title: str
    tagline: str
    switch: str
    ask: str
    question: str
    send: str
    stop: str
    new: str
    invitation: str
    empty_index: str
    quote_reader: str
    verbatim: str
    seconds: Callable[[float], str]
    thinking: str
    searched: Callable[[str], str]
    doubt: Callable[[str, str], str]
    failed: Callable[[str], str]
    crashed: str
    sources: str
    documents: Callable[[int], str]
    sources_hint: str
    abstained_sources: str
    sources_of_answer: str
    source: Callable[[int, int], str]
    previous: str
    next: str
    page: Callable[[int], str]
    undated: str
    changed: str
    gone: str
    cut: str
    upload: str
    upload_hint: str
    waiting: str
    indexing: str
    indexed: str
    encoding: Callable[[int], str]
    unchanged: str
    refused: Callable[[str], str]
    no_documents: str
    languages: Mapping[Language, str]


RUSSIAN: Final = Texts(
    language="ru",
    title="Исток",
    tagline="Ответы по вашим документам: у каждого предложения есть источник, и его можно проверить одним нажатием. "
    "Всё происходит на этом компьютере, ничего не уходит в сеть.",
    switch="Язык страницы",
    ask="Задайте вопрос по документам…",
    question="Вопрос",
    send="Спросить",
    stop="Стоп",
    new="Новый разговор",
    invitation="О чём рассказать?",
    empty_index="Пока искать не в чем: добавьте файлы во вкладке «Документы» "
    "или выполните <code>istok index ПАПКА</code>.",
    quote_reader="Ответы — дословные цитаты. Чтобы получать связный текст, подключите модель GGUF: "
    "<code>istok models use ПУТЬ</code>",
    verbatim="дословные цитаты",
    seconds=lambda seconds: f"{seconds:.2f} с".replace(".", ","),
    thinking="Ищу в документах…",
    searched=lambda question: f"Искали: {question}",
    doubt=lambda claim, issues: f"Не подтверждено источником: «{claim}» ({issues})",
    failed=lambda message: f"Не получилось ответить: {message}",
    crashed="внутренняя ошибка; подробности в терминале, где запущен Исток",
    sources="Источники",
    documents=lambda count: f"Документы ({count})",
    sources_hint="Здесь появятся источники ответа. Нажмите на номер в тексте, например [1], "
    "и статья откроется на нужном предложении.",
    abstained_sources="Ближайшее, что нашлось",
    sources_of_answer="Источники ответа",
    source=lambda number, count: f"Источник {number} из {count}",
    previous="Предыдущий источник",
    next="Следующий источник",
    page=lambda number: f"с. {number}",
    undated="без даты",
    changed="Документ изменился после этого ответа: показана цитата, какой она была.",
    gone="Документа больше нет в индексе: показана цитата, какой она была.",
    cut="Документ велик: показан текст вокруг цитаты.",
    upload="Добавить файлы",
    upload_hint="TXT, MD, HTML, PDF, DOCX. Файлы копируются в папку Истока на этом компьютере.",
    waiting="в очереди",
    indexing="читаю и индексирую…",
    indexed="добавлен",
    encoding=lambda left: f"добавлен, уже находится по словам; осталось прочесть по смыслу: {left}",
    unchanged="уже в индексе",
    refused=lambda reason: f"не добавлен: {reason}",
    no_documents="В индексе пока нет документов.",
    languages={"ru": "русский", "en": "английский"},
)

ENGLISH: Final = Texts(
    language="en",
    title="Istok",
    tagline="Answers from your own documents: every sentence names its source, and one click checks it. "
    "Everything happens on this computer; nothing leaves it.",
    switch="Language of the page",
    ask="Ask your documents…",
    question="Question",
    send="Ask",
    stop="Stop",
    new="New conversation",
    invitation="What would you like to know?",
    empty_index="There is nothing to search yet: add files under “Documents” or run <code>istok index FOLDER</code>.",
    quote_reader="Answers are verbatim quotes. For connected prose, plug in a GGUF model: "
    "<code>istok models use PATH</code>",
    verbatim="verbatim quotes",
    seconds=lambda seconds: f"{seconds:.2f} s",
    thinking="Searching the documents…",
    searched=lambda question: f"Searched for: {question}",
    doubt=lambda claim, issues: f"Not supported by its source: “{claim}” ({issues})",
    failed=lambda message: f"No answer: {message}",
    crashed="an internal error; its details are in the terminal where Istok runs",
    sources="Sources",
    documents=lambda count: f"Documents ({count})",
    sources_hint="The sources of an answer appear here. Click a number in the text, such as [1], "
    "to open the article at that very sentence.",
    abstained_sources="The nearest passages",
    sources_of_answer="Sources of the answer",
    source=lambda number, count: f"Source {number} of {count}",
    previous="Previous source",
    next="Next source",
    page=lambda number: f"p. {number}",
    undated="no date",
    changed="The document has changed since this answer: the quote is shown as it was.",
    gone="The document is no longer in the index: the quote is shown as it was.",
    cut="A large document: the text around the quote is shown.",
    upload="Add files",
    upload_hint="TXT, MD, HTML, PDF, DOCX. Files are copied into Istok's folder on this computer.",
    waiting="waiting",
    indexing="reading and indexing…",
    indexed="added",
    encoding=lambda left: f"added, found by its words already; passages left to read for their meaning: {left}",
    unchanged="already indexed",
    refused=lambda reason: f"not added: {reason}",
    no_documents="No documents are indexed yet.",
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
