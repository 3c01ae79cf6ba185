from __future__ import annotations

import pytest

from istok.index.language import detect
from istok.rag.question import analyse
from istok.rag.spans.span import find
from istok.rag.spans.wanted import ask
from istok.rag.types import Sentence


def sentence(text: str) -> Sentence:
    return Sentence(1, "news.txt", "News", None, detect(text), 0, len(text), text, 0.9)


def marked(question: str, text: str) -> str | None:
    span = find(analyse(question), sentence(text))
    if span is None:
        return None
    assert 0 < span.score < 1
    return text[span.range.start : span.range.end]


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "Сколько предприятий зарегистрировано в области?",
            "Товарооборот области составил 294 миллиарда рублей, здесь зарегистрировано около 5000 предприятий.",
            "около 5000 предприятий",
        ),
        (
            "How many enterprises are registered in the region?",
            "Товарооборот области составил 294 миллиарда рублей, здесь зарегистрировано около 5000 предприятий.",
            "около 5000 предприятий",
        ),
        (
            "How many factories opened in Riverton?",
            "In 2023 the town spent $18.5 million on roads, while 12 factories opened in Riverton.",
            "12 factories",
        ),
        (
            "На сколько вырос экспорт завода?",
            "Оборот завода увеличился на треть, в том числе экспорт возрос почти на 45%.",
            "почти на 45%",
        ),
        (
            "Насколько увеличился оборот завода?",
            "Оборот завода увеличился на треть, в том числе экспорт возрос почти на 45%.",
            "на треть",
        ),
        (
            "By how much did exports grow?",
            "Оборот завода увеличился на треть, в том числе экспорт возрос почти на 45%.",
            "почти на 45%",
        ),
        (
            "За какую сумму завод купил станки?",
            "В марте завод купил 30 станков на сумму 18,5 млн долларов.",
            "18,5 млн долларов",
        ),
        (
            "How much did the plant pay for the machines?",
            "In March the plant paid $18.5 million for 30 machines.",
            "$18.5 million",
        ),
        ("Сколько лет было композитору?", "Композитор умер в возрасте 85 лет в Кракове.", "85 лет"),
        ("Сколько человек ранены?", "Погиб один из рабочих, ранены 17 человек.", "17 человек"),
    ],
)  # fmt: skip
def test_a_figure_is_the_one_that_counts_what_is_asked(question: str, text: str, answer: str) -> None:
    assert marked(question, text) == answer


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Сколько школ построили в Твери?", "В Твери открылась школа № 5."),
        ("Сколько школ построили в Твери?", "Школы в Твери построили в 2019 году."),
        ("How many schools were built in Riverton?", "The schools of Riverton were built in 2019."),
        ("Сколько серий в фильме «Мир 3»?", "Фильм «Мир 3» вышел на экраны."),
        ("Кто построил завод?", "Завод построили в 1963 году."),
        ("Когда построили завод?", "Завод построил Иван Петров."),
        ("Когда работает завод?", "Завод работает в Туле, на нём от 9 до 17 цехов."),
        ("Почему закрыли завод?", "Завод закрыли 5 мая 2019 года по решению Ивана Петрова."),
        ("Кто директор завода «Луч»?", "Завод «Луч» работает в Казани."),
    ],
)
def test_no_span_is_marked_where_there_is_none(question: str, text: str) -> None:
    assert marked(question, text) is None


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Когда открылся завод?", "Завод открылся 5 ноября 2025 года после ремонта.", "5 ноября 2025 года"),
        ("На какие годы рассчитан план?", "План на 2026 -2028 гг. подписан в Астане.", "на 2026 -2028 гг."),
        ("Когда подписан план?", "План с Казахстаном на 2026 -2028 гг. подписан 05.11.2025 в Астане.", "05.11.2025"),
        ("When did the plant open?", "Завод открылся 5 ноября 2025 года после ремонта.", "5 ноября 2025 года"),
        ("When did the plant open?", "The plant opened on November 5, 2025 after repairs.", "November 5, 2025"),
        ("В каком году открылся завод?", "Завод на 1200 рабочих открылся 5 ноября 2025 года.", "2025 года"),
        ("In what year was the bank founded?", "The bank was founded in 1994 with 300 clients.", "1994"),
        ("Когда работает библиотека?", "Библиотека работает с 10 до 19 часов.", "с 10 до 19 часов"),
        ("When is the museum open?", "The museum is open from 9:30 to 17 on weekdays.", "from 9:30 to 17"),
        ("Когда открывается музей?", "Музей открывается 5 мая на набережной.", "5 мая"),
    ],
)
def test_a_date_is_as_precise_as_asked_and_no_count(question: str, text: str, answer: str) -> None:
    assert marked(question, text) == answer


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Кто возглавил делегацию?", "Делегацию возглавил Министр Александр Рогожник.", "Александр Рогожник"),
        ("Who headed the delegation?", "Делегацию возглавил Министр Александр Рогожник.", "Александр Рогожник"),
        ("Who headed the delegation?", "The delegation was headed by John Smith.", "John Smith"),
        ("Какой режиссёр снял фильм?", "Фильм снял режиссёр Андрей Звягинцев.", "Андрей Звягинцев"),
        ("Кто снял мультфильм?", "Мультфильм сняли Эндрю Стэнтон и Энгус Маклэйн.", "Эндрю Стэнтон и Энгус Маклэйн"),
        ("С кем встретился Владимир Путин?", "Владимир Путин встретился с Ангелой Меркель.", "Ангелой Меркель"),
        ("Кто руководит Германией?", "Канцлер Германии Ангела Меркель руководит страной.", "Ангела Меркель"),
    ],
)  # fmt: skip
def test_a_person_is_named_in_full_and_is_not_the_one_that_the_question_names(
    question: str, text: str, answer: str
) -> None:
    assert marked(question, text) == answer


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("В каком городе родился поэт?", "Поэт родился в городе Барнауле в 1948 году.", "Барнауле"),
        ("В какой стране скончался сержант?", "Сержант Иван Петров скончался 17 января в Германии.", "в Германии"),
        ("In which country did the sergeant die?", "Сержант Иван Петров скончался 17 января в Германии.", "Германии"),
    ],
)
def test_a_place_takes_its_preposition_along_where_the_question_has_one(question: str, text: str, answer: str) -> None:
    assert marked(question, text) == answer


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Какая компания купила завод?", "Завод купила немецкая компания Bayer.", "Bayer"),
        ("Which company bought the plant?", "Завод купила немецкая компания Bayer.", "Bayer"),
        ("Какая газета взяла интервью?", "Интервью взяла газета «Мир «Новостей» и дел».", "«Мир «Новостей» и дел»"),
    ],
)
def test_an_organisation_is_known_by_what_it_is_called(question: str, text: str, answer: str) -> None:
    assert marked(question, text) == answer


def test_an_odd_question_and_an_empty_sentence_mark_nothing() -> None:
    assert marked("Сколько", "") is None
    assert marked("???", "5 мая 2019 года") is None
    assert marked("which", "Bayer") is None


def test_two_figures_that_are_as_likely_are_not_marked() -> None:
    text = (
        "Товарооборот предприятий с Узбекистаном увеличился на треть по сравнению с 2022 годом, в том числе экспорт "
        "возрос почти на 45%."
    )
    assert marked("By how much did exports grow?", text) == "почти на 45%"
    assert marked("By how much did the trade turnover with Uzbekistan grow?", text) in (None, "на треть")


def test_figures_of_other_units_are_no_range() -> None:
    text = "Рост товарооборота, увеличившийся за девять месяцев до 18,5 млн долларов, говорит сам за себя."
    assert marked("Какой товарооборот с Беларусью?", text) in (None, "до 18,5 млн долларов", "18,5 млн долларов")
    assert marked("Сколько тонн вывезли?", "Вывезли от 5 до 7 тонн зерна.") == "от 5 до 7 тонн"


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Кто такой Антон Алиханов?", False),
        ("Who is Anton Alikhanov?", False),
        ("Who's Anton Alikhanov?", False),
        ("Кто премьер-министр Беларуси?", True),
        ("Who is Prime Minister of Belarus?", True),
        ("Who is he?", True),
    ],
)
def test_no_name_answers_who_somebody_is_whom_the_question_names(question: str, asks: bool):
    assert (ask(analyse(question)) is not None) == asks
