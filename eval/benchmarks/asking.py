"""Asking: the product's own answer, and the evidence that its reader was handed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from threading import Event

from istok.eval.matching import says
from istok.index.index import Index
from istok.index.types import Language
from istok.rag.assistant import Assistant
from istok.rag.readers import Reader, ReaderEvent, open_reader
from istok.rag.types import Answer, Evidence, Turn


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer and its evidence."""

    answer: Answer
    evidence: Evidence

    @property
    def answered(self) -> bool:
        """Whether it didn't abstain."""
        return self.answer.status == "answered"

    @property
    def confidence(self) -> float:
        """The score of the best evidence sentence; 0 without any. An abstention has one too."""
        return max((sentence.score for sentence in self.evidence.sentences), default=0.0)

    def quotes(self, expected: str) -> bool:
        """Whether a sentence that the answer cites says `expected`."""
        return self.answered and any(says(citation.quote, expected) for citation in self.answer.citations)


class Asker:
    """An assistant with a witness between it and its reader."""

    def __init__(self, index: Index, reader: str) -> None:
        self._witness = _Witness(open_reader(reader))
        self._assistant = Assistant(index, self._witness)

    def ask(self, question: str, *, scope: Collection[str] | None = None) -> Asked:
        """The answer to one question. Raises as Assistant.ask does."""
        return Asked(self._assistant.ask(question, scope=scope), self._witness.evidence)


class _Witness:
    """Reads as its reader does, and remembers the evidence."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.evidence = Evidence(())

    @property
    def name(self) -> str:
        return self._reader.name

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        self.evidence = evidence
        return self._reader.read(question, turns, evidence, language=language, stop=stop)
