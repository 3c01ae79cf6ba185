from __future__ import annotations

import pytest

from istok.rag.checks.exchanged import against

SHARES = "Авторам достанется 40 % от суммы, исполнителям — 30 %."
AGE = "За свою карьеру 66-летний режиссёр снял 130 фильмов."
VOTES = "За него проголосовали 73 из 101 депутата."
RANGE = "Примут участие от 300 до 500 жителей."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Авторам достанется 30 % суммы, исполнителям — 40 %.", SHARES),
        ("Authors get 30% of the sum, performers 40%.", SHARES),
        ("By the age of 130 he had made 66 films.", AGE),
        ("К 130 годам режиссёр снял 66 фильмов.", AGE),
        ("101 of the 73 deputies voted for him.", VOTES),
        ("Примут участие от 500 до 300 жителей.", RANGE),
        ("From 500 to 300 residents will take part.", RANGE),
    ],
)
def test_figures_in_each_others_place_are_against_the_claim(claim: str, quote: str) -> None:
    assert against(claim, [quote])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Исполнителям достанется 30 %, авторам — 40 %.", SHARES),
        ("Performers get 30%, authors 40% of the sum.", SHARES),
        ("He had made 130 films by the age of 66.", AGE),
        ("73 of the 101 deputies voted for him.", VOTES),
        ("From 300 to 500 residents will take part.", RANGE),
        ("13 погибших и 40 раненых.", "Сообщают о 13 убитых и 40 госпитализированных."),
    ],
)
def test_figures_of_what_the_quote_has_them_of_are_not(claim: str, quote: str) -> None:
    assert against(claim, [quote]) == []
