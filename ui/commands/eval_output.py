"""What the commands of `istok eval` show alike: a bar while they ask, and the gates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from istok.eval.gates import Verdict
    from istok.eval.run import Progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error, where that is a terminal; it is told (what, done, total)."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn
    from rich.progress import Progress as Bar

    screen = Console(stderr=True)
    columns = (*Bar.get_default_columns(), MofNCompleteColumn())
    with Bar(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("loading", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)


def print_verdicts(console: Console, verdicts: Sequence[Verdict], *, sampled: bool) -> None:
    """How many gates were passed, and each that was not; how they are judged in a run of a few questions."""
    from istok.eval.gates import ENOUGH

    passed = sum(verdict.state == "passed" for verdict in verdicts)
    lines = [f"gates: {passed} of {len(verdicts)} passed"]
    if sampled:
        lines.append(f"a sample: groups of {ENOUGH} questions or more are judged, by the upper end of their intervals")
    for verdict in verdicts:
        gate = verdict.gate
        if verdict.state == "broken":
            lines.append(f"gate broken: {gate.group} {gate.metric} {verdict.reached:.3f} < {gate.minimum:.3f}")
        elif verdict.state == "not measured":
            lines.append(f"gate not measured: {gate.group} {gate.metric} ({verdict.estimate.n} questions)")
    for line in lines:
        console.print(line, highlight=False, markup=False)
