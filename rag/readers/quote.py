"""The reader without a language model: the best sentences themselves, word for word, and before them what answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import Event

from istok.index.types import Language
from istok.rag.checks.names import same
from istok.rag.question import Question, analyse
from istok.rag.readers import ReaderEvent
from istok.rag.selection import select, sources
from istok.rag.spans.framing import framed
from istok.rag.spans.span import Span, find
from istok.rag.types import Claim, Evidence, Reading, Sentence, Turn


class QuoteReader:
    """Quotes a few sentences of the evidence, as `select` chooses and orders them; it never finds that none answers."""

    @property
    def name(self) -> str:
        """ "quote"."""
        return "quote"

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        """A claim for each sentence, which it quotes and cites; the shortest answer in it, if there is one, first."""
        asked = analyse(question, language)
        chosen = select(asked, evidence)
        spans = answers(asked, chosen)
        claims = tuple(
            Claim(framed(asked, sentence, spans.get(sentence.number)), sources(sentence, evidence))
            for sentence in _without_repeats(asked, chosen, spans)
        )
        yield from claims
        yield Reading(claims, used=len(evidence.sentences))


def _without_repeats(question: Question, chosen: Sequence[Sentence], spans: Mapping[int, Span]) -> Iterator[Sentence]:
    """What is said; of the present without the older sentences that answer as the newest one does."""
    newest: Sequence[str] | None = None
    for sentence in chosen:
        span = spans.get(sentence.number)
        answer = sentence.text[span.range.start : span.range.end].split() if span and question.now else None
        if answer and newest and len(answer) == len(newest) and all(map(same, answer, newest)):
            continue
        newest = newest or answer
        yield sentence


def answers(question: Question, chosen: Sequence[Sentence]) -> dict[int, Span]:
    """The spans that answer, by the number of their sentence: one of each document, that of its best sentence."""
    found: dict[str, tuple[float, int, Span]] = {}
    for sentence in chosen:
        span = find(question, sentence)
        if span is None:
            continue
        best = found.get(sentence.document)
        if best is None or sentence.score * span.score > best[0]:
            found[sentence.document] = (sentence.score * span.score, sentence.number, span)
    return {number: span for _, number, span in found.values()}
