"""The vocabulary of `istok.rag`: from hits to an answer that can be checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from istok.index.types import Language, passage_id

Verdict = Literal["supported", "partial", "unsupported"]
Status = Literal["answered", "abstained"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Ranks:
    """Where the search that found a passage placed it, from 1, and its scores in [0, 1], higher is better: by both
    voices together (fused), by meaning (dense), by words (lexical). A voice that had no say has neither rank nor score,
    one that only judged what the other proposed has no rank."""

    fused: int
    dense: int | None
    lexical: int | None
    fused_score: float
    dense_score: float | None
    lexical_score: float | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A numbered piece of evidence: a whole sentence with its range in the original.

    `score` is in [0, 1], higher is better: how well it answers the question, in its passage and document. `ranks` are
    those of its passage, None where it was not searched for.
    """

    number: int
    document: str
    title: str
    date: str | None
    language: Language
    start: int
    end: int
    text: str
    score: float
    ranks: Ranks | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reader may say, best sentence first; `sentences[i].number == i + 1`.

    `confidence` is the probability that it answers the question at all, in [0, 1]. `parts`: of a question with several
    parts, the numbers of each one's sentences, best first. `lists`: the number of a sentence that announces a list, and
    those of its members, in document order.
    """

    sentences: tuple[Sentence, ...]
    confidence: float = 1.0
    parts: tuple[tuple[int, ...], ...] = ()
    lists: tuple[tuple[int, ...], ...] = ()

    def __getitem__(self, number: int) -> Sentence:
        """The sentence of that 1-based number; KeyError when there is none."""
        if not 1 <= number <= len(self.sentences):
            raise KeyError(number)
        return self.sentences[number - 1]


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer. A reader's `citations` are evidence numbers, an answer's citation numbers."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict = "supported"
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader's last word. `dropped` counts sentences without a valid citation, `used` the evidence
    sentences that fitted into the model's context, `stopped` a reading cut short by its caller, `tokens` what a model
    generated, `notes` announcements in the language of the question. `gave_up` says that the reader ended for its own
    reasons (out of time, a language it can't read): where it has no claims, quotes should answer."""

    claims: tuple[Claim, ...]
    used: int
    dropped: int = 0
    stopped: bool = False
    tokens: int = 0
    notes: tuple[str, ...] = ()
    gave_up: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A checkable source: `original[start:end] == quote`, always."""

    number: int
    document: str
    title: str
    date: str | None
    start: int
    end: int
    quote: str
    score: float
    ranks: Ranks | None = None

    @property
    def id(self) -> str:
        """`document:start-end`."""
        return passage_id(self.document, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Timings:
    """Wall-clock seconds."""

    search: float
    read: float
    verify: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown. When `status` is "abstained" there are no claims, and `citations` are the nearest
    passages, named as such in `text`. `confidence` is that of the evidence; an abstention has one too. `notes` are
    announcements (a fallback, evidence cut, claims dropped). `evidence` is what the reader was handed, `tokens` how
    many its model generated."""

    question: str
    standalone_question: str
    language: Language
    status: Status
    reader: str
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    confidence: float
    timings: Timings
    notes: tuple[str, ...] = field(default=())
    evidence: Evidence = Evidence(())
    tokens: int = 0
