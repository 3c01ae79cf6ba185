"""Mines the Russian–English lexicon from parallel sentences.

    python -m models.lexicon.mine --pairs WORK/pairs.tsv --out models/lexicon/ru-en.tsv.gz

`pairs.tsv` is what `models.encoder.prepare` writes (`weight<TAB>russian<TAB>english`). The stems of both sides are
aligned by IBM Model 1 (Brown et al. 1993) in both directions at once, each believing a link as far as the other does
(Liang, Taskar & Klein 2006). What is kept of a word is the translations that together make up most of its probability.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from istok.index.language import detect
from istok.index.terms import STOPWORDS, term, terms

PAIRS = 60_000
"""Pairs used, those of the greatest weight: of ten times as many, mostly manuals, "select" is what выборы means."""

LONGEST = 40
"""Terms of a sentence; longer ones are left out."""

ROUNDS = 8
"""Of expectation and maximisation."""

NULL = 0.01
"""The probability of a word's saying nothing of the other side, beside those of what it may say there."""

CERTAIN = 0.5
"""Expected links that a translation needs."""

MASS = 0.95
"""Share of a word's probability that the kept translations make up."""

MOST = 8
"""Translations of one word."""

LEAST = 0.02
"""Probability of a translation worth keeping."""

COMMON = frozenset(term(word) for word in STOPWORDS)

Side = NDArray[np.int64]


@click.command()
@click.option("--pairs", type=click.Path(exists=True, path_type=Path), required=True, help="What prepare wrote.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The lexicon, .tsv.gz.")
@click.option("--without", type=click.Path(exists=True, path_type=Path), help="Questions (.jsonl) to leave out.")
def main(pairs: Path, out: Path, without: Path | None) -> None:
    """Align the pairs, count, prune, write."""
    sides = list(_sides(pairs, _questions(without) if without else frozenset()))
    table = lexicon(links(sides))
    write(table, out)
    click.echo(f"{len(sides):,} pairs used, {len(table):,} words, {out.stat().st_size / 1e6:.2f} MB")


def write(table: Mapping[str, Mapping[str, float]], out: Path) -> None:
    """A line for each word: `word<TAB>translation probability translation probability …`; the same bytes each time."""
    lines = [f"{word}\t{' '.join(f'{to} {p:.2g}' for to, p in table[word].items())}\n" for word in sorted(table)]
    with out.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write("".join(lines).encode())


def links(sides: Sequence[tuple[list[str], list[str]]]) -> dict[tuple[str, str], float]:
    """How many links of a Russian and an English word are to be expected in all the pairs together."""
    russian, english = (_Vocabulary() for _ in range(2))
    cells: list[Side] = []
    froms: list[Side] = []
    tos: list[Side] = []
    first_from = first_to = 0
    for one, other in sides:
        r, e = russian.numbers(one), english.numbers(other)
        cells.append((r[:, None] * 2**32 + e[None, :]).ravel())
        froms.append(np.repeat(np.arange(first_from, first_from + len(r)), len(e)))
        tos.append(np.tile(np.arange(first_to, first_to + len(e)), len(r)))
        first_from, first_to = first_from + len(r), first_to + len(e)
    kinds, kind = np.unique(np.concatenate(cells), return_inverse=True)
    row, column = kinds >> 32, kinds & (2**32 - 1)
    which_from, which_to = np.concatenate(froms), np.concatenate(tos)
    expected = np.ones(len(kinds))
    for _ in range(ROUNDS):
        # Of each occurrence of a word: how likely each word of the twin is what it says; a share of it is nothing's.
        forward = (expected / np.bincount(row, expected)[row])[kind]
        backward = (expected / np.bincount(column, expected)[column])[kind]
        forward /= np.bincount(which_to, forward)[which_to] + NULL
        backward /= np.bincount(which_from, backward)[which_from] + NULL
        expected = np.bincount(kind, forward * backward, len(kinds)) + 1e-12
    words = russian.words, english.words
    keep = expected > 0.01
    return {
        (words[0][r], words[1][e]): float(count)
        for r, e, count in zip(row[keep], column[keep], expected[keep], strict=True)
    }


class _Vocabulary:
    """Words by number, in the order in which they came."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._numbers: dict[str, int] = {}

    def numbers(self, words: Sequence[str]) -> Side:
        for word in words:
            if word not in self._numbers:
                self._numbers[word] = len(self.words)
                self.words.append(word)
        return np.array([self._numbers[word] for word in words], np.int64)


def lexicon(expected: Mapping[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    """P(translation | word) for the words of both languages, the likelier first, pruned."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (russian, english), count in expected.items():
        counts[russian][english] = counts[english][russian] = count  # type: ignore[assignment]
    table: dict[str, dict[str, float]] = {}
    for word, found in counts.items():
        total = found.total()
        kept = {to: count / total for to, count in found.most_common(MOST) if count >= CERTAIN}
        chosen: dict[str, float] = {}
        for to, share in kept.items():
            if share >= LEAST and sum(chosen.values()) < MASS:
                chosen[to] = share
        if chosen:
            table[word] = chosen
    return table


def _questions(path: Path) -> frozenset[str]:
    items = map(json.loads, path.read_text("utf-8").splitlines())
    return frozenset(item[name] for item in items for name in ("question_ru", "full_ru") if item.get(name))


def _sides(path: Path, left_out: frozenset[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The words of both sides, each once."""
    with path.open(encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    rows = [row for row in rows if row[1] not in left_out]
    for _, russian, english in sorted(rows, key=lambda row: -float(row[0]))[:PAIRS]:
        one, other = _words(russian, "ru"), _words(english, "en")
        if 0 < len(one) <= LONGEST and 0 < len(other) <= LONGEST:
            yield one, other


def _words(text: str, language: str) -> list[str]:
    found = dict.fromkeys(terms(text))
    return [w for w in found if len(w) > 1 and w[0].isalpha() and w not in COMMON and detect(w) == language]


if __name__ == "__main__":
    main()
