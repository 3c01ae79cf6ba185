"""Readers turn numbered evidence into claims; each is opened lazily by its `kind:name`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event
from typing import Protocol

from istok.index.errors import UnknownNameError
from istok.index.types import Language
from istok.rag.types import Claim, Evidence, Reading, Turn

ReaderEvent = str | Claim | Reading
"""Provisional text as it is generated, a finished claim, and last of all the whole reading."""


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
