"""`istok index`: read files into the index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from istok.index.home import Home


@click.command("index")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--prune", is_flag=True, help="Forget documents whose file is gone.")
@home_option
def command(paths: tuple[Path, ...], prune: bool, home: Home) -> None:
    """Index files and folders (.txt .md .html .pdf .docx); the five example articles when no PATH is given.

    A file is findable by its words at once; the encoder reads it behind that, and may be stopped at any time.
    """
    from contextlib import ExitStack
    from importlib.resources import files

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    from istok.index.index import Index

    console = Console(stderr=True)
    examples = Path(str(files("istok.seeds")))
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
    with Index.open(home) as index, ExitStack() as shown:
        tasks: dict[str, TaskID] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if not tasks:
                shown.enter_context(bar)
            if stage not in tasks:
                tasks[stage] = bar.add_task(_STAGES[stage], total=total)
            bar.update(tasks[stage], completed=done, total=total)

        def waiting() -> None:
            console.print("another istok is writing to this index: waiting for it to end (Ctrl-C to give up)")

        try:
            report = index.update(
                list(paths) or ([] if prune else [examples]), prune=prune, progress=progress, waiting=waiting
            )
        except KeyboardInterrupt:
            shown.close()
            documents, passages, _ = index.counts()
            held = f"{documents} documents, {passages} passages in {home.root}"
            click.echo(f"stopped: {held} are findable{_await(index.waiting)}")
            raise
        documents, passages, _ = index.counts()
    for refusal in report.refusals:
        console.print(f"not indexed: {refusal.path}: {refusal.reason}", markup=False, highlight=False, soft_wrap=True)
    click.echo(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.removed} removed, "
        f"{len(report.refusals)} refused; {documents} documents, {passages} passages in {home.root}"
        f"{_await(report.waiting)} ({report.seconds:.1f} s)"
    )


def _await(passages: int) -> str:
    return f"; {passages} await encoding, which goes on with: istok index" if passages else ""


_STAGES = {
    "index": "indexed, findable",
    "recut": "the encoder was changed: indexed anew, findable",
    "encode": "encoding",
}
