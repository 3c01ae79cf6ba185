"""The vocabulary of `istok.index`: what a document becomes on its way to a hit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from istok.index.errors import RefusalKind

Language = Literal["ru", "en"]

Voice = Literal["dense", "lexical"]
"""A side of the search: the encoder's cosines, or BM25 over terms."""


class Range(NamedTuple):
    """Characters `start` to `end` (exclusive) of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A stored original.

    `id` is its path relative to the indexed folder; `text` is untouched, and every range counts its
    characters. `date` is ISO 8601 at the precision that is known ("2024", "2024-02", "2024-02-07").
    `main` are the ranges of the article itself; `pages` are those of a paginated original, else empty.
    """

    id: str
    path: str
    title: str
    date: str | None
    language: Language
    text: str
    main: tuple[Range, ...]
    date_basis: str | None = None
    place: str | None = None
    pages: tuple[Range, ...] = ()

    def page(self, offset: int) -> int | None:
        """The 1-based page that holds character `offset`, or None for an original without pages."""
        for number, page in enumerate(self.pages, 1):
            if offset < page.end:
                return number
        return None


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences of one document; `text` is `document.text[start:end]`."""

    id: int
    document_id: str
    start: int
    end: int
    sentences: tuple[Range, ...]
    language: Language
    text: str

    def sentence(self, range_: Range) -> str:
        """The text of one of `sentences`."""
        return self.text[range_.start - self.start : range_.end - self.start]


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage. Scores are higher-is-better in [0, 1]; a side that has no say is None."""

    passage: Passage
    score: float
    dense_score: float | None
    lexical_score: float | None
    dense_rank: int | None
    lexical_rank: int | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not indexed, and why, in one line that says what to do."""

    path: str
    reason: str
    kind: RefusalKind = "unreadable"


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored document in a list, without its text. `waiting` counts those of its passages that the encoder has yet to
    read; of two documents, the one that was added or changed later has the higher `added`."""

    id: str
    path: str
    title: str
    date: str | None
    language: Language
    passages: int
    waiting: int
    added: int


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one run of the indexer did, in documents. `passages` counts what the index now holds, `waiting` those of
    them that the encoder has not read yet."""

    added: int
    changed: int
    unchanged: int
    removed: int
    passages: int
    waiting: int
    refusals: tuple[Refusal, ...]
    seconds: float


def passage_id(document_id: str, start: int, end: int) -> str:
    """The public id of a range: `document:start-end`."""
    return f"{document_id}:{start}-{end}"
