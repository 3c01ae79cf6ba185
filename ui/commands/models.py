"""`istok models`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from istok.index.home import Config, Home
    from istok.rag.models import LocalModel, Model


@click.group("models")
def command() -> None:
    """See which models are here and fit this machine, fetch others, and choose those that read and encode."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@home_option
def list_(home: Home, as_json: bool) -> None:
    """List the models that are here, and those that we recommend."""
    from json import dumps
    from pathlib import Path

    from istok.index.machine import free_memory
    from istok.rag import models as known

    here, used = known.local(home.models), (home.config.reader, home.config.embedder)
    kind, _, current = home.config.reader.partition(":")
    if kind == "llama.cpp" and (path := Path(current)).is_file() and path not in [model.path for model in here]:
        here.append(known.LocalModel("reader", path, path.stat().st_size))
    places = [model.path for model in here]
    free = free_memory()
    if as_json:
        local = [
            {
                "name": model.path.name,
                "kind": model.kind,
                "path": str(model.path),
                "size": model.size,
                "memory": model.memory,
                "fits": model.memory <= free,
                "in_use": model.spec in used,
            }
            for model in here
        ]
        recommended = [
            model.model_dump()
            | {
                "size": model.size,
                "memory": model.memory,
                "fits": model.memory <= free,
                "here": model.place(home.models) in places,
            }
            for model in known.recommended()
        ]
        contents = {"reader": used[0], "embedder": used[1], "free_memory": free}
        click.echo(dumps(contents | {"models": local, "recommended": recommended}, ensure_ascii=False, indent=2))
        return

    from rich import box
    from rich.console import Console
    from rich.table import Table

    def size(count: int) -> str:
        return f"{count / known.GB:.1f} GB"

    def fits(memory: int) -> str:
        return "yes" if memory <= free else "no"

    table = Table("", "name", "kind", "size", "memory", "fits", title=f"Here, in {home.models}", box=box.SIMPLE)
    table.title_justify = "left"
    for name, kind in (("quote", "reader"), (_shipped(), "encoder")):
        table.add_row("*" if name in used or f"onnx:{name}" in used else "", name, kind, "–", "–", "yes")
    for model in here:
        mark = "*" if model.spec in used else ""
        table.add_row(mark, model.path.name, model.kind, size(model.size), size(model.memory), fits(model.memory))
    console = Console()
    console.print(table)
    for kind in ("reader", "encoder"):
        advice = Table("", "name, source", "size", "memory", "fits", "languages, licence", box=box.SIMPLE)
        advice.title, advice.title_justify = f"Recommended {kind}s", "left"
        advice.columns[1].min_width = 30
        for choice in known.recommended():
            if choice.kind == kind:
                mark = "+" if choice.place(home.models) in places else ""
                name = f"{choice.name}\n{choice.repo}"
                numbers = (size(choice.size), size(choice.memory), fits(choice.memory))
                advice.add_row(mark, name, *numbers, f"{choice.languages}\n{choice.license}")
        console.print(advice)
    console.print(
        f"{size(free)} of memory are free. * is in use, + is here. To use one: istok models use NAME; to fetch one: "
        "istok models pull NAME, or OWNER/REPO/FILE.gguf for any other.",
        highlight=False,
    )


@command.command("pull")
@click.argument("name", metavar="NAME|OWNER/REPO/FILE.gguf")
@home_option
def pull(home: Home, name: str) -> None:
    """Fetch a recommended model, or any GGUF file, from huggingface.co or HF_ENDPOINT; Ctrl-C keeps what is there."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    from istok.rag import models as known
    from istok.rag import pull as pulling

    model = known.on_hub(name)
    place = model.place(home.models)
    if place.exists():
        click.echo(f"{place} is here already: istok models use {_handle(model)}")
        return
    click.echo(f"{model.name} from {pulling.endpoint()}/{model.repo}{_facts(model)}", err=True)
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(TextColumn(model.name), *columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=model.size or None)
        try:
            pulling.pull(model, home.models, progress=lambda done, total: bar.update(task, completed=done, total=total))
        except KeyboardInterrupt:
            bar.stop()
            click.echo("what has been fetched is kept: the same command goes on from there", err=True)
            raise
    click.echo(f"{place}: complete, {_checked(model)}; to use it: istok models use {_handle(model)}")


@command.command("use")
@click.argument("name", metavar="NAME|PATH|quote")
@home_option
def use(home: Home, name: str) -> None:
    """Let a model read or encode, by its name, its path, or as KIND:NAME; `quote` reads without a language model."""
    from importlib.util import find_spec

    from istok.index import embed
    from istok.index.errors import MissingExtraError
    from istok.rag import models as known
    from istok.rag import readers

    kind = name.partition(":")[0]
    if name == _shipped():
        _encode_by(home, f"onnx:{name}")
    elif kind in _kinds(embed.KINDS):
        _encode_by(home, name)
    elif kind in _kinds(readers.KINDS) - {"llama.cpp"}:
        readers.open_reader(name)
        _save(home, home.config.model_copy(update={"reader": name}))
    else:
        model = known.find(name.removeprefix("llama.cpp:"), home.models)
        _warn_of_memory(model)
        if model.kind == "encoder":
            _encode_by(home, model.spec)
            return
        if find_spec("llama_cpp") is None:
            raise MissingExtraError("llama-cpp-python", "llama")
        _save(home, home.config.model_copy(update={"reader": model.spec}))


@command.command("remove")
@click.argument("name")
@home_option
def remove(home: Home, name: str) -> None:
    """Delete a model that was fetched, or what is there of one that was not fetched whole."""
    from shutil import rmtree

    from istok.index.errors import IstokError
    from istok.rag import models as known

    for unfinished in (home.models / known.PULLING).glob("*/"):
        if name.casefold() in (unfinished.name.casefold(), unfinished.name.casefold().removesuffix(".gguf")):
            rmtree(unfinished)
            click.echo(f"removed: {unfinished}")
            return
    model = known.find(name, home.models)
    if model.path not in [here.path for here in known.local(home.models)]:
        raise IstokError(f"{model.path} is not among those of `istok models list`: delete it yourself")
    if model.spec in (home.config.reader, home.config.embedder):
        other = "quote" if model.kind == "reader" else _shipped()
        raise IstokError(f"{model.path.name} is in use: choose another first, as with `istok models use {other}`")
    if model.kind == "reader":
        model.path.unlink()
    else:
        rmtree(model.path)
    click.echo(f"removed: {model.path}")


def _shipped() -> str:
    from istok.index.home import DEFAULT_EMBEDDER

    return DEFAULT_EMBEDDER.partition(":")[2]


def _kinds(forms: tuple[str, ...]) -> set[str]:
    return {form.partition(":")[0] for form in forms}


def _handle(model: Model) -> str:
    """What `use` calls it."""
    return model.name.removesuffix(".gguf")


def _facts(model: Model) -> str:
    from istok.rag.models import GB

    size = f", {model.size / GB:.2f} GB" if model.size else ""
    return f"{size}{f', {model.license}' if model.license else ''}"


def _checked(model: Model) -> str:
    """Whose checksums it was checked against."""
    ours = [file.name for file in model.files if file.sha256]
    if not ours:
        return "checked against the hub's own SHA-256"
    others = "" if len(ours) == len(model.files) else f" ({', '.join(ours)}) and the hub's own checksums"
    return f"checked against the SHA-256 that Istok knows{others}"


def _warn_of_memory(model: LocalModel) -> None:
    from istok.index.machine import free_memory
    from istok.rag.models import GB

    free = free_memory()
    if model.memory > free:
        click.echo(
            f"{model.path.name} needs about {model.memory / GB:.1f} GB of memory and {free / GB:.1f} GB are free: "
            "close other programs before you ask",
            err=True,
        )


def _encode_by(home: Home, spec: str) -> None:
    """Opens it first: an encoder that can't be opened would leave the whole home without search."""
    from istok.index.embed import open_embedder

    if spec != home.config.embedder:
        open_embedder(spec)
        _save(home, home.config.model_copy(update={"embedder": spec}))
        click.echo("what is indexed must be read anew: run: istok index (findable by words at once, encoded behind)")
    else:
        click.echo(f"embedder: {spec}")


def _save(home: Home, config: Config) -> None:
    changed = "embedder" if config.embedder != home.config.embedder else "reader"
    home.save(config)
    click.echo(f"{changed}: {getattr(config, changed)}")
