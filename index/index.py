"""The index of a home: files go in, hits come out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, RLock, Thread

import numpy as np
from filelock import FileLock, Timeout

from istok.index.build import Builder, Progress, count_waiting, encode
from istok.index.embed import Embedder, Vectors, open_embedder
from istok.index.errors import IndexKind, IndexStateError, IstokError
from istok.index.home import Home
from istok.index.language import detect
from istok.index.search import rarity, search
from istok.index.store import Store
from istok.index.types import Document, Entry, Hit, IndexReport, Language, Passage, Voice
from istok.index.vectors import Stamp, VectorStore

_LOG = logging.getLogger(__name__)


def _silent(*_: object) -> None:
    """What nobody listens to."""


class Index:
    """Searches what is stored, and is its only writer. Close it, or use it in a `with`."""

    remembered = 64
    """Texts whose tokens' rows are kept by `encode_parts`: some 20 MB."""

    def __init__(self, home: Home, store: Store) -> None:
        self.home = home
        self._store = store
        self._lazy = RLock()
        self._vectors: VectorStore | None = None
        self._embedder: Embedder | None = None
        self._closing = Event()
        self._read: dict[tuple[str, ...], list[Vectors]] = {}
        self._behind: list[Thread] = []

    @classmethod
    def open(cls, home: Home) -> Index:
        """The index of `home`, empty when there was none. Raises IndexStateError."""
        return cls(home, Store(home.database))

    def close(self) -> None:
        """Let go of the files, when the batch of passages that is being encoded behind is stored."""
        self._closing.set()
        for thread in self._behind:
            thread.join()
        self._store.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Reading

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        scope: Collection[str] | None = None,
        voices: Collection[Voice] = ("dense", "lexical"),
    ) -> list[Hit]:
        """The `k` best passages, best first, only from the documents in `scope` when it is given.

        A passage that the encoder has not read yet is judged by its words. `voices` leaves one side out.
        Raises IndexStateError when nothing is indexed or the encoder was changed since.
        """
        documents, _, encoded = self.counts()
        if not documents:
            raise IndexStateError(IndexKind.NOTHING_INDEXED)
        if self._store.meta("embedder") != self.home.config.embedder:
            raise IndexStateError(IndexKind.ENCODER_CHANGED)
        asked = "dense" in voices and encoded and detect(query) in self.languages
        encoder = self._encoder() if asked else None
        if encoder and encoder.fingerprint != self.fingerprint:
            raise IndexStateError(IndexKind.WEIGHTS_CHANGED)
        vectors = self._nearest() if encoder else None
        among = None if scope is None else self._store.passage_ids(scope)
        return search(self._store, vectors, encoder, query, k, among=among, voices=voices)

    def warm(self) -> None:
        """Load the encoder, if the index needs one; a question does so anyway, and says what is wrong with it."""
        with suppress(IstokError):
            if self.counts()[2]:
                self.encode_queries([""], next(iter(self.languages)))

    def documents(self) -> list[Document]:
        """Every stored document, by id."""
        return self._store.documents()

    def entries(self, ids: Collection[str] | None = None) -> list[Entry]:
        """Every stored document, or those among `ids`, without their texts; by id."""
        return self._store.entries(self.languages, ids)

    def id_of(self, path: Path) -> str | None:
        """The id of the document that was read from this file, if it is stored."""
        return self._store.id_of(str(path))

    def document(self, document_id: str) -> Document:
        """One stored document. Raises IndexStateError for an unknown id."""
        return self._store.document(document_id)

    def passages(self, document_id: str | None = None) -> list[Passage]:
        """All passages, or those of one document, in order."""
        return self._store.passages(document_id)

    def rarity(self, terms: Collection[str]) -> Mapping[str, float]:
        """How much each term tells, by how few passages hold it; always positive."""
        return rarity(self._store, terms)

    def words(self, document_id: str) -> tuple[frozenset[str], frozenset[str]]:
        """The distinct terms of a document, its title's among them, and its keys."""
        return self._store.words(document_id)

    def encode_queries(self, texts: Sequence[str], language: Language) -> Vectors | None:
        """The encoder's rows for questions in `language`, or None where it has no say."""
        return self._encoder().encode_queries(texts) if language in self.languages else None

    def encode_parts(self, texts: Sequence[Sequence[str]]) -> list[list[Vectors]]:
        """Of texts that are given in parts, each read as a whole: a unit row for each token of each part.

        A part that the encoder no longer reads, the text being too long, has fewer rows, or none. The texts read last
        are remembered: a question in two parts asks for many of them again.
        """
        asked = [tuple(parts) for parts in texts]
        with self._lazy:
            new = [parts for parts in dict.fromkeys(asked) if parts not in self._read]
            self._read |= zip(new, self._read_parts(new), strict=True)
            found = [self._read[parts] for parts in asked]
            for parts in [*self._read][: max(0, len(self._read) - self.remembered)]:
                del self._read[parts]
        return found

    def _read_parts(self, texts: Sequence[Sequence[str]]) -> list[list[Vectors]]:
        encoder = self._encoder()
        lengths = iter(encoder.count_tokens([part for parts in texts for part in parts]))
        found = []
        for parts, (_, rows) in zip(texts, encoder.encode_tokens([" ".join(parts) for parts in texts]), strict=True):
            ends = np.cumsum([next(lengths) for _ in parts])
            found.append(np.split(rows[1:-1], ends[:-1]))  # without the special ones
        return found

    def counts(self) -> tuple[int, int, int]:
        """How many documents, passages and vectors are stored."""
        return self._store.counts()

    @property
    def waiting(self) -> int:
        """How many passages the encoder has yet to read; until then they are found by their words alone."""
        return count_waiting(self._store)

    @property
    def generation(self) -> int:
        """Raised by every change of what is stored."""
        return self._store.generation

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the encoder that the stored vectors are of; "" before the first indexing."""
        return self._store.meta("fingerprint") or ""

    @property
    def languages(self) -> frozenset[Language]:
        """The languages in which that encoder has a say."""
        known = (self._store.meta("languages") or "").split()
        both: tuple[Language, Language] = ("ru", "en")
        return frozenset(language for language in both if language in known)

    def check(self) -> list[str]:
        """What is wrong with the index, in words that end with the remedy; empty when nothing is."""
        faults = [f"{fault}: delete {self._store.path} and run: istok index" for fault in self._store.check()]
        documents, _, encoded = self.counts()
        stale = [source for source in self._store.sources().values() if source.encoder != self.fingerprint]
        if documents and self._store.meta("embedder") != self.home.config.embedder:
            faults.append("the index is of another encoder than the settings name: run: istok index")
        elif stale:
            faults.append(f"{len(stale)} documents are of another encoder: run: istok index")
        elif self.waiting:
            faults.append(f"{self.waiting} passages await encoding, found by their words until then: run: istok index")
        # A cache that only lacks what came since is no fault: whoever opens it next adds that.
        if encoded and not self._stamp().grew_from(stamp := self._open_vectors().stamp):
            state = "missing or damaged" if stamp is None else "stale"
            faults.append(f"the vector cache is {state} (the next search rebuilds it): run: istok index")
        return faults

    # Writing

    def update(
        self,
        paths: Sequence[Path],
        *,
        prune: bool = False,
        progress: Progress = _silent,
        waiting: Callable[[], None] = _silent,
    ) -> IndexReport:
        """Index the files and folders of `paths`, then encode what has no vector; what is unchanged is left alone.

        Each batch is one transaction, so that a run may be killed at any moment and the next one goes on
        where it stopped. With `prune`, documents whose file is gone from `paths` (from anywhere when there
        are none) are forgotten. Only one run writes at a time: `waiting` is called before this one waits.
        Raises IndexStateError when a path doesn't exist.
        """
        report = self.store(paths, prune=prune, progress=progress, waiting=waiting)
        began = time.perf_counter()
        self.encode(progress=progress, waiting=waiting)
        return replace(report, waiting=self.waiting, seconds=report.seconds + time.perf_counter() - began)

    def store(
        self,
        paths: Sequence[Path],
        *,
        prune: bool = False,
        progress: Progress = _silent,
        waiting: Callable[[], None] = _silent,
        root: Path | None = None,
    ) -> IndexReport:
        """The first half of `update`: from then on documents are found by their words.

        New ids are relative to `root`, which holds all of `paths`, when it is given."""
        with _turn(self.home.lock, waiting):
            config = self.home.config
            builder = Builder(self._store, config.embedder, self._encoder, config.passage_tokens, progress)
            return builder.run(paths, prune=prune, root=root)

    def encode(self, *, progress: Progress = _silent, waiting: Callable[[], None] = _silent) -> None:
        """The second half of `update`: encode what has no vector, whoever stored it; others may store meanwhile."""
        with suppress(Timeout), _turn(self.home.encoding_lock, waiting, self._closing.is_set):
            try:
                encode(self._store, self._encoder, progress, self._closing.is_set)
            finally:
                if self.counts()[2]:
                    self._nearest().save()

    def encode_behind(self) -> Thread:
        """Do so in a thread of its own, until it is done or this index is closed."""

        def work() -> None:
            try:
                self.encode()
            except Exception:
                # Nobody waits for this thread's outcome; what is not encoded now is when it is asked for next.
                _LOG.exception("the encoding stopped; what awaits it goes on with: istok index")

        thread = Thread(target=work, name="encoding", daemon=True)
        self._behind = [*(other for other in self._behind if other.is_alive()), thread]
        thread.start()
        return thread

    def remove(self, document_id: str) -> None:
        """Forget one document at once. Raises IndexStateError for an unknown id."""
        with FileLock(self.home.lock):
            self._store.document(document_id)
            self._store.remove([document_id])

    # The encoder and the cache of its vectors, opened when first needed

    def _encoder(self) -> Embedder:
        with self._lazy:
            if self._embedder is None:
                self._embedder = open_embedder(self.home.config.embedder)
            return self._embedder

    def _open_vectors(self) -> VectorStore:
        with self._lazy:
            if self._vectors is None:
                from istok.index.faiss import FaissStore

                self._vectors = FaissStore(self.home.vectors)
            return self._vectors

    def _stamp(self) -> Stamp:
        return Stamp(self.generation, self.fingerprint, self._store.epoch)

    def _nearest(self) -> VectorStore:
        """The cache in step with the truth: rebuilt from it when it is missing, damaged or holds what is there no more,
        else only added to."""
        with self._lazy:
            vectors, stamp = self._open_vectors(), self._stamp()
            dimensions = int(self._store.meta("dimensions") or 0)
            if not stamp.grew_from(vectors.stamp):
                vectors.rebuild(*self._store.vectors(dimensions), stamp)
            elif vectors.stamp != stamp:
                held = vectors.ids
                new = np.setdiff1d(self._store.encoded_ids(), held).tolist()
                vectors.add(*self._store.vectors(dimensions, new), stamp)
                if len(new) * _MUCH > len(held):
                    vectors.save()
            return vectors


_MUCH = 10
"""A cache that grew by a tenth is saved, so that those who open it next needn't add all of that themselves, while
an index that is being encoded isn't written anew at every batch."""


@contextmanager
def _turn(path: Path, waiting: Callable[[], None], given_up: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Hold the lock in `path`; `waiting` is called when another one has it. Raises Timeout when it was `given_up`."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire(cancel_check=given_up)
    try:
        yield
    finally:
        lock.release()
