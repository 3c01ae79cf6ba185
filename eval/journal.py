"""Journal: the questions of a run that are done, kept until all are, so that a run that was stopped goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from istok.eval.results import ItemResult, ResultsError


class Journal:
    """A file with the key of its run in the first line and one `ItemResult` in each of the others.

    What another run has left is thrown away, and so is a last line that was only half written.
    """

    def __init__(self, path: Path, key: str) -> None:
        """Open `path` for the run of that `key`. Raises ResultsError."""
        self._path = path
        self._head = _line(json.dumps({"key": key}))
        self.done: dict[str, ItemResult] = {}
        """By the id of the question, in order."""
        try:
            self._file = path.open("a+b")
            whole = self._whole()
            self._file.truncate(whole)
        except OSError as error:
            raise self._fault(error) from error
        if not whole:
            self._write(self._head)

    def _whole(self) -> int:
        """Read what is there; how many bytes of it are whole lines of this run."""
        self._file.seek(0)
        if self._file.readline() != self._head:
            return 0
        whole = len(self._head)
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            try:
                result = ItemResult.model_validate_json(line)
            except ValidationError:
                break
            self.done[result.item.id] = result
            whole += len(line)
        return whole

    def add(self, result: ItemResult) -> None:
        """Keep one more. Raises ResultsError."""
        self._write(_line(result.model_dump_json()))
        self.done[result.item.id] = result

    def _write(self, content: bytes) -> None:
        try:
            self._file.write(content)
            self._file.flush()
        except OSError as error:
            raise self._fault(error) from error

    def _fault(self, error: OSError) -> ResultsError:
        return ResultsError(f"{self._path} can't be written ({error.strerror}): choose another --out")

    def remove(self) -> None:
        """Delete the file: the run is over."""
        self._file.close()
        self._path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _line(text: str) -> bytes:
    return (text + "\n").encode()
