"""news-qa: questions over Russian news, in Russian and English, with evidence, short answers and unanswerable ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from istok.eval.benchmarks.asking import Asked, Asker
from istok.eval.benchmarks.collection import archive, names
from istok.eval.benchmarks.figures import BenchmarkError, Figure, Outcome, Published
from istok.eval.benchmarks.lines import read_lines
from istok.eval.benchmarks.setting import Setting, voices
from istok.eval.metrics import Estimate, Row, estimate, mean, proves
from istok.eval.questions import GoldRange
from istok.index.index import Index
from istok.index.types import Language

ARTICLES = "news-qa/articles.tar.gz"
LAYOUT: tuple[str, ...] = (ARTICLES, "news-qa/dev.jsonl")
PUBLISHED: tuple[Published, ...] = ()
COVERAGES = (0.2, 0.4, 0.6, 0.8, 1.0)
LANGUAGES: tuple[Language, ...] = ("ru", "en")


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True)

    article: str
    question_ru: str = Field(min_length=1)
    question_en: str = Field(min_length=1)
    evidence: tuple[str, ...]
    answer_ru: str


@dataclass(frozen=True, slots=True)
class _Question:
    """One question in one language; without `gold` it is unanswerable."""

    text: str
    document: str
    gold: tuple[GoldRange, ...]
    answer: str


def measure(setting: Setting) -> Outcome:
    """Retrieval by voices, then the reader's answers: evidence, abstention, and risk against coverage."""
    name = f"news-qa/{setting.split}.jsonl"
    setting.require([ARTICLES, name])
    path = setting.data / name
    items = setting.draw(read_lines(path, _Item))
    with archive(setting.home, setting.data / ARTICLES, setting.progress) as index:
        figures: list[Figure] = []
        for language in LANGUAGES:
            questions = list(_questions(items, language, index, str(path)))
            figures += _searched(setting, index, f"{language}→ru", [one for one in questions if one.gold])
            figures += _answered(setting, index, f"{language}→ru", questions)
        _, passages, vectors = index.counts()
    return Outcome(tuple(figures), passages, vectors, (f"questions of {path.name}",))


def _questions(items: Sequence[_Item], language: Language, index: Index, path: str) -> Iterator[_Question]:
    ids = names(index)
    texts = {name: index.document(id_).text for name, id_ in ids.items()}
    for item in items:
        name = f"{item.article}.txt"
        if name not in ids:
            raise BenchmarkError(f"{path} asks about {name}, which {ARTICLES} lacks: add it")
        gold = []
        for quote in item.evidence:
            start = texts[name].find(quote)
            if start < 0:
                raise BenchmarkError(f"{path}: evidence {quote[:40]!r} isn't in {name}: mend it")
            gold.append(GoldRange(document=ids[name], start=start, end=start + len(quote), quote=quote))
        question = item.question_ru if language == "ru" else item.question_en
        yield _Question(question, ids[name], tuple(gold), item.answer_ru)


def _searched(setting: Setting, index: Index, direction: str, questions: Sequence[_Question]) -> list[Figure]:
    figures = []
    for system, voices_ in voices(index).items():
        first = [
            float(bool(hits) and hits[0].passage.document_id == question.document)
            for question in setting.track(f"{direction} {system}", questions)
            for hits in [index.search(question.text, 1, voices=voices_)]
        ]
        figures.append(Figure(measure="right article first", direction=direction, system=system, estimate=mean(first)))
    return figures


def _answered(setting: Setting, index: Index, direction: str, questions: Sequence[_Question]) -> list[Figure]:
    asker = Asker(index, setting.reader)
    pairs = [
        (question, asker.ask(question.text)) for question in setting.track(f"{direction} {setting.reader}", questions)
    ]
    answerable = [(question, asked) for question, asked in pairs if question.gold]
    cited = [float(asked.answered and _cites(question, asked)) for question, asked in answerable]
    measures = {
        "evidence first": mean(float(_first(question, asked)) for question, asked in answerable),
        "evidence cited": mean(cited),
        "answer in a cited sentence": mean(float(asked.quotes(question.answer)) for question, asked in answerable),
        "answered, of the answerable": mean(float(asked.answered) for _, asked in answerable),
        "abstained, of the unanswerable": mean(
            float(not asked.answered) for question, asked in pairs if not question.gold
        ),
        "evidence cited, of the answered": mean(
            float(_cites(question, asked)) for question, asked in pairs if asked.answered
        ),
    }
    confidence = [asked.confidence for _, asked in pairs]
    wrong = [float(not _first(question, asked)) for question, asked in pairs]
    measures |= {f"risk at coverage {coverage:.0%}": risk(confidence, wrong, coverage) for coverage in COVERAGES}
    measures["area under risk–coverage"] = area(confidence, wrong)
    return [
        Figure(measure=name, direction=direction, system=setting.reader, estimate=estimate_)
        for name, estimate_ in measures.items()
    ]


def _first(question: _Question, asked: Asked) -> bool:
    """Whether the best evidence sentence is a gold one; never so for an unanswerable question."""
    sentences = asked.evidence.sentences[:1]
    return any(proves(sentence, gold) for sentence in sentences for gold in question.gold)


def _cites(question: _Question, asked: Asked) -> bool:
    return any(proves(citation, gold) for citation in asked.answer.citations for gold in question.gold)


def _risks(confidence: Row, wrong: Row, axis: int) -> Row:
    """The share of wrong ones among the most confident 1, 2, … n; equal confidences in the order they come."""
    order = np.argsort(-confidence, axis=axis, kind="stable")
    sorted_ = np.take_along_axis(wrong, order, axis)
    shares: Row = sorted_.cumsum(axis) / np.arange(1, wrong.shape[axis] + 1)
    return shares


def risk(confidence: Sequence[float], wrong: Sequence[float], coverage: float) -> Estimate:
    """The share of wrong ones among the most confident `coverage` of all, at least one."""

    def statistic(confidence: Row, wrong: Row, axis: int) -> Row:
        answered = max(1, round(coverage * wrong.shape[axis]))
        return np.asarray(_risks(confidence, wrong, axis).take(answered - 1, axis))

    return estimate(statistic, confidence, wrong)


def area(confidence: Sequence[float], wrong: Sequence[float]) -> Estimate:
    """The mean risk over all coverages (AURC, Geifman et al. 2019); lower is better."""
    return estimate(
        lambda confidence, wrong, axis: np.asarray(_risks(confidence, wrong, axis).mean(axis)), confidence, wrong
    )
