"""The reader without a language model: the best sentences themselves, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event

from istok.index.terms import terms
from istok.index.types import Language
from istok.rag.scorer import beginning
from istok.rag.question import Question, analyse
from istok.rag.readers import ReaderEvent
from istok.rag.types import Claim, Evidence, Reading, Sentence, Turn

THRESHOLD = 0.1
"""The score under which a sentence is no answer."""

MOST = 3
"""Sentences quoted at the most."""

FURTHER = 0.4
"""Of the best score: what a sentence needs that speaks of a name or a figure which no better one has."""


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
    if not evidence.sentences or evidence[1].score < THRESHOLD:
        return []
    best = evidence[1]
    chosen = [best]
    for sentence in evidence.sentences[1:]:
        if len(chosen) == MOST or sentence.score < FURTHER * best.score:
            break
        if _adds(question, sentence, chosen):
            chosen.append(sentence)
    if question.now:
        return chosen
    return sorted(chosen, key=lambda s: (s.document != best.document, s.document, s.start))


def _adds(question: Question, sentence: Sentence, chosen: Sequence[Sentence]) -> bool:
    """Whether the sentence speaks of a name in the question of which none chosen so far does."""
    said = {term for other in chosen for term in terms(other.text)}
    lacking = [name for name in question.names if not _speaks(name, said)]
    own = set(terms(sentence.text))
    return any(_speaks(name, own) for name in lacking)


def _speaks(name: str, said: set[str]) -> bool:
    return beginning(name) in {beginning(term) for term in said}
