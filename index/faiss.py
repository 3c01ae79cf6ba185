"""Vectors in FAISS: exact search over one file beside the truth."""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from istok.index.embed import Vectors
from istok.index.vectors import IDs, Stamp


class FaissStore:
    """An inner-product index in `path`; in `path`.json its stamp and a checksum of the very file it is of."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp_path = path.with_name(path.name + ".json")
        self._index: Any = None
        self._stamp: Stamp | None = None
        self._saved: Stamp | None = None
        self._busy = threading.Lock()  # FAISS can't search an index that is being added to
        self._load()

    def _load(self) -> None:
        try:
            facts = json.loads(self._stamp_path.read_text("utf-8"))
            content = np.fromfile(self._path, np.uint8)
            if zlib.crc32(content.data) == facts.pop("checksum"):
                self._index, self._stamp = faiss.deserialize_index(content), Stamp(**facts)
                self._saved = self._stamp
        except (OSError, ValueError, TypeError, AttributeError, KeyError, RuntimeError):
            # A cache that can't be read is a cache that isn't there: the caller rebuilds it from the truth.
            return

    @property
    def stamp(self) -> Stamp | None:
        """What it holds, or None when it holds nothing usable."""
        return self._stamp

    def rebuild(self, ids: Sequence[int], vectors: Vectors, stamp: Stamp) -> None:
        """Hold exactly these unit-length rows, and save them."""
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.asarray(ids, np.int64))
        with self._busy:
            self._index, self._stamp, self._saved = index, stamp, None
        self.save()

    def add(self, ids: Sequence[int], vectors: Vectors, stamp: Stamp) -> None:
        """Hold these rows too; kept in memory until `save`."""
        with self._busy:
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.asarray(ids, np.int64))
            self._stamp = stamp

    def save(self) -> None:
        """Write what is held and its stamp, unless they are what was written or read last."""
        with self._busy:
            stamp = self._stamp
            if stamp is None or stamp == self._saved:
                return
            content = faiss.serialize_index(self._index)
            self._saved = stamp
        facts = {**asdict(stamp), "checksum": zlib.crc32(content.data)}
        _replace(self._path, content.data)
        _replace(self._stamp_path, json.dumps(facts).encode())

    @property
    def ids(self) -> IDs:
        """The ids of the rows that are held."""
        with self._busy:
            held = np.empty(0, np.int64) if self._index is None else faiss.vector_to_array(self._index.id_map)
            return np.asarray(held, np.int64)

    def search(self, query: Vectors, k: int, *, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        """The `k` nearest (id, cosine) to one row of shape (1, dimensions), best first."""
        if self._index is None or self._index.ntotal == 0:
            return []
        parameters = None
        if among is not None:
            selector = faiss.IDSelectorBatch(np.asarray(sorted(among), np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        with self._busy:
            cosines, ids = self._index.search(np.ascontiguousarray(query, np.float32), k, params=parameters)
        return [(int(i), float(c)) for i, c in zip(ids[0], cosines[0], strict=True) if i != -1]


def _replace(path: Path, content: bytes | memoryview) -> None:
    """Write the whole file or nothing; several processes and threads may do so at once."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.new")
    draft.write_bytes(content)
    draft.replace(path)
