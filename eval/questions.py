"""Questions with known answers (gold), each with the answers that are accepted and the ranges that prove them.

A gold file, the packaged one or your own (`istok eval --gold FILE`), is UTF-8 text with one JSON object a line:

    {"id": "ru-1", "twin": "en-1", "language": "ru", "type": "followup", "split": "test",
     "history": [["Сколько станков выпустил завод в 2023 году?", "120 станков."]], "question": "А в 2022 году?",
     "standalone": "Сколько станков выпустил завод в 2022 году?", "answers": [["95", "девяносто пять", "ninety-five"]],
     "reference": "В 2022 году завод выпустил 95 станков.",
     "gold": [{"document": "plant.txt", "start": 310, "end": 343, "quote": "Годом ранее было собрано 95 штук."}]}

- `id`, `language` (ru, en), `type` (below), `split` (choose by `dev`, judge by `test`), `question`: needed.
- `history`: the earlier turns, oldest first, each a question and its answer; a follow-up has one at least.
- `standalone`: the question asked in full; a follow-up needs it, no other type has it.
- `answers`: groups of alternatives; an answer is right when it says at least one alternative of every group (see
  `matching.says`: an alternative begins a word, so that a stem without its ending stands for all of its forms). Empty
  when the documents don't say. Answers may quote the documents: give their wording whatever the question's language.
- `reference`: one sentence that would be a good answer, in the question's language.
- `gold`: whole sentences, verbatim: `quote` is the characters `start` to `end` of `document`. Ranges that share a
  `part` (1 if left out) prove the same thing, so that citing one of them is enough; part 0 is context that a proving
  sentence refers back to ("he", "the project"): right beside a proof, not asked for.
- `twin`: the id of the same question in the other language; `why`: what makes the question worth asking.

Types: `fact` (one thing), `list` (several), `multi` (of two documents, or a comparison), `now` (what holds now against
what held then), `followup`, `paraphrase` (in other words than its sentence), `false_premise` (the documents may hold
the correction), and three whose answer no document holds: `unanswerable_near` (of their subject), `unanswerable_far`
(of another), `boilerplate` (only a menu, ticker or footer around the article says it).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from istok.eval.matching import normalise
from istok.index.errors import IstokError
from istok.index.types import Language

Kind = Literal[
    "fact",
    "list",
    "multi",
    "now",
    "followup",
    "paraphrase",
    "false_premise",
    "unanswerable_near",
    "unanswerable_far",
    "boilerplate",
]
UNANSWERABLE: frozenset[Kind] = frozenset({"unanswerable_near", "unanswerable_far", "boilerplate"})
Split = Literal["dev", "test"]
Text = Annotated[str, Field(min_length=1)]

SEEDS = Path(__file__).parent / "gold" / "seeds.jsonl"


class GoldError(IstokError):
    """A gold file that can't be used; the message names the file and the line."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldRange(_Strict):
    """Characters `start` to `end` (exclusive) of `document`, which read `quote`."""

    document: Text
    start: int = Field(ge=0)
    end: int
    quote: Text
    part: int = Field(default=1, ge=0)

    @model_validator(mode="after")
    def _measure(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError(f"range {self.start}-{self.end} is not as long as its quote")
        return self


class GoldItem(_Strict):
    """One question, as the head of this file describes it."""

    id: Text
    language: Language
    type: Kind
    question: Text
    history: tuple[tuple[str, str], ...] = ()
    standalone: str = ""
    answers: tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...]
    reference: str = ""
    gold: tuple[GoldRange, ...]
    twin: str | None = None
    split: Split
    why: str = ""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        for alternative in (alternative for group in self.answers for alternative in group):
            if not normalise(alternative):
                raise ValueError(f"answer {alternative!r} has neither letters nor digits")
        if self.type in UNANSWERABLE and (self.answers or self.gold or self.reference):
            raise ValueError(f"a question of type {self.type!r} has no answers, no reference and no gold ranges")
        if bool(self.answers) != any(range_.part for range_ in self.gold):
            raise ValueError("answers and gold ranges (other than context) must both be given, or both be empty")
        if not self.answers and self.type not in UNANSWERABLE | {"false_premise"}:
            raise ValueError(f"a question of type {self.type!r} needs answers")
        if self.type == "followup" and not self.history:
            raise ValueError("a follow-up needs its history: earlier questions, each with its answer")
        if self.type == "followup" and not normalise(self.standalone):
            raise ValueError("a follow-up needs 'standalone': the same question asked in full")
        if self.type != "followup" and self.standalone:
            raise ValueError(f"only a follow-up has 'standalone': leave it out of type {self.type!r}")
        return self

    @property
    def proof(self) -> tuple[GoldRange, ...]:
        """The gold ranges without their context."""
        return tuple(range_ for range_ in self.gold if range_.part)

    @property
    def answerable(self) -> bool:
        """Whether the documents hold an answer, or the correction of a false premise."""
        return bool(self.answers)

    @property
    def may_abstain(self) -> bool:
        """Whether abstaining is right: nothing to say, or a false premise that needn't be corrected."""
        return not self.answers or self.type == "false_premise"


def load_gold(path: Path, texts: Mapping[str, str] | None = None) -> list[GoldItem]:
    """The items of a gold file, checked one by one and as a set.

    With `texts` (document id to text) every range must be verbatim. Raises GoldError at the first fault.
    """
    items: dict[str, tuple[int, GoldItem]] = {}
    asked: dict[tuple[str, ...], int] = {}
    for number, line in _lines(path):
        item = _item(path, number, line)
        if item.id in items:
            raise _fault(path, number, f"id {item.id!r} is taken by line {items[item.id][0]}: choose another")
        turns = (turn for exchange in item.history for turn in exchange)
        first = asked.setdefault((item.language, *map(normalise, (item.question, *turns))), number)
        if first != number:
            raise _fault(path, number, f"asks the same as line {first}: leave one of them out")
        if texts is not None:
            _check_ranges(path, number, item, texts)
        items[item.id] = number, item
    if not items:
        raise GoldError(f"{path}: no questions: write one JSON object a line")
    _check_twins(path, items)
    return [item for _, item in items.values()]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        content = path.read_text("utf-8-sig")
    except OSError as error:
        raise GoldError(f"{path}: can't be read ({error.strerror}): name a gold file with --gold") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: not UTF-8 at byte {error.start}: save it as UTF-8") from error
    return ((number, line) for number, line in enumerate(content.split("\n"), 1) if line.strip())


def _item(path: Path, number: int, line: str) -> GoldItem:
    try:
        return GoldItem.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise _fault(path, number, f"not JSON ({error.msg}, column {error.colno}): write one object a line") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"{part}." for part in first["loc"])[:-1] or "the item"
        raise _fault(path, number, f"{place}: {first['msg'].removeprefix('Value error, ')}") from error


def _check_ranges(path: Path, number: int, item: GoldItem, texts: Mapping[str, str]) -> None:
    for gold in item.gold:
        if gold.document not in texts:
            raise _fault(path, number, f"document {gold.document!r} is unknown: index it, or mend its name")
        found = texts[gold.document][gold.start : gold.end]
        if found != gold.quote:
            raise _fault(
                path, number, f"{gold.document}:{gold.start}-{gold.end} reads {found[:40]!r}, not {gold.quote[:40]!r}"
            )


def _check_twins(path: Path, items: Mapping[str, tuple[int, GoldItem]]) -> None:
    for number, item in items.values():
        if item.twin is None:
            continue
        _, twin = items.get(item.twin, (0, None))
        if twin is None or twin.twin != item.id:
            raise _fault(path, number, f"twin {item.twin!r} doesn't name {item.id!r} as its own twin: pair them")
        if twin.language == item.language:
            raise _fault(path, number, f"twin {item.twin!r} is of the same language: it must be of the other one")
        if twin.split != item.split:
            raise _fault(path, number, f"twin {item.twin!r} is of another split, {twin.split!r}: twins share theirs")
        if twin.type != item.type:
            raise _fault(path, number, f"twin {item.twin!r} is of another type, {twin.type!r}: twins share theirs")


def _fault(path: Path, number: int, reason: str) -> GoldError:
    return GoldError(f"{path}:{number}: {reason}")


def missing_documents(items: Iterable[GoldItem], known: Iterable[str]) -> list[str]:
    """The documents that gold ranges name and that are not among `known`, in order."""
    return sorted({gold.document for item in items for gold in item.gold} - set(known))
