"""`istok eval compare`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import EXISTING

if TYPE_CHECKING:
    from rich.console import Console

    from istok.eval.compare import Change, Comparison

HEADLINE = (
    "success",
    "answer_accuracy",
    "citation_precision",
    "citation_recall",
    "abstention_recall",
    "recall@5",
    "rr@10",
    "sentence_rr@10",
    "seconds",
)
SAID = 160
"""Characters of an answer that are shown."""


@click.command("compare")
@click.argument("a", type=EXISTING)
@click.argument("b", type=EXISTING)
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write the comparison here."
)
def command(a: Path, b: Path, json_file: Path | None) -> int:
    """Hold the results.json B against the results.json A, question by question.

    Exit code 1 when B breaks a gate.
    """
    from rich.console import Console

    from istok.index.errors import MissingExtraError
    from istok.ui.commands.eval_output import print_verdicts

    try:
        from istok.eval.compare import compare
        from istok.eval.gates import check, load_gates
        from istok.eval.results import Results
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "eval") from error

    first, second = Results.read(a), Results.read(b)
    comparison = compare(first, second)
    if json_file:
        comparison.write(json_file)
    sampled = second.limit is not None
    verdicts = check(load_gates(), second.summary, sampled=sampled)
    console = Console(width=None if sys.stdout.isatty() else 110)
    _print(console, comparison)
    print_verdicts(console, verdicts, sampled=sampled)
    return 1 if any(verdict.state == "broken" for verdict in verdicts) else 0


def _print(console: Console, comparison: Comparison) -> None:
    from rich.table import Table

    table = Table(caption="p: McNemar's exact test for scores of 0 and 1, the paired bootstrap for others")
    for heading in ("group", "metric"):
        table.add_column(heading, no_wrap=True)
    for heading in ("A", "B", "B - A", "95%", "p", "n"):
        table.add_column(heading, justify="right", no_wrap=True)
    for group, differences in comparison.differences.items():
        for metric in HEADLINE:
            if found := differences.get(metric):
                interval = "" if found.low is None else f"{found.low:+.3f} to {found.high:+.3f}"
                table.add_row(
                    group, metric, f"{found.a:.3f}", f"{found.b:.3f}", f"{found.difference:+.3f}", interval,
                    f"{found.p:.3f}", str(found.n),
                )  # fmt: skip
        table.add_section()
    console.print(table)
    if comparison.changed:
        changed = ", ".join(comparison.changed)
        console.print(f"left out, for they have changed: {changed}", highlight=False, markup=False)
    for run, names in (("A", comparison.only_a), ("B", comparison.only_b)):
        if names:
            console.print(f"left out, for only {run} was asked them: {len(names)} questions", highlight=False)
    _print_changes(console, "won", comparison.won)
    _print_changes(console, "lost", comparison.lost)


def _print_changes(console: Console, what: str, changes: Sequence[Change]) -> None:
    console.print(f"{what}: {len(changes)}", highlight=False)
    for change in changes:
        lines = (f"  {change.id} {change.question}", f"    A: {_short(change.a)}", f"    B: {_short(change.b)}")
        for line in lines:
            console.print(line, highlight=False, markup=False, soft_wrap=True)


def _short(text: str) -> str:
    return text if len(text) <= SAID else text[: SAID - 1] + "…"
