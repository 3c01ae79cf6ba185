"""The seam of vector stores: a cache of the truth's vectors that finds the nearest ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from istok.index.embed import Vectors

IDs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a cache was made from: the truth's generation and epoch, and the encoder's fingerprint.

    Within one epoch rows are only added, so that a cache of an earlier generation needs those alone."""

    generation: int
    encoder: str
    epoch: int = 0

    def grew_from(self, former: Stamp | None) -> bool:
        """Whether all that `former` stood for is still true."""
        return (
            former is not None
            and (former.encoder, former.epoch) == (self.encoder, self.epoch)
            and former.generation <= self.generation
        )


class VectorStore(Protocol):
    """Nearest neighbours by cosine, higher is better."""

    @property
    def stamp(self) -> Stamp | None:
        """What it holds, or None when it holds nothing usable (missing, damaged)."""

    def rebuild(self, ids: Sequence[int], vectors: Vectors, stamp: Stamp) -> None:
        """Hold exactly these unit-length rows, shape (len(ids), dimensions), in place of all before, and save them."""

    def add(self, ids: Sequence[int], vectors: Vectors, stamp: Stamp) -> None:
        """Hold these rows too; kept in memory until `save`."""

    def save(self) -> None:
        """Keep what is held for whoever opens the cache next."""

    @property
    def ids(self) -> IDs:
        """The ids of the rows that are held."""

    def search(self, query: Vectors, k: int, *, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        """The `k` nearest (id, cosine) to one row, best first; only ids in `among` when it is given."""
