from __future__ import annotations

import pytest

from istok.rag.question import analyse, timeless


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


@pytest.mark.parametrize(
    "text",
    [
        "Кто премьер-министр Беларуси?",
        "Кто возглавляет завод?",
        "Who is the governor of Brest Region?",
        "Who heads MAZ?",
    ],
)
def test_who_holds_an_office_is_about_the_present(text: str) -> None:
    assert analyse(text).now


@pytest.mark.parametrize(
    "text",
    [
        "Кто был премьер-министром Беларуси?",
        "Кто премьер-министр Беларуси в 2024 году?",
        "Who was the governor of Brest Region?",
        "Кто подписал соглашение?",
    ],
)
def test_who_held_it_then_is_not(text: str) -> None:
    assert not analyse(text).now


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Кто был премьером в ноябре 2024 года?", "2024-11"),
        ("Кто встретился 14 ноября 2024 года?", "2024-11-14"),
        ("Что подписано 05.11.2025?", "2025-11-05"),
        ("Who was prime minister in November 2024?", "2024-11"),
        ("What was signed on November 5, 2025?", "2025-11-05"),
        ("What happened on the 5th of May 2013?", "2013-05-05"),
        ("Сколько выпустили в 2023 году?", "2023"),
        ("Сколько выпустили в 2022 и 2023 годах?", None),
        ("Кто встретился в ноябре?", None),
        ("May I ask who signed it?", None),
    ],
)
def test_the_one_time_that_a_question_names_is_told_as_precisely_as_it_is_said(text: str, moment: str | None) -> None:
    assert analyse(text).moment == moment


@pytest.mark.parametrize(
    ("text", "date", "left"),
    [
        ("Who is prime minister of Belarus now?", None, "Who is prime minister of Belarus?"),
        ("Как зовут нынешнего белорусского премьера?", "2025-11-05", "Как зовут белорусского премьера?"),
        ("Who was the premier in November 2024?", "2024-11-14", "Who was the premier?"),
        ("Who was the premier in November 2024?", "2025-11-05", "Who was the premier in November 2024?"),
        ("Who was the premier in November 2024?", None, "Who was the premier in November 2024?"),
        ("Что подписано в мае?", "2024-05-01", "Что подписано в мае?"),
    ],
)
def test_a_time_that_a_documents_date_tells_is_left_out(text: str, date: str | None, left: str) -> None:
    assert timeless(analyse(text), date) == left


def test_a_follow_up_is_of_the_language_that_it_was_asked_in() -> None:
    assert analyse("Who heads ОАО «Амкодор» Минпрома?").language == "ru"
    assert analyse("Who heads ОАО «Амкодор» Минпрома?", "en").language == "en"
