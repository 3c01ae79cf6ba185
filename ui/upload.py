"""Uploaded files: kept among the home's documents and made findable there, one after another, whoever sent them."""

from __future__ import annotations

import errno
import hashlib
import logging
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import Final, Literal

from istok.index.errors import IndexStateError, IstokError, RefusalKind
from istok.index.home import Home
from istok.index.index import Index
from istok.index.types import IndexReport

_LOG: Final = logging.getLogger(__name__)
_SUFFIX: Final = re.compile(r"\.[^. ]{1,16}$")
_NAME: Final = 200
"""Bytes of a name: most file systems allow 255."""
_KEPT: Final = 20_000
"""Uploads whose outcome is remembered."""
_PAUSE: Final = 0.5  # seconds between two looks at whether the encoder must be called
_DRAFTS: Final = ".incoming-"
_ABANDONED: Final = 3600  # seconds after which a draft is nobody's

Reason = RefusalKind | Literal["full", "taken", "lost", "index"]
"""Why an upload is not added: as for any file, or no space is left, its name can't be used here, it is no upload, or
the index can't be written."""


class UploadError(IstokError):
    """An upload that can't be kept."""

    def __init__(self, message: str, kind: Reason) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Upload:
    """How far an uploaded file is. From "stored" on, it is `document` that is found by its words, and `done` of its
    `passages` were read for their meaning."""

    name: str
    state: Literal["waiting", "reading", "stored", "done", "refused"] = "waiting"
    outcome: Literal["added", "changed", "unchanged"] = "added"
    reason: Reason | None = None
    document: str = ""
    passages: int = 0
    done: int = 0


def add(index: Index, home: Home, upload: Path, name: str | None = None) -> IndexReport:
    """Move `upload` among the home's documents, as `name` (which may have folders), and make it findable there; one of
    the same name is replaced.

    Its passages then await the encoder. A refused file is not kept, and leaves the one it would have replaced in its
    place; whatever breaks off leaves nothing half done. Raises IstokError.
    """
    documents = home.documents
    place = documents / safe_name(name or upload.name)
    try:
        documents.mkdir(parents=True, exist_ok=True)
        if not place.parent.resolve().is_relative_to(documents.resolve()):
            raise UploadError(f"{place} leads out of {documents}: rename the file", "taken")
        with TemporaryDirectory(prefix=_DRAFTS, dir=documents) as drafts:
            draft, former = Path(drafts, "draft"), Path(drafts, "former")
            # Copied, not renamed: the upload may lie on another file system.
            shutil.copyfile(upload, draft)
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.exists():
                shutil.copyfile(place, former)
            draft.replace(place)
            kept = False
            try:
                report = index.store([place], root=documents)
                kept = not report.refusals
                return report
            finally:
                if not kept:
                    former.replace(place) if former.exists() else place.unlink(missing_ok=True)
    except OSError as error:
        raise UploadError(f"{upload.name} can't be kept in {documents} ({error.strerror})", _reason(error)) from error
    except IndexStateError as error:
        if "full" in str(error):  # as SQLite calls a disk without space
            raise UploadError(str(error), "full") from error
        raise
    finally:
        upload.unlink(missing_ok=True)
        leave_no_empty_folder(place.parent, documents)


def safe_name(name: str) -> PurePosixPath:
    """A relative path made of what a browser calls a file: no part of it leads up, is hidden, has signs that can't be
    seen or is longer than file systems allow."""
    parts = [_visible(part) for part in re.split(r"[/\\]", name)]
    *folders, last = parts or [""]
    suffix = found[0] if (found := _SUFFIX.search(last)) else ""
    stem = last.removesuffix(suffix).strip(" .") or "document"
    return PurePosixPath(*(_short(folder.strip(" .")) for folder in folders), _short(stem, suffix))


def _visible(part: str) -> str:
    kept = (sign for sign in unicodedata.normalize("NFC", part) if unicodedata.category(sign)[0] != "C")
    return "".join(kept).strip()


def _short(stem: str, suffix: str = "") -> str:
    limit = _NAME - len(suffix.encode())
    if len(stem.encode()) <= limit:
        return stem + suffix
    # Two long names that begin alike must stay two.
    mark = "~" + hashlib.sha256(stem.encode()).hexdigest()[:8]
    return stem.encode()[: limit - len(mark)].decode(errors="ignore") + mark + suffix


def _reason(error: OSError) -> Reason:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "full"
        case errno.ENAMETOOLONG | errno.EISDIR | errno.ENOTDIR | errno.EEXIST | errno.EINVAL:
            return "taken"
        case errno.ENOENT:
            return "lost"
        case _:
            return "unreadable"


def leave_no_empty_folder(folder: Path, above: Path) -> None:
    """Remove `folder` and those that hold it, up to but without `above`, as far as they are empty."""
    with suppress(OSError):
        while folder != above and folder.is_relative_to(above):
            folder.rmdir()
            folder = folder.parent


class Intake:
    """Takes uploads in, in a thread of its own: they are added even when the tab that sent them is closed, and answers
    are given meanwhile."""

    def __init__(self, index: Index, home: Home, folder: Path) -> None:
        """`folder` is where the server keeps what it receives."""
        self._index = index
        self._home = home
        self._folder = folder
        self._queue: Queue[tuple[str, Path]] = Queue()
        self._uploads: dict[str, Upload] = {}
        self._lock = Lock()
        self._worker: Thread | None = None
        for draft in home.documents.glob(f"{_DRAFTS}*"):
            with suppress(OSError):
                if time.time() - draft.stat().st_mtime > _ABANDONED:
                    shutil.rmtree(draft)

    def take(self, path: str, name: str) -> str:
        """Put a received file in the queue; a ticket to ask after it. Raises UploadError when `path` is none that the
        server received: it comes from a browser."""
        folder = self._folder.resolve()
        try:
            received = Path(path).resolve()
            if received.parent.parent != folder or not received.is_file():
                raise UploadError("no such upload: send the file again", "lost")
        except (OSError, ValueError) as error:
            raise UploadError("no such upload: send the file again", "lost") from error
        ticket = secrets.token_hex(16)
        with self._lock:
            self._uploads[ticket] = Upload(name)
            for old in [*self._uploads][:-_KEPT]:
                del self._uploads[old]
            self._queue.put((ticket, received))
            if self._worker is None:
                self._worker = Thread(target=self._work, name="uploads", daemon=True)
                self._worker.start()
        return ticket

    def look(self, tickets: Collection[str]) -> dict[str, Upload]:
        """How far these uploads are; unknown tickets are left out."""
        known = {ticket: upload for ticket in tickets if (upload := self._uploads.get(ticket))}
        stored = {upload.document for upload in known.values() if upload.state == "stored"}
        entries = {entry.id: entry for entry in self._index.entries(stored)} if stored else {}
        for ticket, upload in known.items():
            if upload.state == "stored":
                entry = entries.get(upload.document)
                passages, waiting = (entry.passages, entry.waiting) if entry else (0, 0)
                state: Literal["stored", "done"] = "stored" if waiting else "done"
                known[ticket] = replace(upload, state=state, passages=passages, done=passages - waiting)
        return known

    def _work(self) -> None:
        encoding: Thread | None = None
        unread = False
        while True:
            # One encoding at a time, and one that begins after the last file was stored.
            if unread and not (encoding and encoding.is_alive()):
                encoding, unread = self._index.encode_behind(), False
            try:
                ticket, path = self._queue.get(timeout=_PAUSE if unread else None)
            except Empty:
                continue
            self._uploads[ticket] = replace(self._uploads[ticket], state="reading")
            self._uploads[ticket] = upload = self._added(self._uploads[ticket], path)
            unread = unread or upload.state == "stored"

    def _added(self, upload: Upload, path: Path) -> Upload:
        try:
            report = add(self._index, self._home, path, upload.name)
            if report.refusals:
                return replace(upload, state="refused", reason=report.refusals[0].kind)
            document = self._index.id_of(self._home.documents / safe_name(upload.name)) or ""
        except UploadError as error:
            return replace(upload, state="refused", reason=error.kind)
        except Exception:
            # The others in the queue are still to be added, whatever was wrong with this one.
            _LOG.exception("not added: %r", upload.name)
            return replace(upload, state="refused", reason="index")
        outcome: Literal["added", "changed", "unchanged"] = (
            "added" if report.added else "changed" if report.changed else "unchanged"
        )
        return replace(upload, state="stored", outcome=outcome, document=document)
