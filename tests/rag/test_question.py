from __future__ import annotations

import pytest

from istok.rag.question import analyse


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Сколько предприятий зарегистрировано?", "number"),
        ("На какую сумму подписаны контракты?", "number"),
        ("How many companies are registered?", "number"),
        ("What is the trade turnover?", "number"),
        ("В каком году открыт завод?", "date"),
        ("Когда подписали соглашение?", "date"),
        ("When was it signed?", "date"),
        ("Кто возглавляет делегацию?", "person"),
        ("С кем встретился министр?", "person"),
        ("Who is the governor?", "person"),
        ("Где прошла встреча?", "place"),
        ("In which city did they meet?", "place"),
        ("Почему вырос экспорт?", "other"),
    ],
)
def test_the_question_word_tells_what_kind_of_answer_is_wanted(text: str, kind: str) -> None:
    assert analyse(text).kind == kind


def test_names_are_capitalised_inside_the_sentence_or_in_the_other_script() -> None:
    question = analyse("Когда Минский завод начал работать с Krantas Group?")
    assert question.names == {"минск", "kranta", "group"}


def test_the_first_word_is_no_name() -> None:
    assert analyse("Экспорт вырос?").names == frozenset()


def test_years_stand_apart_from_other_figures() -> None:
    question = analyse("Почему в 2023 году экспорт вырос на 18,5 млн?")
    assert (question.years, question.figures) == ({"2023"}, {"18.5"})


@pytest.mark.parametrize("text", ["Кто сейчас премьер?", "Кто нынешний министр?", "Who is the current minister?"])
def test_a_question_about_the_present_is_told(text: str) -> None:
    assert analyse(text).now


def test_a_question_about_the_past_is_not_about_the_present() -> None:
    assert not analyse("Кто был премьером в 2020 году?").now
