from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from istok.index.home import Home
from istok.rag.assistant import Assistant


@pytest.fixture(scope="module")
def assistant_of_two_notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("notes")
    (folder / "1.txt").write_text("Завод\n\nВ Туле открыли завод велосипедов.\n", "utf-8")
    (folder / "2.txt").write_text("Погода\n\nВ среду обещают дождь.\n", "utf-8")
    assistant = Assistant.open(Home.open(tmp_path_factory.mktemp("home")), reader="quote")
    assistant.index.update([folder])
    yield assistant
    assistant.index.close()


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("Какой завод открыли в Туле?", "answered"),
        ("What was opened in Tula?", "answered"),
        ("Какой завод открыли в Рязани?", "abstained"),
        ("Почему в Туле открыли завод?", "abstained"),
        ("Кто открыл завод в Туле?", "abstained"),
        ("Когда открыли завод в Туле?", "abstained"),
        ("Сколько заводов открыли в Туле?", "abstained"),
    ],
)
def test_a_question_in_the_words_of_a_sentence_is_answered_only_by_what_it_asks_for(
    assistant_of_two_notes: Assistant, question: str, status: str
) -> None:
    assert assistant_of_two_notes.ask(question).status == status
