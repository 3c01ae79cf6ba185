"""Readers turn numbered evidence into claims; each is opened lazily by its `kind:name`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol, runtime_checkable

from istok.index.errors import UnknownNameError
from istok.index.types import Language
from istok.rag.types import Claim, Evidence, Reading, Turn


@dataclass(frozen=True, slots=True)
class Waiting:
    """The reader is busy: `ahead` others have their turn before. After a wait, 0 says that it is over."""

    ahead: int


ReaderEvent = str | Claim | Waiting | Reading
"""Provisional text as it is generated, a finished claim, and last of all the whole reading; before them how long the
queue is, if there is one."""


class Reader(Protocol):
    """Reads evidence in answer to a question."""

    @property
    def name(self) -> str:
        """How an answer names its reader, such as "quote" or "llama.cpp:model.gguf"."""

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        """Claims that cite numbers of `evidence`, ending with one `Reading`; no claims means that the
        evidence does not answer. Ends soon after `stop` is set. Raises ReaderError."""


@runtime_checkable
class Costly(Protocol):
    """What a reader that holds memory offers besides reading."""

    def close(self) -> None:
        """Give the memory back; a later reading takes it anew."""


@runtime_checkable
class Brief(Protocol):
    """What a reader that takes its time over every sentence offers besides reading."""

    @property
    def sentences(self) -> int:
        """How many sentences of evidence it wants at the most."""


@runtime_checkable
class Remote(Protocol):
    """What a reader that asks a server offers besides reading."""

    @property
    def host(self) -> str:
        """The machine that is asked, "" when it is this one."""

    def reach(self) -> None:
        """Knock at the server before anybody asks. Raises ReaderError when it can't be used."""


ANSWER_SECONDS = 180.0
"""How long an answer may take unless the settings say otherwise."""

KINDS = ("quote", "llama.cpp:PATH.gguf", "openai:MODEL@http://HOST:PORT/v1")


def open_reader(spec: str, *, answer_seconds: float = ANSWER_SECONDS) -> Reader:
    """The reader that `spec` names; `answer_seconds` is how long a language model may take for an answer, waiting for
    its turn included. Raises UnknownNameError, MissingExtraError or ReaderError."""
    kind, _, name = spec.partition(":")
    match kind:
        case "quote":
            from istok.rag.readers.quote import QuoteReader

            return QuoteReader()
        case "llama.cpp":
            from istok.rag.readers.llama_cpp import LlamaCppReader

            return LlamaCppReader(name, answer_seconds=answer_seconds)
        case "openai":
            from istok.rag.readers.openai import OpenAIReader

            return OpenAIReader(name, answer_seconds=answer_seconds)
        case _:
            raise UnknownNameError("reader", spec, KINDS)
