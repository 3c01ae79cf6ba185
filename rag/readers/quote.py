"""The reader without a language model: the best sentences themselves, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event

from istok.index.terms import terms
from istok.index.types import Language
from istok.rag.question import Question, analyse
from istok.rag.readers import ReaderEvent
from istok.rag.scorer import kin, leans_back
from istok.rag.types import Claim, Evidence, Reading, Sentence, Turn

THRESHOLD = 0.14
"""The probability under which a sentence is no answer; chosen on the gold questions, decision 5 says how."""

MOST = 3
"""Sentences quoted at the most."""

FURTHER, ALONGSIDE = 0.4, 0.3
"""Of the best probability: what a sentence needs that speaks of another name, and one that goes on from the best."""


class QuoteReader:
    """Quotes one to three sentences in document order, or none when the best is under the threshold."""

    @property
    def name(self) -> str:
        """ "quote"."""
        return "quote"

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        """Claims whose text is the sentence that each cites."""
        chosen = _choose(analyse(question), evidence)
        claims = tuple(Claim(sentence.text, (sentence.number,)) for sentence in chosen)
        yield from claims
        yield Reading(claims, used=len(evidence.sentences))


def _choose(question: Question, evidence: Evidence) -> list[Sentence]:
    """The best sentence, what it can't be read without, and what another document says of a name that it lacks."""
    if not evidence.sentences or evidence[1].score < THRESHOLD:
        return []
    best = evidence[1]
    chosen = [best, *_companions(best, evidence)]
    for sentence in evidence.sentences[1:]:
        if len(chosen) >= MOST or sentence.score < FURTHER * best.score:
            break
        if sentence not in chosen and _adds(question, sentence, chosen):
            chosen.append(sentence)
    if question.now:
        return chosen
    return sorted(chosen, key=lambda s: (s.document != best.document, s.document, s.start))


def _companions(best: Sentence, evidence: Evidence) -> list[Sentence]:
    """The neighbours that belong to the best sentence: the one that its pronoun points back to, the one whose
    pronoun points to it, the one that its colon announces."""
    found = []
    for other in evidence.sentences[1:]:
        if other.document != best.document:
            continue
        led = 0 <= best.start - other.end <= _GAP and leans_back(best.text)
        follows = 0 <= other.start - best.end <= _GAP
        goes_on = follows and leans_back(other.text) and other.score >= ALONGSIDE * best.score
        if led or goes_on or (follows and best.text.endswith(":")):
            found.append(other)
    return found[: MOST - 1]


_GAP = 8  # characters of white space between two sentences that follow each other


def _adds(question: Question, sentence: Sentence, chosen: Sequence[Sentence]) -> bool:
    """Whether another document speaks of a name in the question of which none chosen so far does."""
    said = {term for other in chosen for term in terms(other.text)}
    lacking = [name for name in question.names if not _speaks(name, said)]
    own = set(terms(sentence.text))
    elsewhere = all(sentence.document != other.document for other in chosen)
    return elsewhere and any(_speaks(name, own) for name in lacking)


def _speaks(name: str, said: set[str]) -> bool:
    return name in said or any(kin(name, term) for term in said)
