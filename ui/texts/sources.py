"""Strings of the sources of an answer, in Russian and English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SourcesTexts:
    """Of the sources of an answer; callables take counts, ranks from 1, scores in [0, 1] or dates in words."""

    region: str
    hint: str
    nearest: str
    of_answer: str
    further: Callable[[int], str]
    uncited: str
    source: Callable[[int, int], str]
    previous: str
    next: str
    back: str
    to_answer: str
    page: Callable[[int], str]
    as_of: Callable[[str], str]
    changed: str
    moved: str
    gone: str
    removed: str
    earlier: str
    later: str
    quote_begins: str
    quote_ends: str
    place: Callable[[int], str]
    rank: Callable[[int], str]
    score: Callable[[float], str]
    by_meaning: str
    by_words: str
    together: str
    answers: str
    beyond: str
    no_words: str
    unjudged: str


def _ordinal(number: int) -> str:
    suffixes = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else suffixes.get(number % 10, 'th')}"


RUSSIAN: Final = SourcesTexts(
    region="Источники",
    hint="Здесь появятся источники ответа. Нажмите на номер в тексте, например [1], "
    "и статья откроется на нужном предложении.",
    nearest="Ближайшее из найденного",
    of_answer="Источники ответа",
    further=lambda count: f"Прочитано, но не процитировано: {count}",
    uncited="Прочитано, но не процитировано",
    source=lambda number, count: f"Источник {number} из {count}",
    previous="Предыдущий источник (клавиша ←)",
    next="Следующий источник (клавиша →)",
    back="Все источники",
    to_answer="К ответу",
    page=lambda number: f"с. {number}",
    as_of=lambda date: f"по состоянию на {date}",
    changed="Документ изменился после этого ответа: показана цитата, какой она была.",
    moved="Документ изменился после этого ответа; само предложение в нём осталось.",
    gone="Документа больше нет в индексе: показана цитата, какой она была.",
    removed="Документа больше нет в индексе.",
    earlier="Показать текст выше",
    later="Показать текст ниже",
    quote_begins="начало цитаты",
    quote_ends="конец цитаты",
    place=lambda rank: f"Место в поиске: {rank}-е",
    rank=lambda rank: f"{rank}-е место",
    score=lambda score: f"{score:.2f}".replace(".", ","),
    by_meaning="по смыслу",
    by_words="по словам",
    together="вместе",
    answers="как ответ на вопрос",
    beyond="за первой сотней",
    no_words="общих слов нет",
    unjudged="не оценивалось",
)


ENGLISH: Final = SourcesTexts(
    region="Sources",
    hint="The sources of an answer appear here. Click a number in the text, such as [1], "
    "to open the article at that very sentence.",
    nearest="The nearest passages",
    of_answer="Sources of the answer",
    further=lambda count: f"Read, but not cited: {count}",
    uncited="Read, but not cited",
    source=lambda number, count: f"Source {number} of {count}",
    previous="Previous source (← key)",
    next="Next source (→ key)",
    back="All sources",
    to_answer="To the answer",
    page=lambda number: f"p. {number}",
    as_of=lambda date: f"as of {date}",
    changed="The document has changed since this answer: the quote is shown as it was.",
    moved="The document has changed since this answer; the sentence itself is still there.",
    gone="The document is no longer in the index: the quote is shown as it was.",
    removed="The document is no longer in the index.",
    earlier="Show more above",
    later="Show more below",
    quote_begins="quote begins",
    quote_ends="quote ends",
    place=lambda rank: f"Place in the search: {_ordinal(rank)}",
    rank=lambda rank: f"{_ordinal(rank)} place",
    score=lambda score: f"{score:.2f}",
    by_meaning="by meaning",
    by_words="by words",
    together="together",
    answers="as an answer to the question",
    beyond="beyond the first hundred",
    no_words="no words in common",
    unjudged="not judged",
)
