"""Conversations on disk: one SQLite file beside the index, with every answer whole, citations and all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from threading import RLock
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from istok.index.errors import IstokError
from istok.rag.types import Answer, Evidence
from istok.ui.conversations.words import Words
from istok.ui.errors import PageKind

Vote = Literal["up", "down"]

FORMAT: Final = 1
"""Version of the layout below; kept in SQLite's user_version."""

TITLE_LENGTH: Final = 120  # characters

_ANSWER: Final = TypeAdapter(Answer)

_LAYOUT: Final = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS exchanges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    question TEXT NOT NULL, asked TEXT NOT NULL, answer TEXT, failure TEXT,
    vote TEXT CHECK (vote IN ('up', 'down')), comment TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS conversations_owner ON conversations (owner, updated);
CREATE INDEX IF NOT EXISTS exchanges_conversation ON exchanges (conversation);
PRAGMA user_version = {FORMAT};
COMMIT;
"""

_DAMAGE: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

_OWNED: Final = "owner = :owner"
_OWN: Final = f"conversation IN (SELECT id FROM conversations WHERE {_OWNED})"  # noqa: S608


class ConversationsError(IstokError):
    """The file of the conversations can't be used."""


class UnknownConversationError(IstokError):
    """A conversation that isn't there, or is another person's."""

    def __init__(self, conversation: int) -> None:
        super().__init__(PageKind.NO_CONVERSATION, conversation=conversation)


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in the list; `updated` is an ISO time in UTC, `answering` whether an answer is in the making.
    `excerpt` is where the sought words were said, "" when it is in the title or nothing was sought."""

    id: int
    title: str
    updated: str
    answering: bool = False
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A question and what came of it: an answer, a failure, or neither when it was cut short.

    `answering`: neither yet. `asked` is an ISO time in UTC.
    """

    id: int
    question: str
    asked: str
    answer: Answer | None
    failure: IstokError | None
    vote: Vote | None
    comment: str
    answering: bool = False


class ConversationStore:
    """Every conversation of a home; each belongs to its `owner`, the name that a person logged in with, or "".

    For any number of threads. Every method raises ConversationsError when the file can't be used.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file, makes it if need be, and moves a damaged one aside: then ConversationsError says where to."""
        self.path = path
        self._lock = RLock()
        self._awaited: dict[int, int] = {}
        """The questions asked here that await their answers, and their conversations. Whatever else in the file has
        neither answer nor failure was cut short."""
        self._connection = self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = None
        try:
            # One connection behind one lock: a person's questions are few, and each access takes milliseconds.
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
            [(version,)] = connection.execute("PRAGMA user_version").fetchall()
            if version > FORMAT:
                raise ConversationsError(
                    f"{self.path} is of format {version}, this Istok knows {FORMAT}: update Istok, or move the file"
                )
            # Readers in other processes don't wait for the writer.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA foreign_keys = ON")
            [(fault,), *_] = connection.execute("PRAGMA quick_check(1)").fetchall()
            if fault != "ok":
                raise _damage(" ".join(fault.split()))
            if version < FORMAT:
                connection.executescript(_LAYOUT)
        except sqlite3.DatabaseError as error:
            if connection:
                connection.close()
            if not _damaged(error):
                raise self._unusable(error) from error
            aside = self._move_aside()
            raise ConversationsError(
                f"{self.path} is damaged ({error}) and was moved to {aside}: run again to begin with an empty one; "
                f"what can be read of the old one is recovered by: sqlite3 {aside.name} .recover"
            ) from error
        except ConversationsError:
            if connection:
                connection.close()
            raise
        return connection

    def _move_aside(self) -> Path:
        """The file and its log under a name of their own."""
        moment = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S-%f")
        aside = self.path.with_name(f"{self.path.stem}.damaged-{moment}{self.path.suffix}")
        for tail in ("", "-wal", "-shm"):
            part = self.path.with_name(self.path.name + tail)
            if part.exists():
                part.rename(aside.with_name(aside.name + tail))
        return aside

    def _unusable(self, error: sqlite3.DatabaseError) -> ConversationsError:
        if _damaged(error):
            return ConversationsError(PageKind.CONVERSATIONS_DAMAGED, path=self.path, problem=error)
        return ConversationsError(PageKind.CONVERSATIONS_UNUSABLE, path=self.path, problem=error)

    def _rows(self, sql: str, **values: object) -> list[Any]:
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
                raise
            except sqlite3.DatabaseError as error:
                raise self._unusable(error) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of the block is kept, or none of it."""
        with self._lock:
            self._rows("BEGIN IMMEDIATE")
            try:
                yield
                self._rows("COMMIT")
            except BaseException:
                # SQLite itself rolls back on some errors, such as a full disk.
                if self._connection.in_transaction:
                    self._rows("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    # Reading

    def owners(self) -> list[str]:
        """Everybody who has conversations."""
        return [owner for (owner,) in self._rows("SELECT DISTINCT owner FROM conversations ORDER BY owner")]

    def summaries(self, owner: str, words: str = "") -> list[Summary]:
        """The owner's conversations, the newest first; with `words`, those whose title, questions and answers have
        each of them (as the beginning of a word, in any case, ё = е)."""
        if sought := Words.of(words):
            return self._found(owner, sought)
        rows = self._rows(
            "SELECT id, title, updated FROM conversations WHERE owner = :owner ORDER BY updated DESC, id DESC",
            owner=owner,
        )
        with self._lock:
            busy = set(self._awaited.values())
        return [Summary(id_, title, updated, id_ in busy) for id_, title, updated in rows]

    def _found(self, owner: str, sought: Words) -> list[Summary]:
        rows = self._rows(
            "SELECT c.id, e.question, json_extract(e.answer, '$.text') FROM conversations c"
            " JOIN exchanges e ON e.conversation = c.id WHERE c.owner = :owner ORDER BY c.id, e.id",
            owner=owner,
        )
        said = {
            id_: [text for _, *texts in of for text in texts if text] for id_, of in groupby(rows, lambda row: row[0])
        }
        return [
            replace(summary, excerpt=next(filter(None, map(sought.excerpt, said.get(summary.id, ()))), ""))
            for summary in self.summaries(owner)
            if sought.among((summary.title, *said.get(summary.id, ())))
        ]

    def title(self, conversation: int, owner: str) -> str:
        """Its title. Raises UnknownConversationError."""
        rows = self._rows(
            f"SELECT title FROM conversations WHERE id = :conversation AND {_OWNED}",  # noqa: S608
            conversation=conversation, owner=owner,
        )  # fmt: skip
        if not rows:
            raise UnknownConversationError(conversation)
        return str(rows[0][0])

    def records(self, conversation: int, owner: str) -> list[Record]:
        """What was asked in it, in order. Raises UnknownConversationError."""
        self.title(conversation, owner)
        rows = self._rows(
            "SELECT id, question, asked, answer, failure, vote, comment FROM exchanges"
            " WHERE conversation = :conversation ORDER BY id",
            conversation=conversation,
        )
        return [self._record(*row) for row in rows]

    def _record(
        self,
        id_: int,
        question: str,
        asked: str,
        answer: str | None,
        failure: str | None,
        vote: Vote | None,
        comment: str,
    ) -> Record:
        read, why = None, _failure(failure) if failure else None
        try:
            # Fields that are newer than the record take their defaults.
            read = _ANSWER.validate_json(answer) if answer else None
        except ValidationError:
            why = IstokError(PageKind.OTHER_VERSION)
        return Record(id_, question, asked, read, why, vote, comment, id_ in self._awaited)

    def rated(self, owner: str) -> list[int]:
        """The owner's conversations in which an answer was voted for or against, or commented on, in order."""
        rows = self._rows(
            f"SELECT DISTINCT conversation FROM exchanges WHERE (vote IS NOT NULL OR comment != '') AND {_OWN}"  # noqa: S608
            " ORDER BY conversation",
            owner=owner,
        )
        return [conversation for (conversation,) in rows]

    # Writing

    def begin(self, owner: str, title: str) -> int:
        """A new conversation."""
        [(conversation,)] = self._rows(
            "INSERT INTO conversations (owner, title, updated) VALUES (:owner, :title, :now) RETURNING id",
            owner=owner, title=_title(title), now=_now(),
        )  # fmt: skip
        return int(conversation)

    def ask(self, conversation: int, question: str, owner: str) -> int:
        """A question that awaits its answer; the exchange's id. Raises UnknownConversationError."""
        now = _now()
        with self._transaction():
            if not self._rows(
                f"UPDATE conversations SET updated = :now WHERE id = :conversation AND {_OWNED} RETURNING id",  # noqa: S608
                now=now, conversation=conversation, owner=owner,
            ):  # fmt: skip
                raise UnknownConversationError(conversation)
            [(exchange,)] = self._rows(
                "INSERT INTO exchanges (conversation, question, asked) VALUES (:conversation, :question, :now)"
                " RETURNING id",
                conversation=conversation, question=storable(question), now=now,
            )  # fmt: skip
            self._awaited[exchange] = conversation
        return int(exchange)

    def answer(self, exchange: int, answer: Answer) -> None:
        """Keep what was answered, and what was read for it. Only a question that was asked here and
        awaits its answer takes one: one that was taken away meanwhile does not."""
        kept = _ANSWER.dump_json(replace(answer, evidence=Evidence(answer.evidence.sentences))).decode()
        self._settle(exchange, "UPDATE exchanges SET answer = :outcome WHERE id = :exchange", kept)

    def fail(self, exchange: int, failure: IstokError) -> None:
        """Keep why there is no answer, as `answer` does: its line and its facts, to be told in any language."""
        kept = json.dumps([failure.line, failure.facts], ensure_ascii=False)
        self._settle(exchange, "UPDATE exchanges SET failure = :outcome WHERE id = :exchange", storable(kept))

    def _settle(self, exchange: int, sql: str, outcome: str) -> None:
        with self._lock:
            try:
                if exchange in self._awaited:
                    self._rows(sql, outcome=outcome, exchange=exchange)
            finally:
                self._awaited.pop(exchange, None)

    def forget(self, exchange: int, owner: str) -> None:
        """Take a question and its answer away."""
        if self._rows(
            f"DELETE FROM exchanges WHERE id = :exchange AND {_OWN} RETURNING id",  # noqa: S608
            exchange=exchange, owner=owner,
        ):  # fmt: skip
            with self._lock:
                self._awaited.pop(exchange, None)

    def rate(self, exchange: int, vote: Vote | None, comment: str, owner: str) -> None:
        """Keep what a person thinks of an answer, in place of what was kept before; None and "" withdraw it."""
        self._rows(
            f"UPDATE exchanges SET vote = :vote, comment = :comment WHERE id = :exchange AND {_OWN}",  # noqa: S608
            vote=vote, comment=storable(comment.strip()), exchange=exchange, owner=owner,
        )  # fmt: skip

    def rename(self, conversation: int, owner: str, title: str) -> str:
        """Give it another title, which is returned as kept: on one line, of TITLE_LENGTH at most.
        Raises UnknownConversationError."""
        rows = self._rows(
            "UPDATE conversations SET title = :title WHERE id = :conversation AND owner = :owner RETURNING title",
            title=_title(title), conversation=conversation, owner=owner,
        )  # fmt: skip
        if not rows:
            raise UnknownConversationError(conversation)
        return str(rows[0][0])

    def delete(self, conversation: int, owner: str) -> None:
        """Take it away with all that was said in it."""
        if self._rows(
            "DELETE FROM conversations WHERE id = :conversation AND owner = :owner RETURNING id",
            conversation=conversation, owner=owner,
        ):  # fmt: skip
            with self._lock:
                for exchange in [asked for asked, of in self._awaited.items() if of == conversation]:
                    del self._awaited[exchange]


def _failure(kept: str) -> IstokError:
    try:
        line, facts = json.loads(kept)
    except ValueError:
        return IstokError(kept)  # of a version that kept the line alone
    return IstokError(line, **facts)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _title(title: str) -> str:
    return " ".join(storable(title).split())[:TITLE_LENGTH].rstrip()


def storable(text: str) -> str:
    """A browser may send half of a surrogate pair, which UTF-8 doesn't know."""
    return text.encode("utf-8", "replace").decode()


def _damage(fault: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(fault)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _damaged(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE
