"""Evidence to read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from istok.index.types import Language
from istok.rag.types import Evidence, Sentence


@pytest.fixture(scope="session")
def evidence_of() -> Callable[..., Evidence]:
    """Evidence of the given sentences, all of one document, best first."""

    def make(*texts: str, document: str = "news.txt", language: Language = "en") -> Evidence:
        sentences = []
        start = 0
        for number, text in enumerate(texts, 1):
            sentences.append(
                Sentence(number, document, "News of Riverton", "2024-02", language, start, start + len(text), text, 1.0)
            )
            start += len(text) + 1
        return Evidence(tuple(sentences))

    return make
