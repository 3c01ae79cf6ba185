"""GGUF models: those that are here, those we recommend, and whether one fits this machine's memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from istok.rag.errors import ReaderError

if TYPE_CHECKING:
    from pathlib import Path

GB = 10**9
WORKING_MEMORY = GB // 4
"""Bytes a model takes beside its weights and its key-value cache: buffers for computing, vocabulary."""


@dataclass(frozen=True, slots=True)
class Recommended:
    """A multilingual instruct model that reads well for its size. `size` is in bytes, `memory` what it takes in all."""

    name: str
    size: int
    languages: str
    license: str
    repo: str
    file: str

    @property
    def memory(self) -> int:
        """Bytes, estimated."""
        return memory_needed(self.size)


RECOMMENDED = (
    Recommended(
        "Qwen3 1.7B", 1_834_000_000, "ru, en, 117 more", "Apache-2.0", "Qwen/Qwen3-1.7B-GGUF", "Qwen3-1.7B-Q8_0.gguf"
    ),
    Recommended(
        "Qwen3 4B", 2_497_000_000, "ru, en, 117 more", "Apache-2.0", "Qwen/Qwen3-4B-GGUF", "Qwen3-4B-Q4_K_M.gguf"
    ),
    Recommended(
        "Qwen3 8B", 5_028_000_000, "ru, en, 117 more", "Apache-2.0", "Qwen/Qwen3-8B-GGUF", "Qwen3-8B-Q4_K_M.gguf"
    ),
)
"""Smallest first. Sizes are rounded to about 0.1 GB."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A GGUF file that is here; `size` in bytes."""

    path: Path
    size: int

    @property
    def memory(self) -> int:
        """Bytes it takes when loaded, estimated."""
        return memory_needed(self.size)


def memory_needed(size: int) -> int:
    """Bytes that a file of `size` bytes takes with a context of 4,096 tokens, judged before it is opened: the
    key-value cache of today's models of 1 to 8 billion weights is some 0.15 to 0.6 GB."""
    return size + min(size // 5, 6 * GB // 10) + WORKING_MEMORY


def is_gguf(path: Path) -> bool:
    """Whether the file starts as the GGUF specification says."""
    with path.open("rb") as file:
        return file.read(4) == b"GGUF"


def check(path: Path) -> None:
    """Raises ReaderError when `path` is not a GGUF file that can be read."""
    if not path.is_file():
        raise ReaderError(f"there is no model file {path}: see those that are here with `istok models list`")
    try:
        if not is_gguf(path):
            raise ReaderError(f"{path} is not a GGUF model: choose one of `istok models list`")
    except OSError as error:
        raise ReaderError(f"{path} can't be read ({error.strerror}): choose one of `istok models list`") from error


def local(folder: Path) -> list[ModelFile]:
    """GGUF files in `folder` and below it, by name."""
    found = (path for path in folder.rglob("*.gguf") if path.is_file() and is_gguf(path))
    return sorted(
        (ModelFile(path, path.stat().st_size) for path in found), key=lambda model: model.path.name.casefold()
    )


def find(name: str, folder: Path) -> Path:
    """The model that `name` means: a file in `folder` by its name, with or without ".gguf", or else a path.

    Raises ReaderError when there is none.
    """
    from pathlib import Path

    for model in local(folder):
        if name.casefold() in (model.path.name.casefold(), model.path.stem.casefold()):
            return model.path
    path = Path(name).expanduser().absolute()
    check(path)
    return path
