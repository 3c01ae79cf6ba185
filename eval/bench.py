"""How long things take on this machine: `python -m istok.eval.bench` (`make bench`).

Times differ from machine to machine and from hour to hour; each is therefore also given as a multiple of a
yardstick of its own kind, taken in the same run: the start of an empty Python program for what is a program
of its own, one product of two matrices for what runs inside one.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

ROUNDS = 5
QUESTIONS = 30
LINES = 14
QUESTION = "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what was timed, in seconds, and the yardstick it is held against."""

    what: str
    seconds: float
    yardstick: float

    @property
    def ratio(self) -> float:
        """How many yardsticks it took."""
        return self.seconds / self.yardstick


def timed(action: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def median(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds that a call takes: the median of some."""
    return statistics.median(timed(action) for _ in range(rounds))


def program(*arguments: str) -> Callable[[], object]:
    """Runs this Python with `arguments`; an exit code other than 0 raises CalledProcessError."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603


def istok(*arguments: str) -> Callable[[], object]:
    """Runs the command line in a program of its own."""
    return program("-c", "from istok.ui.cli import main; main()", *arguments)


def multiply() -> Callable[[], object]:
    """The product of two 256 × 256 matrices, the same in every run."""
    left, right = np.random.default_rng(0).standard_normal((2, 256, 256), np.float32)
    return lambda: left @ right


def measure(home: Path) -> Iterator[Line]:
    """Each line of the table, as it is measured. `home` is an empty folder."""
    from istok.eval.questions import SEEDS, load_gold
    from istok.index.home import Home
    from istok.rag.assistant import Assistant

    start = median(program("-c", "pass"))
    product = multiply()
    product()
    inside = median(product, 20)
    yield Line("python -c pass", start, start)
    yield Line("one matrix product", inside, inside)
    yield Line("istok --help", median(istok("--help")), start)
    yield Line("istok index, the examples, fresh home", timed(istok("index", "--home", str(home))), start)
    yield Line("istok index, nothing new", median(istok("index", "--home", str(home))), start)
    yield Line("istok ask, cold", median(istok("ask", QUESTION, "--home", str(home)), 3), start)

    assistant = Assistant.open(Home.open(home), reader="quote")
    for language in ("ru", "en"):
        questions = [item.question for item in load_gold(SEEDS) if item.language == language and not item.history]
        questions = questions[:QUESTIONS]
        assistant.ask(questions[0])
        for what, do in (("search", assistant.index.search), ("ask", assistant.ask)):
            times = [timed(partial(do, question)) for question in questions]
            for percent in (50, 95):
                seconds = float(np.percentile(times, percent, method="inverted_cdf"))
                yield Line(f"{what}, warm, {language}, p{percent} of {len(times)}", seconds, inside)
    assistant.index.close()


def main() -> None:
    """Print the table."""
    from rich.console import Console
    from rich.progress import track
    from rich.table import Table

    table = Table("what", box=None)
    for name in ("ms", "× yardstick"):
        table.add_column(name, justify="right")
    with TemporaryDirectory() as folder:
        lines = measure(Path(folder) / "home")
        for line in track(lines, "measuring", LINES, console=Console(stderr=True), transient=True):
            table.add_row(line.what, f"{line.seconds * 1000:,.1f}", f"{line.ratio:,.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
