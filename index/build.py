"""Building in two stages, each incremental and safe to kill at any moment: files in, transactions of documents out,
findable by their words; then, behind it, the vectors of passages that have none.

Only one batch is in memory at a time: some hundred passages, or one whole document.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from istok.index.embed import Embedder, mark, titled
from istok.index.errors import IndexKind, IndexStateError, LoadError, RefusalKind
from istok.index.language import detect
from istok.index.load import SUFFIXES, load
from istok.index.metadata import FileMetadata, read_metadata
from istok.index.split import split
from istok.index.store import Draft, Source, Store
from istok.index.terms import tokens
from istok.index.types import Document, IndexReport, Refusal

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and of how much: "index" counts files, "recut" documents
that were cut by another encoder's tokens, "encode" passages."""

_STORED = 256  # passages a transaction: what a kill can cost
_ENCODED = 256  # the same for vectors; as many also let the encoder work at its full rate, sorted by length
_WORD_TOKENS = 1.5  # tokens a word, where the encoder doesn't know the language and its own count means nothing
_READING = "1"  # raised when loading or splitting changes, so that unchanged files are read anew


@dataclass(frozen=True, slots=True)
class _File:
    id: str
    root: Path
    path: Path
    metadata: FileMetadata | None


class Builder:
    """One run of the first stage. `open_encoder` is called only when there is something to cut."""

    def __init__(
        self, store: Store, spec: str, open_encoder: Callable[[], Embedder], passage_tokens: int, progress: Progress
    ) -> None:
        self._store = store
        self._spec = spec
        self._open_encoder = open_encoder
        self._passage_tokens = passage_tokens
        self._progress = progress
        self._sources = store.sources()
        self._refusals: list[Refusal] = []

    def run(self, paths: Sequence[Path], *, prune: bool, root: Path | None = None) -> IndexReport:
        """Bring the store up to date with `paths`; new ids are relative to `root`, else to the folder given in `paths`.
        Raises IndexStateError when a path doesn't exist."""
        began = time.perf_counter()
        gone = self._gone(paths) if prune else []
        files = list(self._files(paths, prune, gone, root))
        if gone:
            self._store.remove(gone)
            self._sources = {id_: source for id_, source in self._sources.items() if id_ not in gone}
        work, unchanged = self._sort(files)
        known = self._store.meta("embedder"), self._store.meta("encoder_mark")
        if known != (self._spec, mark(self._spec)):
            self._adopt_encoder()
        fingerprint = self._store.meta("fingerprint") or ""
        stored = self._write(self._read(work, fingerprint), "index", len(work))
        others = [s for s in self._sources.values() if s.encoder != fingerprint and s.id not in stored]
        self._write(self._reread(others, fingerprint), "recut", len(others))
        added = len(stored - self._sources.keys())
        return IndexReport(
            added=added,
            changed=len(stored) - added,
            unchanged=unchanged,
            removed=len(gone),
            passages=self._store.counts()[1],
            waiting=count_waiting(self._store),
            refusals=tuple(self._refusals),
            seconds=time.perf_counter() - began,
        )

    # What there is to do

    def _files(self, paths: Sequence[Path], prune: bool, gone: Collection[str], within: Path | None) -> Iterator[_File]:
        ids = {source.path: source.id for source in self._sources.values() if source.id not in gone}
        taken = set(ids.values())
        seen: set[Path] = set()
        for given in paths:
            path = given.expanduser().absolute()
            if not path.exists():
                if prune and any(_within(source, path) for source in self._sources.values()):
                    continue
                raise IndexStateError(f"{given} does not exist: give a file or a folder")
            root = within or (path if path.is_dir() else path.parent)
            metadata = read_metadata(root)
            for file in sorted(_documents(path)) if path.is_dir() else [path]:
                if file in seen:
                    continue
                seen.add(file)
                if not _is_text(str(file)):
                    self._refusals.append(Refusal(repr(str(file)), "the name is not UTF-8: rename it", "name"))
                    continue
                name = file.relative_to(root).as_posix()
                id_ = ids.get(str(file)) or _free(name, root, taken)
                taken.add(id_)
                yield _File(id_, root, file, metadata.get(name))

    def _gone(self, paths: Sequence[Path]) -> list[str]:
        roots = [path.expanduser().absolute() for path in paths]
        return [
            source.id
            for source in self._sources.values()
            if (not roots or any(_within(source, root) for root in roots)) and is_gone(Path(source.path))
        ]

    def _sort(self, files: Sequence[_File]) -> tuple[list[tuple[_File, str]], int]:
        """The files to read, with their hashes, and how many are unchanged."""
        work, unchanged = [], 0
        for file in files:
            try:
                digest = hashlib.sha256(f"{_READING} {self._passage_tokens} {file.metadata!r}".encode())
                with file.path.open("rb") as content:
                    while block := content.read(1 << 20):
                        digest.update(block)
            except OSError as error:
                self._refuse(file, f"can't be read ({error.strerror}): check its permissions")
                continue
            known = self._sources.get(file.id)
            if known and known.hash == digest.hexdigest():
                unchanged += 1
            else:
                work.append((file, digest.hexdigest()))
        return work, unchanged

    def _adopt_encoder(self) -> None:
        """Make the configured encoder the index's; documents of another one are then cut and encoded anew."""
        encoder = self._open_encoder()
        self._store.adopt_encoder(
            embedder=self._spec,
            encoder_mark=mark(self._spec),
            fingerprint=encoder.fingerprint,
            languages=" ".join(sorted(encoder.languages)),
            dimensions=str(encoder.dimensions),
        )

    def _refuse(self, file: _File, reason: str, kind: RefusalKind = "unreadable") -> None:
        kept = " (the version indexed before is kept)" if file.id in self._sources else ""
        self._refusals.append(Refusal(str(file.path), reason + kept, kind))

    # Doing it

    def _read(self, work: Sequence[tuple[_File, str]], fingerprint: str) -> Iterator[Draft | None]:
        for file, digest in work:
            try:
                document = load(file.path, file.id, file.metadata)
            except LoadError as error:
                self._refuse(file, str(error), error.kind)
                yield None
                continue
            yield self._draft(document, Source(file.id, str(file.root), str(file.path), digest, fingerprint))

    def _reread(self, others: Sequence[Source], fingerprint: str) -> Iterator[Draft | None]:
        for source in others:
            document = self._store.document(source.id)
            yield self._draft(document, Source(source.id, source.root, source.path, source.hash, fingerprint))

    def _draft(self, document: Document, source: Source) -> Draft:
        """A document with its passages, not yet encoded."""
        encoder = self._open_encoder()
        knows = document.language in encoder.languages
        limit = min(self._passage_tokens, encoder.max_tokens) if knows else self._passage_tokens
        passages = [
            (range_, sentences, detect(document.text[range_.start : range_.end]))
            for range_, sentences in split(document, encoder.count_tokens if knows else _count_words, limit)
        ]
        return Draft(document, source, passages, [None] * len(passages))

    def _write(self, drafts: Iterator[Draft | None], stage: str, total: int) -> set[str]:
        """Store what comes, a batch at a time; the ids of what was stored."""
        stored: set[str] = set()
        batch: list[Draft] = []
        for done, draft in enumerate(drafts, 1):
            if draft:
                batch.append(draft)
            if batch and (sum(len(d.passages) for d in batch) >= _STORED or done == total):
                self._store.put(batch)
                stored.update(d.document.id for d in batch)
                batch.clear()
            self._progress(stage, done, total)
        return stored


def count_waiting(store: Store) -> int:
    """How many passages the encoder has yet to read: those in its languages that have no vector."""
    return store.waiting((store.meta("languages") or "").split())


def encode(store: Store, open_encoder: Callable[[], Embedder], progress: Progress, stop: Callable[[], bool]) -> None:
    """The second stage: give every waiting passage its vector, a batch a transaction, until none is left or `stop`.

    Raises IndexStateError when the index is or becomes another encoder's.
    """
    languages = (store.meta("languages") or "").split()
    done, left = 0, count_waiting(store)
    while left and not stop():
        encoder = open_encoder()
        if encoder.fingerprint != store.meta("fingerprint"):
            raise IndexStateError(IndexKind.ENCODER_CHANGED)
        batch = store.next_waiting(languages, _ENCODED)
        # A sentence alone loses what its title says, so each passage is read under its document's.
        rows = encoder.encode_passages([titled(passage.title, passage.text) for passage in batch])
        store.fill(batch, rows, encoder.fingerprint)
        done, left = done + len(batch), count_waiting(store)
        progress("encode", done, done + left)


def _documents(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.suffix.lower() in SUFFIXES and path.is_file():
            yield path


def is_gone(path: Path) -> bool:
    """Whether a file doesn't exist any more; one in a folder that can't be entered may."""
    try:
        return not path.exists()
    except OSError:
        return False


def _is_text(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _within(source: Source, folder: Path) -> bool:
    return Path(source.path).is_relative_to(folder)


def _free(name: str, root: Path, taken: set[str]) -> str:
    """The path relative to the indexed folder, led by the folder's name where another folder has the same."""
    candidate, number = name, 1
    while candidate in taken:
        candidate = f"{root.name}/{name}" if number == 1 else f"{root.name}~{number}/{name}"
        number += 1
    return candidate


def _count_words(texts: Sequence[str]) -> list[int]:
    return [int(sum(1 for _ in tokens(text)) * _WORD_TOKENS) for text in texts]
