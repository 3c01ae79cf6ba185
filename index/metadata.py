"""`metadata.toml`: what a person knows about the files of a folder and the files don't say themselves."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from istok.index.dates import is_iso
from istok.index.errors import LoadError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "metadata.toml"


def _text(value: object) -> object:
    """TOML's own dates, and a bare year, as text."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    return f"{value:04}" if isinstance(value, int) and not isinstance(value, bool) else value


def _date(value: str) -> str:
    if not is_iso(value):
        raise ValueError(f"{value!r} is no date: write 2024, 2024-02 or 2024-02-07")
    return value


class FileMetadata(BaseModel):
    """One table of `metadata.toml`; `basis` says in words where the date (and the title) come from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(min_length=1)] | None = None
    date: Annotated[str, BeforeValidator(_text), AfterValidator(_date)] | None = None
    place: Annotated[str, Field(min_length=1)] | None = None
    basis: str | None = None


_TABLES = TypeAdapter(dict[str, FileMetadata])


def read_metadata(folder: Path) -> Mapping[str, FileMetadata]:
    """`folder/metadata.toml` by file name relative to the folder; empty when there is none."""
    path = folder / NAME
    try:
        tables = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise LoadError(f"{path}: can't be read ({error.strerror}): check its permissions") from error
    except UnicodeDecodeError as error:
        raise LoadError(f"{path}: is not UTF-8: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise LoadError(f"{path}: is no valid TOML: {error}: correct it or remove the file") from error
    try:
        return _TABLES.validate_python(tables)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(f'"{part}"' if "." in str(part) else str(part) for part in first["loc"][:2])
        reason = first["msg"].removeprefix("Value error, ")
        raise LoadError(f"{path}: {key}: {reason}: correct this key (known: title, date, place, basis)") from error
