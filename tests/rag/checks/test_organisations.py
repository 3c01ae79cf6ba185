from __future__ import annotations

import pytest

from istok.rag.checks.organisations import against

ORDER = "Приказ подписали главы МВД и Минкультуры."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("ФАС опубликовала приказ.", "ФСБ опубликовала приказ."),
        ("The FAS published the order.", "ФСБ опубликовала приказ."),
        ("The order was signed by the Interior Ministry and the Defence Ministry.", ORDER),
        ("Последнее слово за министром финансов.", "Решение примет министр юстиции."),
        ("The WHO urged help.", "Организация Объединённых Наций призвала помочь."),
    ],
)
def test_another_organisation_in_its_place_is_against_the_claim(claim: str, quote: str) -> None:
    assert against(claim, [quote])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The order was signed by the Interior Ministry and the Ministry of Culture.", ORDER),
        ("Приказ подписали Министерство внутренних дел и министр культуры.", ORDER),
        ("The UN urged help.", "Организация Объединённых Наций призвала помочь."),
        ("The FSB published the order.", "Ведомство опубликовало приказ."),
        ("Who signed the order at the FSB?", "ФСБ и ВОЗ подписали приказ."),
    ],
)
def test_the_same_one_by_another_name_and_one_without_a_rival_are_not(claim: str, quote: str) -> None:
    assert against(claim, [quote]) == []


def test_an_organisation_that_the_whole_document_lacks_is_against_the_claim() -> None:
    quote, document = "Он оставил службу.", "Майкл Мэйсон работал в ФБР. Он оставил службу."
    assert against("He left the FAS.", [quote], documents=[document])
    assert against("He left the FBI.", [quote], documents=[document]) == []
    assert against("He left the FAS.", [quote]) == []
