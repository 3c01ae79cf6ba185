"""XQuAD-R: find the sentence that answers, within and across languages (Roy et al. 2020, LAReQA).

Every sentence is a passage of its own, in an index of the Russian ones, of the English ones, and of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ir_measures import AP, RR, Measure, R

from istok.eval.benchmarks.collection import Cut, store, untitled
from istok.eval.benchmarks.figures import BenchmarkError, Figure, Outcome, Published
from istok.eval.benchmarks.setting import Setting
from istok.eval.benchmarks.squad import Paragraph, read
from istok.eval.metrics import mean, retrieval_scores
from istok.eval.systems import voices
from istok.index.index import Index
from istok.index.types import Document, Language, Range

LANGUAGES: tuple[Language, ...] = ("ru", "en")
LAYOUT: tuple[str, ...] = ("eval/xquad-r/ru.json", "eval/xquad-r/en.json")
PUBLISHED: tuple[Published, ...] = (
    Published(
        what="mAP of mBERT dual encoders in one pool of 11 languages: X-X 0.23, X-X-mono 0.52, X-Y 0.66; roughly "
        "comparable with mAP@100 over ru+en, a pool of two languages only",
        source="Roy et al. 2020, LAReQA: Language-agnostic answer retrieval from a multilingual pool",
    ),
)
DEPTH = 100
"""Hits that are judged: as many as each voice of the search proposes anyway; deeper ranks count as not found."""

WITHIN: Mapping[str, Measure] = {"MRR@100": RR @ DEPTH, "recall@10": R @ 10}
ACROSS: Mapping[str, Measure] = {"mAP@100": AP @ DEPTH}

Place = tuple[str, int]
"""A sentence: its document's id and its start."""


def measure(setting: Setting) -> Outcome:
    """MRR and recall of each direction, mAP in the pool of both languages, by voices."""
    paragraphs = {language: read(setting.data / name) for language, name in zip(LANGUAGES, LAYOUT, strict=True)}
    documents = {language: _documents(language, listed) for language, listed in paragraphs.items()}
    gold = {language: _gold(language, listed) for language, listed in paragraphs.items()}
    if gold["ru"].keys() != gold["en"].keys():
        raise BenchmarkError(f"{' and '.join(LAYOUT)} must ask questions with the same ids")
    questions = {
        language: {question.id: question.question for paragraph in listed for question in paragraph.qas}
        for language, listed in paragraphs.items()
    }
    encoder = setting.encoder()
    figures: list[Figure] = []
    passages = vectors = 0
    for searched in (LANGUAGES[:1], LANGUAGES[1:], LANGUAGES):
        pool = "+".join(searched)
        pairs = [pair for language in searched for pair in documents[language]]
        with store(setting.new_home(pool), encoder, pairs, setting.progress) as index:
            _, passages, vectors = index.counts()
            for asked in LANGUAGES:
                drawn = setting.draw(list(questions[asked]))
                right = {id_: {gold[language][id_] for language in searched} for id_ in drawn}
                measures = WITHIN if len(searched) == 1 else ACROSS
                figures += _search(setting, index, f"{asked}→{pool}", questions[asked], right, measures)
    return Outcome(tuple(figures), passages, vectors, (f"what is not among the first {DEPTH} counts as not found",))


def _documents(language: Language, paragraphs: Sequence[Paragraph]) -> list[tuple[Document, list[Cut]]]:
    """Each paragraph, cut at the sentences that the data give."""
    return [
        (
            untitled(f"{language}/{number}", paragraph.context, language),
            [(Range(*range_), (Range(*range_),)) for range_ in paragraph.sentence_breaks],
        )
        for number, paragraph in enumerate(paragraphs)
    ]


def _gold(language: Language, paragraphs: Sequence[Paragraph]) -> dict[str, Place]:
    """The sentence in which each question's answer begins."""
    places: dict[str, Place] = {}
    for number, paragraph in enumerate(paragraphs):
        for question in paragraph.qas:
            start = question.answers[0].answer_start
            holders = [first for first, end in paragraph.sentence_breaks if first <= start < end]
            if len(holders) != 1:
                raise BenchmarkError(
                    f"xquad-r, {language}: question {question.id}: {len(holders)} sentences hold its answer: "
                    "mend sentence_breaks"
                )
            places[question.id] = f"{language}/{number}", holders[0]
    return places


def _search(
    setting: Setting,
    index: Index,
    direction: str,
    questions: Mapping[str, str],
    right: Mapping[str, set[Place]],
    measures: Mapping[str, Measure],
) -> list[Figure]:
    """The figures of one direction."""
    ids = {(passage.document_id, passage.start): passage.id for passage in index.passages()}
    relevant = {question: {ids[place] for place in places} for question, places in right.items()}
    figures = []
    for system, search in voices(index).items():
        found = {
            question: search(questions[question], DEPTH)
            for question in setting.track(f"{direction} {system}", list(right))
        }
        scores = retrieval_scores(relevant, found, measures).values()
        figures += [
            Figure(measure=name, direction=direction, system=system, estimate=mean(score[name] for score in scores))
            for name in measures
        ]
    return figures
