"""newstest: find a sentence's translation among all sentences of the other language, by the encoder alone."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import numpy as np

from istok.eval.benchmarks.figures import BenchmarkError, Figure, Outcome, Published
from istok.eval.benchmarks.setting import Setting
from istok.eval.metrics import mean

LAYOUT: tuple[str, ...] = ("eval/newstest2017-2018.ru-en.tsv.gz",)
PUBLISHED: tuple[Published, ...] = ()
BATCH = 256
ROUNDING = 1e-6


def measure(setting: Setting) -> Outcome:
    """Accuracy of the nearest neighbour, each way; fewer pairs (`limit`) make it easier."""
    pairs = setting.draw(read(setting.data / LAYOUT[0]))
    encoder = setting.encoder()
    russian, english = (
        np.vstack(
            [
                encoder.encode_passages([pair[side] for pair in pairs[first : first + BATCH]])
                for first in setting.track(f"encode {language}", range(0, len(pairs), BATCH))
            ]
        )
        for side, language in enumerate(("ru", "en"))
    )
    cosines = russian @ english.T
    # A sentence that occurs twice has as many right translations, equal but for rounding.
    enough = cosines.diagonal() + ROUNDING
    right = {"ru→en": cosines.max(1) <= enough, "en→ru": cosines.max(0) <= enough}
    figures = tuple(
        Figure(measure="accuracy", direction=direction, system="encoder", estimate=mean(hits.astype(float)))
        for direction, hits in right.items()
    )
    return Outcome(figures, notes=(f"{len(pairs)} pairs in the pool",))


def read(path: Path) -> list[tuple[str, str]]:
    """The (Russian, English) pairs of a gzipped TSV `source<TAB>russian<TAB>english`. Raises BenchmarkError."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file]
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise BenchmarkError(f"{path} can't be read ({error}): it must be gzipped UTF-8 text") from error
    for number, row in enumerate(rows, 1):
        if len(row) != 3:
            raise BenchmarkError(f"{path}:{number}: {len(row)} columns: write source, Russian, English, tab-separated")
    if not rows:
        raise BenchmarkError(f"{path} holds no pairs: write source, Russian, English, tab-separated")
    return [(row[1], row[2]) for row in rows]
