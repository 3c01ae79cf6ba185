"""The index of a home: files go in, hits come out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock

from filelock import FileLock, Timeout

from istok.index.build import Builder, Progress
from istok.index.embed import Embedder, Vectors, open_embedder
from istok.index.errors import IndexStateError, IstokError
from istok.index.home import Home
from istok.index.language import detect
from istok.index.search import rarity, search
from istok.index.store import Store
from istok.index.types import Document, Hit, IndexReport, Language, Passage
from istok.index.vectors import Stamp, VectorStore


class Index:
    """Searches what is stored, and is its only writer. Close it, or use it in a `with`."""

    def __init__(self, home: Home, store: Store) -> None:
        self.home = home
        self._store = store
        self._lazy = RLock()
        self._vectors: VectorStore | None = None
        self._embedder: Embedder | None = None

    @classmethod
    def open(cls, home: Home) -> Index:
        """The index of `home`, empty when there was none. Raises IndexStateError."""
        return cls(home, Store(home.database))

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Reading

    def search(self, query: str, k: int = 10, *, scope: Collection[str] | None = None) -> list[Hit]:
        """The `k` best passages, best first, only from the documents in `scope` when it is given.

        Raises IndexStateError when nothing is indexed or the encoder was changed since.
        """
        documents, _, encoded = self.counts()
        if not documents:
            raise IndexStateError("nothing is indexed yet: run: istok index [PATH ...]")
        if self._store.meta("embedder") != self.home.config.embedder:
            raise IndexStateError("the encoder was changed since the index was made: run: istok index")
        encoder = self._encoder() if encoded and detect(query) in self.languages else None
        if encoder and encoder.fingerprint != self.fingerprint:
            raise IndexStateError("the encoder's weights have changed since the index was made: run: istok index")
        vectors = self._nearest() if encoder else None
        among = None if scope is None else self._store.passage_ids(scope)
        return search(self._store, vectors, encoder, query, k, among=among)

    def warm(self) -> None:
        """Load the encoder, if the index needs one; a question does so anyway, and says what is wrong with it."""
        with suppress(IstokError):
            if self.counts()[2]:
                self.encode_queries([""], next(iter(self.languages)))

    def documents(self) -> list[Document]:
        """Every stored document, by id."""
        return self._store.documents()

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

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The encoder's rows for sentences or passages, in a language that it knows."""
        return self._encoder().encode_passages(texts)

    def counts(self) -> tuple[int, int, int]:
        """How many documents, passages and vectors are stored."""
        return self._store.counts()

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
        if encoded and (stamp := self._open_vectors().stamp) != self._stamp():
            state = "missing or damaged" if stamp is None else "stale"
            faults.append(f"the vector cache is {state} (the next search rebuilds it): run: istok index")
        return faults

    # Writing

    def update(
        self,
        paths: Sequence[Path],
        *,
        prune: bool = False,
        progress: Progress | None = None,
        waiting: Callable[[], None] | None = None,
    ) -> IndexReport:
        """Index the files and folders of `paths`; what is unchanged is left alone.

        Each batch is one transaction, so that a run may be killed at any moment and the next one goes on
        where it stopped. With `prune`, documents whose file is gone from `paths` (from anywhere when there
        are none) are forgotten. Only one run writes at a time: `waiting` is called before this one waits.
        Raises IndexStateError when a path doesn't exist.
        """
        lock = FileLock(self.home.lock)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if waiting:
                waiting()
            lock.acquire()
        try:
            config, silent = self.home.config, lambda *_: None
            builder = Builder(self._store, config.embedder, self._encoder, config.passage_tokens, progress or silent)
            report = builder.run(paths, prune=prune)
            if report.passages and self.counts()[2]:
                self._nearest()
            return report
        finally:
            lock.release()

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
        return Stamp(self.generation, self.fingerprint)

    def _nearest(self) -> VectorStore:
        """The cache, rebuilt from the truth when it is missing, stale or damaged."""
        with self._lazy:
            vectors, stamp = self._open_vectors(), self._stamp()
            if vectors.stamp != stamp:
                vectors.rebuild(*self._store.vectors(int(self._store.meta("dimensions") or 0)), stamp)
            return vectors
