from __future__ import annotations

import pytest

from istok.index.terms import terms
from istok.rag.posts import says, sought
from istok.rag.question import analyse

PREMIERS = "На встречу приехали премьер-министр Казахстана Олжас Бектенов и министр обороны Беларуси Пётр Иванов."
GOVERNOR = "Губернатор Алексей Смирнов и председатель Пермского горсовета Иван Петров обсудили планы."
ABOUT = "Самарская область принимает гостей из Перми"


def _said(question: str, text: str, around: str = "") -> str:
    asked = analyse(question)
    post = sought(asked)
    assert post is not None
    return says(post, asked, text, frozenset(terms(around)))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Кто премьер-министр Казахстана?", PREMIERS),
        ("Как зовут казахстанского премьера?", PREMIERS),
        ("Who is the prime minister of Kazakhstan?", PREMIERS),
        ("Кто министр обороны Беларуси?", PREMIERS),
        ("Кто председатель Пермского горсовета?", GOVERNOR),
        ("Какую должность занимает Олжас Бектенов?", PREMIERS),
        ("What position does Olzhas Bektenov hold?", PREMIERS),
        ("Кто президент Беларуси?", "Иван Сидоров, президент Беларуси, приехал в Минск."),
        ("Кто заместитель министра обороны Беларуси?", "Пришёл заместитель министра обороны Беларуси Пётр Иванов."),
    ],
)
def test_a_post_what_it_is_of_and_a_name_that_stand_together_name_its_holder(question: str, text: str) -> None:
    assert _said(question, text) == "holds"


def test_what_a_post_is_of_may_be_told_by_the_document() -> None:
    assert _said("Кто губернатор Самарской области?", GOVERNOR, ABOUT) == "holds"
    assert _said("Кто губернатор Омской области?", GOVERNOR, ABOUT) == "nothing"


@pytest.mark.parametrize("question", ["Кто премьер-министр Узбекистана?", "Who is the prime minister of Uzbekistan?"])
def test_the_holder_of_another_countrys_post_is_another(question: str) -> None:
    assert _said(question, PREMIERS, "Узбекистан Казахстан Беларусь") == "otherwise"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Кто президент Казахстана?", PREMIERS),
        ("Кто министр здравоохранения Беларуси?", PREMIERS),
        ("Кто директор завода «Вектор»?", "Завод «Вектор» поставил станки в Пермь."),
        ("Кто министр обороны Беларуси?", "Пришёл заместитель министра обороны Беларуси Пётр Иванов."),
        ("Кто президент Беларуси?", "Пришёл глава Администрации Президента Беларуси Пётр Иванов."),
        ("Кто премьер-министр Казахстана?", "Премьер-министр Казахстана приехал в Минск."),
        ("Какую должность занимает Пётр Громов?", PREMIERS),
    ],
)
def test_where_any_of_them_is_lacking_nobody_is_named(question: str, text: str) -> None:
    assert _said(question, text) == "nothing"


@pytest.mark.parametrize(
    "question",
    ["Кто встретил президента Казахстана?", "Who met the president of Kazakhstan?", "Сколько министров приехало?"],
)
def test_a_question_that_only_mentions_a_post_seeks_no_holder(question: str) -> None:
    assert sought(analyse(question)) is None
