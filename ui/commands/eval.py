"""`istok eval`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from rich.console import Console

    from istok.eval.gates import Verdict
    from istok.eval.results import Results
    from istok.index.home import Home

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("eval")
@click.option("--gold", type=EXISTING, help="Gold questions, one JSON object a line; those over seeds/ by default.")
@click.option(
    "--out",
    default="evaluation",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for results.json and report.html.",
)
@click.option("--reader", metavar="SPEC", help="Reader, such as quote; that of the settings by default.")
@click.option("--split", default="all", show_default=True, type=click.Choice(["dev", "test", "all"]), help="Questions.")
@home_option
def command(gold: Path | None, out: Path, reader: str | None, split: str, home: Home) -> int:
    """Put gold questions to the assistant, judge the answers and write a report.

    Exit code 1 when a gate is broken.
    """
    from rich.console import Console
    from rich.progress import Progress

    from istok.index.errors import MissingExtraError
    from istok.rag.assistant import Assistant

    try:
        from istok.eval import run
        from istok.eval.gates import check, load_gates
        from istok.eval.questions import SEEDS, GoldError, load_gold, missing_documents
        from istok.eval.report import write_report
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "eval") from error

    source = gold or SEEDS
    gates = load_gates()
    assistant = Assistant.open(home, reader=reader)
    texts = {document.id: document.text for document in assistant.index.documents()}
    if missing := missing_documents(load_gold(source), texts):
        names = missing[0] if len(missing) == 1 else f"{missing[0]} and {len(missing) - 1} more"
        raise GoldError(f"{source.name} asks about documents that are not indexed ({names}): run: istok index")
    items = [item for item in load_gold(source, texts) if split in ("all", item.split)]
    if not items:
        raise GoldError(f"{source.name} has no {split} questions: choose another --split")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GoldError(f"{out} can't be made ({error.strerror}): choose another --out") from error

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("questions", total=len(items))
        results = run.evaluate(
            assistant, items, source, lambda _, done, total: bar.update(task, completed=done, total=total)
        )
    verdicts = check(gates, results.summary)
    results.write(out / "results.json")
    write_report(results, out / "report.html", verdicts)
    console = Console(width=None if sys.stdout.isatty() else 110)
    _print(console, results, verdicts)
    console.print(f"{out / 'results.json'}\n{out / 'report.html'}", highlight=False, markup=False)
    return 1 if any(verdict.state == "broken" for verdict in verdicts) else 0


def _print(console: Console, results: Results, verdicts: list[Verdict]) -> None:
    from rich.table import Table

    from istok.eval.report import interval, value
    from istok.eval.results import METRICS, OVERALL

    groups = [group for group in (OVERALL, "ru", "en") if group in results.summary]
    table = Table(caption=f"{len(results.items)} questions, reader {results.reader}, {results.seconds:.1f} s")
    table.add_column("metric")
    for group in groups:
        for heading in (group, "95%", "n"):
            table.add_column(heading, justify="right", no_wrap=True)
    for metric in METRICS:
        cells = []
        for group in groups:
            estimate = results.summary[group][metric]
            cells += [value(estimate), interval(estimate), str(estimate.n)]
        table.add_row(metric, *cells)
    console.print(table)
    for verdict in verdicts:
        if verdict.state != "passed":
            gate = verdict.gate
            reached = "" if verdict.value is None else f" {verdict.value:.3f} < {gate.minimum:.3f}"
            console.print(f"gate {verdict.state}: {gate.group} {gate.metric}{reached}", highlight=False)
