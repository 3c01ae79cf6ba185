"""The assistant: a question and the turns before it in, a checked answer out."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event, Lock

from istok.index.errors import IndexKind, IndexStateError, IstokError
from istok.index.home import Config, Home
from istok.index.index import Index
from istok.index.types import Hit, Language, Voice
from istok.rag.attribution import attributed
from istok.rag.confidence import THRESHOLD
from istok.rag.conversation.courtesy import Courtesy, courtesy
from istok.rag.conversation.followup import Rewriter, spoken_in, standalone
from istok.rag.errors import InputError
from istok.rag.gather import ASIDE, LIMIT, gather
from istok.rag.period import in_words, relative
from istok.rag.premise import premise
from istok.rag.question import Question, analyse
from istok.rag.readers import Brief, Costly, Reader, ReaderEvent, Remote, Waiting, open_reader
from istok.rag.rerankers import open_reranker
from istok.rag.types import Answer, Citation, Claim, Evidence, Reading, Sentence, Timings, Turn
from istok.rag.verify import TextOf
from istok.rag.wording import say

LONGEST_QUESTION = 4000
"""Characters."""

NEAREST = 3
"""Passages that an abstention shows."""

AnswerEvent = str | Claim | Waiting | Answer
"""Provisional text, a claim that has been verified, the length of the reader's queue, and last of all the whole
answer."""


class Assistant:
    """Answers questions over one index with one reader."""

    def __init__(self, index: Index, reader: Reader, voices: Collection[Voice] = ("dense", "lexical")) -> None:
        """`voices` as in `Index.search`."""
        self.index = index
        self.reader = reader
        self.voices = voices
        self._lock = Lock()
        self._opening = Lock()
        self._lent: list[Reader] = []

    @classmethod
    def open(cls, home: Home, *, reader: str | None = None) -> Assistant:
        """The assistant of a home, with the reader of its settings unless another is named."""
        return cls(
            Index.open(home), open_reader(reader or home.config.reader, answer_seconds=home.config.answer_seconds)
        )

    def use(self, spec: str) -> None:
        """Read with another reader from the next question on, and keep it in the home's settings; answers in the making
        end with theirs. Raises IstokError when it can't be opened or kept: then the one before stays."""
        with self._opening:
            reader = open_reader(spec, answer_seconds=self.index.home.config.answer_seconds)
            if isinstance(reader, Remote):
                reader.reach()
            try:
                self.set(reader=spec)
            except IndexStateError:
                self._let_go(reader)
                raise
            with self._lock:
                before, self.reader = self.reader, reader
            self._let_go(before)

    def set(self, **settings: str | int) -> None:
        """Change settings of the home, from the next question on. Raises IndexStateError when they can't be kept."""
        with self._lock:
            home = self.index.home
            # What another program has changed there meanwhile stays.
            kept = Home.open(home.root).config
            try:
                home.save(Config.model_validate(kept.model_dump() | settings))
            except OSError as error:
                raise IndexStateError(IndexKind.SETTINGS_UNWRITABLE, home=home.root, problem=error.strerror) from error
            self.index.home = replace(home, config=home.config.model_copy(update=settings))

    @contextmanager
    def _reading(self) -> Iterator[Reader]:
        """The present reader, which is not closed within, even if another takes its place."""
        with self._lock:
            reader = self.reader
            self._lent.append(reader)
        try:
            yield reader
        finally:
            with self._lock:
                self._lent.remove(reader)
            self._let_go(reader)

    def _let_go(self, reader: Reader) -> None:
        """Free what a reader holds, if it is not needed any more."""
        with self._lock:
            needed = reader is self.reader or reader in self._lent
        if not needed and isinstance(reader, Costly):
            reader.close()

    def warm(self) -> None:
        """Load the networks that every question needs; a question does so anyway, and says what is wrong with them."""
        self.index.warm()
        with suppress(IstokError):
            open_reranker(self.index.home.config.reranker)

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
        with self._reading() as reader:
            yield from self._answer(reader, _checked(question), turns, scope, stop or Event())

    def _answer(
        self, reader: Reader, asked: str, turns: Sequence[Turn], scope: Collection[str] | None, stop: Event
    ) -> Iterator[AnswerEvent]:
        began = time.perf_counter()
        if said := courtesy(asked):
            yield _own_words(asked, said, turns, reader.name, began)
            return
        rewriter = reader if isinstance(reader, Rewriter) else None
        whole = analyse(standalone(asked, turns, rewriter), spoken_in(asked, turns))
        most = reader.sentences if isinstance(reader, Brief) else LIMIT
        evidence = self._gathered(whole, scope, min(LIMIT, most))
        searched = time.perf_counter()
        compose = _Composition(whole.text, evidence, premise(whole, evidence.sentences[:NEAREST]), self._text)
        if evidence.confidence < THRESHOLD:
            timings = Timings(searched - began, 0.0, 0.0, time.perf_counter() - began)
            yield compose.answer(asked, whole, reader.name, timings)
            return
        yield from compose.hear(reader.read(whole.text, turns, evidence, language=whole.language, stop=stop))
        if compose.failed:
            # A model that says mostly what the sources don't is not heard: they speak for themselves.
            reader = open_reader("quote")
            compose.start_again()
            yield from compose.hear(reader.read(whole.text, turns, evidence, language=whole.language, stop=stop))
        ended = time.perf_counter()
        read = ended - searched - compose.seconds
        yield compose.answer(asked, whole, reader.name, Timings(searched - began, read, compose.seconds, ended - began))

    def _gathered(self, question: Question, scope: Collection[str] | None, limit: int = LIMIT) -> Evidence:
        """The evidence; looked for anew when a document in which some was found has been forgotten meanwhile."""

        def search(text: str, k: int) -> list[Hit]:
            return self.index.search(text, k, scope=scope, voices=self.voices)

        while True:
            generation = self.index.generation
            try:
                hits = search(question.text, self.index.home.config.sources)
                return gather(question, hits, self.index, lambda text: search(text, ASIDE), limit)
            except IndexStateError:
                if self.index.generation == generation:
                    raise

    def _text(self, document_id: str) -> str | None:
        """The text of a document, None when it was forgotten meanwhile."""
        with suppress(IndexStateError):
            return self.index.document(document_id).text
        return None


def _checked(question: str) -> str:
    # What programs and browsers send may hold half of a surrogate pair, which neither SQLite nor a model takes.
    asked = question.encode("utf-8", "replace").decode().strip()
    if not asked:
        raise InputError("the question is empty: ask something")
    if len(asked) > LONGEST_QUESTION:
        raise InputError(f"the question has {len(asked)} characters: shorten it to {LONGEST_QUESTION}")
    return asked


def _own_words(asked: str, said: Courtesy, turns: Sequence[Turn], reader: str, began: float) -> Answer:
    """The answer to a courtesy: nothing is claimed, nothing cited. "OK" is said in any language."""
    language = spoken_in(asked.upper() if said == "agreed" else asked, turns)
    return Answer(
        question=asked,
        standalone_question=asked,
        language=language,
        status="abstained",
        reader=reader,
        text=say(language, said),
        claims=(),
        citations=(),
        confidence=0.0,
        timings=Timings(0.0, 0.0, 0.0, time.perf_counter() - began),
    )


class _Composition:
    """Puts claims together: verifies them, numbers their citations as they appear, counts what it leaves out."""

    def __init__(self, question: str, evidence: Evidence, contested: str | None, text_of: TextOf) -> None:
        """`contested` is what the evidence says otherwise than the question takes for granted; `text_of` as in
        `verify`."""
        self._question = question
        self._evidence = evidence
        self._text_of = text_of
        self._contested = contested
        self._numbers: dict[int, int] = {}
        self._claims: list[Claim] = []
        self._readings: list[Reading] = []
        self._unsupported = 0
        self.seconds = 0.0
        """Spent on verifying."""

    @property
    def failed(self) -> bool:
        """Whether the sources don't support more than half of what the reader said, or it left without a word."""
        reading = self._readings[0]
        if not self._claims:
            return bool(self._unsupported or reading.dropped or reading.gave_up)
        return self._unsupported > len(self._claims)

    def start_again(self) -> None:
        """Forget the claims and their numbers, not what is to be told of them."""
        self._claims.clear()
        self._numbers.clear()

    def hear(self, events: Iterable[ReaderEvent]) -> Iterator[str | Claim | Waiting]:
        """A reader's events, with claims as they are shown; those that aren't are left out."""
        for event in events:
            if isinstance(event, str | Waiting):
                yield event
            elif isinstance(event, Reading):
                self._readings.append(event)
            else:
                began = time.perf_counter()
                shown = self._add(attributed(event, self._evidence, self._text_of, self._question))
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
        reading = self._readings[0] if self._readings else Reading((), used=len(self._evidence.sentences))
        notes = []
        if self._unsupported:
            notes.append(say(language, "unsupported", count=self._unsupported))
        if len(self._readings) > 1:
            notes.append(say(language, "quoted"))
        notes += reading.notes
        if reading.dropped:
            notes.append(say(language, "dropped", count=reading.dropped))
        if reading.used < len(self._evidence.sentences) and not reading.gave_up:
            notes.append(say(language, "cut", used=reading.used, total=len(self._evidence.sentences)))
        if reading.stopped and self._claims:
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
            text = _abstention(whole, citations, "stopped" if reading.stopped else "abstained")
        if self._contested:
            text = f"{self._contested}\n{text}"
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
        round(sentence.score, 4), sentence.ranks,
    )  # fmt: skip


def _prose(claims: Sequence[Claim], citations: Sequence[Citation], question: Question) -> str:
    """The claims with their marks, and below them what their "last year" means. An answer about the present has the
    newest first, and says as of when and by which document."""
    sources = [citations[claim.citations[0] - 1] for claim in claims]
    told = list(zip(claims, sources, strict=True))
    if question.now:
        told.sort(key=lambda pair: pair[1].date or "", reverse=True)
    lines, notes, document = [], [], ""
    for claim, source in told:
        text = " ".join(claim.text.split()) + " " + "".join(f"[{number}]" for number in claim.citations)
        if question.now and source.document != document:
            text = f"{_as_of(source, told[0][1], question.language)} {text}"
        document = source.document
        lines.append(text)
        notes += _counted(claim, source, question.language)
    return "\n".join([*lines, *dict.fromkeys(notes)])


def _as_of(source: Citation, newest: Citation, language: Language) -> str:
    if source.date is None:
        return say(language, "undated", title=source.title)
    date = in_words(source.date, language)
    return say(language, "as_of" if source.date == newest.date else "earlier", date=date, title=source.title)


def _counted(claim: Claim, source: Citation, language: Language) -> list[str]:
    """What "last year" and the like in a claim mean, said apart from it: these are our words, not the source's."""
    mark, date = f"[{source.number}]", source.date or ""
    return [
        say(
            language, "counted", words=found.text, mark=mark,
            date=in_words(found.moment, language), document=in_words(date, language),
        )
        for found in relative(claim.text, source.date)
    ]  # fmt: skip


def _abstention(question: Question, nearest: Sequence[Citation], reason: str) -> str:
    """Why there is no answer, by the name of its wording, what was looked for, and what is nearest to it."""
    parts = [say(question.language, reason), say(question.language, "searched", query=question.text)]
    if nearest:
        marks: dict[tuple[str, str], str] = {}
        for citation in nearest:
            document = citation.document, citation.title
            marks[document] = marks.get(document, "") + f"[{citation.number}]"
        places = ", ".join(f"{title} {numbers}" for (_, title), numbers in marks.items())
        parts.append(say(question.language, "nearest", places=places))
    return " ".join(parts)
