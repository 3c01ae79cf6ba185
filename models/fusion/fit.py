"""Fits WEIGHTS of `istok.index.fusion`: how much the cosine counts, by the languages of question and passage.

    python -m models.fusion.fit --news DATA/news-qa/train.jsonl --embedder sentence-transformers:WORK/settled

Every third question, in both languages, is asked of the answers to all of them (`full_ru`, `full_en`), in both
languages: one answer is right. That gives all four pairs of languages, though the articles are Russian. To be fair to
both voices, the encoder must not have been trained on these questions (the recipe's `settled` has not), and the
lexicon should be one mined `--without` them: `--lexicon FILE`.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

import click
import numpy as np
from numpy.typing import NDArray

from istok.index import lexicon
from istok.index.embed import Vectors, open_embedder
from istok.index.home import DEFAULT_EMBEDDER
from istok.index.lexical import Lexical, words
from istok.index.search import POOL
from istok.index.store import Draft, Source, Store
from istok.index.types import Document, Language, Range

LANGUAGES: tuple[Language, ...] = ("ru", "en")
STEPS = np.linspace(0, 1, 21)

Floats = NDArray[np.float64]


@click.command()
@click.option("--news", type=click.Path(exists=True, path_type=Path), required=True, help="train.jsonl of questions.")
@click.option("--embedder", default=DEFAULT_EMBEDDER, show_default=True, help="An encoder that doesn't know them.")
@click.option("--lexicon", "file", type=click.Path(exists=True, path_type=Path), help="A lexicon mined without them.")
@click.option("--every", default=3, show_default=True, help="Ask every third question, say.")
def main(news: Path, embedder: str, file: Path | None, every: int) -> None:
    """Print the mean reciprocal rank by weight, and the best weights."""
    items = [json.loads(line) for line in news.read_text("utf-8").splitlines()]
    items = [item for item in items if item.get("full_ru") and item.get("full_en")]
    asked_items = dict(list(enumerate(items))[::every])
    encoder = open_embedder(embedder)
    lines = gzip.decompress(file.read_bytes()).decode().splitlines() if file else []
    curves: dict[tuple[Language, Language], Floats] = {}
    with tempfile.TemporaryDirectory() as folder, patch.dict(lexicon._lines(), clear=bool(file)) as mined:
        mined.update(line.split("\t", 1) for line in lines)
        rows = {
            language: encoder.encode_queries([item[f"question_{language}"] for item in asked_items.values()])
            for language in LANGUAGES
        }
        for spoken in LANGUAGES:
            answers = [item[f"full_{spoken}"] for item in items]
            store, vectors = _stored(Path(folder, spoken), answers, spoken), encoder.encode_passages(answers)
            for asked in LANGUAGES:
                questions = {n: item[f"question_{asked}"] for n, item in asked_items.items()}
                curves[asked, spoken] = curve(store, questions, rows[asked], vectors, spoken)
            store.close()
    click.echo("cosine's weight " + " ".join(f"{step:5.2f}" for step in STEPS))
    for (asked, spoken), values in curves.items():
        click.echo(f"{asked}→{spoken}           " + " ".join(f"{value:.3f}" for value in values))
    across = (curves["ru", "en"] + curves["en", "ru"]) / 2
    best = (best_of(curves["ru", "ru"]), best_of(curves["en", "en"]), best_of(across))
    click.echo("WEIGHTS = Weights(ru={:.2f}, en={:.2f}, across={:.2f})".format(*best))


def best_of(values: Floats) -> float:
    """The middle of the plateau: the mean of the weights that are within 0.005 of the best."""
    return float(STEPS[values >= values.max() - 0.005].mean())


def curve(store: Store, questions: Mapping[int, str], rows: Vectors, vectors: Vectors, spoken: Language) -> Floats:
    """Mean reciprocal rank at each weight of STEPS; the answer to question n is passage n + 1."""
    ranks = np.zeros((len(questions), len(STEPS)))
    for place, (n, question) in enumerate(questions.items()):
        cosines = vectors @ rows[place]
        voice = Lexical(store, words(question, spoken), spoken)
        pool = {*(np.argsort(-cosines)[:POOL] + 1).tolist(), *voice.proposed(POOL, None)}
        shares = np.zeros(len(cosines))
        for id_, share in voice.scores(pool).items():
            shares[id_ - 1] = share
        if n + 1 in pool:
            judged = np.array(sorted(pool)) - 1
            scores = np.outer(cosines[judged], STEPS) + np.outer(shares[judged], 1 - STEPS)
            right = cosines[n] * STEPS + shares[n] * (1 - STEPS)
            ranks[place] = 1 / (scores >= right - 1e-9).sum(0)
    return ranks.mean(0)


def _stored(path: Path, texts: Sequence[str], language: Language) -> Store:
    store, drafts = Store(path), []
    for n, text in enumerate(texts):
        whole = Range(0, len(text))
        document = Document(str(n), str(n), "", None, language, text, (whole,))
        drafts.append(Draft(document, Source(str(n), "", str(n), "", ""), [(whole, (whole,), language)], [None]))
    store.put(drafts)
    return store


if __name__ == "__main__":
    main()
