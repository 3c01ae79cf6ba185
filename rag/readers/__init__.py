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


KINDS = ("quote", "llama.cpp:PATH.gguf")


def open_reader(spec: str) -> Reader:
    """The reader that `spec` names. Raises UnknownNameError, MissingExtraError or ReaderError."""
    kind, _, name = spec.partition(":")
    match kind:
        case "quote":
            from istok.rag.readers.quote import QuoteReader

            return QuoteReader()
        case "llama.cpp":
            from istok.rag.readers.llama_cpp import LlamaCppReader

            return LlamaCppReader(name)
        case _:
            raise UnknownNameError("reader", spec, KINDS)
