"""What a document says as a whole: asked so, its own beginning answers.

Nothing in such a question tells one sentence of the document from another. Its first sentences are what extractive
summaries of news are measured against, and few beat them (See et al., 2017, arXiv:1704.04368).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from istok.index.article import headline
from istok.index.terms import tokens
from istok.index.types import Document, Passage
from istok.rag.types import Evidence, Sentence

LEAD = 3
"""Sentences that tell what a document says."""

_TELLS = frozenset(
    "сказано говорится говорит сообщается сообщает написано пишут пишет пишется рассказано рассказывается рассказывает "
    "речь чём чем содержание содержится перескажи перескажите кратко "
    "say says said tell tells about contain contains contents summary summarize summarise".split()
)
_AROUND = frozenset(
    "что о об в во на из а и идёт идет там эта этот этой этом "
    "статья статье статьи статью документ документе документа текст тексте текста файл файле файла заметка заметке "
    "заметки заметку новость новости материал материале материала публикация публикации публикацию "
    "what does do is are was the a an in of me us it this article document text file note news story paper "
    "report".split()
)
_OPENING, _CLOSING = "«„“\"'‘", "»”“\"'’"
_LONG = 3  # words of a title that is known without quotation marks


def asked_about(question: str, documents: Iterable[Document]) -> Document | None:
    """The first of the documents that a question names, by its title or file name, if it asks no more than what is
    said there."""
    text = " ".join(question.split())
    for document in documents:
        for name in (" ".join(document.title.split()), PurePosixPath(document.id).name):
            named = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) if name else None
            if named and _is_set_off(name, text[: named.start()], text[named.end() :]):
                rest = {word.lower() for word, _ in tokens(text[: named.start()] + " " + text[named.end() :])}
                if rest & _TELLS and rest <= _TELLS | _AROUND:
                    return document
    return None


def _is_set_off(name: str, before: str, after: str) -> bool:
    """Whether a name can't be taken for the question's own words."""
    is_quoted = before.endswith(tuple(_OPENING)) and after.startswith(tuple(_CLOSING))
    return is_quoted or len(name.split()) >= _LONG or bool(PurePosixPath(name).suffix)


def beginning(document: Document, passages: Sequence[Passage], limit: int) -> Evidence:
    """The first sentences of a document as evidence, in its order and without its headline; the LEAD is to be told."""
    languages = {range_: passage.language for passage in passages for range_ in passage.sentences}
    ranges = sorted(languages)
    title = headline(document.text, document.main)
    while len(ranges) > 1 and title and _is_part(document.text[slice(*ranges[0])], title):
        ranges = ranges[1:]
    sentences = tuple(
        Sentence(
            number, document.id, document.title, document.date, languages[range_], range_.start, range_.end,
            document.text[slice(*range_)], score=1.0,
        )
        for number, range_ in enumerate(ranges[:limit], 1)
    )  # fmt: skip
    return Evidence(sentences, confidence=1.0, parts=tuple((s.number,) for s in sentences[:LEAD]))


def _is_part(text: str, title: str) -> bool:
    return " ".join(text.split()) in " ".join(title.split())
