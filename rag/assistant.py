"""The assistant: a question and the turns before it in, a checked answer out."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from threading import Event

from istok.index.home import Home
from istok.index.index import Index
from istok.rag.errors import InputError
from istok.rag.followup import standalone
from istok.rag.gather import gather
from istok.rag.question import Question, analyse
from istok.rag.readers import Reader, open_reader
from istok.rag.types import Answer, Citation, Claim, Evidence, Reading, Sentence, Timings, Turn
from istok.rag.verify import verify
from istok.rag.wording import say

LONGEST_QUESTION = 4000
"""Characters."""

NEAREST = 3
"""Passages that an abstention shows."""

AnswerEvent = str | Claim | Answer
"""Provisional text, a claim that has been verified, and last of all the whole answer."""


class Assistant:
    """Answers questions over one index with one reader."""

    def __init__(self, index: Index, reader: Reader) -> None:
        self.index = index
        self.reader = reader

    @classmethod
    def open(cls, home: Home, *, reader: str | None = None) -> Assistant:
        """The assistant of a home, with the reader of its settings unless another is named."""
        return cls(Index.open(home), open_reader(reader or home.config.reader))

    def ask(self, question: str, turns: Sequence[Turn] = (), *, scope: Collection[str] | None = None) -> Answer:
        """The whole answer. Raises InputError, ReaderError or IndexStateError."""
        *_, answer = self.stream(question, turns, scope=scope)
        assert isinstance(answer, Answer)  # noqa: S101 - the stream's own promise
        return answer

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        *,
        scope: Collection[str] | None = None,
        stop: Event | None = None,
    ) -> Iterator[AnswerEvent]:
        """The answer as it comes about; a claim's citations are numbered as in the final answer."""
        asked = _checked(question)
        stop = stop or Event()
        began = time.perf_counter()
        whole = analyse(standalone(asked, turns))
        hits = self.index.search(whole.text, self.index.home.config.sources, scope=scope)
        evidence = gather(whole, hits, self.index)
        searched = time.perf_counter()
        compose = _Composition(evidence)
        reading = Reading((), used=len(evidence.sentences))
        verifying = 0.0
        for event in self.reader.read(whole.text, turns, evidence, language=whole.language, stop=stop):
            if isinstance(event, Claim):
                start = time.perf_counter()
                claim = compose.add(verify(event, evidence))
                verifying += time.perf_counter() - start
                if claim:
                    yield claim
            elif isinstance(event, Reading):
                reading = event
            else:
                yield event
        ended = time.perf_counter()
        yield compose.answer(
            asked,
            whole,
            self.reader.name,
            reading,
            Timings(searched - began, ended - searched - verifying, verifying, ended - began),
        )


def _checked(question: str) -> str:
    asked = question.strip()
    if not asked:
        raise InputError("the question is empty: ask something")
    if len(asked) > LONGEST_QUESTION:
        raise InputError(f"the question has {len(asked)} characters: shorten it to {LONGEST_QUESTION}")
    return asked


class _Composition:
    """Puts verified claims together: numbers their citations in order of appearance, replaces what is unsupported."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._numbers: dict[int, int] = {}
        self._claims: list[Claim] = []
        self._replaced = 0

    def add(self, claim: Claim) -> Claim | None:
        """The claim as it is shown, or None when it repeats one that is."""
        if claim.verdict == "unsupported":
            # What the evidence doesn't say is never shown as fact: the cited sentence speaks instead.
            self._replaced += 1
            claim = Claim(self._evidence[claim.citations[0]].text, claim.citations[:1])
        if any(claim.text == shown.text for shown in self._claims):
            return None
        numbers = tuple(self._numbers.setdefault(n, len(self._numbers) + 1) for n in claim.citations)
        shown = Claim(claim.text, numbers, claim.verdict, claim.issues)
        self._claims.append(shown)
        return shown

    def answer(self, asked: str, whole: Question, reader: str, reading: Reading, timings: Timings) -> Answer:
        """The answer as a whole; an abstention when nothing was claimed."""
        language = whole.language
        notes = []
        if self._replaced:
            notes.append(say(language, "replaced", count=self._replaced))
        if reading.dropped:
            notes.append(say(language, "dropped", count=reading.dropped))
        if reading.used < len(self._evidence.sentences):
            notes.append(say(language, "cut", used=reading.used, total=len(self._evidence.sentences)))
        if reading.stopped:
            notes.append(say(language, "stopped"))
        if self._claims:
            citations = tuple(
                _citation(number, self._evidence[evidence_number]) for evidence_number, number in self._numbers.items()
            )
            text = _prose(self._claims, citations, whole)
        else:
            citations = tuple(
                _citation(number, sentence) for number, sentence in enumerate(self._evidence.sentences[:NEAREST], 1)
            )
            text = _abstention(whole, citations)
        return Answer(
            question=asked,
            standalone_question=whole.text,
            language=language,
            status="answered" if self._claims else "abstained",
            reader=reader,
            text=text,
            claims=tuple(self._claims),
            citations=citations,
            timings=timings,
            notes=tuple(notes),
        )


def _citation(number: int, sentence: Sentence) -> Citation:
    return Citation(
        number, sentence.document, sentence.title, sentence.date, sentence.start, sentence.end, sentence.text,
        round(sentence.score, 4),
    )  # fmt: skip


def _prose(claims: Sequence[Claim], citations: Sequence[Citation], question: Question) -> str:
    """The claims with their marks; an answer about the present says as of when, and what was said before."""
    parts = []
    newest = citations[claims[0].citations[0] - 1].date
    for claim in claims:
        text = " ".join(claim.text.split()) + " " + "".join(f"[{number}]" for number in claim.citations)
        date = citations[claim.citations[0] - 1].date
        if question.now and date and newest:
            text = f"{say(question.language, 'as_of' if date == newest else 'earlier', date=date)} {text}"
        parts.append(text)
    return "\n".join(parts)


def _abstention(question: Question, nearest: Sequence[Citation]) -> str:
    parts = [say(question.language, "abstained"), say(question.language, "searched", query=question.text)]
    if nearest:
        places = ", ".join(f"{citation.title} [{citation.number}]" for citation in nearest)
        parts.append(say(question.language, "nearest", places=places))
    return " ".join(parts)
