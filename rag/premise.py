"""What a question takes for granted and the best evidence says otherwise: "why did exports rise by 60%?"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from istok.index import territories
from istok.index.types import Language
from istok.rag.checks import dates, direction, figures, names
from istok.rag.checks.countries import countries
from istok.rag.checks.finding import Finding
from istok.rag.checks.units import MEASURED
from istok.rag.checks.words import akin, words
from istok.rag.question import Question
from istok.rag.types import Sentence
from istok.rag.wording import say

ABOUT = 0.6
"""Share of the question's other words that a sentence must hold to be about what is asked."""

_FIRM = frozenset(("вырос", "экспорт", "разрешил", "назначил", "арестовал", "закрыл", "подтвердил"))
"""Words whose contrasts a text draws on purpose, unlike before and after."""

_YEARS = 10
_WORDS = 2
"""Words that the question must have beside what is contested."""


def premise(question: Question, evidence: Sequence[Sentence]) -> str | None:
    """One sentence in the question's language that says what the documents have instead; None when they don't
    contradict it, or may speak of something else. What the question asks for is never contested."""
    for sentence in evidence:
        for finding in _contested(question, sentence):
            if finding.cited and _about(question, finding, sentence) and not _elsewhere(finding, evidence):
                asked, cited = (_named(text, question.language) for text in (finding.claimed, finding.cited))
                return say(question.language, "premise", asked=asked, cited=cited)
    return None


def _named(text: str, language: Language) -> str:
    """A country as the language calls it, in whatever form it stands («узбекским»); anything else as it is."""
    found = countries(text)
    name = found[0].name if len(found) == 1 and len(text) == found[0].end - found[0].start else ""
    called = name if language == "en" else territories.names("en").get(name, "")
    return called.title() or text


def _contested(question: Question, sentence: Sentence) -> Iterator[Finding]:
    text, kind = question.text, question.kind
    units = {figure.unit for figure in figures.figures(text)}
    if kind != "number" and units and units <= MEASURED:
        for finding in figures.against(text, [sentence.text], [sentence.title]):
            if {figure.unit for figure in figures.figures(finding.cited)} <= units:
                yield finding
    if kind != "date":
        for finding in dates.against(text, [sentence.text], [sentence.date], [sentence.title]):
            if _alike(finding.claimed, finding.cited):
                yield finding
    if kind not in ("person", "place") and len(countries(sentence.text)) == 1:
        yield from names.countries_against(text, [sentence.text], [sentence.title])
    yield from direction.opposites(text, [sentence.text], _FIRM)


def _alike(asked: str, cited: str) -> bool:
    """Whether two dates are as exact as one another and not far apart."""
    for one, other in zip(dates.dates(asked), dates.dates(cited), strict=False):
        exact = (one.month is None, one.day is None) == (other.month is None, other.day is None)
        return exact and (one.year is None or other.year is None or abs(one.year - other.year) <= _YEARS)
    return False


def _about(question: Question, finding: Finding, sentence: Sentence) -> bool:
    contested = {word.text for word in words(finding.claimed)}
    asked = [word for word in words(question.text) if not word.is_function and word.text not in contested]
    said = words(f"{sentence.text} {sentence.title}")
    held = sum(any(akin(word, other) or names.same(word.text, other.text) for other in said) for word in asked)
    return held >= _WORDS and held >= ABOUT * len(asked)


def _elsewhere(finding: Finding, evidence: Sequence[Sentence]) -> bool:
    """Whether another sentence of the evidence says what is contested, so that the question may be about that."""
    return any(
        finding.claimed.lower() in sentence.text.lower()
        or any(
            names.same(word.text, other.text)
            for word in words(finding.claimed)
            if word.text[0].isupper()
            for other in words(sentence.text)
        )
        for sentence in evidence
    )
