"""Lines: a JSONL file as checked records."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from istok.eval.benchmarks.figures import BenchmarkError

Record = TypeVar("Record", bound=BaseModel)


def read_lines(path: Path, kind: type[Record]) -> list[Record]:
    """The records of a file, one JSON object a line. Raises BenchmarkError with the line's number."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise BenchmarkError(f"{path} can't be read ({error.strerror}): check its permissions") from error
    except UnicodeDecodeError as error:
        raise BenchmarkError(f"{path}: not UTF-8 at byte {error.start}: save it as UTF-8") from error
    records = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                records.append(kind.model_validate_json(line))
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(map(str, first["loc"])) or "the line"
                raise BenchmarkError(f"{path}:{number}: {place}: {first['msg']}: mend that line") from error
    if not records:
        raise BenchmarkError(f"{path} holds no questions: write one JSON object a line")
    return records
