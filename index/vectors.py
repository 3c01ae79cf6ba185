"""The seam of vector stores: a cache of the truth's vectors that finds the nearest ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from istok.index.embed import Vectors


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a cache was made from: the truth's generation and the encoder's fingerprint."""

    generation: int
    encoder: str


class VectorStore(Protocol):
    """Nearest neighbours by cosine, higher is better."""

    @property
    def stamp(self) -> Stamp | None:
        """What it holds, or None when it holds nothing usable (missing, damaged)."""

    def rebuild(self, ids: Sequence[int], vectors: Vectors, stamp: Stamp) -> None:
        """Hold exactly these unit-length rows, shape (len(ids), dimensions), in place of all before."""

    def search(self, query: Vectors, k: int, *, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        """The `k` nearest (id, cosine) to one row, best first; only ids in `among` when it is given."""
