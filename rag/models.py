"""Language models and encoders: those that are here, those we recommend, and whether one fits this machine's memory."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from istok.index.errors import UnknownNameError
from istok.rag.errors import ReaderError, ReaderKind

Kind = Literal["reader", "encoder"]

GB = 10**9
WORKING_MEMORY = GB // 4
"""Bytes a model takes beside its weights and its key-value cache: buffers for computing, vocabulary."""

PULLING = ".pulling"
"""The folder beside the models that holds what is not yet fetched whole."""


class HubFile(BaseModel):
    """A file of a repository; `size` in bytes, 0 and "" where only the hub knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    size: int = 0
    sha256: str = ""

    @property
    def name(self) -> str:
        """Without its folder."""
        return self.path.rpartition("/")[2]


class Model(BaseModel):
    """A model on a hub: one GGUF file that reads, or the files of an encoder, at one revision."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Kind
    repo: str
    revision: str = "main"
    languages: str = ""
    license: str = ""
    prompts: dict[str, str] = {}
    """What an encoder wants before a query and a passage, where its files don't say so."""
    files: tuple[HubFile, ...]

    @property
    def size(self) -> int:
        """Bytes, as far as they are known here."""
        return sum(file.size for file in self.files)

    @property
    def memory(self) -> int:
        """Bytes it takes when loaded, estimated."""
        return memory_needed(self.size, self.kind)

    def place(self, folder: Path) -> Path:
        """Where it lies when it is here: a GGUF file, or an encoder's folder."""
        return folder / (self.files[0].name if self.kind == "reader" else self.name)


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A GGUF file, or an encoder's folder, that is here; `size` in bytes."""

    kind: Kind
    path: Path
    size: int

    @property
    def memory(self) -> int:
        """Bytes it takes when loaded, estimated."""
        return memory_needed(self.size, self.kind)

    @property
    def spec(self) -> str:
        """How the settings name it."""
        return f"{'llama.cpp' if self.kind == 'reader' else 'onnx'}:{self.path}"


@cache
def recommended() -> tuple[Model, ...]:
    """The table in models.toml: readers, then encoders, each smallest first."""
    table = tomllib.loads((files("istok.rag") / "models.toml").read_text("utf-8"))
    return tuple(Model.model_validate(row) for row in table["model"])


def on_hub(name: str) -> Model:
    """The model that `name` means: one of ours by its name or its file's, or any GGUF as OWNER/REPO/FILE.gguf.

    Raises UnknownNameError.
    """
    for model in recommended():
        if name.casefold() in (model.name, model.files[0].name.casefold()):
            return model
    owner, _, rest = name.partition("/")
    repo, _, path = rest.partition("/")
    named = all(re.fullmatch(r"\w[\w.-]*", part) for part in (owner, repo, *path.split("/")))
    if not named or not path.endswith(".gguf"):
        raise UnknownNameError("model", name, (*(model.name for model in recommended()), "OWNER/REPO/FILE.gguf"))
    return Model(name=path.rpartition("/")[2], kind="reader", repo=f"{owner}/{repo}", files=(HubFile(path=path),))


def memory_needed(size: int, kind: Kind = "reader") -> int:
    """Bytes that a file of `size` bytes takes, judged before it is opened: a reader has a key-value cache as well,
    some 0.15 to 0.6 GB for a context of 4,096 tokens and today's models of 1 to 8 billion weights."""
    return size + (min(size // 5, 6 * GB // 10) if kind == "reader" else 0) + WORKING_MEMORY


def is_gguf(path: Path) -> bool:
    """Whether the file starts as the GGUF specification says."""
    with path.open("rb") as file:
        return file.read(4) == b"GGUF"


def check(path: Path) -> None:
    """Raises ReaderError when `path` is not a GGUF file that can be read."""
    if not path.is_file():
        raise ReaderError(ReaderKind.NO_FILE, path=path)
    try:
        if not is_gguf(path):
            raise ReaderError(ReaderKind.NO_GGUF, path=path)
    except OSError as error:
        raise ReaderError(ReaderKind.UNREADABLE, path=path, problem=error.strerror) from error


def local(folder: Path) -> list[LocalModel]:
    """GGUF files in `folder` and below it, by name, then the encoders' folders."""
    readers = [
        LocalModel("reader", path, path.stat().st_size)
        for path in folder.rglob("*.gguf")
        if PULLING not in path.parts and path.is_file() and is_gguf(path)
    ]
    encoders = [
        LocalModel("encoder", path.parent, sum(file.stat().st_size for file in path.parent.rglob("*")))
        for path in folder.glob("*/modules.json")
    ]
    return [
        *sorted(readers, key=lambda model: model.path.name.casefold()),
        *sorted(encoders, key=lambda model: model.path.name.casefold()),
    ]


def find(name: str, folder: Path) -> LocalModel:
    """The model that `name` means: one in `folder` by its name, with or without ".gguf", by that in our table, or
    else the path of a GGUF file.

    Raises ReaderError when there is none.
    """
    ours = [model for model in recommended() if model.name == name.casefold()]
    here = local(folder)
    for model in here:
        names = {model.path.name.casefold(), model.path.name.casefold().removesuffix(".gguf")}
        if name.casefold() in names or model.path in [known.place(folder) for known in ours]:
            return model
    if ours:
        raise ReaderError(f"{ours[0].name} is not here: fetch it with `istok models pull {ours[0].name}`")
    path = Path(name).expanduser().absolute()
    check(path)
    return LocalModel("reader", path, path.stat().st_size)
