"""Fits the confidence → weights.json.

Questions come from a set of news questions and from our own about the same articles, worded anew and close to the text
(only those that neither the encoder nor the reranker was trained on), and from the `dev` half of the gold questions; to
these are added `variants` that ask for another name or year. A logistic regression learns whether a question has an
answer; Platt's scaling then makes of it the probability that the best sentence is right. It is fitted with the reranker
that ships and without one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from istok.eval.questions import SEEDS, load_gold
from istok.index.home import DEFAULT_RERANKER, Home
from istok.index.index import Index
from istok.index.types import Hit, Language, Range
from istok.rag.confidence import FEATURES, REREAD, features, of_reranker, reread
from istok.rag.question import Question, analyse
from istok.rag.rerankers import Reranker, open_reranker
from istok.rag.rerankers.pooling import pooled
from istok.rag.scorer import Scorer, situation
from models.confidence.variants import variants
from models.encoder.finetune import held_out
from models.evidence.fit import LANGUAGES, Remembering, proves, read
from models.reranker.questions import FOLDER, lines

Floats = NDArray[np.float64]

WEIGHTS = {"gold": 3.0, "gold, varied": 0.6, "news": 1.0, "own": 1.0, "close": 1.0, "news, varied": 0.1}
"""What a question counts, by its source: there are many variants, and they are easy."""

RIDGE = 3.0
FOLDS = 8
COVERAGES = (0.95, 0.9, 0.85)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to fit on: the ranges that answer it, none when it has no answer."""

    source: str
    group: str
    text: str
    answerable: bool
    gold: tuple[tuple[str, Range], ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen of a question: its features, and whether the best sentence is a gold one."""

    asked: Asked
    features: tuple[float, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as the scorer alone sees it, and as it is seen together with a reranker."""

    alone: Observed
    reread: Observed | None


def of_news(index: Index, path: Path, language: Language, random: Random) -> Iterator[Asked]:
    """The questions of a file, and of each that has an answer one variant."""
    documents = {Path(document.id).stem: document for document in index.documents()}
    for item in lines(FOLDER / "news-questions.jsonl.gz"):
        if held_out(item["article"]):
            document = documents[item["article"]]
            gold = tuple((document.id, Range(*place)) for place in item["evidence"])
            source = "close" if item["wording"] == "close" else "own"
            yield Asked(source, item["article"], item[f"question_{language}"], bool(gold), gold)
    for item in read(path, only_held_out=True):
        document, text = documents[item["article"]], item[f"question_{language}"]
        starts = [(document.text.find(fragment), len(fragment)) for fragment in item["evidence"]]
        gold = tuple((document.id, Range(start, start + length)) for start, length in starts if start >= 0)
        yield Asked("news", item["article"], text, bool(item["evidence"]), gold)
        varied = variants(text, language, document.text, random) if gold else []
        if varied:
            yield Asked("news, varied", item["article"], random.choice(varied), False)


def of_gold(index: Index, language: Language, random: Random) -> Iterator[Asked]:
    """The gold questions on which things may be chosen; of each that has an answer at most two variants."""
    texts = {document.id: document.text for document in index.documents()}
    for item in load_gold(SEEDS, texts):
        if item.language != language or item.split != "dev" or item.type == "false_premise":
            continue
        text, group = item.standalone or item.question, item.id.split("-")[-1]
        gold = tuple((range_.document, Range(range_.start, range_.end)) for range_ in item.proof)
        yield Asked("gold", group, text, item.answerable, gold)
        varied = variants(text, language, texts[gold[0][0]], random) if gold else []
        random.shuffle(varied)
        for other in varied[:2]:
            yield Asked("gold, varied", group, other, False)


class WithoutEncoder(Scorer):
    """A scorer that judges by words alone."""

    def __init__(self, question: Question, index: Index, hits: Sequence[Hit]) -> None:
        super().__init__(question, index, hits)
        self._is_read = False


def observe(
    index: Index, questions: Iterable[Asked], is_read: bool, reranker: Reranker | None = None
) -> Iterator[Seen]:
    """Each question that finds anything, put to the index, with the encoder's say or without."""
    for asked in questions:
        question = analyse(asked.text)
        hits = index.search(question.text, index.home.config.sources)
        if not hits:
            continue
        scorer = (Scorer if is_read else WithoutEncoder)(question, index, hits)
        own = features(question, scorer)
        alone = Observed(asked, own, _is_right(asked, scorer, scorer.scores()))
        if reranker is None:
            yield Seen(alone, None)
            continue
        judged = pooled(question, scorer, reranker)
        yield Seen(alone, Observed(asked, (*own, *of_reranker(judged)), _is_right(asked, scorer, judged.scores)))


def _is_right(asked: Asked, scorer: Scorer, scores: Sequence[float]) -> bool:
    best = scorer.candidates[int(np.argmax(scores))]
    return any(
        document == best.hit.passage.document_id and proves(best.range, range_) for document, range_ in asked.gold
    )


def logistic(rows: Floats, target: NDArray[np.bool_], counts: Floats) -> tuple[Floats, float]:
    """Weights and intercept of a ridge regression over features in units of their spread."""
    mean, spread = rows.mean(0), rows.std(0)
    scale = np.where(spread > 0, 1 / np.maximum(spread, 1e-9), 0)
    units = (rows - mean) * scale

    def loss(values: Floats) -> tuple[float, Floats]:
        logits = units @ values[:-1] + values[-1]
        pull = counts * (1 / (1 + np.exp(-logits)) - target)
        ridge = RIDGE * np.append(values[:-1], 0)
        total = counts @ np.logaddexp(0, np.where(target, -logits, logits)) + ridge @ values / 2
        return float(total), np.append(units.T @ pull, pull.sum()) + ridge

    values = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights = values[:-1] * scale
    return weights, float(values[-1] - weights @ mean)


def fit(seen: list[Observed]) -> tuple[Floats, float, Floats]:
    """Weights and intercept; and each question's confidence as weights that don't know its article give it."""
    rows = np.array([one.features for one in seen])
    answerable = np.array([one.asked.answerable for one in seen])
    right = np.array([one.right for one in seen])
    counts = np.array([WEIGHTS[one.asked.source] for one in seen])
    own = np.array(["varied" not in one.asked.source for one in seen])
    folds = np.array([Random(one.asked.group).randrange(FOLDS) for one in seen])  # noqa: S311, no secret
    unseen = np.zeros(len(seen))
    for fold in range(FOLDS):
        known = folds != fold
        values, intercept = logistic(rows[known], answerable[known], counts[known])
        unseen[~known] = rows[~known] @ values + intercept
    slope, shift = logistic(unseen[own, None], right[own], counts[own])
    values, intercept = logistic(rows, answerable, counts)
    return slope[0] * values, slope[0] * intercept + shift, 1 / (1 + np.exp(-(slope[0] * unseen + shift)))


def report(seen: list[Observed], sure: Floats) -> None:
    """By source: what is abstained from where so many of the answerable questions are answered."""
    for source in ("gold", "news", "own", "close"):
        of_source = np.array([one.asked.source == source for one in seen])
        varied = np.array([one.asked.source == f"{source}, varied" for one in seen])
        answerable = of_source & np.array([one.asked.answerable for one in seen])
        vain = of_source & ~answerable
        ranks = (sure[answerable][:, None] > sure[vain]).mean()
        click.echo(
            f"  {source}: {answerable.sum()} answerable, {vain.sum()} not, {varied.sum()} varied; AUC {ranks:.3f}"
        )
        for coverage in COVERAGES:
            threshold = np.quantile(sure[answerable], 1 - coverage)
            click.echo(
                f"    answered {coverage:.2f} at {threshold:.3f}: abstained {(sure[vain] < threshold).mean():.2f}, "
                f"varied {(sure[varied] < threshold).mean():.2f}"
            )


@click.command()
@click.option("--home", type=click.Path(exists=True, path_type=Path), required=True, help="Holds the news articles.")
@click.option("--train", type=click.Path(exists=True, path_type=Path), required=True, help="Questions about them.")
@click.option("--gold", type=click.Path(exists=True, path_type=Path), required=True, help="Home of the examples.")
@click.option("--out", type=click.Path(path_type=Path), default=Path(__file__).with_name("weights.json"))
def main(home: Path, train: Path, gold: Path, out: Path) -> None:
    """Fit for questions in the documents' language (ru) and in the other one (en)."""
    fitted: dict[str, dict[str, float]] = {}

    def add(name: str, seen: list[Observed], names: tuple[str, ...]) -> None:
        values, intercept, sure = fit(seen)
        click.echo(name)
        report(seen, sure)
        fitted[name] = {"intercept": intercept} | dict(zip(names, values.tolist(), strict=True))

    ours = open_reranker(DEFAULT_RERANKER)
    with Remembering.open(Home.open(home)) as news, Remembering.open(Home.open(gold)) as examples:
        for language, same in LANGUAGES.items():
            random = Random(0)  # noqa: S311, no secret
            of_examples = list(of_gold(examples, language, random))
            of_articles = list(of_news(news, train, language, random))
            for is_read in (True, False):
                reranker = ours if is_read else None
                seen = [
                    *observe(examples, of_examples, is_read, reranker),
                    *observe(news, of_articles, is_read, reranker),
                ]
                name = situation(same, is_read)
                # Without a reranker our own questions are too hard to learn from: all would be doubted.
                add(name, [one.alone for one in seen if one.alone.asked.source not in ("own", "close")], FEATURES)
                if reranker:
                    both = [one.reread for one in seen if one.reread]
                    add(reread(name, reranker.fingerprint), both, (*FEATURES, *REREAD))
    rounded = {name: {key: round(value, 4) for key, value in numbers.items()} for name, numbers in fitted.items()}
    out.write_text(json.dumps(rounded, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
