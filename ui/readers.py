"""Who reads, for all tabs: the readers that can be chosen, and the change from one to another."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Final

from istok.index.errors import IstokError
from istok.rag.assistant import Assistant
from istok.rag.errors import ReaderError
from istok.rag.models import LocalModel, local
from istok.ui.errors import PageKind

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """A reader that can be chosen: "quote", a GGUF file, or the server that was last asked. `key` is its name in the
    browser, `name` in an answer."""

    key: str
    spec: str
    name: str
    model: LocalModel | None = None


class Readers:
    """The choices of one assistant; `loading` is the name of the reader that is being opened, `failure` says why the
    last one could not be."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = Lock()
        self._opening: Thread | None = None
        self.loading = ""
        self.failure: IstokError | None = None
        spec = assistant.index.home.config.reader
        kind, _, rest = spec.partition(":")
        self.server = spec if kind == "openai" else ""
        self._elsewhere = Path(rest).expanduser().absolute() if kind == "llama.cpp" else None

    @property
    def present(self) -> str:
        """The name of the one that reads."""
        return self._assistant.reader.name

    def choices(self) -> list[Choice]:
        """As they are now; a GGUF file outside the home's folder when the settings named it."""
        folder = self._assistant.index.home.models
        here = [model for model in local(folder) if model.kind == "reader"]
        choices = [Choice("quote", "quote", "quote")]
        choices += [_of(model.path.relative_to(folder).as_posix(), model) for model in here]
        path = self._elsewhere
        if path and path.is_file() and path not in [model.path for model in here]:
            choices.append(_of("elsewhere", LocalModel("reader", path, path.stat().st_size)))
        if self.server:
            choices.append(Choice("server", self.server, self.server))
        return choices

    def find(self, key: str) -> Choice:
        """The choice of that key. Raises ReaderError when it is gone."""
        for choice in self.choices():
            if choice.key == key:
                return choice
        raise ReaderError(PageKind.MODEL_GONE)

    def use(self, spec: str, name: str) -> Thread:
        """Open it, and read with it from the next question on. Ends when that is done: then `failure` says how it
        failed, if it did. While another is being opened, the thread is that one's."""
        with self._lock:
            if self._opening is None or not self._opening.is_alive():
                self.loading, self.failure = name, None
                self._opening = Thread(target=self._open, args=(spec,), name="istok-opening", daemon=True)
                self._opening.start()
            return self._opening

    def _open(self, spec: str) -> None:
        try:
            self._assistant.use(spec)
            if spec.startswith("openai:"):
                self.server = spec
        except IstokError as error:
            self.fail(error)
        except Exception as error:
            _LOG.exception("%s was not opened", spec)
            self.fail(IstokError(PageKind.CRASHED, error=type(error).__name__))
        finally:
            self.loading = ""

    def fail(self, error: IstokError) -> None:
        """Have every tab say so."""
        self.failure = error.bare()

    def remove(self, key: str) -> None:
        """Delete the file of a model that does not read. Raises ReaderError."""
        choice = self.find(key)
        if choice.model is None or key == "elsewhere":
            raise ReaderError(PageKind.MODEL_ELSEWHERE, model=short(choice.name))
        if choice.name in (self.present, self.loading):
            raise ReaderError(PageKind.MODEL_IN_USE, model=choice.model.path.name)
        try:
            choice.model.path.unlink()
        except OSError as error:
            raise ReaderError(PageKind.MODEL_STAYS, path=choice.model.path, problem=error.strerror) from error


def short(name: str) -> str:
    """A reader's name without its kind and where it lies: the model's own."""
    kind, _, rest = name.partition(":")
    return rest.rpartition("@")[0] if kind == "openai" else rest.rpartition("/")[2] or kind


def _of(key: str, model: LocalModel) -> Choice:
    return Choice(key, model.spec, f"llama.cpp:{model.path.name}", model)
