"""Fits the weights of the evidence scorer, WITHIN and ACROSS of `rag/scorer.py`.

    python models/evidence/fit.py --home HOME --train train.jsonl --dev dev.jsonl

HOME is a home into which the articles were indexed (`istok index --home HOME ARTICLES`). A line of the question
files holds `article` (the file's stem), `type`, `question_ru`, `question_en` and `evidence`, a list of verbatim
fragments, empty where the article does not answer. A sentence is a positive when it lies in a fragment, or holds one.
Needs scikit-learn, which sentence-transformers brings along. Takes about two minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from istok.index.home import Home
from istok.index.index import Index
from istok.rag.question import analyse
from istok.rag.scorer import FEATURES, Scorer


@dataclass(frozen=True, slots=True)
class Case:
    """One question: a row of features and a label for each candidate sentence."""

    answerable: bool
    features: NDArray[np.float64]
    labels: NDArray[np.bool_]


def cases(index: Index, path: Path, language: str) -> list[Case]:
    """The cases of a question file in one language; questions without any candidate are left out."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        item: dict[str, Any] = json.loads(line)
        question = analyse(item[f"question_{language}"])
        scorer = Scorer(question, index, index.search(question.text, index.home.config.sources))
        labels = [
            Path(candidate.hit.passage.document_id).stem == item["article"]
            and any(candidate.text in fragment or fragment in candidate.text for fragment in item["evidence"])
            for candidate in scorer.candidates
        ]
        if labels:
            found.append(Case(bool(item["evidence"]), np.array(scorer.features()), np.array(labels)))
    return found


def report(name: str, model: LogisticRegression, data: list[Case]) -> None:
    """How often the best sentence is a gold one, and what thresholds would do."""
    best = [(model.predict_proba(case.features)[:, 1], case) for case in data]
    top = np.array([probabilities.max() for probabilities, _ in best])
    right = np.array([case.labels[probabilities.argmax()] for probabilities, case in best])
    answerable = np.array([case.answerable for case in data])
    print(f"{name}: gold sentence first {right[answerable].mean():.3f} of {answerable.sum()}")
    for threshold in (0.05, 0.1, 0.2, 0.3, 0.5):
        answered = top >= threshold
        print(
            f"  threshold {threshold:.2f}: answered {answered[answerable].mean():.2f}, "
            f"right of answered {right[answered & answerable].mean():.2f}, "
            f"unanswerable abstained {(~answered)[~answerable].mean():.2f}"
        )


def main() -> None:
    """Fit for questions in the articles' language (ru) and in the other one (en)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--home", "--train", "--dev"):
        parser.add_argument(option, type=Path, required=True)
    options = parser.parse_args()
    with Index.open(Home.open(options.home)) as index:
        for name, language in (("WITHIN", "ru"), ("ACROSS", "en")):
            train = cases(index, options.train, language)
            model = LogisticRegression(max_iter=5000)
            model.fit(np.vstack([case.features for case in train]), np.concatenate([case.labels for case in train]))
            print(f"{name} = Weights({model.intercept_[0]:.2f}, {tuple(model.coef_[0].round(2).tolist())})")
            print("  " + ", ".join(f"{f} {w:.2f}" for f, w in zip(FEATURES, model.coef_[0], strict=True)))
            report("train", model, train)
            report("dev", model, cases(index, options.dev, language))


if __name__ == "__main__":
    main()
