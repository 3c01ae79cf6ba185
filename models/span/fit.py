"""Fits the weights of the shortest answers: questions with their sentences in, `weights.json` out.

    python -m models.span.fit --train train.jsonl --articles FOLDER

A line of the question file holds `article` (a text file of FOLDER, without its .txt), `question_ru`, `question_en`,
`evidence` (verbatim Russian fragments, empty where the article does not answer) and `answer_ru`. Each question is put
to the sentences of its evidence, and to the sentence of its article that shares most with it and does not answer: there
"none" is right. A softmax over the candidates of a sentence and "none" is fitted for each kind. Figures are of articles
that the weights were not fitted on (cross-validation by article). Needs scipy.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from istok.eval.spans import exact_match, token_f1
from istok.index.sentences import split_sentences
from istok.index.terms import STOPWORDS, term, tokens
from istok.index.types import Language, Range
from istok.rag.question import analyse
from istok.rag.spans.span import GENERAL, OWN, THRESHOLD, chosen, read, rows
from istok.rag.spans.wanted import Kind, ask
from istok.rag.types import Sentence

FOLDS = 5
RIDGE = 0.5
ENOUGH = 0.5
"""The F1 over stems from which a candidate is the answer: an inflected or longer name is, a part of it isn't."""
LONGEST = 500
"""Characters of a sentence that may be put beside those of the evidence."""

_COMMON = STOPWORDS | {"года", "году", "год"}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A question and a sentence: a row of features for each candidate, and how near it comes to the answer."""

    kind: Kind
    language: Language
    fold: int
    answer: str
    spans: tuple[str, ...]
    rows: Floats
    likeness: Floats


@click.command()
@click.option("--train", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--articles", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--measure", is_flag=True, help="Put the weights that ship to the questions, and fit none.")
def main(train: Path, articles: Path, measure: bool) -> None:
    """Fit, print the figures of articles not fitted on, and write the weights."""
    cases = list(_cases(train, articles))
    stored = Path(__file__).with_name("weights.json")
    weights: dict[str, dict[str, float]] = json.loads(stored.read_text("utf-8")) if measure else {}
    for kind, own in OWN.items():
        names = (*GENERAL, *own)
        mine = [case for case in cases if case.kind == kind]
        if measure:
            found = [_choice(case, np.array([weights[kind][name] for name in names])) for case in mine]
        else:
            by_fold = [_fit([case for case in mine if case.fold != fold], len(names)) for fold in range(FOLDS)]
            found = [_choice(case, by_fold[case.fold]) for case in mine]
            weights[kind] = dict(zip(names, np.round(_fit(mine, len(names)), 3).tolist(), strict=True))
        _report(kind, mine, found)
    if not measure:
        stored.write_text(json.dumps(weights, indent=1) + "\n", "utf-8")


def _cases(train: Path, articles: Path) -> Iterator[Case]:
    for line in train.read_text("utf-8").splitlines():
        item: dict[str, Any] = json.loads(line)
        text = (articles / f"{item['article']}.txt").read_text("utf-8")
        fold = int(hashlib.sha256(item["article"].encode()).hexdigest(), 16) % FOLDS
        whole = [text[start:end] for start, end in split_sentences(text, Range(0, len(text)))]
        evidence = [part[s:e] for part in item["evidence"] for s, e in split_sentences(part, Range(0, len(part)))]
        answer = item["answer_ru"]
        others = [
            one for one in whole
            if len(one) < LONGEST and not any(one in other or other in one for other in evidence)
            and not (answer and _likeness(one, answer))
        ]  # fmt: skip
        languages: tuple[Language, ...] = ("ru", "en")
        for language in languages:
            question = analyse(item[f"question_{language}"])
            wanted = ask(question)
            if wanted is None or not evidence:
                continue
            nearest = sorted(
                others,
                key=lambda one: sum(w.asked for w in read(question, wanted, _sentence(one))),
            )[-1:]
            for one, said in [*((one, answer) for one in evidence), *((one, "") for one in nearest)]:
                sentence = _sentence(one)
                found = rows(question, wanted, sentence)
                ranges = [chosen(found, i, wanted, sentence) for i in range(len(found))]
                spans = tuple(one[start:end] for start, end in ranges)
                features = np.array([row for _, row in found]).reshape(len(found), len(GENERAL) + len(OWN[wanted.kind]))
                likeness = np.array([_likeness(span, said) for span in spans])
                yield Case(wanted.kind, language, fold, said, spans, features, likeness)


def _sentence(text: str) -> Sentence:
    return Sentence(1, "", "", None, "ru", 0, len(text), text, 1.0)


def _likeness(one: str, other: str) -> float:
    """F1 over stems, function words aside."""
    stems, others = (
        Counter(term(word) for word, _ in tokens(text) if word.lower() not in _COMMON) for text in (one, other)
    )
    common = sum((stems & others).values())
    return 2 * common / (sum(stems.values()) + sum(others.values())) if common else 0.0


def _fit(cases: Sequence[Case], width: int) -> Floats:
    """Weights that make the right candidates likely, or "none" where none is right; its logit is 0."""
    sets = [
        (case.rows, np.append(right, not right.any()))
        for case in cases if len(case.rows)
        for right in [(case.likeness >= ENOUGH) & (case.likeness == case.likeness.max())]
    ]  # fmt: skip

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, gradient = 0.0, np.zeros(width)
        for features, right in sets:
            likely = _softmax(features @ weights)
            share = float(likely @ right)
            total -= float(np.log(share + 1e-12))
            gradient += features.T @ (likely - likely * right / share)[:-1]
        held = np.append(0.0, weights[1:])  # all but the bias
        return total + RIDGE * float(held @ held), gradient + 2 * RIDGE * held

    fitted: Floats = minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B").x
    return fitted


def _softmax(logits: Floats) -> Floats:
    """The probabilities of the candidates, and last of none of them."""
    whole = np.append(logits, 0.0)
    powers: Floats = np.exp(whole - whole.max())
    return powers / powers.sum()


def _choice(case: Case, weights: Floats) -> tuple[int, float]:
    """The best candidate and its probability, with that of those enumerated with it; (-1, 0) without any."""
    if not len(case.rows):
        return -1, 0.0
    likely = _softmax(case.rows @ weights)[:-1]
    top = int(likely.argmax())
    return top, float(sum(likely[i] for i, span in enumerate(case.spans) if span == case.spans[top]))


def _report(kind: Kind, cases: Sequence[Case], found: Sequence[tuple[int, float]]) -> None:
    for language in ("ru", "en"):
        pairs = [(case, *choice) for case, choice in zip(cases, found, strict=True) if case.language == language]
        gold = [(case, i, sure) for case, i, sure in pairs if case.answer]
        marked = [(case, i) for case, i, sure in gold if sure >= THRESHOLD]
        vain = [sure >= THRESHOLD for case, _, sure in pairs if not case.answer]
        if not marked:
            continue
        right = np.mean([case.likeness[i] >= ENOUGH for case, i in marked])
        f1 = np.mean([token_f1(case.spans[i], [case.answer], "ru") for case, i in marked])
        exact = np.mean([exact_match(case.spans[i], [case.answer], "ru") for case, i in marked])
        click.echo(
            f"{kind} {language}: {len(gold)} sentences, {len(marked) / len(gold):.2f} marked, {right:.2f} right, "
            f"F1 {f1:.2f}, EM {exact:.2f}; marked in vain {np.mean(vain):.2f}"
        )


if __name__ == "__main__":
    main()
