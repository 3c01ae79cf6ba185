"""The arithmetic of the bench; the times themselves are the machine's."""

from __future__ import annotations

import subprocess
import time

import pytest

from istok.eval.bench import Line, istok, median, timed


def test_a_time_is_also_told_in_yardsticks():
    assert Line("ask", seconds=0.5, yardstick=0.02).ratio == pytest.approx(25)


def test_a_median_forgives_one_slow_round():
    pauses = iter((0.0, 0.3, 0.0))
    assert median(lambda: time.sleep(next(pauses)), 3) < 0.2 < timed(lambda: time.sleep(0.25))


def test_a_command_that_fails_is_not_taken_for_a_fast_one():
    with pytest.raises(subprocess.CalledProcessError):
        istok("ask", "--no-such-option")()
