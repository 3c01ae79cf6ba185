"""Collections: a benchmark's texts in a real index."""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from istok.eval.benchmarks.figures import BenchmarkError
from istok.index.build import Progress
from istok.index.embed import Embedder, mark
from istok.index.home import Home
from istok.index.index import Index
from istok.index.language import detect
from istok.index.store import Draft, Source, Store
from istok.index.types import Document, Language, Range

Cut = tuple[Range, tuple[Range, ...]]
"""A passage and its sentences."""


def untitled(document_id: str, text: str, language: Language) -> Document:
    """A document that is nothing but its text."""
    return Document(document_id, document_id, "", None, language, text, (Range(0, len(text)),))


def store(
    home: Home, encoder: Embedder, documents: Sequence[tuple[Document, Sequence[Cut]]], progress: Progress
) -> Index:
    """An index of an empty home over documents that are already cut into passages."""
    drafts = [
        Draft(
            document,
            Source(document.id, "", document.path, "", encoder.fingerprint),
            [(range_, sentences, detect(document.text[slice(*range_)])) for range_, sentences in cuts],
            [None] * len(cuts),
        )
        for document, cuts in documents
    ]
    opened = Store(home.database)
    opened.adopt_encoder(
        embedder=home.config.embedder,
        encoder_mark=mark(home.config.embedder),
        fingerprint=encoder.fingerprint,
        languages=" ".join(sorted(encoder.languages)),
        dimensions=str(encoder.dimensions),
    )
    opened.put(drafts)
    index = Index(home, opened)
    index.encode(progress=progress)
    return index


def archive(home: Home, path: Path, progress: Progress) -> Index:
    """The index of a home that holds the .txt files of a tar archive and nothing else.

    What the home lacks is unpacked into it, indexed and encoded, so that an interrupted run goes on and a filled
    home is used as it is. A document's name is that of its file, whatever folder it was indexed from. Raises
    BenchmarkError for an unreadable archive, and for a home with documents of another origin.
    """
    texts = _texts(path)
    index = Index.open(home)
    known = names(index)
    if strays := sorted(known.keys() - texts.keys()):
        index.close()
        raise BenchmarkError(
            f"{home.root} holds documents that {path.name} doesn't ({strays[0]}): give an empty folder with --home"
        )
    missing = texts.keys() - known.keys()
    folder = home.root / "originals"
    if missing:
        folder.mkdir(exist_ok=True)
    for name in missing:
        (folder / name).write_bytes(texts[name])
    index.update([folder] if missing else [], progress=progress)
    return index


def names(index: Index) -> dict[str, str]:
    """The id of each document by the name of its file."""
    return {PurePosixPath(document.id).name: document.id for document in index.documents()}


def _texts(path: Path) -> dict[str, bytes]:
    try:
        with tarfile.open(path) as tar:
            files = [member for member in tar if member.isfile() and member.name.endswith(".txt")]
            # A regular member always has a file.
            return {PurePosixPath(file.name).name: tar.extractfile(file).read() for file in files}  # type: ignore[union-attr]
    except (OSError, tarfile.TarError, EOFError) as error:
        raise BenchmarkError(f"{path} can't be unpacked ({error}): it must be a tar archive of .txt files") from error
