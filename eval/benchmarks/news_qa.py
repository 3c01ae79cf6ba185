"""news-qa: questions over Russian news, in Russian and English, with evidence, short answers and unanswerable ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from istok.eval.benchmarks.asking import Asked
from istok.eval.benchmarks.collection import archive, names
from istok.eval.benchmarks.figures import BenchmarkError, Figure, Outcome, Published
from istok.eval.benchmarks.lines import read_lines
from istok.eval.benchmarks.setting import Setting
from istok.eval.confidence import Curve, area, risk_at, risk_coverage
from istok.eval.metrics import Estimate, estimate, mean, proves
from istok.eval.questions import GoldRange
from istok.eval.systems import systems
from istok.index.index import Index
from istok.index.types import Language
from istok.rag.assistant import Assistant
from istok.rag.readers import open_reader

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
    answer_en: str


@dataclass(frozen=True, slots=True)
class _Question:
    """One question in one language; without `gold` it is unanswerable. Of its short `answers` the first is in the
    articles' language, and the question's own follows: a quote and a translation of it are both accepted."""

    text: str
    language: Language
    document: str
    gold: tuple[GoldRange, ...]
    answers: tuple[str, ...]


def measure(setting: Setting) -> Outcome:
    """Retrieval by system, then the reader's answers: evidence, abstention, and risk against coverage."""
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
        answers = [item.answer_ru, *([item.answer_en] if language == "en" else [])]
        yield _Question(question, language, ids[name], tuple(gold), tuple(answers))


def _searched(setting: Setting, index: Index, direction: str, questions: Sequence[_Question]) -> list[Figure]:
    figures = []
    for system, search in systems(index).items():
        first = [
            float(bool(hits) and hits[0].passage.document_id == question.document)
            for question in setting.track(f"{direction} {system}", questions)
            for hits in [search(question.text, 1)]
        ]
        figures.append(Figure(measure="right article first", direction=direction, system=system, estimate=mean(first)))
    return figures


def _answered(setting: Setting, index: Index, direction: str, questions: Sequence[_Question]) -> list[Figure]:
    assistant = Assistant(index, open_reader(setting.reader))
    pairs = [
        (question, Asked(assistant.ask(question.text)))
        for question in setting.track(f"{direction} {setting.reader}", questions)
    ]
    answerable = [(question, asked) for question, asked in pairs if question.gold]
    cited = [float(asked.answered and _cites(question, asked)) for question, asked in answerable]
    measures = {
        "evidence first": mean(float(_first(question, asked)) for question, asked in answerable),
        "evidence cited": mean(cited),
        "answer in a cited sentence": mean(float(asked.quotes(question.answers[0])) for question, asked in answerable),
        "answered, of the answerable": mean(float(asked.answered) for _, asked in answerable),
        "abstained, of the unanswerable": mean(
            float(not asked.answered) for question, asked in pairs if not question.gold
        ),
        "evidence cited, of the answered": mean(
            float(_cites(question, asked)) for question, asked in pairs if asked.answered
        ),
    }
    similarities: dict[str, list[float]] = {}
    for question, asked in answerable:
        for name, score in asked.similarities(question.answers, question.language).items():
            similarities.setdefault(name, []).append(score)
    measures |= {name: mean(scores) for name, scores in similarities.items()}
    confidence = [asked.answer.confidence for _, asked in pairs]
    measures |= risk_coverage_estimates(confidence, [_first(question, asked) for question, asked in pairs])
    return [
        Figure(measure=name, direction=direction, system=setting.reader, estimate=estimate_)
        for name, estimate_ in measures.items()
    ]


def _first(question: _Question, asked: Asked) -> bool:
    """Whether the best evidence sentence is a gold one; never so for an unanswerable question."""
    sentences = asked.answer.evidence.sentences[:1]
    return any(proves(sentence, gold) for sentence in sentences for gold in question.gold)


def _cites(question: _Question, asked: Asked) -> bool:
    return any(proves(citation, gold) for citation in asked.answer.citations for gold in question.gold)


def risk_coverage_estimates(confidence: Sequence[float], right: Sequence[bool]) -> dict[str, Estimate]:
    """The risk at some coverages, and the area under the whole curve."""
    statistics: dict[str, Callable[[Curve], float]] = {
        f"risk at coverage {coverage:.0%}": partial(risk_at, coverage=coverage) for coverage in COVERAGES
    }
    statistics["area under risk–coverage"] = area
    return {name: _of_curve(statistic, confidence, right) for name, statistic in statistics.items()}


def _of_curve(statistic: Callable[[Curve], float], confidence: Sequence[float], right: Sequence[bool]) -> Estimate:
    each = np.vectorize(lambda sure, right: statistic(risk_coverage(sure, right)), signature="(n),(n)->()")
    return estimate(lambda sure, right, axis: each(sure, right), confidence, right)
