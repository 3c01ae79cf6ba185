"""Rerankers: networks that read a question and a text at once; the settings name one by its `kind:name`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from textwrap import shorten
from threading import Lock
from typing import Protocol

from istok.index.errors import UnknownNameError

BEFORE = 100
"""Characters of the sentence before that are read: whom it speaks of mostly stands at its beginning."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence as it is read: with its document's title and the sentence before it, "" for none, which say of whom or
    what it speaks."""

    title: str
    before: str
    sentence: str

    def __str__(self) -> str:
        """The sentence is the last line; above it the title, and how the sentence before begins."""
        before = "" if self.before in self.title else shorten(self.before, BEFORE, placeholder="…")
        return "\n".join([*filter(None, (self.title, before)), self.sentence.replace("\n", " ")])


class Reranker(Protocol):
    """Says how well each sentence answers a question."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the scores would."""

    @property
    def reads(self) -> int:
        """How many sentences of a question it shall read, at most."""

    @property
    def weight(self) -> float:
        """Its part of the pooled logit, in (0, 1)."""

    def scores(self, question: str, excerpts: Sequence[Excerpt]) -> Sequence[float]:
        """One for each sentence, in [0, 1], higher is better."""


KINDS = ("onnx:istok-reranker", "onnx:FOLDER", "sentence-transformers:FOLDER", "sentence-transformers:HUB_ID")


_loading = Lock()


def open_reranker(spec: str) -> Reranker | None:
    """The reranker that `spec` names, None for ""; a network is loaded once, by whoever asks first.

    Raises UnknownNameError, MissingExtraError or IndexStateError.
    """
    if not spec:
        return None
    with _loading:
        return _opened(spec)


@lru_cache(maxsize=1)
def _opened(spec: str) -> Reranker:
    kind, _, name = spec.partition(":")
    match kind:
        case "onnx" if name:
            from istok.rag.rerankers.onnx import OnnxReranker

            return OnnxReranker(name)
        case "sentence-transformers" if name:
            from istok.rag.rerankers.sentence_transformers import SentenceTransformersReranker

            return SentenceTransformersReranker(name)
        case _:
            raise UnknownNameError("reranker", spec, KINDS)
