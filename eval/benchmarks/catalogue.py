"""The catalogue: a benchmark by its name, and the run of one or of all of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Protocol

from istok.eval.benchmarks.figures import Measured, Outcome, Published, Run
from istok.eval.benchmarks.setting import Setting
from istok.eval.results import Machine
from istok.index.errors import UnknownNameError
from istok.index.home import Home

NAMES = ("xquad-r", "xquad", "ru-rag", "news-qa", "newstest")


class Benchmark(Protocol):
    """What each module of a benchmark offers."""

    LAYOUT: tuple[str, ...]
    """The files that it reads, relative to the data folder."""

    PUBLISHED: tuple[Published, ...]
    """What its figures may be held against."""

    def measure(self, setting: Setting) -> Outcome:
        """Measure. Raises BenchmarkError when the data can't be used."""


def open_benchmark(name: str) -> Benchmark:
    """The benchmark of that name. Raises UnknownNameError."""
    match name:
        case "xquad-r":
            from istok.eval.benchmarks import xquad_r

            return xquad_r
        case "xquad":
            from istok.eval.benchmarks import xquad

            return xquad
        case "ru-rag":
            from istok.eval.benchmarks import ru_rag

            return ru_rag
        case "news-qa":
            from istok.eval.benchmarks import news_qa

            return news_qa
        case "newstest":
            from istok.eval.benchmarks import newstest

            return newstest
        case _:
            raise UnknownNameError("benchmark", name, NAMES)


def run(names: Sequence[str], setting: Setting) -> Run:
    """Measure each in turn, once the data of all of them are known to be there. Of several, each has a home of its
    own inside the setting's."""
    benchmarks = {name: open_benchmark(name) for name in names}
    for benchmark in benchmarks.values():
        setting.require(benchmark.LAYOUT)
    encoder = setting.encoder()
    measured = []
    for name, benchmark in benchmarks.items():
        root, scratch = setting.home.root / name, setting.scratch / name
        scratch.mkdir(parents=True)
        own = replace(setting, scratch=scratch)
        if len(names) > 1:
            root.mkdir(exist_ok=True)
            own = replace(own, home=Home(root, setting.home.config))
        began = time.perf_counter()
        outcome = benchmark.measure(own)
        measured.append(
            Measured(
                name=name,
                limit=setting.limit,
                passages=outcome.passages,
                vectors=outcome.vectors,
                seconds=time.perf_counter() - began,
                notes=outcome.notes,
                figures=outcome.figures,
                published=benchmark.PUBLISHED,
            )
        )
    return Run(
        version=version("istok"),
        encoder=setting.home.config.embedder,
        encoder_fingerprint=encoder.fingerprint,
        reader=setting.reader,
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=Machine.here(),
        benchmarks=tuple(measured),
    )
