"""`istok eval`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from istok.ui.commands.options import EXISTING, FOLDER

if TYPE_CHECKING:
    from rich.console import Console

    from istok.eval.benchmarks.figures import Measured, Run
    from istok.eval.results import Results

OTHERS = ("ablate", "compare", "mutations", "new", "ratings")
BENCHMARKS = ("xquad-r", "xquad", "ru-rag", "news-qa", "newstest")


class _LazyGroup(click.Group):
    """Each of the other commands lives in a module of its own that is imported when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *OTHERS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in OTHERS:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(f"istok.ui.commands.eval_{cmd_name}").command
        return command


@click.group("eval", cls=_LazyGroup, invoke_without_command=True)
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
    "--limit",
    type=click.IntRange(min=2),
    help="Ask so many at most: the same ones every time, evenly from all languages and types.",
)
@click.option(
    "--home", type=FOLDER, help="Where the index and the settings lie (default: ISTOK_HOME, else your data folder)."
)
@click.pass_context
def command(
    context: click.Context,
    gold: Path | None,
    out: Path,
    reader: str | None,
    split: str,
    limit: int | None,
    home: Path | None,
) -> int:
    """Put gold questions to the assistant, judge the answers and write a report.

    A run that was stopped goes on with the same command. Exit code 1 when a gate is broken; with --limit, when even
    the upper end of its interval is below.
    """
    if context.invoked_subcommand:
        given = [name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
        if given:
            raise click.UsageError(f"--{given[0]} goes after {context.invoked_subcommand}, or is not for it")
        return 0

    from rich.console import Console

    from istok.index.errors import MissingExtraError
    from istok.index.home import Home
    from istok.rag.assistant import Assistant
    from istok.ui.commands.eval_output import print_verdicts, progress_bar

    try:
        from istok.eval import run
        from istok.eval.gates import check, load_gates
        from istok.eval.journal import Journal
        from istok.eval.questions import SEEDS, GoldError
        from istok.eval.report import write_report
        from istok.eval.selection import select
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "eval") from error

    source = gold or SEEDS
    gates = load_gates()
    assistant = Assistant.open(Home.open(home), reader=reader)
    items, sampled = select(source, assistant.index, split, limit)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GoldError(f"{out} can't be made ({error.strerror}): choose another --out") from error

    with Journal(out / "answers.jsonl", run.key(assistant, items)) as journal:
        if journal.done:
            click.echo(f"going on after {len(journal.done)} of {len(items)} questions", err=True)
        try:
            with progress_bar() as heard:
                results = run.evaluate(
                    assistant, items, source, heard, limit=limit if sampled else None, journal=journal
                )
        except KeyboardInterrupt:
            click.echo(
                f"istok: stopped after {len(journal.done)} of {len(items)} questions: the same command goes on there",
                err=True,
            )
            return 130
        verdicts = check(gates, results.summary, sampled=sampled)
        results.write(out / "results.json")
        write_report(results, out / "report.html", verdicts)
        journal.remove()
    console = Console(width=None if sys.stdout.isatty() else 110)
    _print(console, results)
    print_verdicts(console, verdicts, sampled=sampled)
    console.print(f"{out / 'results.json'}\n{out / 'report.html'}", highlight=False, markup=False)
    return 1 if any(verdict.state == "broken" for verdict in verdicts) else 0


HEADLINE = (
    "success",
    "answer_accuracy",
    "followup_gap",
    "citation_precision",
    "citation_recall",
    "citation_exactness",
    "abstention_precision",
    "abstention_recall",
    "recall@5",
    "rr@10",
    "sentence_recall@5",
    "sentence_rr@10",
    "total_p50",
    "total_p95",
)


def _print(console: Console, results: Results) -> None:
    from rich.table import Table

    from istok.eval.report import interval, value
    from istok.eval.results import OVERALL

    groups = [group for group in (OVERALL, "ru", "en", "test") if group in results.summary]
    cost = [f"peak memory {results.cost.peak_memory / 2**20:.0f} MiB"]
    cost += [
        f"{estimate.value:.1f} {what}/s"
        for what, estimate in (("passages", results.cost.passages), ("tokens", results.cost.tokens))
        if estimate.value is not None
    ]
    table = Table()
    table.add_column("metric, 95%", no_wrap=True)
    for group in groups:
        table.add_column(f"{group}, {results.summary[group]['success'].n}", justify="right")
    for metric in HEADLINE:
        estimates = [results.summary[group][metric] for group in groups]
        table.add_row(metric, *(f"{value(estimate)} {interval(estimate)}".strip() for estimate in estimates))
    console.print(table)
    asked = f"{len(results.items)} questions, reader {results.reader}, {results.seconds:.0f} s"
    console.print(", ".join((asked, *cost)), highlight=False, markup=False)


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

    from istok.index.errors import MissingExtraError
    from istok.index.home import Home
    from istok.ui.commands.eval_output import progress_bar

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
    with TemporaryDirectory(prefix="istok-bench-") as folder, progress_bar() as heard:
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
                progress=heard,
            ),
        )
    if json_file:
        run.write(json_file)
    console = Console(width=None if sys.stdout.isatty() else 170)
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
