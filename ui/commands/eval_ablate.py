"""`istok eval ablate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import EXISTING, FOLDER

if TYPE_CHECKING:
    from rich.console import Console

    from istok.eval.ablation import Ablation

HEADLINE = ("answer_accuracy", "citation_precision", "abstention_recall")


@click.command("ablate")
@click.option("--gold", type=EXISTING, help="Gold questions, one JSON object a line; those over seeds/ by default.")
@click.option("--out", default="evaluation", show_default=True, type=FOLDER, help="Folder for ablation.json.")
@click.option("--split", default="all", show_default=True, type=click.Choice(["dev", "test", "all"]), help="Questions.")
@click.option("--limit", type=click.IntRange(min=2), help="Ask so many at most, the same ones every time.")
@click.option(
    "--home", type=FOLDER, help="Where the index and the settings lie (default: ISTOK_HOME, else your data folder)."
)
def command(gold: Path | None, out: Path, split: str, limit: int | None, home: Path | None) -> None:
    """Measure each side of the search alone, both fused, and fused in the order of the best sentences.

    The answers are those of the reader quote.
    """
    from rich.console import Console

    from istok.index.errors import MissingExtraError
    from istok.index.home import Home
    from istok.index.index import Index
    from istok.ui.commands.eval_output import progress_bar

    try:
        from istok.eval.ablation import ablate
        from istok.eval.questions import SEEDS, GoldError
        from istok.eval.selection import select
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "eval") from error

    source = gold or SEEDS
    with Index.open(Home.open(home)) as index:
        items, sampled = select(source, index, split, limit)
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GoldError(f"{out} can't be made ({error.strerror}): choose another --out") from error
        with progress_bar() as heard:
            ablation = ablate(index, items, source, heard, split=split, limit=limit if sampled else None)
    ablation.write(out / "ablation.json")
    console = Console(width=None if sys.stdout.isatty() else 130)
    _print(console, ablation)
    console.print(str(out / "ablation.json"), highlight=False, markup=False)


def _print(console: Console, ablation: Ablation) -> None:
    from rich.table import Table

    from istok.eval.metrics import MEASURES, NOTHING
    from istok.eval.report import interval, value
    from istok.eval.results import OVERALL

    whole = next(iter(ablation.systems.values()))
    table = Table(caption=f"encoder {ablation.encoder} {ablation.encoder_fingerprint}, reader {ablation.reader}")
    table.add_column("group, questions", no_wrap=True)
    table.add_column("metric, 95%", no_wrap=True)
    for system in ablation.systems:
        table.add_column(system, justify="right")
    for group in (OVERALL, "ru", "en", "test"):
        if group in whole:
            for metric in (*MEASURES, *HEADLINE):
                found = [summary[group].get(metric, NOTHING) for summary in ablation.systems.values()]
                cells = (f"{value(estimate)} {interval(estimate)}".strip() for estimate in found)
                table.add_row(f"{group}, {whole[group]['success'].n}", metric, *cells)
            table.add_section()
    console.print(table)
