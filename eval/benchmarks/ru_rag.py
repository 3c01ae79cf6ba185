"""ru-rag: open questions over whole Russian Wikipedia pages (ru_rag_test_dataset, built on RuBQ 2.0)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from istok.eval.benchmarks.asking import Asked
from istok.eval.benchmarks.collection import archive, names
from istok.eval.benchmarks.figures import BenchmarkError, Figure, Outcome, Published
from istok.eval.benchmarks.lines import read_lines
from istok.eval.benchmarks.setting import Setting
from istok.eval.matching import says
from istok.eval.metrics import mean, percentile
from istok.eval.systems import systems
from istok.index.index import Index
from istok.index.types import Language
from istok.rag.assistant import Assistant
from istok.rag.readers import open_reader

QUESTIONS = "eval/ru-rag/questions.jsonl"
PAGES = "eval/ru-rag/corpus.tar.gz"
LAYOUT: tuple[str, ...] = (QUESTIONS, PAGES)
PUBLISHED: tuple[Published, ...] = ()
DEPTH = 10
"""Hits that are looked for; the first five are judged."""

MATCHING = (
    "an answer is found where a passage says it word for word, at the beginning of a word which may go on; case, ё, "
    "stress marks, punctuation and the spelling of numbers don't matter, inflection and other wordings do"
)


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    question: str = Field(min_length=1)
    question_en: str | None = None
    answer: str = Field(min_length=1)
    file: str


Pair = tuple[str, _Item]
"""A question in one language, and its item."""


def measure(setting: Setting) -> Outcome:
    """The right page first and the answer in the top five passages, by system; the time of a search; with
    `setting.answers` also what the reader's answers cite."""
    items = read_lines(setting.data / QUESTIONS, _Item)
    with archive(setting.home, setting.data / PAGES, setting.progress) as index:
        ids = names(index)
        if lost := sorted({item.file for item in items} - ids.keys()):
            raise BenchmarkError(f"{setting.data / QUESTIONS} asks about {lost[0]}, which {PAGES} lacks: add it")
        asked: dict[Language, list[Pair]] = {
            "ru": [(item.question, item) for item in items],
            "en": [(item.question_en, item) for item in items if item.question_en],
        }
        figures: list[Figure] = []
        for language, pairs in asked.items():
            drawn = setting.draw(pairs)
            figures += _searched(setting, index, language, drawn, ids)
            if setting.answers:
                figures += _answered(setting, index, language, drawn)
        _, passages, vectors = index.counts()
    return Outcome(tuple(figures), passages, vectors, (MATCHING,))


def _searched(
    setting: Setting, index: Index, language: Language, pairs: Sequence[Pair], ids: Mapping[str, str]
) -> list[Figure]:
    direction, figures = f"{language}→ru", []
    for system, search in systems(index).items():
        search("?", DEPTH)  # what is loaded once is not counted
        page, answer, times = [], [], []
        for question, item in setting.track(f"{direction} {system}", pairs):
            began = time.perf_counter()
            hits = search(question, DEPTH)
            times.append(1000 * (time.perf_counter() - began))
            page.append(float(bool(hits) and hits[0].passage.document_id == ids[item.file]))
            answer.append(float(any(says(hit.passage.text, item.answer) for hit in hits[:5])))
        measures = {
            "right page first": mean(page),
            "answer in top 5": mean(answer),
            "search p50, ms": percentile(times, 50),
            "search p95, ms": percentile(times, 95),
        }
        figures += [
            Figure(measure=name, direction=direction, system=system, estimate=estimate)
            for name, estimate in measures.items()
        ]
    return figures


def _answered(setting: Setting, index: Index, language: Language, pairs: Sequence[Pair]) -> list[Figure]:
    assistant, direction = Assistant(index, open_reader(setting.reader)), f"{language}→ru"
    answered, cited = [], []
    for question, item in setting.track(f"{direction} {setting.reader}", pairs):
        asked = Asked(assistant.ask(question))
        answered.append(float(asked.answered))
        cited.append(float(asked.quotes(item.answer)))
    measures = {"answered": answered, "answer in a cited sentence": cited}
    return [
        Figure(measure=name, direction=direction, system=setting.reader, estimate=mean(scores))
        for name, scores in measures.items()
    ]
