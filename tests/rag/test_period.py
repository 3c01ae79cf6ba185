from __future__ import annotations

import pytest

from istok.index.types import Language
from istok.rag.period import in_words, relative


@pytest.mark.parametrize(
    ("date", "language", "words"),
    [
        ("2025-11-05", "ru", "5 ноября 2025 года"),
        ("2025-11-05", "en", "5 November 2025"),
        ("2024-02", "ru", "февраль 2024 года"),
        ("2024-02", "en", "February 2024"),
        ("2024", "ru", "2024 год"),
        ("2024", "en", "2024"),
    ],
)
def test_a_date_is_said_as_people_write_it_and_no_finer_than_it_is_known(
    date: str, language: Language, words: str
) -> None:
    assert in_words(date, language) == words


@pytest.mark.parametrize(
    ("text", "date", "moment"),
    [
        ("В конце прошлого года начата реализация проекта.", "2024-02", "2023"),
        ("Это на треть больше, чем в позапрошлом году.", "2024-02-10", "2022"),
        ("Представить её рассчитывают уже в следующем году.", "2025-11-26", "2026"),
        ("Встреча уже третья в этом году.", "2025", "2025"),
        ("Цены выросли в прошлом месяце.", "2025-01-15", "2024-12"),
        ("Встреча прошла вчера.", "2024-03-01", "2024-02-29"),
        ("Exports fell last year.", "2013-05", "2012"),
        ("The plant opens next month.", "2013-12", "2014-01"),
        ("The minister arrived today.", "2013-12-31", "2013-12-31"),
    ],
)
def test_a_time_counted_from_the_text_is_resolved_against_its_date(text: str, date: str, moment: str) -> None:
    assert [found.moment for found in relative(text, date)] == [moment]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Экспорт вырос в прошлом году.", None),
        ("Встреча прошла вчера.", "2024-03"),
        ("Цены выросли в прошлом месяце.", "2024"),
        ("Встреча прошла сегодня, 14 ноября.", "2024-11-14"),
        ("It was the last year of the war.", "1945-05"),
        ("За прошедшие годы экспорт вырос.", "2024"),
    ],
)
def test_what_a_date_cannot_tell_is_left_as_it_stands(text: str, date: str | None) -> None:
    assert relative(text, date) == []


def test_several_times_are_told_in_order_each_once() -> None:
    text = "В прошлом году выпустили 100 машин, в этом году 120, а в прошлом году их чинили."
    assert [found.moment for found in relative(text, "2025-03-01")] == ["2024", "2025"]
