"""Fetches models from a hub: resumed where it was interrupted, and visible only when its checksum is right."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from glob import escape
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from istok.index.errors import IstokError
from istok.rag.errors import PullKind
from istok.rag.models import GB, PULLING, HubFile, Model, is_gguf

if TYPE_CHECKING:
    from types import ModuleType

Progress = Callable[[int, int], None]
"""Called with the bytes that are here and those there are in all."""

_CHUNK = 1 << 16
_TIMEOUT = 30.0  # seconds without a byte
_PAUSES = (1.0, 2.0, 4.0)  # seconds before each new try; a byte received gives all tries back


class PullError(IstokError):
    """A model that can't be fetched, or was not fetched whole."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as the hub offers it. `checksum` is a SHA-256, or for small files git's own SHA-1 of a blob."""

    path: str
    url: str
    size: int
    checksum: str

    def digest(self, path: Path) -> str:
        """The checksum of a file on disk, of the kind that this one has."""

        def start() -> Any:
            if len(self.checksum) == 64:
                return hashlib.sha256()
            return hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)

        with path.open("rb") as file:
            return hashlib.file_digest(file, start).hexdigest()


def endpoint() -> str:
    """The hub's address: HF_ENDPOINT, or the library's own."""
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or _library().constants.ENDPOINT


def pull(
    model: Model, folder: Path, *, progress: Progress = lambda done, total: None, stop: Event | None = None
) -> Path:
    """Fetch `model` into `folder` and say where it lies; at once when it is there already.

    Set `stop` from another thread to end it. Raises PullError with what to do; what has been fetched by then is kept,
    but for what turns out to be wrong.
    """
    place, work = model.place(folder), folder / PULLING / model.name
    stop = stop or Event()
    if place.exists():
        return place
    with _told(model, folder):
        work.mkdir(parents=True, exist_ok=True)
        with FileLock(work.with_name(f"{model.name}.lock"), timeout=0):
            try:
                _fetch_all(model, work, progress, stop)
                if model.kind == "reader":
                    (work / model.files[0].path).replace(place)
                else:
                    work.rename(place)
            finally:
                _tidy(work)
    return place


def _fetch_all(model: Model, work: Path, progress: Progress, stop: Event) -> None:
    sources = [_source(model, file) for file in model.files]
    _make_sure_of_room(model, sources, work)
    total, before = sum(source.size for source in sources), 0
    for source in sources:
        _fetch(model, source, work / source.path, partial(_add, progress, before, total), stop)
        before += source.size
    if model.prompts:
        settings = work / "config_sentence_transformers.json"
        settings.write_text(json.dumps({"prompts": model.prompts}), "utf-8")


def _add(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _tidy(work: Path) -> None:
    """Leave nothing where there is nothing to go on with."""
    if not any(path.is_file() for path in work.rglob("*")):
        shutil.rmtree(work, ignore_errors=True)
        work.with_name(f"{work.name}.lock").unlink(missing_ok=True)
        with suppress(OSError):
            work.parent.rmdir()  # unless another model is on its way


def _library() -> ModuleType:
    import huggingface_hub
    from huggingface_hub import constants

    # With it on, each request says what is installed here, and an address of its own is asked for a list of programs.
    constants.HF_HUB_DISABLE_TELEMETRY = True
    return huggingface_hub


def _source(model: Model, file: HubFile) -> _Source:
    """Ask the hub for a file's size and checksum. Raises PullError when it offers another file than ours."""
    hub = _library()
    url = hub.hf_hub_url(model.repo, file.path, revision=model.revision, endpoint=endpoint())
    offered = hub.get_hf_file_metadata(url, timeout=_TIMEOUT, endpoint=endpoint(), library_name="istok")
    checksum = offered.etag or ""
    if offered.size is None or not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", checksum):
        raise PullError(PullKind.NO_CHECKSUM, hub=endpoint(), file=file.path)
    if file.sha256 and checksum != file.sha256:
        raise PullError(
            PullKind.OTHER_FILE, hub=endpoint(), file=file.path, found=checksum[:12], known=file.sha256[:12]
        )
    return _Source(file.path, url, offered.size, checksum)


def _make_sure_of_room(model: Model, sources: list[_Source], work: Path) -> None:
    have = sum(path.stat().st_size for path in work.rglob("*") if path.is_file())
    needed, free = sum(source.size for source in sources) - have, shutil.disk_usage(work).free
    if needed > free:
        raise PullError(PullKind.NO_ROOM, model=model.name, needed=needed / GB, free=free / GB)


def _fetch(model: Model, source: _Source, path: Path, progress: Callable[[int], None], stop: Event) -> None:
    """Bring a file to `path`, which then has the right checksum."""
    import httpx2

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{source.checksum[:12]}.part")
    for other in path.parent.glob(f"{escape(path.name)}.*.part"):
        if other != part:
            other.unlink()  # of a revision that is no longer offered
    if path.exists():
        path.replace(part)
    tries = iter(_PAUSES)
    while (have := part.stat().st_size if part.exists() else 0) < source.size:
        progress(have)
        try:
            with closing(_receive(source, part, have)) as received:
                for have in received:
                    tries = iter(_PAUSES)
                    progress(have)
                    if stop.is_set():
                        break
            if have < source.size and not stop.is_set():
                raise httpx2.RemoteProtocolError(PullKind.TOO_EARLY)
        except httpx2.HTTPError as error:
            pause = next(tries, None)
            if pause is None or not _may_pass(error):
                raise
            stop.wait(pause)
        if have < source.size and stop.is_set():
            raise PullError(PullKind.STOPPED, share=have / source.size, file=path.name)
    progress(source.size)
    if (found := source.digest(part)) != source.checksum:
        part.unlink()
        raise PullError(PullKind.OTHER_CONTENT, file=path.name, found=found[:12], known=source.checksum[:12])
    if model.kind == "reader" and not is_gguf(part):
        part.unlink()
        raise PullError(PullKind.NO_GGUF, file=source.path, repo=model.repo)
    part.replace(path)


def _receive(source: _Source, part: Path, have: int) -> Generator[int]:
    """Add to `part` what is missing, and say how much is there."""
    hub = _library()
    headers = hub.utils.build_hf_headers(library_name="istok") | {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with hub.get_session().stream("GET", source.url, headers=headers, timeout=_TIMEOUT) as response:
        hub.hf_raise_for_status(response)
        # A server that knows no ranges sends everything.
        with part.open("ab" if response.status_code == 206 else "wb") as file:
            for chunk in response.iter_bytes(_CHUNK):
                file.write(chunk)
                yield file.tell()
                if file.tell() > source.size:
                    return


def _may_pass(error: Exception) -> bool:
    """Whether a failed request may succeed a little later: the connection failed, or the hub is busy."""
    status = error.response.status_code if hasattr(error, "response") else 503
    return status >= 500 or status in {408, 429}


@contextmanager
def _told(model: Model, folder: Path) -> Iterator[None]:
    """Turns whatever goes wrong into a PullError."""
    import httpx2
    from huggingface_hub import errors

    where = endpoint()
    try:
        yield
    except Timeout as error:
        raise PullError(PullKind.BUSY, model=model.name) from error
    except errors.OfflineModeIsEnabled as error:
        raise PullError(PullKind.OFFLINE) from error
    except errors.GatedRepoError as error:
        raise PullError(PullKind.GATED, repo=model.repo, hub=where) from error
    except (errors.RemoteEntryNotFoundError, errors.RevisionNotFoundError) as error:
        raise PullError(PullKind.NOT_FOUND, url=error.response.url) from error
    except errors.RepositoryNotFoundError as error:
        raise PullError(PullKind.HIDDEN, hub=where, repo=model.repo) from error
    except errors.HfHubHTTPError as error:
        match error.response.status_code:
            case 401 | 403 as status:
                raise PullError(PullKind.FORBIDDEN, hub=where, repo=model.repo, status=status) from error
            case 404:
                raise PullError(PullKind.NOT_FOUND, url=error.response.url) from error
            case status:
                raise PullError(PullKind.HUB_FAILS, hub=where, status=status) from error
    except httpx2.HTTPError as error:
        raise PullError(PullKind.UNREACHED, hub=where, problem=str(error) or type(error).__name__) from error
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        kind = PullKind.DISK_FULL if full else PullKind.UNWRITABLE
        raise PullError(kind, folder=folder, problem=error.strerror) from error
