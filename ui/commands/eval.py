"""`istok eval`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from rich.console import Console

    from istok.eval.benchmarks.figures import Measured, Run
    from istok.eval.gates import Verdict
    from istok.eval.results import Results

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
BENCHMARKS = ("xquad-r", "xquad", "ru-rag", "news-qa", "newstest")


@click.group("eval", invoke_without_command=True)
@click.option("--gold", type=EXISTING, help="Gold questions, one JSON object a line; those over seeds/ by default.")
@click.option(
    "--out",
    default="evaluation",
    show_default=True,
    type=FOLDER,
    help="Folder for results.json and report.html.",
)
@click.option("--reader", metavar="SPEC", help="Reader, such as quote; that of the settings by default.")
@click.option("--split", default="all", show_default=True, type=click.Choice(["dev", "test", "all"]), help="Questions.")
@click.option(
    "--home", type=FOLDER, help="Where the index and the settings lie (default: ISTOK_HOME, else your data folder)."
)
@click.pass_context
def command(
    context: click.Context, gold: Path | None, out: Path, reader: str | None, split: str, home: Path | None
) -> int:
    """Put gold questions to the assistant, judge the answers and write a report.

    Exit code 1 when a gate is broken.
    """
    if context.invoked_subcommand:
        given = [name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
        if given:
            raise click.UsageError(f"--{given[0]} goes after {context.invoked_subcommand}, or is not for it")
        return 0

    from rich.console import Console
    from rich.progress import Progress

    from istok.index.errors import MissingExtraError
    from istok.index.home import Home
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
    assistant = Assistant.open(Home.open(home), reader=reader)
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


@command.command()
@click.argument("name", type=click.Choice([*BENCHMARKS, "all"]))
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Holds eval/ and news-qa/.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write the figures here."
)
@click.option("--limit", type=click.IntRange(min=1), help="Questions of each kind to draw; all by default.")
@click.option("--reader", default="quote", show_default=True, metavar="SPEC", help="Reader of the answers.")
@click.option("--split", default="dev", show_default=True, type=click.Choice(["dev", "train"]), help="Of news-qa.")
@click.option("--answers", is_flag=True, help="ru-rag: also judge the reader's answers.")
@click.option(
    "--home",
    type=FOLDER,
    help="Keeps the index of ru-rag or of news-qa, so that it is made only once (of all: in folders of their names); "
    "its settings name the encoder. Without it the index is temporary, and the settings are yours.",
)
def bench(
    name: str,
    data: Path,
    json_file: Path | None,
    limit: int | None,
    reader: str,
    split: str,
    answers: bool,
    home: Path | None,
) -> None:
    """Measure search and answers on a public benchmark whose files are in a folder on this machine."""
    from tempfile import TemporaryDirectory

    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress

    from istok.index.errors import MissingExtraError
    from istok.index.home import Home

    try:
        from istok.eval.benchmarks import catalogue
        from istok.eval.benchmarks.figures import BenchmarkError
        from istok.eval.benchmarks.setting import Setting
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "eval") from error

    if json_file and not json_file.parent.is_dir():
        raise BenchmarkError(f"{json_file.parent} does not exist: choose another --json")
    names = BENCHMARKS if name == "all" else (name,)
    settings = Home.open(home)
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    screen = Console(stderr=True)
    with (
        TemporaryDirectory(prefix="istok-bench-") as folder,
        Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar,
    ):
        task = bar.add_task("loading", total=None)
        scratch = Path(folder)
        (scratch / "home").mkdir()
        run = catalogue.run(
            names,
            Setting(
                data=data,
                home=settings if home else Home(scratch / "home", settings.config),
                scratch=scratch,
                reader=reader,
                limit=limit,
                split=split,
                answers=answers,
                progress=lambda what, done, total: bar.update(task, description=what, completed=done, total=total),
            ),
        )
    if json_file:
        run.write(json_file)
    console = Console(width=None if sys.stdout.isatty() else 130)
    for measured in run.benchmarks:
        _print_benchmark(console, run, measured)


def _print_benchmark(console: Console, run: Run, measured: Measured) -> None:
    from rich.table import Table

    from istok.eval.report import interval, value

    systems = list(dict.fromkeys(figure.system for figure in measured.figures))
    rows: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for figure in measured.figures:
        estimate = figure.estimate
        cell = f"{value(estimate)} {interval(estimate)}".strip(), str(estimate.n)
        rows.setdefault((figure.direction, figure.measure), {})[figure.system] = cell
    table = Table(
        title=measured.name, caption=f"encoder {run.encoder} {run.encoder_fingerprint}, {measured.seconds:.0f} s"
    )
    for heading in ("direction", "measure"):
        table.add_column(heading, no_wrap=True)
    for system in systems:
        table.add_column(f"{system}, 95%", justify="right", no_wrap=True)
    table.add_column("n", justify="right")
    for (direction, measure), cells in rows.items():
        counts = dict.fromkeys(n for _, n in cells.values())
        table.add_row(direction, measure, *(cells.get(system, ("", ""))[0] for system in systems), ", ".join(counts))
    console.print(table)
    notes = list(measured.notes)
    if measured.limit is not None:
        notes.append(f"at most {measured.limit} questions of each kind, drawn with seed 0")
    if measured.vectors < measured.passages:
        notes.append(f"only {measured.vectors} of {measured.passages} passages have vectors")
    for note in notes:
        console.print(f"note: {note}", highlight=False, markup=False)
    for published in measured.published:
        console.print(f"published: {published.what} ({published.source})", highlight=False, markup=False)
    if not measured.published:
        console.print("published: no figures on this very set are known to us", highlight=False, markup=False)
