"""The seam of encoders: texts in, unit-length float32 rows out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from istok.index.errors import UnknownNameError
from istok.index.types import Language

Vectors = NDArray[np.float32]
"""Shape (n, dimensions); every row has length 1, so that a dot product is the cosine."""


def titled(title: str, text: str) -> str:
    """What is encoded for a passage or a sentence: a sentence alone loses what its title says."""
    return f"{title}\n{text}"


KINDS = ("onnx:FOLDER", "sentence-transformers:FOLDER", "sentence-transformers:HUB_ID")


class Embedder(Protocol):
    """An encoder of passages and queries into one space."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def languages(self) -> frozenset[Language]:
        """The languages it knows; it has no say on texts in others."""

    @property
    def max_tokens(self) -> int:
        """The longest input, in tokens without the special ones."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Rows for what is searched."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Rows for what is asked."""

    def encode_tokens(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], Vectors]]:
        """For each text the ids of its tokens, special ones included, and one row for each."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Lengths in the encoder's own tokens, without the special ones."""


def open_embedder(spec: str) -> Embedder:
    """The encoder that `spec` names. Raises UnknownNameError, or IndexStateError when it can't be loaded."""
    kind, _, name = spec.partition(":")
    match kind:
        case "onnx":
            from istok.index.onnx import OnnxEmbedder

            return OnnxEmbedder(name)
        case "sentence-transformers":
            from istok.index.sentence_transformers import SentenceTransformersEmbedder

            return SentenceTransformersEmbedder(name)
        case _:
            raise UnknownNameError("encoder", spec, KINDS)


def mark(spec: str) -> str:
    """Changes when the encoder's files do; told from their sizes and times, without loading anything."""
    kind, _, name = spec.partition(":")
    if kind not in {"onnx", "sentence-transformers"}:
        raise UnknownNameError("encoder", spec, KINDS)
    from istok.index.model_folder import mark as files_mark

    return files_mark(name)
