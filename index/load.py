"""A file becomes a `Document`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from istok.index import article, charset
from istok.index.article import Article
from istok.index.dates import parse, publication_date
from istok.index.errors import LoadError
from istok.index.language import detect
from istok.index.types import Document

if TYPE_CHECKING:
    from pathlib import Path

    from istok.index.metadata import FileMetadata

SUFFIXES = frozenset({".txt", ".md", ".html", ".htm", ".pdf", ".docx"})
MAX_BYTES = 50_000_000
"""Far above any article, report or book (50 MB of Russian text are 12,000 pages), and still read, split and stored
within the memory of an ordinary computer."""

_HEADING = re.compile(r"^#[ \t]+(\S.*?)[ \t#]*$|^(\S.*)\r?\n={3,}[ \t]*$", re.MULTILINE)
_KEY = r"^{}\s*[:=]\s*[\"']?(.+?)[\"']?\s*$"


def load(path: Path, document_id: str, metadata: FileMetadata | None = None) -> Document:
    """Read a file; what `metadata` knows goes before what the file says of itself. Raises LoadError (one line: the
    file, the reason, the remedy) when there is no text to be had from it."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        readable = ", ".join(sorted(SUFFIXES))
        raise LoadError(f"{path}: files of type {suffix or 'none'!r} can't be read: use {readable}", "type")
    data = _bytes(path)
    found = _article(data, suffix, str(path))
    if not re.search(r"\w", found.text):
        if suffix == ".pdf":
            raise LoadError(f"{path}: is a scanned PDF without text: run OCR, e.g. ocrmypdf", "scanned")
        raise LoadError(f"{path}: is empty: remove it", "empty")
    known = metadata.model_dump() if metadata else {}
    date, basis = found.date, found.date_basis
    if known.get("date"):
        date, basis = known["date"], known["basis"] or "metadata.toml"
    return Document(
        id=document_id,
        path=str(path),
        title=known.get("title") or found.title or path.stem,
        date=date,
        language=detect("\n".join(found.text[range_.start : range_.end] for range_ in found.main)),
        text=found.text,
        main=found.main,
        date_basis=basis,
        place=known.get("place"),
        pages=found.pages,
    )


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise LoadError(f"{path}: is a folder: name a file")
        if (size := path.stat().st_size) > MAX_BYTES:
            limit = MAX_BYTES // 10**6
            raise LoadError(
                f"{path}: is too large ({size / 1e6:.0f} MB, the limit is {limit} MB): split it into parts", "large"
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise LoadError(f"{path}: does not exist: check its name") from error
    except OSError as error:
        raise LoadError(f"{path}: can't be read ({error.strerror}): check its permissions") from error
    if not data.strip():
        raise LoadError(f"{path}: is empty: remove it or write something into it", "empty")
    return data


def _article(data: bytes, suffix: str, name: str) -> Article:
    """What the file's format gives; each format's libraries are imported only when such a file is met."""
    match suffix:
        case ".pdf":
            from istok.index import pdf

            return pdf.read(data, name)
        case ".docx":
            from istok.index import word

            return word.read(data, name)
        case ".html" | ".htm":
            from istok.index import webpage

            declared = webpage.CHARSET.search(data[:4096])
            return webpage.read(_decoded(data, name, declared[1].decode("ascii") if declared else None))
        case _:
            return _plain(_decoded(data, name), markdown=suffix == ".md")


def _decoded(data: bytes, name: str, declared: str | None = None) -> str:
    text = charset.decode(data, declared)
    if text is None:
        raise LoadError(f"{name}: holds binary data or text in an unknown charset: save it as UTF-8 text", "charset")
    return text


def _plain(text: str, *, markdown: bool) -> Article:
    main = article.main_ranges(text)
    title = article.headline(text, main)
    dated = publication_date(*article.head(text))
    if markdown:
        matter = article.front_matter(text)
        heading = _HEADING.search(text, len(matter))
        title = _value("title", matter) or (heading and (heading[1] or heading[2]).strip()) or title
        stated = _value("date", matter) or ""
        if date := parse(re.split(r"(?<=\d)[T ]\d{1,2}:", stated)[0]):
            dated = date, f"date in the file's front matter: {stated}"
    return Article(text, main, title, *(dated or (None, None)))


def _value(key: str, front_matter: str) -> str | None:
    found = re.search(_KEY.format(key), front_matter, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else None
