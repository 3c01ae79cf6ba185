from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import istok.seeds
from istok.index.split import split
from istok.index.types import Document, Range

if TYPE_CHECKING:
    from collections.abc import Sequence

SEEDS = Path(next(iter(istok.seeds.__path__)))


def document(text: str, *main: Range) -> Document:
    return Document(
        id="a.txt", path="a.txt", title="", date=None, language="ru", text=text, main=main or (Range(0, len(text)),)
    )


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def passages(text: str, limit: int) -> list[str]:
    return [text[start:end] for (start, end), _ in split(document(text), count_words, limit)]


def test_consecutive_sentences_share_a_passage_up_to_the_limit() -> None:
    assert passages("Раз два три. Четыре пять. Шесть семь восемь.", 8) == [
        "Раз два три. Четыре пять. Шесть семь восемь."
    ]
    assert passages("Раз два три. Четыре пять. Шесть семь восемь.", 5) == [
        "Раз два три. Четыре пять.",
        "Шесть семь восемь.",
    ]


def test_a_passage_rather_ends_with_a_paragraph() -> None:
    text = "Раз два.\n\nТри четыре. Пять шесть. Семь восемь."
    assert passages(text, 6) == ["Раз два.", "Три четыре. Пять шесть. Семь восемь."]


def test_a_lead_line_stays_with_what_it_announces() -> None:
    text = "Раз два три четыре. Пять шесть.\n\nСписок включает:\n\nСемь восемь девять. Десять.\n\nОдиннадцать."
    assert passages(text, 8)[1].startswith("Список включает:\n\nСемь")


def test_a_heading_stays_with_its_text() -> None:
    text = "Раз два три четыре пять.\n\nЗаголовок\n\nСемь восемь девять десять."
    assert passages(text, 6) == ["Раз два три четыре пять.", "Заголовок\n\nСемь восемь девять десять."]


def test_a_sentence_over_the_limit_is_a_passage_of_its_own() -> None:
    text = "Раз. Слово " + "слово " * 8 + "конец. Два."
    assert passages(text, 8) == ["Раз.", "Слово " + "слово " * 8 + "конец.", "Два."]


def test_no_passage_crosses_from_one_main_range_into_another() -> None:
    text = "Раз два. МЕНЮ МЕНЮ. Три четыре. Пять."
    found = split(document(text, Range(0, 8), Range(20, len(text))), count_words, 100)
    assert [text[start:end] for (start, end), _ in found] == ["Раз два.", "Три четыре. Пять."]


def test_tokens_are_counted_once_for_the_whole_document() -> None:
    calls: list[list[str]] = []

    def count(texts: Sequence[str]) -> list[int]:
        calls.append(list(texts))
        return count_words(texts)

    text = "Раз два. Три.\n\nЧетыре. Пять шесть."
    split(document(text, Range(0, 13), Range(13, len(text))), count, 3)
    assert calls == [["Раз два.", "Три.", "Четыре.", "Пять шесть."]]


def test_a_document_without_text_has_no_passages_and_counts_nothing() -> None:
    def refuse(texts: Sequence[str]) -> list[int]:
        raise AssertionError(texts)

    assert split(document(" \n "), refuse, 10) == []


def count_characters(texts: Sequence[str]) -> list[int]:
    return [-(-len(text) // 3) for text in texts]


def pieces(text: str, limit: int) -> list[str]:
    return [text[a:b] for _, inner in split(document(text), count_characters, limit) for a, b in inner]


def test_a_text_without_sentence_ends_is_cut_at_clauses_then_at_spaces() -> None:
    text = "слово " * 7 + "дело, " + "слово " * 40 + "итог"
    found = pieces(text, 20)
    assert found[:2] == ["слово " * 7 + "дело,", "слово " * 9 + "слово"]
    assert " ".join(found) == text
    assert max(map(len, found)) <= 20 * 3


def test_a_text_without_a_space_is_cut_anywhere() -> None:
    found = pieces("ж" * 1000, 10)
    assert "".join(found) == "ж" * 1000
    assert max(map(len, found)) <= 10 * 3


BLOCKS = st.sampled_from(
    [
        "Раз два три. ",
        "Слово ",
        "слово ",
        "\n\n",
        "\n",
        "Заголовок\n\n",
        "включают:\n",
        "ж" * 50,
        "а, ",
        "— ",
        "В 2023 г. ",
        "Да! ",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(BLOCKS, max_size=60).map("".join), st.integers(1, 12), st.data())
def test_passages_hold_every_character_of_main_in_order(text: str, limit: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    mains = (Range(0, cut), Range(cut, len(text)))
    found = split(document(text, *mains), count_words, limit)
    at = 0
    for (start, end), inner in found:
        assert (start, end) == (inner[0].start, inner[-1].end)
        assert any(main.start <= start and end <= main.end for main in mains)
        assert len(inner) == 1 or sum(count_words([text[a:b] for a, b in inner])) <= limit
        for sentence in inner:
            assert at <= sentence.start < sentence.end
            assert not text[at : sentence.start].strip()
            assert text[sentence.start : sentence.end] == text[sentence.start : sentence.end].strip()
            at = sentence.end
    assert not text[at:].strip()


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem[:3])
def test_a_seed_article_is_cut_into_few_well_filled_passages(path: Path) -> None:
    text = path.read_bytes().decode()
    found = split(document(text), count_words, 100)
    words = len(text.split())
    assert words / 100 <= len(found) <= words / 50 + 1
