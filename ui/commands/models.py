"""`istok models`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from istok.index.home import Home


@click.group("models")
def command() -> None:
    """See which models are here and fit this machine, and choose the one that reads."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@home_option
def list_(home: Home, as_json: bool) -> None:
    """List the GGUF files that are here, and those that we recommend."""
    from dataclasses import asdict
    from json import dumps
    from pathlib import Path

    from istok.index.machine import free_memory
    from istok.rag import models as known

    kind, _, current = home.config.reader.partition(":")
    here = known.local(home.models)
    if kind == "llama.cpp" and (path := Path(current)).is_file() and path not in [model.path for model in here]:
        here.append(known.ModelFile(path, path.stat().st_size))
    free = free_memory()
    if as_json:
        local = [
            {
                "name": model.path.name,
                "path": str(model.path),
                "size": model.size,
                "memory": model.memory,
                "fits": model.memory <= free,
                "in_use": kind == "llama.cpp" and str(model.path) == current,
            }
            for model in here
        ]
        recommended = [
            asdict(model) | {"memory": model.memory, "fits": model.memory <= free} for model in known.RECOMMENDED
        ]
        contents = {"reader": home.config.reader, "free_memory": free, "models": local, "recommended": recommended}
        click.echo(dumps(contents, ensure_ascii=False, indent=2))
        return

    from rich import box
    from rich.console import Console
    from rich.table import Table

    def size(count: int) -> str:
        return f"{count / known.GB:.1f} GB"

    def fits(memory: int) -> str:
        return "yes" if memory <= free else "no"

    table = Table("", "name", "size", "memory", "fits", title=f"Here, in {home.models}", box=box.SIMPLE)
    table.title_justify = "left"
    table.add_row("*" if kind == "quote" else "", "quote", "–", "–", "yes")
    for model in here:
        mark = "*" if kind == "llama.cpp" and str(model.path) == current else ""
        table.add_row(mark, model.path.name, size(model.size), size(model.memory), fits(model.memory))
    advice = Table("name", "size", "memory", "fits", "languages", "licence", title="Recommended", box=box.SIMPLE)
    advice.add_column("where", overflow="fold")
    advice.title_justify = "left"
    for choice in known.RECOMMENDED:
        advice.add_row(
            choice.name,
            size(choice.size),
            size(choice.memory),
            fits(choice.memory),
            choice.languages,
            choice.license,
            f"{choice.repo}\n{choice.file}",
        )
    console = Console()
    console.print(table, advice)
    console.print(
        f"{size(free)} of memory are free. * reads now; another: istok models use NAME. "
        f"A recommended file is found on huggingface.co; put it into {home.models}.",
        highlight=False,
    )


@command.command("use")
@click.argument("name", metavar="NAME|PATH|quote")
@home_option
def use(home: Home, name: str) -> None:
    """Let a GGUF file read, by its name or path, or `quote`: the sentences themselves, no language model."""
    from importlib.util import find_spec

    from istok.index.errors import MissingExtraError
    from istok.index.machine import free_memory
    from istok.rag import models as known

    reader = "quote"
    if name != reader:
        path = known.find(name.removeprefix("llama.cpp:"), home.models)
        if find_spec("llama_cpp") is None:
            raise MissingExtraError("llama-cpp-python", "llama")
        reader = f"llama.cpp:{path}"
        needed, free = known.memory_needed(path.stat().st_size), free_memory()
        if needed > free:
            click.echo(
                f"{path.name} needs about {needed / known.GB:.1f} GB of memory and {free / known.GB:.1f} GB are free: "
                "close other programs before you ask",
                err=True,
            )
    home.save(home.config.model_copy(update={"reader": reader}))
    click.echo(f"reader: {reader}")
