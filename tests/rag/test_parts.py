from __future__ import annotations

import pytest

from istok.index.terms import keys, terms
from istok.rag.parts import parts
from istok.rag.question import analyse


def _own(question: str) -> list[set[str]]:
    return [set(part.own) for part in parts(analyse(question))]


@pytest.mark.parametrize(
    ("question", "own"),
    [
        ("Сравни выручку Самарского и Пермского завода.", [{"Самарского"}, {"Пермского"}]),
        ("Что строят в Самаре и в Перми?", [{"Самаре"}, {"Перми"}]),
        ("Где больше станков: у «Вектора» или у «Рассвета»?", [{"Вектора"}, {"Рассвета"}]),
        ("Где больше станков: Самара или Пермь?", [{"Самара"}, {"Пермь"}]),
        ("Самара или Пермь выпускает больше станков?", [{"Самара"}, {"Пермь"}]),
        ("Кто был мэром в 2019 году и кто — в 2023-м?", [{"2019"}, {"2023"}]),
        ("Compare the revenue of Samara with Perm.", [{"Samara"}, {"Perm"}]),
        ("What is being built in Samara and in Perm?", [{"Samara"}, {"Perm"}]),
        ("Is the output of Samara larger than that of Perm?", [{"Samara"}, {"Perm"}]),
    ],
)
def test_two_names_or_years_that_are_asked_about_make_two_parts(question: str, own: list[set[str]]) -> None:
    assert _own(question) == own


@pytest.mark.parametrize(
    "question",
    [
        "Сколько станков выпустил завод в Самаре?",
        "О чём договорились между Самарой и Пермью?",
        "Кем был Петров, прежде чем возглавить Пермь?",
        "What was agreed between Samara and Perm?",
        "Why did Petrov of Samara call a Swede rather than Ivanov?",
    ],
)
def test_a_question_about_one_thing_has_no_parts(question: str) -> None:
    assert parts(analyse(question)) == ()


def test_each_part_keeps_what_both_share_and_leaves_out_the_other() -> None:
    first, second = parts(analyse("Compare the revenue of Samara Region and Perm Region with Tver."))
    assert first.question.text == "Compare the revenue of Samara Region with Tver."
    assert second.question.text == "Compare the revenue of Perm Region with Tver."
    first, second = parts(analyse("С кем встречались Петров в октябре и Сидоров 14 ноября?"))
    assert first.question.text == "С кем встречались Петров в октябре"
    assert second.question.text == "С кем встречались Сидоров 14 ноября?"


def test_what_two_may_have_done_together_needs_more_than_what_is_set_apart() -> None:
    together, apart = (parts(analyse(q))[0] for q in ("О чём говорили Петров и Сидоров?", "Что в Самаре и в Перми?"))
    assert together.needs > apart.needs == 0


def test_a_part_is_spoken_of_in_another_case_another_language_or_by_its_date() -> None:
    samara, perm = parts(analyse("What is being built in Samara and in Perm?"))
    text = "В Самаре строят мост."
    assert samara.is_spoken_of(terms(text), keys(text))
    assert not perm.is_spoken_of(terms(text), keys(text))
    year, other = parts(analyse("Кто был мэром в 2019 году и кто — в 2023-м?"))
    assert year.is_spoken_of([], [], "2019-05-01")
    assert not other.is_spoken_of([], [], "2019-05-01")
