"""Fits the weights of the evidence scorer: articles with questions in, `weights.json` out.

    python -m models.evidence.fit --home HOME --train train.jsonl --held-out --gold SEEDS_HOME --cache FOLDER

HOME is a home into which the articles were indexed (`istok index --home HOME ARTICLES`). A line of the question file
holds `article` (the file's stem), `question_ru`, `question_en` and `evidence`, a list of verbatim fragments, empty
where the article does not answer. With --held-out only the articles are used that the encoder was not trained on:
upon the others it does better than it will. With --gold the `dev` half of the gold questions is fitted on too:
SEEDS_HOME is a home into which the example articles were indexed. Figures are of articles that the weights were not
fitted on (cross-validation by article). --measure FILE puts the weights to further questions; without --train, those
that ship. Needs scipy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from istok.eval.questions import SEEDS, load_gold
from istok.index.home import Home
from istok.index.index import Index
from istok.index.types import Language, Range
from istok.rag.question import analyse
from istok.rag.scorer import BY_HAND, FEATURES, READ, Scorer, Weights, situation, weights
from models.encoder.finetune import held_out

FOLDS = 5
LANGUAGES: Mapping[Language, bool] = {"ru": True, "en": False}
"""Of the questions, and whether the articles are in it too."""

HAND = np.array([BY_HAND.get(feature, 0.0) for feature in FEATURES])
IS_READ = np.array([feature in READ for feature in FEATURES])
RIDGE = 5.0
"""Holds the weights of standardised features to 0; chosen by cross-validation on all training questions."""

WORDS = 0.25
"""The part of the judge by words. News are kind to the encoder; names and terms of a trade are not. Chosen by cross-
validation on the news questions (0.62 → 0.64, 0.65 → 0.67) and on the `dev` half of the gold ones (0.70 → 0.77)."""

TIMES = 3
"""How often a gold question counts: there are few, in other words than news; chosen by cross-validation on them."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question: for each candidate sentence a row of features, whether it is a gold one, and whether it is of the
    article that is asked about."""

    article: str
    answerable: bool
    features: Floats
    labels: NDArray[np.bool_]
    inside: NDArray[np.bool_]


class Remembering(Index):
    """An index that reads no passage twice: a few hundred questions ask for the same ones."""

    remembered = 1_000_000


def read(path: Path, only_held_out: bool) -> list[dict[str, Any]]:
    """The lines of a question file."""
    items = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [item for item in items if not only_held_out or held_out(item["article"])]


def proves(place: Range, gold: Range) -> bool:
    """Whether the two share at least half of the shorter of them."""
    common = min(place.end, gold.end) - max(place.start, gold.start)
    return 2 * common >= min(place.end - place.start, gold.end - gold.start)


def cases(index: Index, items: Sequence[dict[str, Any]], language: Language) -> Iterator[Case]:
    """The cases of question items in one language; questions without any candidate are left out."""
    documents = {Path(document.id).stem: document for document in index.documents()}
    for item in items:
        question = analyse(item[f"question_{language}"])
        scorer = Scorer(question, index, index.search(question.text, index.home.config.sources))
        document = documents[item["article"]]
        starts = [(document.text.find(fragment), len(fragment)) for fragment in item["evidence"]]
        gold = [Range(start, start + length) for start, length in starts if start >= 0]
        inside = [candidate.hit.passage.document_id == document.id for candidate in scorer.candidates]
        labels = [
            own and any(proves(candidate.range, place) for place in gold)
            for own, candidate in zip(inside, scorer.candidates, strict=True)
        ]
        if labels:
            features = np.array(scorer.features())
            yield Case(item["article"], bool(item["evidence"]), features, np.array(labels), np.array(inside))


def gold_cases(index: Index, language: Language) -> Iterator[Case]:
    """The cases of the gold questions on which things may be chosen; follow-ups as asked in full."""
    texts = {document.id: document.text for document in index.documents()}
    for item in load_gold(SEEDS, texts):
        if item.language != language or item.split != "dev":
            continue
        question = analyse(item.standalone or item.question)
        scorer = Scorer(question, index, index.search(question.text, index.home.config.sources))
        documents = {gold.document for gold in item.gold}
        inside = [candidate.hit.passage.document_id in documents for candidate in scorer.candidates]
        labels = [
            any(
                gold.document == candidate.hit.passage.document_id
                and proves(candidate.range, Range(gold.start, gold.end))
                for gold in item.proof
            )
            for candidate in scorer.candidates
        ]
        features = np.array(scorer.features())
        yield Case(item.id.split("-")[-1], item.answerable, features, np.array(labels), np.array(inside))


def cached(folder: Path | None, index: Index, items: Sequence[dict[str, Any]], language: Language) -> list[Case]:
    """The cases, from `folder` when they are there of the same encoder, questions and features."""
    if folder is None:
        return list(cases(index, items, language))
    facts = (index.fingerprint, index.generation, index.home.config.sources, language, FEATURES, items)
    path = folder / f"{hashlib.sha256(repr(facts).encode()).hexdigest()[:16]}.npz"
    if not path.exists():
        found = list(cases(index, items, language))
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(
            path,
            articles=[case.article for case in found],
            answerable=[case.answerable for case in found],
            ends=np.cumsum([len(case.labels) for case in found])[:-1],
            features=np.vstack([case.features for case in found]),
            labels=np.concatenate([case.labels for case in found]),
            inside=np.concatenate([case.inside for case in found]),
        )
    with np.load(path) as kept:
        rows = (np.split(kept[name], kept["ends"]) for name in ("features", "labels", "inside"))
        return [Case(*case) for case in zip(kept["articles"].tolist(), kept["answerable"].tolist(), *rows, strict=True)]


def folds(data: Sequence[Case]) -> Iterator[tuple[list[int], list[int]]]:
    """Places of the cases of most articles and of the others', so often that each article is among the others once."""
    fold = [int(hashlib.sha256(f"fold {case.article}".encode()).hexdigest(), 16) % FOLDS for case in data]
    for left_out in range(FOLDS):
        yield [i for i, own in enumerate(fold) if own != left_out], [i for i, own in enumerate(fold) if own == left_out]


def listwise(data: Sequence[Case]) -> Floats:
    """Weights under which the gold sentences of a question outscore its others: a softmax over the candidates."""
    known = [case for case in data if case.labels.any()]
    spread = np.vstack([case.features for case in data]).std(0)
    scale = np.where((HAND == 0) & (spread > 0), 1 / np.maximum(spread, 1e-9), 0)
    most = max(len(case.labels) for case in known)
    features = np.zeros((len(known), most, len(FEATURES)))
    gold, padding = np.zeros((len(known), most), np.bool_), np.full((len(known), most), -np.inf)
    for row, case in enumerate(known):
        features[row, : len(case.labels)] = case.features * scale
        gold[row, : len(case.labels)], padding[row, : len(case.labels)] = case.labels, 0.0

    def loss(values: Floats) -> tuple[float, Floats]:
        scores = features @ values + padding
        powers = np.exp(scores - scores.max(1, keepdims=True))
        whole, right = powers.sum(1), (powers * gold).sum(1)
        pull = powers / whole[:, None] - powers * gold / right[:, None]
        gradient = np.einsum("qc,qcf->f", pull, features) + RIDGE * values
        return float(np.log(whole / right).sum() + RIDGE / 2 * values @ values), gradient

    return np.asarray(minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x) * scale


def pooled(data: Sequence[Case]) -> Floats:
    """The weights of two judges, one that reads all features and one that knows words alone, in a logarithmic pool."""
    return (1 - WORDS) * listwise(data) + WORDS * listwise(without(data))


def calibrate(top: Floats, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and intercept under which a score is the logit of being right (Platt's scaling)."""

    def loss(line: Floats) -> float:
        logits = line[0] * top + line[1]
        return float(np.logaddexp(0, np.where(right, -logits, logits)).sum())

    slope, intercept = minimize(loss, np.array([1.0, 0.0])).x
    return float(slope), float(intercept)


def best(data: Sequence[Case], values: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The score of each question's best candidate, and whether it is a gold one."""
    scores = [case.features @ values for case in data]
    right = [bool(case.labels[row.argmax()]) for case, row in zip(data, scores, strict=True)]
    return np.array([row.max() for row in scores]), np.array(right)


def fit(data: Sequence[Case], gold: Sequence[Case] = ()) -> tuple[Weights, Floats, NDArray[np.bool_]]:
    """The weights; then, for each question, the logit of the best candidate under weights that don't know its article,
    and whether that one is right. `gold` counts TIMES as much."""
    data = [*data, *gold]
    first_gold = len(data) - len(gold)
    tops, rights = np.zeros(len(data)), np.zeros(len(data), np.bool_)
    missed = []
    for known, left in folds(data):
        counted = [data[i] for i in known for _ in range(1 if i < first_gold else TIMES)]
        values, others = pooled(counted), [data[i] for i in left]
        tops[left], rights[left] = best(others, values)
        # The best of what is left where the article is not there at all: most of what is asked in vain is asked so.
        elsewhere = [case.features[~case.inside] @ values for case in others if not case.inside.all()]
        missed += [row.max() for row in elsewhere]
    slope, intercept = calibrate(np.array([*tops, *missed]), np.array([*rights, *[False] * len(missed)]))
    values = slope * pooled([*data[:first_gold], *list(gold) * TIMES]) + HAND
    return Weights(intercept, tuple(values.tolist())), slope * tops + intercept, rights


def report(data: Sequence[Case], logits: Floats, right: NDArray[np.bool_]) -> None:
    """How often the best sentence is a gold one, and what thresholds would do."""
    answerable = np.array([case.answerable for case in data])
    found = np.array([bool(case.labels.any()) for case in data])
    click.echo(
        f"  gold sentence first {right[answerable].mean():.3f} of {answerable.sum()}, "
        f"among the candidates {found[answerable].mean():.3f}"
    )
    for threshold in (0.05, 0.1, 0.2, 0.3, 0.5):
        answered = logits >= np.log(threshold / (1 - threshold))
        click.echo(
            f"  threshold {threshold:.2f}: answered {share(answered[answerable])}, "
            f"right of answered {share(right[answered & answerable])}, "
            f"unanswerable abstained {share(~answered[~answerable])}"
        )


def share(found: NDArray[np.bool_]) -> str:
    """How many are true, or a dash where there are none at all."""
    return f"{found.mean():.2f}" if len(found) else "–"


@click.command()
@click.option("--home", type=click.Path(exists=True, path_type=Path), required=True, help="Holds the articles.")
@click.option("--train", type=click.Path(exists=True, path_type=Path), help="Questions to fit on.")
@click.option("--held-out", is_flag=True, help="Only articles that the encoder was not trained on.")
@click.option("--gold", "seeds", type=click.Path(exists=True, path_type=Path), help="Home of the example articles.")
@click.option("--measure", type=click.Path(exists=True, path_type=Path), help="Questions to put the weights to.")
@click.option("--cache", type=click.Path(path_type=Path), help="Folder that keeps features from run to run.")
@click.option("--out", type=click.Path(path_type=Path), default=Path(__file__).with_name("weights.json"))
def main(
    home: Path,
    train: Path | None,
    held_out: bool,
    seeds: Path | None,
    measure: Path | None,
    cache: Path | None,
    out: Path,
) -> None:
    """Fit for questions in the articles' language (ru) and in the other one (en)."""
    if not train and not measure:
        raise click.UsageError("name a question file: --train FILE or --measure FILE")
    fitted: dict[str, dict[str, float]] = {}
    with Remembering.open(Home.open(home)) as index:
        for language, same in LANGUAGES.items():
            known = cached(cache, index, read(train, held_out), language) if train else []
            gold: list[Case] = []
            if seeds and train:
                with Index.open(Home.open(seeds)) as examples:
                    gold = list(gold_cases(examples, language))
            unknown = cached(cache, index, read(measure, False), language) if measure else []
            for is_read in (True, False):
                name = situation(same, is_read)
                click.echo(name)
                model = None if train else weights()[name]
                if known:
                    data, extra = (known, gold) if is_read else (without(known), without(gold))
                    model, logits, right = fit(data, extra)
                    fitted[name] = {"intercept": model.intercept} | dict(zip(FEATURES, model.values, strict=True))
                    click.echo("  " + ", ".join(f"{feature} {value:.2f}" for feature, value in fitted[name].items()))
                    report(data, logits[: len(data)], right[: len(data)])
                    if extra:
                        click.echo("  on the gold questions:")
                        report(extra, logits[len(data) :], right[len(data) :])
                if unknown and model:
                    data = unknown if is_read else without(unknown)
                    logits, right = best(data, np.array(model.values))
                    click.echo(f"  on {measure.name if measure else ''}:")
                    report(data, logits + model.intercept, right)
    if fitted:
        rounded = {name: {key: round(value, 3) for key, value in numbers.items()} for name, numbers in fitted.items()}
        out.write_text(json.dumps(rounded, indent=1) + "\n", "utf-8")


def without(data: Sequence[Case]) -> list[Case]:
    """The same cases where the encoder has no say."""
    return [replace(case, features=case.features * ~IS_READ) for case in data]


if __name__ == "__main__":
    main()
