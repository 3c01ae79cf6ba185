"""What readers with a language model share: a generation in a thread of its own, and the claims in its text."""

from __future__ import annotations

import atexit
from contextlib import closing
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, ClassVar
from weakref import WeakSet

from istok.rag.grammar import ClaimParser, provisional
from istok.rag.types import Claim, Reading
from istok.rag.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from istok.index.types import Language

_PATIENCE = 0.1
"""Seconds between two looks at whether to go on."""


class BrokenOffError(Exception):
    """The text has ended in the middle; its one argument is the wording that says why."""


class Halt:
    """Why a generation is to end: its caller stopped it, its time is over, or nobody listens any more."""

    def __init__(self, stop: Event, seconds: float) -> None:
        """`stop` is the caller's; `seconds` are counted from now on."""
        self._stop = stop
        self._left = Event()
        self._seconds = seconds
        self._deadline = monotonic() + seconds

    @property
    def stopped(self) -> bool:
        """By the caller."""
        return self._stop.is_set()

    @property
    def late(self) -> bool:
        """By the clock."""
        return self.remaining == 0

    @property
    def remaining(self) -> float:
        """Seconds, not below 0."""
        return max(0.0, self._deadline - monotonic())

    def is_set(self) -> bool:
        """Whether to end."""
        return self.stopped or self._left.is_set() or self.late

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until it is set; whether it is."""
        end = monotonic() + seconds
        while not self.is_set() and (rest := end - monotonic()) > 0:
            self._left.wait(min(rest, _PATIENCE))
        return self.is_set()

    def reading(
        self, language: Language, claims: Sequence[Claim] = (), used: int = 0, *, notes: Sequence[str] = (),
        dropped: int = 0, tokens: int = 0, gave_up: bool = False,
    ) -> Reading:  # fmt: skip
        """A reading that says how it was ended, if it was."""
        late = self.late and not self.stopped
        if late:
            notes = [*notes, say(language, "out_of_time", seconds=round(self._seconds))]
        return Reading(tuple(claims), used, dropped, self.stopped, tokens, tuple(notes), gave_up or late)

    def leave(self) -> None:
        """Nobody listens any more."""
        self._left.set()


class Generation:
    """Runs a generator of text in a thread of its own, so that one who listens slowly, or no more, or who has stopped
    it, holds up nobody: it goes on to its end, or till `halt` is set, and then calls `done`."""

    _running: ClassVar[WeakSet[Generation]] = WeakSet()

    def __init__(
        self, pieces: Callable[[], Generator[str]], halt: Halt, done: Callable[[], object] = lambda: None
    ) -> None:
        self._said: SimpleQueue[str | Exception | None] = SimpleQueue()
        self._halt = halt
        self._pieces = pieces
        self._done = done
        self._thread = Thread(target=self._run, name="istok-reader", daemon=True)
        self._running.add(self)
        self._thread.start()

    def __iter__(self) -> Iterator[str]:
        """The text as it comes; ends soon after `halt` is set. Raises what the generator raised."""
        while not self._halt.is_set():
            try:
                said = self._said.get(timeout=_PATIENCE)
            except Empty:
                continue
            if isinstance(said, Exception):
                raise said
            if said is None:
                return
            yield said

    def _run(self) -> None:
        try:
            with closing(self._pieces()) as pieces:
                for piece in pieces:
                    self._said.put(piece)
                    if self._halt.is_set():
                        break
            self._said.put(None)
        except Exception as error:
            self._said.put(error)
        finally:
            self._done()

    @classmethod
    def end_all(cls) -> None:
        """Let every generation end before the interpreter takes away what it works with."""
        for generation in list(cls._running):
            generation._halt.leave()
            generation._thread.join(timeout=5)


atexit.register(Generation.end_all)


def events(
    pieces: Iterable[str], used: int, halt: Halt, language: Language, notes: Sequence[str] = ()
) -> Iterator[str | Claim | Reading]:
    """The events of a reading over `used` sentences: text without marks as it comes, claims as each is finished,
    and the reading. Ends with the text, or when that repeats itself."""
    parser = ClaimParser(used)
    claims: list[Claim] = []
    text = shown = ""
    tokens = 0
    broken = False
    try:
        for piece in pieces:
            tokens += 1
            text += piece
            visible = provisional(text)
            if len(visible) > len(shown):
                yield visible[len(shown) :]
                shown = visible
            for claim in parser.feed(piece):
                claims.append(claim)
                yield claim
            if parser.repeated:
                break
    except BrokenOffError as error:
        broken = True
        notes = [*notes, say(language, error.args[0])]
    dropped = parser.dropped
    cut = broken or halt.is_set()
    for claim in parser.close(cut=cut):
        claims.append(claim)
        yield claim
    # What we ourselves have cut in two is not counted as dropped for want of a citation.
    dropped = dropped if cut or parser.repeated else parser.dropped
    yield halt.reading(language, claims, used, notes=notes, dropped=dropped, tokens=tokens, gave_up=broken)
