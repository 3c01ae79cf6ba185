from __future__ import annotations

import pytest

from istok.rag.followup import standalone
from istok.rag.types import Turn

EXPORT = "На сколько вырос экспорт в Узбекистан в 2023 году?"


def after(before: str, question: str) -> str:
    return standalone(question, [Turn(before, "an answer that plays no part")])


def test_a_question_without_a_history_stays_as_it_is() -> None:
    assert standalone(EXPORT, []) == EXPORT


def test_a_whole_question_lets_the_history_go() -> None:
    asked = "Сколько предприятий зарегистрировано в Смоленской области?"
    assert after(EXPORT, asked) == asked


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        (EXPORT, "А в 2022?", "На сколько вырос экспорт в Узбекистан в 2022 году?"),
        (EXPORT, "А в Казахстан?", "На сколько вырос экспорт в Казахстан в 2023 году?"),
        (
            "Who is the governor of Smolensk Region?",
            "And of Ulyanovsk Region?",
            "Who is the governor of Ulyanovsk Region?",
        ),
    ],
)
def test_a_year_or_a_name_takes_the_place_of_the_earlier_one(before: str, question: str, whole: str) -> None:
    assert after(before, question) == whole


def test_what_is_left_unsaid_comes_from_the_question_before() -> None:
    whole = after(EXPORT, "А товарооборот?")
    assert "товарооборот" in whole
    assert "Узбекистан" in whole
    assert "2023" in whole


def test_a_pronoun_brings_the_earlier_topic_along() -> None:
    assert "Smolensk" in after("Who is the governor of Smolensk Region?", "Whom did he meet at the exhibition?")


def test_now_gives_way_to_a_year() -> None:
    whole = after("Кто сейчас премьер-министр Беларуси?", "А кто занимал этот пост в ноябре 2024 года?")
    assert "сейчас" not in whole
    assert "2024" in whole
    assert "премьер" in whole


def test_a_chain_is_followed_from_its_first_question() -> None:
    turns = [Turn(EXPORT, ""), Turn("А в Казахстан?", "")]
    assert standalone("А в 2022 году?", turns) == "На сколько вырос экспорт в Казахстан в 2022 году?"
