from __future__ import annotations

import threading
import time
from collections.abc import Generator

import pytest

from istok.rag.readers.generation import BrokenOffError, Generation, Halt, events
from istok.rag.types import Claim, Reading


def halt(seconds: float = 20.0) -> Halt:
    return Halt(threading.Event(), seconds)


def abc() -> Generator[str]:
    yield from "abc"


def test_pieces_come_in_order_and_then_it_is_done() -> None:
    done = threading.Event()
    assert list(Generation(abc, halt(), done.set)) == ["a", "b", "c"]
    assert done.wait(5)


def test_it_goes_on_when_nobody_listens() -> None:
    done = threading.Event()
    Generation(abc, halt(), done.set)
    assert done.wait(5)


def test_what_fails_in_the_thread_is_raised_where_it_is_heard() -> None:
    def pieces() -> Generator[str]:
        yield "a"
        raise RuntimeError("broken")

    done = threading.Event()
    generation = iter(Generation(pieces, halt(), done.set))
    assert next(generation) == "a"
    with pytest.raises(RuntimeError, match="broken"):
        next(generation)
    assert done.wait(5)


@pytest.mark.parametrize("why", ["stop", "leave", "clock"])
def test_it_ends_soon_after_it_is_halted(why: str) -> None:
    def endless() -> Generator[str]:
        while True:
            time.sleep(0.01)
            yield "a"

    stop, done = threading.Event(), threading.Event()
    reason = Halt(stop, 0.3 if why == "clock" else 60)
    generation = Generation(endless, reason, done.set)
    assert next(iter(generation)) == "a"
    if why != "clock":
        assert not done.wait(0.1)
        {"stop": stop.set, "leave": reason.leave}[why]()
    assert done.wait(5)
    assert len(list(generation)) == 0


def test_one_who_stops_does_not_wait_for_what_is_stuck() -> None:
    stop, free = threading.Event(), threading.Event()

    def stuck() -> Generator[str]:
        free.wait(30)
        yield "late"

    generation = Generation(stuck, Halt(stop, 60))
    threading.Timer(0.1, stop.set).start()
    assert list(generation) == []
    assert generation._thread.is_alive()
    free.set()


def test_a_pause_ends_with_the_halt() -> None:
    stop = threading.Event()
    reason = Halt(stop, 60)
    assert not reason.wait(0.01)
    threading.Timer(0.1, stop.set).start()
    assert reason.wait(30)


def test_the_reading_tells_how_it_ended() -> None:
    def broken() -> Generator[str]:
        yield "Export grew [1]. It "
        raise BrokenOffError("broken_off")

    *_, reading = events(broken(), 2, halt(), "ru", ["note"])
    claims = (Claim("Export grew.", (1,)),)
    notes = ("note", "Сервер модели оборвал ответ.")
    assert reading == Reading(claims, 2, tokens=1, notes=notes, gave_up=True)
    *_, reading = events(["No source. Export grew [1]."], 2, halt(), "en")
    assert reading == Reading(claims, 2, dropped=1, tokens=1)
    *_, reading = events(["Export grew [1]"], 2, halt(0), "en")
    assert reading == Reading(
        (Claim("Export grew", (1,)),), 2, tokens=1, notes=("The time for an answer (0 s) is over.",), gave_up=True
    )
