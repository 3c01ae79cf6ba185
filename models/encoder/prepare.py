"""Step 1. Parallel text and news questions → pairs.tsv: `weight<TAB>russian<TAB>english`, clean and without doubles."""

from __future__ import annotations

import gzip
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from navec import Navec  # type: ignore[import-not-found]

from models.encoder.settings import read_settings

_CYRILLIC = re.compile("[А-Яа-яЁё]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile("[а-яё]+")
# Markup that the documentation sets left behind; sentences that hold it teach nothing.
_MARKUP = re.compile(r"[{}<>|\\]|!\[|\]\(|https?:|!INCLUDE|::|==|_\w+_|\w\(\)")


@click.command()
@click.option(
    "--parallel", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of NAME.ru-en.tsv.gz."
)
@click.option(
    "--news", type=click.Path(exists=True, path_type=Path), required=True, help="train.jsonl of news questions."
)
@click.option("--navec", "navec_file", type=click.Path(exists=True, path_type=Path), required=True, help="navec .tar.")
@click.option("--work", type=click.Path(file_okay=False, path_type=Path), required=True, help="Intermediate files.")
def main(parallel: Path, news: Path, navec_file: Path, work: Path) -> None:
    """Clean, de-duplicate and weigh the pairs."""
    settings = read_settings().prepare
    work.mkdir(parents=True, exist_ok=True)
    seen: set[tuple[str, str]] = set()
    kept: list[tuple[str, str, str]] = []
    counts: Counter[str] = Counter()
    for source, russian, english in _pairs(parallel, news):
        key = (russian.lower(), english.lower())
        if (
            source in settings.per_source
            and key not in seen
            and _is_clean(russian, english, settings.max_characters, settings.min_cyrillic)
        ):
            seen.add(key)
            kept.append((source, russian, english))
            counts.update(_WORD.findall(russian.lower()))
    news_share = _news_shares(Navec.load(navec_file))
    total = sum(counts.values())
    with (work / "pairs.tsv").open("w", encoding="utf-8") as file:
        for source, russian, english in kept:
            # Moore & Lewis 2010 with unigrams: the more a sentence reads like news rather than like manuals, the
            # more often it is drawn; squashed to 0.25–4.
            words = _WORD.findall(russian.lower()) or [""]
            ratio = [math.log(news_share.get(w, 1e-8) / (counts[w] / total + 1e-8)) for w in words]
            newsworthy = 4 ** max(-1.0, min(1.0, 1.0 + sum(ratio) / len(ratio) / 2))
            file.write(f"{settings.per_source[source] * newsworthy:.3f}\t{russian}\t{english}\n")
    click.echo(f"{len(kept):,} pairs; by source: {dict(Counter(source for source, _, _ in kept))}")


def _pairs(parallel: Path, news: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted(parallel.glob("*.ru-en.tsv.gz")):
        name = path.name.removesuffix(".ru-en.tsv.gz")
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                _, russian, english = line.rstrip("\n").split("\t")
                yield name, russian.strip(), english.strip()
    for line in news.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        yield "news-qa", item["question_ru"], item["question_en"]
        if item.get("full_ru") and item.get("full_en"):
            yield "news-qa", item["full_ru"], item["full_en"]


def _is_clean(russian: str, english: str, longest: int, min_cyrillic: float) -> bool:
    letters = len(_LETTER.findall(russian))
    return (
        4 <= len(russian) <= longest
        and 4 <= len(english) <= longest
        and 0.5 < len(russian) / len(english) < 2.2
        and letters > 3
        and len(_CYRILLIC.findall(russian)) / letters >= min_cyrillic
        and not _CYRILLIC.search(english)
        and not _MARKUP.search(russian)
        and not _MARKUP.search(english)
    )


def _news_shares(navec: Navec) -> dict[str, float]:
    # Words of a news corpus with their counts; navec's own <unk> and <pad> carry none.
    pairs = [(w, int(c)) for w, c in zip(navec.vocab.words, navec.vocab.counts, strict=False) if w[:1] != "<"]
    total = sum(count for _, count in pairs)
    return {word: count / total for word, count in pairs}


if __name__ == "__main__":
    main()
