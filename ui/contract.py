"""JSON in and out of the command line. Other programs rely on these shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from istok.index.index import Index
from istok.index.types import Hit, passage_id
from istok.rag.errors import InputError
from istok.rag.types import Answer, Turn

Id = JsonValue
"""Whatever the caller put there, given back as it came."""


class QueryLine(BaseModel):
    """One line of `istok search --jsonl`."""

    model_config = ConfigDict(extra="ignore")

    id: Id = None
    query: str


class QuestionLine(BaseModel):
    """One line of `istok ask --jsonl`; `history` holds [question, answer] pairs, oldest first."""

    model_config = ConfigDict(extra="ignore")

    id: Id = None
    question: str
    history: list[tuple[str, str]] = []

    @property
    def turns(self) -> list[Turn]:
        """The history as turns."""
        return [Turn(question, answer) for question, answer in self.history]


L = TypeVar("L", QueryLine, QuestionLine)


def each_line(lines: Iterable[str], model: type[L], result: Callable[[L], dict[str, Any]]) -> Iterator[str]:
    """The result of each line that isn't blank, as it comes. Raises InputError with the line's number."""
    number = 0
    try:
        for number, line in enumerate(lines, 1):  # noqa: B007 - told when a line fails
            if line.strip():
                yield dump(result(model.model_validate_json(line)))
    except ValidationError as error:
        raise InputError(f"line {number}: {_fault(error)}: mend the line and run again") from error
    except InputError as error:
        raise InputError(f"line {number}: {error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"after line {number}: not UTF-8: save the file as UTF-8") from error


def read_history(data: bytes) -> list[Turn]:
    """The turns of a history file: a JSON list of [question, answer] pairs. Raises InputError."""
    try:
        return QuestionLine.model_validate({"question": "", "history": json.loads(data)}).turns
    except UnicodeDecodeError as error:
        raise InputError("the history is not UTF-8: save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise InputError(f"the history is not JSON ({error}): give [[question, answer], ...]") from error
    except ValidationError as error:
        raise InputError(f"the history is malformed ({_fault(error)}): give [[question, answer], ...]") from error


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


def search_json(query: str, hits: Sequence[Hit], seconds: float, id_: Id = None) -> dict[str, Any]:
    """What `istok search --json` prints."""
    return {
        "id": id_,
        "query": query,
        "hits": [
            {
                "rank": rank,
                "id": passage_id(hit.passage.document_id, hit.passage.start, hit.passage.end),
                "document": hit.passage.document_id,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": round(hit.score, 6),
                "dense_rank": hit.dense_rank,
                "lexical_rank": hit.lexical_rank,
            }
            for rank, hit in enumerate(hits, 1)
        ],
        "seconds": round(seconds, 6),
    }


def answer_json(answer: Answer, id_: Id = None) -> dict[str, Any]:
    """What `istok ask --json` prints."""
    timings = answer.timings
    return {
        "id": id_,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "language": answer.language,
        "status": answer.status,
        "reader": answer.reader,
        "text": answer.text,
        "claims": [
            {
                "text": claim.text,
                "citations": list(claim.citations),
                "verdict": claim.verdict,
                "issues": list(claim.issues),
            }
            for claim in answer.claims
        ],
        "citations": [
            {
                "number": citation.number,
                "id": citation.id,
                "document": citation.document,
                "title": citation.title,
                "date": citation.date,
                "start": citation.start,
                "end": citation.end,
                "quote": citation.quote,
                "score": citation.score,
            }
            for citation in answer.citations
        ],
        "timings": {
            "search": round(timings.search, 6),
            "read": round(timings.read, 6),
            "verify": round(timings.verify, 6),
            "total": round(timings.total, 6),
        },
    }


_PLACE = re.compile(r"(?P<document>.+):(?P<start>\d{1,12})-(?P<end>\d{1,12})")


def cite_json(index: Index, id_: str, around: int) -> dict[str, Any]:
    """What `istok cite --json` prints: the quote that `id_` names, and `around` characters on each side of it.

    Raises InputError, or IndexStateError for an unknown document.
    """
    parts = _PLACE.fullmatch(id_)
    if not parts:
        raise InputError(f"{id_!r} is no citation: give document:start-end, as ask returns it")
    start, end = int(parts["start"]), int(parts["end"])
    document = index.document(parts["document"])
    text = document.text
    if not start < end <= len(text):
        raise InputError(f"{document.id} has {len(text)} characters, not {start}-{end}: check the id")
    return {
        "id": id_, "document": document.id, "title": document.title, "date": document.date,
        "date_basis": document.date_basis, "place": document.place, "path": document.path,
        "page": document.page(start), "start": start, "end": end, "before": text[max(0, start - around) : start],
        "quote": text[start:end], "after": text[end : end + around],
    }  # fmt: skip


def dump(value: dict[str, Any]) -> str:
    """One line of JSON, Cyrillic as it is."""
    return json.dumps(value, ensure_ascii=False)
