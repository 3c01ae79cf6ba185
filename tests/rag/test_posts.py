"""Who holds a post, and what is asked of holders."""

from __future__ import annotations

import pytest

from istok.rag.posts import asks_for_post
from istok.rag.question import analyse


@pytest.mark.parametrize(
    "question",
    [
        "Кто губернатор Смоленской области?",
        "Кто сейчас председатель Минского облисполкома?",
        "Кто является первым заместителем министра промышленности Беларуси?",
        "Как зовут белорусского премьера?",
        "Какую должность занимает Леонид Рыжковский?",
        "Who is the governor of Smolensk Region?",
        "What is the name of Belarus's present premier?",
        "Who's the deputy minister of industry?",
        "What post does Leonid Ryzhkovsky hold?",
    ],
)
def test_a_question_for_a_post_or_its_holder_is_one(question: str) -> None:
    assert asks_for_post(analyse(question))


@pytest.mark.parametrize(
    "question",
    [
        "Кто встретился с губернатором Смоленской области?",
        "Кого назначил министр?",
        "Сколько заводов посетил губернатор?",
        "Кто подписал дорожную карту?",
        "Who met the governor of Smolensk Region?",
        "Who told the prime minister about it?",
        "When did the minister visit Tashkent?",
        "What did the chairman say?",
    ],
)
def test_a_question_about_what_holders_do_is_none(question: str) -> None:
    assert not asks_for_post(analyse(question))
