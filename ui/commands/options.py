"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


def _open_home(context: click.Context, parameter: click.Parameter, value: Path | None) -> object:
    from istok.index.home import Home

    return Home.open(value)


def home_option(command: F) -> F:
    """`--home DIR`: the command's `home` argument is the opened Home."""
    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        callback=_open_home,
        help="Where the index and the settings lie (default: ISTOK_HOME, else your data folder).",
    )(command)


def jsonl_option(what: str) -> Callable[[F], F]:
    """`--jsonl FILE|-`: many inputs, one a line."""
    return click.option(
        "--jsonl",
        "jsonl",
        type=click.File("r", "utf-8-sig", lazy=False),
        help=f"One {what} a line in, one result a line out.",
    )


def one_of(value: str | None, jsonl: Iterable[str] | None, name: str) -> None:
    """Raise unless exactly one of an argument, which must be text, and `--jsonl` is given."""
    if (value is None) == (jsonl is None):
        raise click.UsageError(f"give either {name} or --jsonl FILE")
    if value and any("\ud800" <= character <= "\udfff" for character in value):
        raise click.UsageError(f"{name} must be UTF-8 text")
