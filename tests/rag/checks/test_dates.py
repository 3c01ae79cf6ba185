from __future__ import annotations

import datetime as dt

import pytest

from istok.rag.checks.dates import against, dates


@pytest.mark.parametrize(
    "text",
    [
        "05.11.2025",
        "5 ноября 2025 года",
        "November 5, 2025",
        "5 November 2025",
        "2025-11-05",
        "the 5th of November 2025",
    ],
)
def test_one_day_is_read_in_every_form(text: str) -> None:
    (moment,) = dates(text)
    assert (moment.year, moment.month, moment.day) == (2025, 11, 5)


def test_both_ends_of_a_span_are_read() -> None:
    assert [(moment.month, moment.day) for moment in dates("с 5 по 7 ноября")] == [(11, 5), (11, 7)]
    assert [moment.year for moment in dates("2014–2016 годы")] == [2014, 2016]


@pytest.mark.parametrize("text", ["Wang Jun", "He may march", "Мартин Мартынов", "в 1990-е", "54-летний", "0,2019"])
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert dates(text) == []


@pytest.mark.parametrize("text", ["в прошлом году", "last year"])
def test_last_year_is_the_one_before_the_document(text: str) -> None:
    assert [moment.year for moment in dates(text, dt.date(2025, 3, 1))] == [2024]
    assert dates(text) == []


@pytest.mark.parametrize(
    ("claim", "quote", "published"),
    [
        ("Signed on November 5, 2025.", "Подписано 05.11.2025.", None),
        ("Подписано в ноябре 2025 года.", "Signed on 5 November 2025.", None),
        ("Signed in 2025.", "Подписано 5 ноября 2025 года.", None),
        ("Signed on 5 November 2025.", "Подписано 5 ноября.", "2025-11-06"),
        ("In 2024 exports grew.", "В прошлом году экспорт вырос.", "2025-03-01"),
        ("Last year exports grew.", "В 2024 году экспорт вырос.", "2025-03-01"),
        ("Это было 5 ноября.", "It was on November 5.", None),
    ],
)
def test_the_same_date_or_a_coarser_one_is_borne(claim: str, quote: str, published: str | None) -> None:
    assert against(claim, [quote], [published]) == []


@pytest.mark.parametrize(
    ("claim", "quote", "published"),
    [
        ("Signed on December 5, 2025.", "Подписано 05.11.2025.", None),
        ("Подписано 6 ноября 2025 года.", "Signed on 5 November 2025.", None),
        ("Signed in 2024.", "Подписано 5 ноября 2025 года.", None),
        ("Подписано 5 ноября 2025 года.", "Подписано в 2025 году.", None),
        ("In 2023 exports grew.", "В прошлом году экспорт вырос.", "2025-03-01"),
        ("Signed on 5 November 2021.", "Подписано 5 ноября.", "2025-11-06"),
        ("Signed in 2025.", "Подписано.", None),
    ],
)
def test_another_date_or_a_finer_one_is_against_the_claim(claim: str, quote: str, published: str | None) -> None:
    assert any(finding.against for finding in against(claim, [quote], [published]))


def test_a_year_that_nothing_tells_cannot_be_checked() -> None:
    (finding,) = against("Подписано 5 ноября 2025 года.", ["Подписано 5 ноября."])
    assert not finding.against


@pytest.mark.parametrize(
    "claim", ["После референдума 2016 года срок вырос.", "After the 2016 referendum the term grew."]
)
def test_a_date_that_the_document_ties_to_the_same_noun_cannot_be_checked(claim: str) -> None:
    quote = "Срок увеличился до семи лет."
    assert all(finding.against for finding in against(claim, [quote]))
    (finding,) = against(claim, [quote], documents=[f"На референдуме 2016 года решили иначе. {quote}"])
    assert not finding.against
    assert all(finding.against for finding in against(claim, [quote], documents=[f"В 2016 году он женился. {quote}"]))
