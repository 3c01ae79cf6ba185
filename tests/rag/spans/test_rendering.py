from __future__ import annotations

import pytest

from istok.index.types import Language
from istok.rag.spans.rendering import rendered
from istok.rag.spans.wanted import Kind


@pytest.mark.parametrize(
    ("kind", "text", "language", "answer"),
    [
        ("number", "18,5 млн долларов", "en", "$18.5 million"),
        ("number", "$18.5 million", "ru", "18,5 миллиона долларов"),
        ("number", "почти на 45%", "en", "nearly 45%"),
        ("number", "около 5000 предприятий", "en", "about 5,000"),
        ("number", "на треть", "en", "one third"),
        ("number", "более тридцати лет", "en", "more than 30 years"),
        ("number", "15 км", "en", "15 kilometers"),
        ("date", "13 января 2012 года", "en", "13 January 2012"),
        ("date", "в 1969 году", "en", "1969"),
        ("date", "January 13, 2012", "ru", "13 января 2012"),
        ("person", "Вячеславом Степановичем Тимченко", "en", "Vyacheslav Stepanovich Timchenko"),
        ("person", "Николаем Басовым и Александром Прохоровым", "en", "Nikolay Basov and Aleksandr Prokhorov"),
        ("place", "в Москве", "en", "Moscow"),
        ("place", "в Германии", "en", "Germany"),
        ("place", "США", "en", "USA"),
    ],
)
def test_what_means_the_same_is_said_in_the_language_of_the_question(
    kind: Kind, text: str, language: Language, answer: str
) -> None:
    assert rendered(text, kind, language) == answer


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "от 3 до 5 лет"),
        ("number", "вдвое"),
        ("number", "чуть ли не 45%"),
        ("number", "1500 гривен"),
        ("date", "осенью 2017 года"),
        ("date", "с июля 2007 года"),
        ("date", "в понедельник"),
        ("person", "Джоби Тэлбота"),
        ("place", "в районе Морено"),
        ("organisation", "«Газпром»"),
    ],
)
def test_what_cannot_be_shown_to_mean_the_same_is_left_as_it_is(kind: Kind, text: str) -> None:
    assert rendered(text, kind, "en") is None
