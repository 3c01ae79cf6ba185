from __future__ import annotations

import pytest

from istok.rag.checks.countries import country
from istok.rag.checks.names import against, names, same, transliterated


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Рогожником", "Rogozhnik"),
        ("Рогожником", "Rohozhnik"),
        ("Рогожник", "Рогожником"),
        ("Аксёнов", "Aksyonov"),
        ("Стивена", "Stephen"),
        ("Кейдж", "Cage"),
        ("Дэнни", "Danny"),
        ("Сергея", "Сергей"),
        ("Павла", "Павел"),
        ("Москвы", "московский"),
        ("Пекин", "Beijing"),
        ("немецкий", "Germany"),
    ],
)
def test_one_name_is_known_across_cases_and_scripts(one: str, other: str) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Путин", "Medvedev"), ("Рогожник", "Parkhomchik"), ("Германия", "France"), ("Иванов", "Петров"),
        ("Колин", "Kalinin"), ("Любимов", "Lebedev"), ("Петровский", "Pokrovsky"), ("Спилберг", "Steven"),
    ],
)  # fmt: skip
def test_different_names_are_told_apart(one: str, other: str) -> None:
    assert not same(one, other)


def test_a_russian_name_is_written_as_a_newsroom_writes_it() -> None:
    assert transliterated("Сергей Хрулёв") == "Sergei Khrulyov"
    assert transliterated("Юрий Ельцин, Щёлково") == "Yury Yeltsin, Shcholkovo"


def test_words_of_one_name_stand_together() -> None:
    assert [name.text for name in names("On Monday President Vladimir Putin met Angela Merkel.")] == [
        "Vladimir Putin",
        "Angela Merkel",
    ]
    assert [name.text for name in names("Сегодня президент Владимир Путин встретился с Ангелой Меркель.")] == [
        "Владимир Путин",
        "Ангелой Меркель",
    ]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("немецкая", "germany"), ("французы", "france"), ("китайцев", "china"), ("Эритреи", "eritrea"),
        ("польского", "poland"),
        ("Chinese", "china"), ("Даниэль", None), ("Китаев", None), ("кубок", None), ("грузовик", None),
    ],
)  # fmt: skip
def test_countries_are_known_as_nouns_and_as_adjectives(word: str, name: str | None) -> None:
    assert country(word) == name


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The ministry is headed by Rohozhnik.", "Министерство возглавляется Рогожником."),
        ("Министерство возглавил Рогожник.", "The ministry is headed by Rogozhnik."),
        ("Chinese investors bought the plant.", "Завод купили инвесторы из Китая."),
        ("Yulia Syrykh was born in Ryazan.", "Юлия Сырых родилась в Рязани."),
        ("The order was signed by Putin.", "Приказ подписал президент."),
    ],
)
def test_the_same_name_and_one_that_replaces_none_are_not_against_the_claim(claim: str, quote: str) -> None:
    assert not any(finding.against for finding in against(claim, [quote]))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The ministry is headed by Parkhomchik.", "Министерство возглавляется Рогожником."),
        ("Министерство возглавил Пархомчик.", "The ministry is headed by Rogozhnik."),
        ("Министерство возглавил Пархомчик.", "Министерство возглавляется Рогожником."),
        ("German investors bought the plant.", "Завод купили инвесторы из Китая."),
        ("Завод купили инвесторы из Казахстана.", "Завод купили китайские инвесторы."),
        ("Joe Smith sold the house.", "Дом продал Джо Локхарт."),
        ("Yulia Syrykh was born in Kazan.", "Юлия Сырых родилась в Рязани."),
        ("Завод работает с ООО «Прогресс».", "Завод работает с ООО «Krantas Group»."),
        ("Подпись поставил Леонид Вебер.", "Подпись поставил Леонид Рыжковский."),
    ],
)
def test_another_name_in_its_place_is_against_the_claim(claim: str, quote: str) -> None:
    assert any(finding.against for finding in against(claim, [quote]))


def test_the_title_of_the_document_bears_a_name() -> None:
    assert against("Обама купил дом.", ["Семья купила дом."], ["Барак Обама переехал"]) == []


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Актёр Майкл Хоффман — сын Кирка Дугласа.", "Актёр Майкл Дуглас — сын Кирка Дугласа."),
        ("Michael Hoffman is an actor.", "Майкл Дуглас — актёр."),
        ("Юрий Андерсон родился в городе Трускавец.", "Ю. Балуевский родился в городе Трускавец."),
        ("Зайцев и Обама подписали договор.", "Договор подписан Дмитрием Медведевым и Бараком Обамой."),
    ],
)
def test_another_surname_after_the_same_given_name_is_against_the_claim(claim: str, quote: str) -> None:
    assert any(finding.against for finding in against(claim, [quote]))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("С казахстанской стороны подпись поставил министр.", "С белорусской стороны подпись поставил министр."),
        ("The Uzbek company supplies cranes to Belarus.", "Белорусская компания поставляет краны в Беларусь."),
        ("Глава Германии посетил форум Беларуси.", "Глава Беларуси посетил форум Беларуси."),
    ],
)
def test_another_country_before_the_same_noun_is_against_the_claim(claim: str, quote: str) -> None:
    assert any(finding.against for finding in against(claim, [quote]))


def test_a_dollar_is_of_no_country() -> None:
    assert against("It costs 45 million US dollars.", ["Белорусский завод стоит 45 млн долларов."]) == []


def test_a_given_name_alone_is_in_nobodys_place() -> None:
    found = against("Щесных и его сын владеют таксопарком.", ["Глава семьи и его сын Илья владеют таксопарком."])
    assert found
    assert not any(finding.against for finding in found)


@pytest.mark.parametrize(
    ("claim", "against_it"),
    [
        ("Елизавета Глинка создала фонд.", False),
        ("Elizaveta Glinka created the foundation.", False),
        ("Елизавета Бергман создала фонд.", True),
        ("Elizaveta Bergman created the foundation.", True),
    ],
)
def test_a_name_that_the_whole_document_lacks_is_against_the_claim(claim: str, against_it: bool) -> None:
    quote = "Она создала фонд."
    document = f"Елизавета Глинка — врач. {quote}"
    assert any(finding.against for finding in against(claim, [quote], documents=[document])) is against_it
    assert not any(finding.against for finding in against(claim, [quote]))


def test_a_capital_stands_for_its_own_country_only() -> None:
    claim, quote = "Washington said it was ready for talks.", "Франция заявила о готовности к переговорам."
    assert any(finding.against for finding in against(claim, [quote], documents=[quote]))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Bernard Arnault asked for it.", "Об этом попросил Бернар Арно."),
        ("The crash was caused by Alexei Rusakov.", "Виновник аварии — Алексей Русаков, а не Марина Голуб."),
        ("The winner was a Frenchwoman.", "Победила француженка."),
        ("The Uruguayan was sent off.", "Удалили уругвайца."),
        ("They live in Georgia.", "Они живут в штате Джорджия."),
        ("The film won in Venice.", "Фильм победил на Венецианском фестивале."),
        ("He is a mufti of Stavropol Territory.", "Он муфтий Ставропольского края."),
        ("She studied at Moscow State University.", "Она училась в МГУ."),
        ("Зарплаты в МИД выросли.", "Сотрудникам МИДа подняли зарплаты."),
        ("Washington said it was ready for talks.", "США заявили о готовности к переговорам."),
        ("В Париже намерены выдвинуть своего кандидата.", "Франция намерена предложить своего кандидата."),
    ],
)
def test_the_other_languages_form_of_a_name_is_not_against_the_claim(claim: str, quote: str) -> None:
    assert not any(finding.against for finding in against(claim, [quote], documents=[quote]))
