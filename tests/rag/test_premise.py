from __future__ import annotations

from collections.abc import Callable

import pytest

from istok.rag.premise import premise
from istok.rag.question import analyse
from istok.rag.types import Evidence

EXPORTS = "Экспорт предприятий Минпрома возрос почти на 45%."
SUPPLIES = "Поставки сельхозтехники в Китай начались в 2024 году."


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Почему экспорт предприятий Минпрома вырос на 60%?", "В документах сказано «45%», а не «60%»."),
        ("Why did exports of Minprom enterprises rise by 60%?", "The documents say “45%”, not “60%”."),
        ("Почему экспорт предприятий Минпрома снизился?", "В документах сказано «возрос», а не «снизился»."),
        ("Почему поставки сельхозтехники в Казахстан начались?", "В документах сказано «Китай», а не «Казахстан»."),
        (
            "Какие поставки сельхозтехники в Китай начались в 2021 году?",
            "В документах сказано «2024 году», а не «2021 году».",
        ),
    ],
)
def test_a_false_premise_is_named(evidence_of: Callable[..., Evidence], question: str, said: str) -> None:
    assert premise(analyse(question), evidence_of(EXPORTS, SUPPLIES).sentences) == said


@pytest.mark.parametrize(
    "question",
    [
        "Почему экспорт предприятий Минпрома возрос на 45%?",
        "На сколько процентов вырос экспорт предприятий Минпрома?",
        "Когда начались поставки сельхозтехники в Китай?",
        "Кто открыл завод в Минске в 2019 году?",
        "Who opened the plant in Minsk in 2019?",
    ],
)
def test_a_true_premise_and_another_matter_are_not(evidence_of: Callable[..., Evidence], question: str) -> None:
    assert premise(analyse(question), evidence_of(EXPORTS, SUPPLIES).sentences) is None


def test_a_country_is_called_by_its_name_whatever_form_of_it_the_text_has(evidence_of: Callable[..., Evidence]) -> None:
    said = evidence_of("Поставки тракторов узбекским предприятиям начались весной.").sentences
    question = "Почему поставки тракторов предприятиям Китая начались весной?"
    assert premise(analyse(question), said) == "В документах сказано «Узбекистан», а не «Китай»."
