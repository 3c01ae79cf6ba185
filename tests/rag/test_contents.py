from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from istok.index.home import Home
from istok.index.index import Index
from istok.rag.assistant import Assistant
from istok.rag.contents import LEAD, asked_about, beginning

TEXTS = {
    "Лес.txt": "Лесничество посадило 812 кедров\n\nКедры посадили у реки. Им три года. Их поливают. Их 812.",
    "Сад.txt": "Сад\n\nВ саду растут яблони.\n",
    "minutes/Board.md": "# Minutes of the “Northern” board\n\nThe board met on Monday. It chose a chairman.\n",
    "empty.txt": "Only a headline\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("texts")
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    with Index.open(Home.open(tmp_path_factory.mktemp("home"))) as opened:
        opened.update([folder])
        yield opened


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("Что сказано в статье «Лесничество посадило 812 кедров»?", "Лес.txt"),
        ("О чём говорится в тексте «лесничество посадило 812 кедров»?", "Лес.txt"),
        ("Перескажи: Лесничество  посадило 812 кедров", "Лес.txt"),
        ("Что говорится в файле Лес.txt?", "Лес.txt"),
        ("What does “Сад” say?", "Сад.txt"),
        ("What is the document “Minutes of the “Northern” board” about?", "minutes/Board.md"),
        ("Summarize Board.md", "minutes/Board.md"),
        ("Кто автор статьи «Лесничество посадило 812 кедров»?", None),
        ("Что сказано о реке в статье «Лесничество посадило 812 кедров»?", None),
        ("Почему лесничество посадило 812 кедров?", None),
        ("О чём говорят сады?", None),
        ("Что сказано про сад?", None),
        ("Что сказано в статье «Огород»?", None),
        ("What about “Сад” and the gardener?", None),
    ],
)
def test_a_document_is_asked_about_by_its_title_or_file_name(index: Index, question: str, document: str | None) -> None:
    found = asked_about(question, index.documents())
    assert (found and found.id) == document


def test_the_beginning_is_verbatim_in_order_and_without_its_headline(index: Index) -> None:
    forest = index.document("Лес.txt")
    evidence = beginning(forest, index.passages("Лес.txt"), 20)
    assert [sentence.text for sentence in evidence.sentences] == [
        "Кедры посадили у реки.", "Им три года.", "Их поливают.", "Их 812.",
    ]  # fmt: skip
    assert all(forest.text[s.start : s.end] == s.text for s in evidence.sentences)
    assert evidence.parts == tuple((number,) for number in range(1, LEAD + 1))
    assert len(beginning(forest, index.passages("Лес.txt"), 2).sentences) == 2


def test_of_a_mere_headline_the_headline_is_left(index: Index) -> None:
    evidence = beginning(index.document("empty.txt"), index.passages("empty.txt"), 20)
    assert [sentence.text for sentence in evidence.sentences] == ["Only a headline"]


def test_what_an_article_says_is_told_by_its_first_sentences_and_cited(assistant: Assistant, seeds: Path) -> None:
    answer = assistant.ask("What does the article “На ульяновских предприятиях принимают делегацию из Беларуси” say?")
    assert answer.status == "answered"
    assert len(answer.claims) == len(answer.citations) == LEAD
    assert answer.citations[0].quote.startswith("26-27 ноября в Ульяновске работает делегация Минской области")
    text = (seeds / answer.citations[0].document).read_bytes().decode("utf-8")
    assert all(text[citation.start : citation.end] == citation.quote for citation in answer.citations)
