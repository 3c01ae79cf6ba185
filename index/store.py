"""The truth: one SQLite file with documents, passages, their terms and their vectors.

Writers use one transaction a batch and raise the generation in it, so that whatever is derived from this
file can tell that it is stale. Readers may work meanwhile (write-ahead log).
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakSet

import numpy as np

from istok.index.embed import Vectors
from istok.index.errors import IndexKind, IndexStateError
from istok.index.terms import keys, terms
from istok.index.types import Document, Entry, Language, Passage, Range

FORMAT = 1
"""Version of the layout below; kept in SQLite's user_version."""

_LAYOUT = f"""
PRAGMA user_version = {FORMAT};
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, root TEXT NOT NULL, hash TEXT NOT NULL, encoder TEXT NOT NULL,
    title TEXT NOT NULL, date TEXT, date_basis TEXT, place TEXT, language TEXT NOT NULL, text TEXT NOT NULL,
    main TEXT NOT NULL, pages TEXT NOT NULL
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, language TEXT NOT NULL, sentences TEXT NOT NULL,
    text TEXT NOT NULL, vector BLOB
);
CREATE INDEX passages_document ON passages (document_id);
CREATE INDEX passages_language ON passages (language);
CREATE VIRTUAL TABLE passages_terms USING fts5 (
    context, body, keys, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'"
);
CREATE VIRTUAL TABLE terms_seen USING fts5vocab (passages_terms, 'row');
"""

_WAITING = "CREATE INDEX IF NOT EXISTS passages_waiting ON passages (language) WHERE vector IS NULL"
"""Counts and finds what has no vector without reading the passages."""

_DOCUMENT = "id, path, title, date, language, text, main, date_basis, place, pages"
_PASSAGE = 'p.id, p.document_id, p.start, p."end", p.sentences, p.language, p.text'


@dataclass(frozen=True, slots=True)
class Source:
    """A stored document's origin: the indexed folder it came from, its file, a hash of what was read, and the
    fingerprint of the encoder by whose tokens it was cut into passages."""

    id: str
    root: str
    path: str
    hash: str
    encoder: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A document ready to be stored: `passages` are (range, sentences, language), `vectors` one row each, or None for
    a passage that waits for the encoder or that it has no say on."""

    document: Document
    source: Source
    passages: Sequence[tuple[Range, tuple[Range, ...], str]]
    vectors: Sequence[Vectors | None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A passage that has no vector yet."""

    id: int
    title: str
    text: str


class _Line:
    """A thread's connection, closed when the thread is gone: a server answers each question in a new one. A
    connection by itself is part of a ring, and would stay until the garbage is collected."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class Store:
    """The open file, with a connection for each thread that asks.

    Every method raises IndexStateError when the file is damaged or can't be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = threading.local()
        self._opened: WeakSet[_Line] = WeakSet()
        try:
            version = self._prepare()
        except IndexStateError:
            self.close()
            raise
        if version != FORMAT:
            self.close()
            raise IndexStateError(f"{path} is of format {version}, this is {FORMAT}: delete it and run: istok index")

    def _prepare(self) -> int:
        if self._version() == 0:
            with self.transaction():
                # Another process may have made the tables while this one waited for its turn to write.
                if self._version() == 0:
                    for statement in _LAYOUT.split(";\n"):
                        self._rows(statement)
        if self._version() == FORMAT:
            self._rows(_WAITING)  # files made before passages could wait have no such index
        return self._version()

    def _version(self) -> int:
        return int(self._rows("PRAGMA user_version")[0][0])

    @property
    def _connection(self) -> sqlite3.Connection:
        line: _Line | None = getattr(self._threads, "line", None)
        if line is None:
            line = _Line(sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False))
            self._opened.add(line)
            line.connection.execute("PRAGMA journal_mode = WAL")
            line.connection.execute("PRAGMA synchronous = NORMAL")
            line.connection.execute("PRAGMA foreign_keys = ON")
            self._threads.line = line
        return line.connection

    def _rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        try:
            return self._connection.execute(statement, parameters).fetchall()
        except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
            raise
        except sqlite3.DatabaseError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: sqlite3.DatabaseError) -> IndexStateError:
        # Only a file whose bytes are wrong is to be deleted; one that is locked, or on a full disk, is sound.
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR):
            return IndexStateError(IndexKind.DAMAGED, path=self.path, problem=error)
        return IndexStateError(IndexKind.UNUSABLE, path=self.path, problem=error)

    def close(self) -> None:
        """Close every connection."""
        for line in [*self._opened]:
            line.connection.close()
        self._threads = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block is stored, or none of it."""
        self._rows("BEGIN IMMEDIATE")
        try:
            yield
            self._rows("COMMIT")
        except BaseException:
            # SQLite itself rolls back on some errors, such as a full disk.
            if self._connection.in_transaction:
                self._rows("ROLLBACK")
            raise

    # Facts about the whole

    def meta(self, key: str) -> str | None:
        """A fact kept beside the documents."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, **facts: str) -> None:
        """Keep facts beside the documents."""
        for fact in facts.items():
            self._rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", fact)

    @property
    def generation(self) -> int:
        """Raised by every change; no two files share one, so that a cache never fits the file after its own."""
        return int(self.meta("generation") or 0)

    @property
    def epoch(self) -> int:
        """The generation in which a passage or a vector was last taken away; since then they were only added."""
        return int(self.meta("epoch") or 0)

    def _touch(self, *, taken: bool) -> None:
        generation = str(max(self.generation + 1, time.time_ns()))
        self.set_meta(generation=generation)
        if taken:
            self.set_meta(epoch=generation)

    def check(self) -> list[str]:
        """What is wrong with the file, in words; empty when nothing is."""
        faults = [row[0] for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        if faults:
            return faults
        self._rows("INSERT INTO passages_terms (passages_terms) VALUES ('integrity-check')")
        lost = self._rows(
            "SELECT count(*) FROM passages LEFT JOIN passages_terms t ON t.rowid = passages.id WHERE t.rowid IS NULL"
        )[0][0]
        doubled = self._rows("SELECT count(*) - count(DISTINCT document_id || ':' || start) FROM passages")[0][0]
        strays = self._rows("SELECT count(*) FROM passages_terms WHERE rowid NOT IN (SELECT id FROM passages)")[0][0]
        if lost or strays:
            faults.append(f"terms: {lost} passages without terms, {strays} terms without passage")
        if doubled:
            faults.append(f"passages: {doubled} stored twice")
        return faults

    # Documents

    def put(self, drafts: Sequence[Draft]) -> None:
        """Store documents in place of those with the same ids, in one transaction."""
        with self.transaction():
            taken = [self._delete(draft.document.id) for draft in drafts]
            for draft in drafts:
                self._insert(draft)
            self._touch(taken=any(taken))

    def remove(self, ids: Collection[str]) -> None:
        """Forget documents, in one transaction."""
        with self.transaction():
            for id_ in ids:
                self._delete(id_)
            self._touch(taken=True)

    def _delete(self, id_: str) -> bool:
        self._rows("DELETE FROM passages_terms WHERE rowid IN (SELECT id FROM passages WHERE document_id = ?)", (id_,))
        return bool(self._rows("DELETE FROM documents WHERE id = ? RETURNING id", (id_,)))

    def _insert(self, draft: Draft) -> None:
        document, source = draft.document, draft.source
        self._rows(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id, document.path, source.root, source.hash, source.encoder, document.title, document.date,
                document.date_basis, document.place, document.language, document.text,
                json.dumps(document.main), json.dumps(document.pages),
            ),
        )  # fmt: skip
        context = " ".join(terms(f"{document.title} {document.date or ''}"))
        for (range_, sentences, language), vector in zip(draft.passages, draft.vectors, strict=True):
            text = document.text[range_.start : range_.end]
            [(passage,)] = self._rows(
                "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    document.id, range_.start, range_.end, language, json.dumps(sentences), text,
                    None if vector is None else np.ascontiguousarray(vector, "<f4").tobytes(),
                ),
            )  # fmt: skip
            self._rows(
                "INSERT INTO passages_terms (rowid, context, body, keys) VALUES (?, ?, ?, ?)",
                (passage, context, " ".join(terms(text)), " ".join(keys(f"{document.title} {text}"))),
            )

    def sources(self) -> dict[str, Source]:
        """The origin of every document, by id."""
        rows = self._rows("SELECT id, root, path, hash, encoder FROM documents")
        return {row[0]: Source(*row) for row in rows}

    def documents(self) -> list[Document]:
        """Every document, by id."""
        return [_document(row) for row in self._rows(f"SELECT {_DOCUMENT} FROM documents ORDER BY id")]  # noqa: S608

    def entries(self, languages: Collection[str], ids: Collection[str] | None = None) -> list[Entry]:
        """Every document, or those among `ids`, without their texts; `waiting` counts the passages in `languages`."""
        # The texts are behind all that is read here, and the counts are in indexes: 5,000 documents take 50 ms.
        rows = self._rows(
            """SELECT d.id, path, title, date, d.language, d.rowid,
                   (SELECT count(*) FROM passages WHERE document_id = d.id)
               FROM documents d WHERE ? IS NULL OR d.id IN (SELECT value FROM json_each(?)) ORDER BY d.id""",
            (None if ids is None else 1, json.dumps(list(ids or ()))),
        )
        waiting = dict(
            self._rows(
                """SELECT document_id, count(*) FROM passages
                   WHERE vector IS NULL AND language IN (SELECT value FROM json_each(?)) GROUP BY document_id""",
                (json.dumps(list(languages)),),
            )
        )
        return [
            Entry(id_, path, title, date, "ru" if language == "ru" else "en", passages, waiting.get(id_, 0), added)
            for id_, path, title, date, language, added, passages in rows
        ]

    def id_of(self, path: str) -> str | None:
        """The id of the document whose file this is, if it is stored."""
        rows = self._rows("SELECT id FROM documents WHERE path = ?", (path,))
        return str(rows[0][0]) if rows else None

    def document(self, id_: str) -> Document:
        """One document. Raises IndexStateError for an unknown id."""
        # What programs send may hold half of a surrogate pair, which SQLite does not take and no id has.
        known = id_.encode("utf-8", "replace").decode()
        rows = self._rows(f"SELECT {_DOCUMENT} FROM documents WHERE id = ?", (known,))  # noqa: S608
        if not rows:
            raise IndexStateError(IndexKind.NO_DOCUMENT, document=id_)
        return _document(rows[0])

    def counts(self) -> tuple[int, int, int]:
        """How many documents, passages and vectors there are."""
        [(documents, passages, without)] = self._rows(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages),"
            " (SELECT count(*) FROM passages WHERE vector IS NULL)"
        )
        return documents, passages, passages - without

    # Vectors

    def adopt_encoder(self, **facts: str) -> None:
        """Make the encoder of these facts the index's, in one transaction; vectors of another one are dropped."""
        with self.transaction():
            if self.meta("fingerprint") != facts["fingerprint"]:
                self._rows("UPDATE passages SET vector = NULL WHERE vector IS NOT NULL")
                self._touch(taken=True)
            self.set_meta(**facts)

    def waiting(self, languages: Collection[str]) -> int:
        """How many passages in these languages have no vector."""
        where = "vector IS NULL AND language IN (SELECT value FROM json_each(?))"
        rows = self._rows(f"SELECT count(*) FROM passages WHERE {where}", (json.dumps(list(languages)),))  # noqa: S608
        return int(rows[0][0])

    def next_waiting(self, languages: Collection[str], limit: int) -> list[Waiting]:
        """The first of the passages in these languages that have no vector."""
        rows = self._rows(
            """SELECT p.id, d.title, p.text FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.id IN (
                SELECT id FROM passages WHERE vector IS NULL AND language IN (SELECT value FROM json_each(?))
                ORDER BY id LIMIT ?
            ) ORDER BY p.id""",
            (json.dumps(list(languages)), limit),
        )
        return [Waiting(*row) for row in rows]

    def fill(self, waiting: Sequence[Waiting], vectors: Vectors, fingerprint: str) -> None:
        """Give passages their vectors, in one transaction; one that was changed or forgotten meanwhile goes without.

        Raises IndexStateError when the index is of another encoder by now."""
        with self.transaction():
            if self.meta("fingerprint") != fingerprint:
                raise IndexStateError(IndexKind.CHANGED_MEANWHILE)
            for passage, vector in zip(waiting, vectors, strict=True):
                self._rows(
                    """UPDATE passages SET vector = ? WHERE id = ? AND text = ? AND vector IS NULL
                       AND ? = (SELECT title FROM documents WHERE id = document_id)""",
                    (np.ascontiguousarray(vector, "<f4").tobytes(), passage.id, passage.text, passage.title),
                )
            self._touch(taken=False)

    def encoded_ids(self) -> list[int]:
        """The ids of the passages that have a vector."""
        return [
            row[0] for row in self._rows("SELECT id FROM passages EXCEPT SELECT id FROM passages WHERE vector IS NULL")
        ]

    # Passages

    def passages(self, document_id: str | None = None) -> list[Passage]:
        """All passages, or those of one document, in their order."""
        where = "" if document_id is None else "WHERE p.document_id = ?"
        rows = self._rows(
            f"SELECT {_PASSAGE} FROM passages p {where} ORDER BY p.document_id, p.start",  # noqa: S608
            () if document_id is None else (document_id,),
        )
        return [_passage(row) for row in rows]

    def passages_by_id(self, ids: Collection[int]) -> dict[int, Passage]:
        """Passages by their ids; those that are no longer stored are left out."""
        rows = self._rows(
            f"SELECT {_PASSAGE} FROM passages p WHERE p.id IN (SELECT value FROM json_each(?))",  # noqa: S608
            (json.dumps(list(ids)),),
        )
        return {row[0]: _passage(row) for row in rows}

    def passage_ids(self, documents: Collection[str]) -> list[int]:
        """The ids of all passages of some documents."""
        rows = self._rows(
            "SELECT id FROM passages WHERE document_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(documents)),),
        )
        return [row[0] for row in rows]

    def vectors(self, dimensions: int, ids: Collection[int] | None = None) -> tuple[list[int], Vectors]:
        """Passage ids and their vectors, shape (n, dimensions): all that there are, or those among `ids`."""
        where = "" if ids is None else "AND id IN (SELECT value FROM json_each(?))"
        rows = self._rows(
            f"SELECT id, vector FROM passages WHERE vector IS NOT NULL {where} ORDER BY id",  # noqa: S608
            () if ids is None else (json.dumps(list(ids)),),
        )
        matrix = np.frombuffer(b"".join(row[1] for row in rows), "<f4").reshape(-1, dimensions)
        return [row[0] for row in rows], matrix

    def matches(
        self, expression: str, limit: int, *, languages: Collection[str], among: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """The best passages for an FTS5 expression: (id, BM25), best first and higher is better; only those
        in `languages` and, when given, `among` these ids. A title counts half as much as the text."""
        rows = self._rows(
            """SELECT t.rowid, -bm25(passages_terms, 0.5, 1.0, 1.0) AS score
               FROM passages_terms t WHERE passages_terms MATCH ? AND EXISTS (
                   SELECT 1 FROM passages INDEXED BY passages_language
                   WHERE language IN (SELECT value FROM json_each(?)) AND id = t.rowid
               ) AND (? IS NULL OR t.rowid IN (SELECT value FROM json_each(?)))
               ORDER BY score DESC, t.rowid LIMIT ?""",
            (
                expression, json.dumps(list(languages)), None if among is None else 1,
                json.dumps(list(among or ())), limit,
            ),
        )  # fmt: skip
        return [(row[0], row[1]) for row in rows]

    def languages(self) -> frozenset[str]:
        """The languages of the passages."""
        rows = self._connection.execute(
            'SELECT value FROM json_each(\'["ru", "en"]\') WHERE EXISTS (SELECT 1 FROM passages WHERE language = value)'
        )
        return frozenset(row[0] for row in rows)

    def words(self, document_id: str) -> tuple[frozenset[str], frozenset[str]]:
        """The distinct terms of a document, its title's among them, and its keys."""
        rows = self._connection.execute(
            "SELECT context || ' ' || body, keys FROM passages_terms WHERE rowid IN"
            " (SELECT id FROM passages WHERE document_id = ?)",
            (document_id,),
        ).fetchall()
        terms_, keys_ = (frozenset(word for row in rows for word in row[column].split()) for column in (0, 1))
        return terms_, keys_

    def usual_length(self) -> float:
        """The mean number of terms in a passage's text."""
        # FTS5 keeps the totals for its own BM25: varints of the rows, and of the terms in each column.
        totals, value = [], 0
        for byte in self._rows("SELECT block FROM passages_terms_data WHERE id = 1")[0][0]:
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                totals.append(value)
                value = 0
        return totals[2] / totals[0] if totals and totals[0] else 0.0

    def spoken(self, ids: Collection[int]) -> dict[int, Language]:
        """The language of each passage among `ids`."""
        rows = self._rows(
            "SELECT id, language FROM passages WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        return {id_: "ru" if language == "ru" else "en" for id_, language in rows}

    def stored_terms(
        self, ids: Collection[int], language: str
    ) -> list[tuple[int, list[str], list[str], frozenset[str]]]:
        """Of each passage in `language` among `ids`: its id, its title's terms, its text's terms in order, its keys."""
        # The order of the joins is forced: SQLite's own choice reads every passage of the language.
        rows = self._rows(
            """SELECT t.rowid, context, body, keys FROM json_each(?) wanted
               CROSS JOIN passages p ON p.id = wanted.value CROSS JOIN passages_terms t ON t.rowid = p.id
               WHERE p.language = ?""",
            (json.dumps(list(ids)), language),
        )
        return [(id_, context.split(), body.split(), frozenset(keys_.split())) for id_, context, body, keys_ in rows]

    def frequencies(self, terms_: Collection[str]) -> dict[str, int]:
        """In how many passages each term occurs (as a term or as a key)."""
        rows = self._rows(
            "SELECT value, ifnull((SELECT doc FROM terms_seen WHERE term = value), 0) FROM json_each(?)",
            (json.dumps(list(terms_)),),
        )
        return {row[0]: row[1] for row in rows}


def _ranges(column: str) -> tuple[Range, ...]:
    return tuple(Range(start, end) for start, end in json.loads(column))


def _document(row: Sequence[str]) -> Document:
    id_, path, title, date, language, text, main, basis, place, pages = row
    return Document(
        id=id_, path=path, title=title, date=date, language="ru" if language == "ru" else "en", text=text,
        main=_ranges(main), date_basis=basis, place=place, pages=_ranges(pages),
    )  # fmt: skip


def _passage(row: tuple[int, str, int, int, str, str, str]) -> Passage:
    id_, document_id, start, end, sentences, language, text = row
    return Passage(id_, document_id, start, end, _ranges(sentences), "ru" if language == "ru" else "en", text)
