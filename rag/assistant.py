"""The assistant: a question and the turns before it in, a checked answer out."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from threading import Event

from istok.index.home import Home
from istok.index.index import Index
from istok.index.types import Voice
from istok.rag.errors import InputError
from istok.rag.followup import standalone
from istok.rag.gather import gather
from istok.rag.question import Question, analyse
from istok.rag.readers import Reader, ReaderEvent, open_reader
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

    def __init__(self, index: Index, reader: Reader, voices: Collection[Voice] = ("dense", "lexical")) -> None:
        """`voices` as in `Index.search`."""
        self.index = index
        self.reader = reader
        self.voices = voices

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
        hits = self.index.search(whole.text, self.index.home.config.sources, scope=scope, voices=self.voices)
        evidence = gather(whole, hits, self.index)
        searched = time.perf_counter()
        compose = _Composition(evidence)
        reader = self.reader
        yield from compose.hear(reader.read(whole.text, turns, evidence, language=whole.language, stop=stop))
        if compose.failed:
            # A model that says only what the sources don't is not heard: they speak for themselves.
            reader = open_reader("quote")
            yield from compose.hear(reader.read(whole.text, turns, evidence, language=whole.language, stop=stop))
        ended = time.perf_counter()
        read = ended - searched - compose.seconds
        yield compose.answer(asked, whole, reader.name, Timings(searched - began, read, compose.seconds, ended - began))


def _checked(question: str) -> str:
    asked = question.strip()
    if not asked:
        raise InputError("the question is empty: ask something")
    if len(asked) > LONGEST_QUESTION:
        raise InputError(f"the question has {len(asked)} characters: shorten it to {LONGEST_QUESTION}")
    return asked


class _Composition:
    """Puts claims together: verifies them, numbers their citations as they appear, counts what it leaves out."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._numbers: dict[int, int] = {}
        self._claims: list[Claim] = []
        self._readings: list[Reading] = []
        self._unsupported = 0
        self.seconds = 0.0
        """Spent on verifying."""

    @property
    def failed(self) -> bool:
        """Whether the reader spoke, but said nothing that can be shown."""
        return not self._claims and bool(self._unsupported or self._readings[0].dropped)

    def hear(self, events: Iterable[ReaderEvent]) -> Iterator[str | Claim]:
        """A reader's events, with claims as they are shown; those that aren't are left out."""
        for event in events:
            if isinstance(event, str):
                yield event
            elif isinstance(event, Reading):
                self._readings.append(event)
            else:
                began = time.perf_counter()
                shown = self._add(verify(event, self._evidence))
                self.seconds += time.perf_counter() - began
                if shown:
                    yield shown

    def _add(self, claim: Claim) -> Claim | None:
        if claim.verdict == "unsupported":
            self._unsupported += 1
            return None
        if any(claim.text == shown.text for shown in self._claims):
            return None
        numbers = tuple(self._numbers.setdefault(n, len(self._numbers) + 1) for n in claim.citations)
        shown = Claim(claim.text, numbers, claim.verdict, claim.issues)
        self._claims.append(shown)
        return shown

    def answer(self, asked: str, whole: Question, reader: str, timings: Timings) -> Answer:
        """The answer as a whole; an abstention when there is no claim."""
        language = whole.language
        reading = self._readings[0]
        notes = []
        if self._unsupported:
            notes.append(say(language, "unsupported", count=self._unsupported))
        if len(self._readings) > 1:
            notes.append(say(language, "quoted"))
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
            confidence=self._evidence.confidence,
            timings=timings,
            notes=tuple(notes),
            evidence=self._evidence,
            tokens=sum(reading.tokens for reading in self._readings),
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
