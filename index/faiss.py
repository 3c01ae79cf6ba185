"""Vectors in FAISS: exact search over one file beside the truth."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from istok.index.embed import Vectors
from istok.index.vectors import Stamp


class FaissStore:
    """An inner-product index in `path` and its stamp in `path`.json; the stamp is written last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp_path = path.with_name(path.name + ".json")
        self._index: Any = None
        self._stamp: Stamp | None = None
        self._load()

    def _load(self) -> None:
        try:
            stamp = Stamp(**json.loads(self._stamp_path.read_text("utf-8")))
            self._index = faiss.read_index(str(self._path))
            self._stamp = stamp
        except (OSError, ValueError, TypeError, RuntimeError):
            # A cache that can't be read is a cache that isn't there: the caller rebuilds it from the truth.
            self._index = self._stamp = None

    @property
    def stamp(self) -> Stamp | None:
        """What it holds, or None when it holds nothing usable."""
        return self._stamp

    def rebuild(self, ids: Sequence[int], vectors: Vectors, stamp: Stamp) -> None:
        """Hold exactly these unit-length rows."""
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.asarray(ids, np.int64))
        self._stamp_path.unlink(missing_ok=True)
        draft = self._path.with_name(self._path.name + ".new")
        faiss.write_index(index, str(draft))
        draft.replace(self._path)
        stamp_draft = self._stamp_path.with_name(self._stamp_path.name + ".new")
        stamp_draft.write_text(json.dumps({"generation": stamp.generation, "encoder": stamp.encoder}), "utf-8")
        stamp_draft.replace(self._stamp_path)
        self._index, self._stamp = index, stamp

    def search(self, query: Vectors, k: int, *, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        """The `k` nearest (id, cosine) to one row of shape (1, dimensions), best first."""
        if self._index is None or self._index.ntotal == 0:
            return []
        parameters = None
        if among is not None:
            selector = faiss.IDSelectorBatch(np.asarray(sorted(among), np.int64))
            parameters = faiss.SearchParameters(sel=selector)
        cosines, ids = self._index.search(np.ascontiguousarray(query, np.float32), k, params=parameters)
        return [(int(i), float(c)) for i, c in zip(ids[0], cosines[0], strict=True) if i != -1]
