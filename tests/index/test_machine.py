from __future__ import annotations

import os

import psutil
import pytest

from istok.index import machine


def test_what_is_free_is_within_what_there_is() -> None:
    assert 1 <= machine.free_cores() <= (os.cpu_count() or 1)
    assert 0 < machine.free_memory() <= psutil.virtual_memory().total


@pytest.mark.parametrize(
    ("load", "quota", "expected"),
    [([0.0] * 4, "", 4), ([100.0, 100.0, 0.0, 10.0], "", 2), ([100.0] * 4, "", 1), ([0.0] * 4, "200000 100000", 2)],
)
def test_cores_that_others_use_or_a_container_withholds_are_not_free(
    monkeypatch: pytest.MonkeyPatch, load: list[float], quota: str, expected: int
) -> None:
    monkeypatch.setattr(psutil, "cpu_percent", lambda interval, percpu: load)
    monkeypatch.setattr(psutil, "cpu_count", lambda logical: 4)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(machine, "_control", lambda name: quota)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert machine.free_cores() == expected
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert machine.free_cores() == 1


def test_memory_ends_at_the_limit_of_the_container_and_counts_its_caches_as_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = {"memory.max": "1000", "memory.current": "900", "memory.stat": "anon 500\ninactive_file 300"}
    monkeypatch.setattr(machine, "_control", settings.__getitem__)
    assert machine.free_memory() == 400
