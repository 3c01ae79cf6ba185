"""Who reads: how a change of the reader fails, and what a model is called on the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from istok.index.home import Home
from istok.rag.assistant import Assistant
from istok.rag.errors import ReaderError
from istok.ui.errors import PageKind
from istok.ui.html.choices import Machine, readers_html
from istok.ui.readers import Readers, short
from istok.ui.texts import ENGLISH, RUSSIAN, Texts


def shown(readers: Readers, texts: Texts) -> str:
    machine = Machine(10**10, llama=True)
    return readers_html(
        readers.choices(), readers.present, loading=readers.loading, failure=readers.failure, machine=machine,
        texts=texts,
    )  # fmt: skip


def test_a_server_that_is_silent_is_told_in_the_language_of_each_page(home: Home) -> None:
    readers = Readers(Assistant.open(home, reader="quote"))
    readers.use("openai:bear@http://127.0.0.1:9/v1", "bear").join()
    assert "Не получилось: http://127.0.0.1:9/v1 не отвечает (" in shown(readers, RUSSIAN)
    assert "It did not work: http://127.0.0.1:9/v1 does not answer (" in shown(readers, ENGLISH)
    assert readers.present == "quote"


def test_a_fault_of_ours_is_told_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    assistant = Assistant.open(home, reader="quote")
    monkeypatch.setattr(assistant, "use", broken)
    readers = Readers(assistant)
    readers.use("quote", "quote").join()
    assert "внутренняя ошибка (ZeroDivisionError)" in shown(readers, RUSSIAN)
    assert "an internal error (ZeroDivisionError)" in shown(readers, ENGLISH)


def test_quotes_can_not_be_deleted_and_a_model_that_is_gone_neither(home: Home) -> None:
    readers = Readers(Assistant.open(home, reader="quote"))
    for key, kind in (("quote", PageKind.MODEL_ELSEWHERE), ("gone.gguf", PageKind.MODEL_GONE)):
        with pytest.raises(ReaderError) as caught:
            readers.remove(key)
        assert caught.value.line == kind


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("quote", "quote"),
        ("llama.cpp:bear-Q4.gguf", "bear-Q4.gguf"),
        (f"llama.cpp:{Path('/a/very/long/path/bear-Q4.gguf')}", "bear-Q4.gguf"),
        ("openai:bears/bear@http://localhost:8080/v1", "bears/bear"),
    ],
)
def test_a_model_is_called_by_its_own_name(name: str, model: str) -> None:
    assert short(name) == model
