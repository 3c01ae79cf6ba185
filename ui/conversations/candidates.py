"""Rated answers as candidates for a gold set: one JSON object a line, as `istok eval --gold` reads it.

A vote says that an answer is good or bad, not what is accepted as right: `answers` stays empty, and the evaluation
refuses the line, until a person has filled it in. An abstention that was found right is complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from istok.rag.types import Answer, Citation
from istok.ui.conversations.store import ConversationStore, Record

_MARK: Final = re.compile(r"\s?\[\d+\]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`item` has the fields of a gold item; `complete` says that none of them is left to a person."""

    item: dict[str, Any]
    complete: bool


def candidates(store: ConversationStore, owner: str) -> Iterator[Candidate]:
    """One for each answer that the owner rated or commented on, the oldest first."""
    for conversation in store.rated(owner):
        records = store.records(conversation, owner)
        for place, record in enumerate(records):
            if record.answer and (record.vote or record.comment):
                yield _candidate(record, record.answer, records[:place])


def _candidate(record: Record, answer: Answer, before: Sequence[Record]) -> Candidate:
    followup = answer.standalone_question != answer.question
    history = [[earlier.question, _plain(earlier.answer)] for earlier in before if earlier.answer] if followup else []
    # An abstention that was not found wrong: the documents don't say.
    silent = answer.status == "abstained" and record.vote != "down"
    item: dict[str, Any] = {
        "id": f"{answer.language}-rated-{record.id}",
        "language": answer.language,
        "type": "unanswerable_near" if silent else _type(answer, followup=bool(history)),
        "question": answer.question,
        "history": history,
        "answers": [],
        "reference": _plain(answer) if answer.status == "answered" and record.vote == "up" else "",
        "gold": [] if silent else _ranges(answer),
        "split": "dev",
        "why": _why(record, answer),
    }
    if item["type"] == "followup":
        item["standalone"] = answer.standalone_question
    return Candidate(item, complete=silent)


def _type(answer: Answer, *, followup: bool) -> str:
    if followup:
        return "followup"
    return "multi" if len({citation.document for citation in answer.citations}) > 1 else "fact"


def _ranges(answer: Answer) -> list[dict[str, Any]]:
    """What was cited; sources of one claim prove the same thing. The nearest passages of an abstention are one part."""
    parts: dict[int, int] = {}
    for part, claim in enumerate(answer.claims, 1):
        for number in claim.citations:
            parts.setdefault(number, part)
    return [_range(citation, parts.get(citation.number, 1)) for citation in answer.citations]


def _range(citation: Citation, part: int) -> dict[str, Any]:
    return {
        "document": citation.document, "start": citation.start, "end": citation.end, "quote": citation.quote,
        "part": part,
    }  # fmt: skip


def _plain(answer: Answer | None) -> str:
    """What was said, on one line without its marks."""
    return " ".join(_MARK.sub("", answer.text.replace("**", "")).split()) if answer else ""


def _why(record: Record, answer: Answer) -> str:
    vote = {"up": "rated up", "down": "rated down", None: "commented on"}[record.vote]
    said = f"; {answer.reader} answered: {_plain(answer)}" if record.vote == "down" else ""
    return f"{vote}{f': {record.comment}' if record.comment else ''}{said}"
