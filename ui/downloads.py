"""Fetching models while the page goes on: one at a time, the same in every tab."""

from __future__ import annotations

import logging
import shutil
import time
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, RLock, Thread
from typing import Final, Literal

from istok.index.errors import IstokError
from istok.rag.models import PULLING, Model
from istok.rag.pull import pull
from istok.ui.errors import PageKind

_LOG: Final = logging.getLogger(__name__)
_WINDOW: Final = 8.0  # seconds that the speed is measured over
_GLANCE: Final = 0.25  # seconds between two measurements


class DownloadError(IstokError):
    """A download that can't begin now."""


@dataclass(frozen=True, slots=True)
class Download:
    """A model on its way, or how its last download ended: `done` of `total` bytes, `speed` in bytes a second.

    `failure` says what to do when it has failed.
    """

    model: Model
    state: Literal["running", "stopping", "complete", "stopped", "failed"]
    done: int
    total: int
    speed: float = 0.0
    failure: IstokError | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("complete", "stopped", "failed")

    @property
    def seconds_left(self) -> float | None:
        """By the present speed; None when that is not known."""
        return (self.total - self.done) / self.speed if self.speed else None


class Downloads:
    """Models on their way into `folder`. Nothing is asked of the network before `start`; a closed tab stops nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = RLock()
        self._latest: Download | None = None
        self._stop = Event()
        self._thread: Thread | None = None
        self._samples: deque[tuple[float, int]] = deque()

    @property
    def latest(self) -> Download | None:
        """The download that runs, else the one that ended last; None before the first."""
        return self._latest

    def start(self, model: Model) -> None:
        """Fetch it, going on from what is here. Raises DownloadError while another is on its way."""
        with self._lock:
            if self._latest and not self._latest.ended:
                raise DownloadError(f"{self._latest.model.name} is being fetched: wait until it is here, or cancel it")
            self._stop = Event()
            self._samples.clear()
            self._latest = Download(model, "running", self.kept(model), model.size)
            self._thread = Thread(target=self._run, args=(model, self._stop), name="istok-download", daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Let what runs end soon. What has come by then is kept."""
        with self._lock:
            if self._latest and self._latest.state == "running":
                self._stop.set()
                self._latest = replace(self._latest, state="stopping")

    def wait(self) -> Download | None:
        """Until nothing runs; how that ended."""
        if self._thread:
            self._thread.join()
        return self._latest

    def kept(self, model: Model) -> int:
        """Bytes that are here of a model that is not here whole."""
        return sum(path.stat().st_size for path in self._work(model).rglob("*") if path.is_file())

    def discard(self, model: Model) -> None:
        """Delete what is here of a model that is not here whole. Raises DownloadError while it is on its way."""
        with self._lock:
            if self._latest and self._latest.model == model:
                if not self._latest.ended:
                    raise DownloadError(f"{model.name} is being fetched: cancel that first")
                self._latest = None
            shutil.rmtree(self._work(model), ignore_errors=True)

    def _work(self, model: Model) -> Path:
        return self._folder / PULLING / model.name

    def _run(self, model: Model, stop: Event) -> None:
        try:
            pull(model, self._folder, progress=self._note, stop=stop)
        except IstokError as error:
            self._end("stopped" if stop.is_set() else "failed", error.bare())
        except Exception as error:
            _LOG.exception("%s was not fetched", model.name)
            self._end("failed", IstokError(PageKind.CRASHED, error=type(error).__name__))
        else:
            self._end("complete")

    def _note(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._samples and now - self._samples[-1][0] < _GLANCE and done < total:
            return
        self._samples.append((now, done))
        while now - self._samples[0][0] > _WINDOW:
            self._samples.popleft()
        began, before = self._samples[0]
        speed = (done - before) / (now - began) if now > began else 0.0
        with self._lock:
            if self._latest:
                self._latest = replace(self._latest, done=done, total=total, speed=speed)

    def _end(self, state: Literal["complete", "stopped", "failed"], failure: IstokError | None = None) -> None:
        with self._lock:
            if self._latest:
                self._latest = replace(self._latest, state=state, failure=failure)
