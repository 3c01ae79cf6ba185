"""XQuAD: reading comprehension on a given paragraph (Artetxe et al. 2020), within and across languages."""

from __future__ import annotations

from itertools import product

from istok.eval.benchmarks.asking import Asked
from istok.eval.benchmarks.collection import store, untitled
from istok.eval.benchmarks.figures import BenchmarkError, Figure, Outcome, Published
from istok.eval.benchmarks.setting import Setting
from istok.eval.benchmarks.squad import GoldQuestion, read
from istok.eval.metrics import mean
from istok.index.split import split
from istok.index.types import Language, Range
from istok.rag.assistant import Assistant
from istok.rag.readers import open_reader

LANGUAGES: tuple[Language, ...] = ("ru", "en")
LAYOUT: tuple[str, ...] = ("eval/xquad/ru.json", "eval/xquad/en.json")
PUBLISHED: tuple[Published, ...] = (
    Published(
        what="F1/EM of extractive readers trained on English SQuAD, Russian paragraphs and questions: mBERT 71.3/53.3, "
        "XLM-R large 80.1/64.3; over all of XQuAD, and of spans, where a quoted sentence is longer than any answer",
        source="Hu et al. 2020, XTREME",
    ),
)


def measure(setting: Setting) -> Outcome:
    """Sentence accuracy, and what the reader's quotes hold, in each direction."""
    paragraphs = {language: read(setting.data / name) for language, name in zip(LANGUAGES, LAYOUT, strict=True)}
    encoder = setting.encoder()
    documents = []
    gold: dict[Language, dict[str, tuple[str, GoldQuestion]]] = {"ru": {}, "en": {}}
    for language, listed in paragraphs.items():
        for number, paragraph in enumerate(listed):
            document = untitled(f"{language}/{number}", paragraph.context, language)
            limit = min(setting.home.config.passage_tokens, encoder.max_tokens)
            documents.append((document, split(document, encoder.count_tokens, limit)))
            gold[language] |= {question.id: (document.id, question) for question in paragraph.qas}
    if gold["ru"].keys() != gold["en"].keys():
        raise BenchmarkError(f"{' and '.join(LAYOUT)} must ask questions with the same ids")
    drawn = setting.draw(list(gold["ru"]))
    figures: list[Figure] = []
    with store(setting.new_home("paragraphs"), encoder, documents, setting.progress) as index:
        _, passages, vectors = index.counts()
        assistant = Assistant(index, open_reader(setting.reader))
        for asked_in, read_in in product(LANGUAGES, LANGUAGES):
            direction = f"{asked_in}→{read_in}"
            scores: dict[str, list[float]] = {}
            for id_ in setting.track(f"{direction} {setting.reader}", drawn):
                document_id, expected = gold[read_in][id_]
                asked = Asked(assistant.ask(gold[asked_in][id_][1].question, scope=[document_id]))
                for name, score in _scores(asked, expected, read_in).items():
                    scores.setdefault(name, []).append(score)
            figures += [
                Figure(measure=name, direction=direction, system=setting.reader, estimate=mean(values))
                for name, values in scores.items()
            ]
    return Outcome(tuple(figures), passages, vectors)


def _scores(asked: Asked, expected: GoldQuestion, language: Language) -> dict[str, float]:
    """The scores of one question with answers in `language`; an abstention answers nothing."""
    gold = [answer.text for answer in expected.answers]
    best = asked.answer.evidence.sentences[:1]
    return {
        "sentence accuracy": float(
            any(_holds(Range(s.start, s.end), answer.range) for s in best for answer in expected.answers)
        ),
        "answered": float(asked.answered),
        "answer in a cited sentence": float(any(asked.quotes(answer) for answer in gold)),
    } | asked.similarities(gold, language)


def _holds(sentence: Range, answer: Range) -> bool:
    """Whether the answer begins in the sentence."""
    return sentence.start <= answer.start < sentence.end
