"""What the page says, in both languages."""

from __future__ import annotations

import re

import pytest

from istok.ui.texts import ENGLISH, EXAMPLES, RUSSIAN, date_text, preferred


@pytest.mark.parametrize(
    ("date", "russian", "english"),
    [
        ("2024-02-07", "7 февраля 2024 г.", "February 7, 2024"),
        ("2024-02", "февраль 2024 г.", "February 2024"),
        ("2024", "2024 г.", "2024"),
        (None, "без даты", "no date"),
    ],
)
def test_a_date_is_written_at_the_precision_that_is_known(date: str | None, russian: str, english: str):
    assert (date_text(date, RUSSIAN), date_text(date, ENGLISH)) == (russian, english)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-GB", "en"),
        ("be,ru;q=0.9,en;q=0.8", "ru"),
        ("de-DE,de", "en"),
        ("", "en"),
    ],
)
def test_the_page_follows_the_browsers_language(header: str, language: str):
    assert preferred(header) == language


def test_there_are_three_examples_in_each_language():
    assert [bool(re.search("[а-я]", example)) for example in EXAMPLES] == [True] * 3 + [False] * 3
