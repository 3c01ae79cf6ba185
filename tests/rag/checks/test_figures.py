from __future__ import annotations

from decimal import Decimal

import pytest

from istok.rag.checks.figures import against, figures


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("18,5 млн долларов", "18500000", "usd"),
        ("$18.5 million", "18500000", "usd"),
        ("18 500 000 долларов", "18500000", "usd"),
        ("$18.5m", "18500000", "usd"),
        ("45,000 people", "45000", ""),
        ("28 тысяч 500 рублей", "28500", "rub"),
        ("полтора миллиона", "1500000", ""),
        ("миллион долларов", "1000000", "usd"),
        ("a million dollars", "1000000", "usd"),
        ("45 процентов", "45", "percent"),
        ("45 per cent", "45", "percent"),
        ("пятидесяти двух человек", "52", ""),
        ("one hundred and two thousand", "102000", ""),
        ("XIII Форум", "13", "ordinal"),
        ("13th forum", "13", "ordinal"),
        ("третье место", "3", "ordinal"),
        ("двадцать первый век", "21", "ordinal"),
        ("вдвое", "2", "times"),
        ("трёхдневный траур", "3", "day"),
        ("three-day mourning", "3", "day"),
        ("девятнадцатилетней", "228", "month"),
        ("полгода", "6", "month"),
        ("1990-е годы", "1990", "decade"),
        ("in the 1990s", "1990", "decade"),
        ("10:30", "37800", "clock"),
        ("1/8 финала", "0.125", "share"),
        ("the round of 16", "0.125", "share"),
        ("a round of 20", "20", ""),
    ],
)
def test_a_figure_is_read_with_its_scale_and_unit(text: str, value: str, unit: str) -> None:
    (figure,) = figures(text)
    assert (figure.value, figure.unit) == (Decimal(value), unit)


@pytest.mark.parametrize("text", ["треть акций", "a third of the shares", "⅓", "one-third"])
def test_a_third_is_a_third_in_words_and_in_signs(text: str) -> None:
    (figure,) = figures(text)
    assert (figure.unit, round(figure.value, 4)) == ("share", Decimal("0.3333"))


def test_the_bounds_of_a_range_share_scale_and_unit() -> None:
    assert [(figure.value, figure.unit) for figure in figures("с 3 до 5 млн рублей")] == [
        (Decimal(3_000_000), "rub"),
        (Decimal(5_000_000), "rub"),
    ]
    assert [figure.unit for figure in figures("40–45%")] == ["percent", "percent"]


@pytest.mark.parametrize(
    "text", ["5 ноября 2025 года", "November 5, 2025", "05.11.2025", "Denis Ten won", "миллионы людей"]
)
def test_dates_names_and_crowds_are_no_figures(text: str) -> None:
    assert figures(text) == []


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Оборот достиг $18.5 million.", "Оборот достиг 18,5 млн долларов."),
        ("Turnover reached 18 500 000 dollars.", "Оборот достиг 18,5 млн долларов."),
        ("Exports grew by 45%.", "Экспорт возрос почти на 45 процентов."),
        ("Turnover was about 18 million dollars.", "Оборот достиг 18,5 млн долларов."),
        ("Оборот превысил 18 млн долларов.", "Turnover reached 18.5 million dollars."),
        ("Half of them voted.", "Проголосовали 50% из них."),
        ("The thirteenth forum opened.", "Открылся XIII форум."),
        ("The term is 120 minutes.", "Срок — два часа."),
        ("Two directors signed.", "Подписали Иванов и Петров."),
    ],
)
def test_the_same_figure_said_otherwise_is_borne(claim: str, quote: str) -> None:
    assert not any(finding.against for finding in against(claim, [quote]))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Экспорт возрос на 54%.", "Экспорт возрос на 45%."),
        ("Exports grew by 54%.", "Экспорт возрос на 45%."),
        ("Turnover reached 18.5 billion dollars.", "Оборот достиг 18,5 млн долларов."),
        ("Turnover reached 18.5 million euros.", "Оборот достиг 18,5 млн долларов."),
        ("45 people came.", "Пришли 45% приглашённых."),
        ("Turnover was 18 million dollars.", "Оборот достиг 18,5 млн долларов."),
        ("Больше 49 тысяч человек проголосовали.", "Проголосовали более 50 тысяч человек."),
        ("He took second place.", "Он занял третье место."),
        ("Проголосовали пять депутатов.", "Three deputies voted."),
        ("It cost 300 roubles.", "Цена не называется."),
        ("Идут менее 100 проектов.", "Идут более 100 проектов."),
        ("It took three days.", "Это заняло три часа."),
    ],
)
def test_another_figure_scale_or_unit_is_against_the_claim(claim: str, quote: str) -> None:
    assert any(finding.against for finding in against(claim, [quote]))


def test_the_reason_says_what_both_say_in_the_language_of_the_claim() -> None:
    (finding,) = against("Exports grew by 54%.", ["Экспорт возрос на 45%."])
    assert finding.reason == "cited text says “45%”, claim says “54%”"
    (finding,) = against("Экспорт возрос на 54%.", ["Exports grew by 45%."])
    assert finding.reason == "в источнике «45%», а в утверждении «54%»"


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Выдали несколько миллионов рублей.", "Выдали несколько тысяч рублей."),
        ("Police found several million rounds.", "Полиция нашла несколько тысяч патронов."),
        ("Он забил на третьей секунде.", "Он забил на 3-й минуте."),
        ("It earned the most in its first month.", "Больше всего он собрал в первый день."),
        ("Завод перерабатывает 8 тыс. унций зерна.", "Завод перерабатывает 8 тыс. тонн зерна."),
        ("He lost three millilitres of blood.", "Он потерял три литра крови."),
        ("На судне было около 800 человек.", "На судне было около 850 человек."),
    ],
)
def test_another_unit_and_what_is_rounded_twice_are_against_the_claim(claim: str, quote: str) -> None:
    assert any(finding.against for finding in against(claim, [quote]))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Выдали несколько тысяч рублей.", "Выдали 5 тысяч рублей."),
        ("The three split the prize.", "Втроём они разделят премию."),
        ("He scored in the third minute.", "Он забил на 3-й минуте."),
        ("Он живёт в четырёх километрах.", "Он живёт километрах в четырёх оттуда."),
        ("The plane leaves at 8:00.", "Самолёт вылетает в восемь часов."),
    ],
)
def test_the_same_figure_told_in_another_way_is_not(claim: str, quote: str) -> None:
    assert against(claim, [quote], documents=[quote]) == []


@pytest.mark.parametrize("claim", ["Вышел его пятый роман.", "His fifth novel came out."])
def test_a_number_in_words_that_the_whole_document_lacks_is_against_the_claim(claim: str) -> None:
    quote = "Новый роман вышел в июле."
    assert any(finding.against for finding in against(claim, [quote], documents=[f"Романов у него много. {quote}"]))
    assert not any(finding.against for finding in against(claim, [quote], documents=[f"Это его пятый роман. {quote}"]))
    assert not any(finding.against for finding in against(claim, [quote]))


@pytest.mark.parametrize("claim", ["Пришли три директора.", "Three directors came."])
def test_what_a_reader_may_have_counted_is_not(claim: str) -> None:
    quote = "Пришли директора Иванов, Петров и Сидоров."
    assert not any(finding.against for finding in against(claim, [quote], documents=[quote]))
