from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from istok.eval.journal import Journal
from istok.eval.questions import GoldItem
from istok.eval.results import ItemResult, ResultsError
from istok.eval.run import judge


@pytest.fixture
def judged(gold: dict[str, GoldItem], perfect: Callable[..., Any], texts: dict[str, str]) -> list[ItemResult]:
    return [judge(gold[name], perfect(gold[name]), texts, {"rr@10": 1 / 3}) for name in ("ru-001", "en-001", "ru-002")]


@pytest.fixture
def path(judged: list[ItemResult], tmp_path: Path) -> Path:
    """A journal of the first two."""
    path = tmp_path / "answers.jsonl"
    with Journal(path, "key") as journal:
        for result in judged[:2]:
            journal.add(result)
    return path


def test_what_was_added_is_there_again_and_more_can_be_added(path: Path, judged: list[ItemResult]) -> None:
    with Journal(path, "key") as journal:
        assert list(journal.done.values()) == judged[:2]
        journal.add(judged[2])
    with Journal(path, "key") as journal:
        assert list(journal.done.values()) == judged


def test_each_line_is_on_the_disk_at_once(path: Path, judged: list[ItemResult]) -> None:
    with Journal(path, "key") as journal:
        journal.add(judged[2])
        assert path.read_bytes().count(b"\n") == 4


@pytest.mark.parametrize("cut", [1, 2, 300])
def test_a_last_line_half_written_is_dropped(path: Path, judged: list[ItemResult], cut: int) -> None:
    path.write_bytes(path.read_bytes()[:-cut])
    with Journal(path, "key") as journal:
        assert list(journal.done.values()) == judged[:1]
        journal.add(judged[2])
    with Journal(path, "key") as journal:
        assert list(journal.done.values()) == [judged[0], judged[2]]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\n", b'{"key": "other"}\n{}\n'])
def test_what_is_of_another_run_is_thrown_away(path: Path, judged: list[ItemResult], content: bytes) -> None:
    path.write_bytes(content)
    with Journal(path, "key") as journal:
        assert journal.done == {}
        journal.add(judged[0])
    with Journal(path, "key") as journal:
        assert list(journal.done.values()) == judged[:1]


def test_a_run_that_is_over_leaves_nothing(path: Path) -> None:
    with Journal(path, "key") as journal:
        journal.remove()
    assert not path.exists()


def test_a_place_that_can_not_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="choose another --out"):
        Journal(tmp_path / "nowhere" / "answers.jsonl", "key")
