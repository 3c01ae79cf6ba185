"""A store of one's own, and answers to keep in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from istok.rag.types import Answer, Citation, Claim, Timings
from istok.ui.conversations.store import ConversationStore

QUOTE = "Годом ранее было собрано 95 штук."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conversations.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[ConversationStore]:
    store = ConversationStore(path)
    yield store
    store.close()


@pytest.fixture
def answered() -> Callable[..., Answer]:
    """An answer of one claim and one source, changed as one likes."""

    def answered(question: str = "Сколько станков?", **changed: object) -> Answer:
        citation = Citation(1, "plant.txt", "Завод", "2023-02-07", 310, 310 + len(QUOTE), QUOTE, 0.9)
        answer = Answer(
            question, question, "ru", "answered", "quote", f"{QUOTE} [1]", (Claim(QUOTE, (1,)),), (citation,), 0.8,
            Timings(0.1, 0.2, 0.3, 0.6),
        )  # fmt: skip
        return replace(answer, **changed)  # type: ignore[arg-type]

    return answered
