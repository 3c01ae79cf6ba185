"""A small English model, end to end: whatever it says, only what can be checked is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from istok.index.home import Home
from istok.index.index import Index
from istok.rag.assistant import Assistant
from istok.rag.types import Answer

pytest.importorskip("llama_cpp")

from istok.rag.readers.llama_cpp import LlamaCppReader

pytestmark = pytest.mark.llama

ENGLISH = (
    "The steel plant in Riverton opened in May 2021. It employs 1,200 people, and half of them moved there for it. "
    "Exports of the plant rose by 45% in 2023 to 18.5 million dollars. The mayor of Riverton is Anna Kowalski, once "
    "an engineer. A second furnace will be built in 2025, said the director, Peter Hall."
)
RUSSIAN = (
    "Завод сельскохозяйственной техники в Речном открыли в мае 2021 года. На нём работают 1200 человек. "
    "Экспорт завода в 2023 году вырос на 45% и составил 18,5 млн долларов. Мэр города — Анна Ковальская."
)


@pytest.fixture(scope="module")
def assistant(gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "riverton.txt").write_text(ENGLISH)
    (folder / "rechnoy.txt").write_text(RUSSIAN)
    with Index.open(Home.open(tmp_path_factory.mktemp("home"))) as index:
        index.update([folder])
        yield Assistant(index, LlamaCppReader(gguf, n_ctx=1024, max_tokens=32))


def shown_can_be_checked(answer: Answer) -> None:
    quotes = {citation.number: citation.quote for citation in answer.citations}
    for claim in answer.claims:
        assert claim.citations
        assert set(claim.citations) <= quotes.keys()
        assert claim.verdict != "unsupported" or claim.text in quotes.values()


@pytest.mark.parametrize(
    "question",
    ["When did the steel plant in Riverton open?", "By how much did exports of the plant rise in 2023?"],
)
def test_over_an_english_document_every_sentence_shown_can_be_checked(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.tokens > 0
    assert answer.status == "answered"
    shown_can_be_checked(answer)


def test_over_a_russian_document_it_quotes_and_says_so(assistant: Assistant) -> None:
    answer = assistant.ask("На сколько вырос экспорт завода в Речном в 2023 году?")
    assert (answer.reader, answer.tokens, answer.status) == ("quote", 0, "answered")
    assert any("не знает русского языка" in note for note in answer.notes)
    assert any("приведены цитаты" in note for note in answer.notes)
    assert all(quote in RUSSIAN for quote in (citation.quote for citation in answer.citations))
    shown_can_be_checked(answer)


def test_its_russian_is_not_shown_even_where_it_is_let_speak(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(assistant.reader, LlamaCppReader)
    monkeypatch.setattr(assistant.reader._load(), "languages", frozenset({"ru", "en"}))
    answer = assistant.ask("На сколько вырос экспорт завода в Речном в 2023 году?")
    assert answer.tokens > 0
    assert answer.reader == "quote" or all(claim.verdict == "supported" for claim in answer.claims)
    shown_can_be_checked(answer)
