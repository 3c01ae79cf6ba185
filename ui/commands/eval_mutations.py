"""`istok eval mutations`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import FOLDER

if TYPE_CHECKING:
    from rich.console import Console

    from istok.eval.mutations.citing import Citing
    from istok.eval.mutations.trial import Judged, MutationTable


@click.command("mutations")
@click.option("--data", type=FOLDER, help="Holds news-qa/, whose answers are claims too; without it only our own are.")
@click.option(
    "--split",
    default="all",
    show_default=True,
    type=click.Choice(["dev", "test", "all"]),
    help="dev: what one may choose by, our dev half and news-qa's train.jsonl; test: what is only measured, our test "
    "half and news-qa's dev.jsonl; all: both of our halves and news-qa's dev.jsonl.",
)
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write the table here.")
@click.option(
    "--show",
    type=click.IntRange(min=1),
    help="Print so many wrong verdicts of each kind; only of claims that one may choose by.",
)
@click.option(
    "--home", type=FOLDER, help="Where the index and the settings lie (default: ISTOK_HOME, else your data folder)."
)
def command(data: Path | None, split: str, json_file: Path | None, show: int | None, home: Path | None) -> None:
    """Make true claims false in many ways, and reword them in many others: how often does the verifier know?"""
    from rich.console import Console

    from istok.index.errors import MissingExtraError
    from istok.index.home import Home
    from istok.index.index import Index
    from istok.rag.attribution import attributed
    from istok.rag.verify import verify

    try:
        from istok.eval.mutations.citing import measure
        from istok.eval.mutations.trial import judge, mutate, tabulate
        from istok.eval.mutations.truths import of_gold, of_news
        from istok.eval.questions import SEEDS, GoldError
        from istok.eval.selection import select
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "eval") from error

    if json_file and not json_file.parent.is_dir():
        raise GoldError(f"{json_file.parent} does not exist: choose another --json")
    with Index.open(Home.open(home)) as index:
        items, _ = select(SEEDS, index, split)
        truths = of_gold(items, {document.id: document for document in index.documents()})
    if data:
        truths += of_news(data, "train" if split == "dev" else "dev")
    judged = judge(mutate(truths), verify)
    table = tabulate(judged)
    if json_file:
        table.write(json_file)
    console = Console(width=None if sys.stdout.isatty() else 110)
    _print(console, table)
    _print_citing(console, {"as cited": measure(truths, verify), "attributed": measure(truths, attributed)})
    console.print(f"{len(truths)} true claims, {len(judged)} mutations", highlight=False)
    if show:
        _print_wrong(console, judged, show)


def _print(console: Console, table: MutationTable) -> None:
    from rich.table import Table

    from istok.eval.report import interval, value

    for false, title in ((True, "false claims"), (False, "true claims")):
        shown = Table(title=title)
        for heading in ("direction", "kind"):
            shown.add_column(heading, no_wrap=True)
        for heading in ("caught" if false else "wrongly rejected", "flagged" if false else "wrongly flagged", "n"):
            shown.add_column(heading, justify="right", no_wrap=True)
        for direction in dict.fromkeys(share.direction for share in table.shares):
            for share in table.shares:
                if share.false == false and share.direction == direction:
                    cells = (f"{value(one)} {interval(one)}".strip() for one in (share.rejected, share.flagged))
                    shown.add_row(direction, share.kind, *cells, str(share.rejected.n))
            shown.add_section()
        console.print(shown)
    shown = Table(title="false and rejected")
    for heading in ("direction", "precision", "rejected", "recall", "false"):
        shown.add_column(heading, justify="left" if heading == "direction" else "right", no_wrap=True)
    for verdict in table.verdicts:
        precision, recall = (f"{value(one)} {interval(one)}".strip() for one in (verdict.precision, verdict.recall))
        shown.add_row(verdict.direction, precision, str(verdict.precision.n), recall, str(verdict.recall.n))
    console.print(shown)


def _print_citing(console: Console, measured: Mapping[str, Sequence[Citing]]) -> None:
    from rich.table import Table

    from istok.eval.report import interval, value

    shown = Table(title="true claims that cite their proof and three sentences beside it; or only one beside it")
    for heading in ("direction", "", "right", "right left", "mended", "misplaced", "n"):
        shown.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for name, rows in measured.items():
        for one in rows:
            right, mended, misplaced = (
                f"{value(e)} {interval(e)}".strip() for e in (one.right, one.mended, one.misplaced)
            )
            shown.add_row(one.direction, name, right, value(one.proved), mended, misplaced, str(one.mended.n))
    console.print(shown)


def _print_wrong(console: Console, judged: Sequence[Judged], most: int) -> None:
    """A false claim that was not rejected, or a true one that was, with the claim that it was made of."""
    wrong: dict[tuple[bool, str, str], list[Judged]] = {}
    for one in judged:
        mutation = one.mutation
        if one.missed and not mutation.truth.measured:
            wrong.setdefault((mutation.false, mutation.kind, mutation.truth.direction), []).append(one)
    for (false, kind, direction), those in wrong.items():
        console.print(f"{'false' if false else 'true'}, {kind}, {direction}: {len(those)} wrong", highlight=False)
        for one in those[:most]:
            issues = "; ".join(one.claim.issues)
            lines = (
                f"  {one.claim.verdict}: {one.mutation.text}" + (f" ({issues})" if issues else ""),
                f"    of: {one.mutation.truth.text}",
                f"    quoted: {' … '.join(one.mutation.truth.quotes.splitlines())}",
            )
            for line in lines:
                console.print(line, highlight=False, markup=False, soft_wrap=True)
