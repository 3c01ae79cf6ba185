"""Drafting: from a question to a gold item, through the sentences that the product itself finds for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from istok.eval.questions import GoldError, GoldItem
from istok.index.index import Index
from istok.index.language import detect
from istok.index.types import Language, Range
from istok.rag.gather import gather
from istok.rag.question import analyse


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may prove an answer: `original[start:end] == quote`; the sentences around it, or "", for the eye.

    `score` is in [0, 1], higher is better.
    """

    document: str
    title: str
    start: int
    end: int
    quote: str
    score: float
    before: str
    after: str


def draft(index: Index, question: str, *, number: int = 8) -> list[Candidate]:
    """The `number` best sentences for `question`, best first, each text once.

    Raises GoldError for an empty question, IndexStateError when nothing is indexed.
    """
    if not question.strip():
        raise GoldError("the question is empty: ask something")
    whole = analyse(question.strip())
    evidence = gather(whole, index.search(whole.text, index.home.config.sources), index)
    best = evidence.sentences[:number]
    around = {document: _neighbours(index, document) for document in {sentence.document for sentence in best}}
    return [
        Candidate(
            sentence.document, sentence.title, sentence.start, sentence.end, sentence.text, sentence.score,
            *around[sentence.document][sentence.start, sentence.end],
        )
        for sentence in best
    ]  # fmt: skip


def _neighbours(index: Index, document: str) -> Mapping[tuple[int, int], tuple[str, str]]:
    """The sentences before and after each sentence of a document."""
    quotes: dict[Range, str] = {}
    for passage in index.passages(document):
        quotes |= {range_: passage.sentence(range_) for range_ in passage.sentences}
    texts = ["", *(quotes[range_] for range_ in sorted(quotes)), ""]
    return {range_: (texts[place], texts[place + 2]) for place, range_ in enumerate(sorted(quotes))}


def item(
    question: str,
    chosen: Sequence[Candidate],
    answers: Sequence[Sequence[str]],
    *,
    id: str,  # noqa: A002, named as in a gold file
    type: str | None = None,  # noqa: A002
    split: str = "dev",
    twin: str | None = None,
    why: str = "",
    reference: str = "",
) -> GoldItem:
    """A gold item whose proof are the `chosen` sentences, each a part of its own, counted from 1.

    Without a `type`: "unanswerable_near" without sentences and answers, "multi" over several documents, else "fact".
    Raises GoldError with the first fault.
    """
    fields: dict[str, Any] = {
        "id": id,
        "language": detect(question),
        "type": type or _type(chosen, answers),
        "question": question.strip(),
        "answers": answers,
        "reference": reference,
        "gold": [
            {"document": sentence.document, "start": sentence.start, "end": sentence.end, "quote": sentence.quote,
             "part": part}
            for part, sentence in enumerate(chosen, 1)
        ],
        "twin": twin,
        "split": split,
        "why": why,
    }  # fmt: skip
    try:
        return GoldItem.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the item"
        raise GoldError(f"{id}: {place}: {first['msg'].removeprefix('Value error, ')}") from error


def _type(chosen: Sequence[Candidate], answers: Sequence[Sequence[str]]) -> str:
    if not chosen and not answers:
        return "unanswerable_near"
    return "multi" if len({sentence.document for sentence in chosen}) > 1 else "fact"


def next_id(items: Iterable[GoldItem], language: Language) -> str:
    """The id that follows those of `language`: "ru-125" after "ru-124", "ru-001" at first."""
    numbered = (re.fullmatch(rf"{language}-(\d+)", item.id) for item in items)
    return f"{language}-{max((int(match[1]) for match in numbered if match), default=0) + 1:03}"
