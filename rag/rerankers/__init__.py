"""Rerankers: networks that read a question and a text at once; the settings name one by its `kind:name`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Protocol

from istok.index.errors import UnknownNameError


class Reranker(Protocol):
    """Says how well each text answers a question."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the scores would."""

    @property
    def reads(self) -> int:
        """How many sentences of a question it shall read, at most."""

    @property
    def weight(self) -> float:
        """Its part of the pooled logit, in (0, 1)."""

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One for each text, in [0, 1], higher is better."""


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
