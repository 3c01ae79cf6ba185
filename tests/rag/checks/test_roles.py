from __future__ import annotations

import pytest

from istok.rag.checks.roles import against

SUPPLIED = "Россия поставила Ирану ракеты."
OFFERED = "Медведев предложил Путину пост."
BEAT = "Federer beat Nadal in Paris."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Иран поставил России ракеты.", SUPPLIED),
        ("Iran supplied Russia with missiles.", SUPPLIED),
        ("Путин предложил Медведеву пост.", OFFERED),
        ("The post was offered to Medvedev by Putin.", OFFERED),
        ("Nadal beat Federer in Paris.", BEAT),
        ("Federer was beaten by Nadal in Paris.", BEAT),
        ("The train went from Kazan to Moscow.", "Поезд шёл из Москвы в Казань."),
        ("Китай экспортировал зерно в Казахстан.", "Казахстан экспортировал зерно в Китай."),
    ],
)
def test_swapped_roles_are_against_the_claim(claim: str, quote: str) -> None:
    assert against(claim, [quote])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Russia supplied Iran with missiles.", SUPPLIED),
        ("Ракеты были поставлены Ирану Россией.", SUPPLIED),
        ("Путину пост предложил Медведев.", OFFERED),
        ("Medvedev offered Putin the post.", OFFERED),
        ("Nadal was beaten by Federer in Paris.", BEAT),
        ("The train went from Moscow to Kazan.", "Поезд шёл из Москвы в Казань."),
        ("Putin and Medvedev met.", "Медведев и Путин встретились."),
    ],
)
def test_the_same_roles_in_another_order_or_voice_are_not(claim: str, quote: str) -> None:
    assert against(claim, [quote]) == []


JUDGE = "Автомобилем судьи Эдуарда Солдатова был сбит казанец Марат Гайнутдинов."


@pytest.mark.parametrize(
    "claim", ["Под колёсами машины судьи Гайнутдинова погиб Солдатов.", "Judge Gainutdinov's car killed Soldatov."]
)
def test_the_title_of_another_is_against_the_claim(claim: str) -> None:
    assert against(claim, [JUDGE])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Judge Soldatov's car killed Gainutdinov.", JUDGE),
        ("Петра Завьялова защищает адвокат Валентин Пышкин.", "Адвокат Петра — Валентин Пышкин — молчит."),
    ],
)
def test_ones_own_title_is_not(claim: str, quote: str) -> None:
    assert against(claim, [quote]) == []


MINISTER = "Глава Минпромторга России Антон Алиханов встретился с премьер-министром Беларуси Александром Турчиным."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (
            "Глава Минпромторга России Александр Турчин встретился с премьер-министром Беларуси Антоном Алихановым.",
            MINISTER,
        ),
        (
            "Губернатор Алексей Кушнаренко принял Алексея Русских.",
            "Губернатор Алексей Русских принял Алексея Кушнаренко.",
        ),
        ("Ukraine bought the ship from China.", "Корабль был приобретён Китаем у Украины."),
    ],
)
def test_the_office_or_the_belonging_of_another_is_against_the_claim(claim: str, quote: str) -> None:
    assert against(claim, [quote])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Премьер-министр Беларуси Турчин встретился с Алихановым.", MINISTER),
        (
            "Победили представители Чехии и Швеции.",
            "В финале представители Швеции проиграли, а чехи из Чехии победили.",
        ),
    ],
)
def test_ones_own_office_is_not(claim: str, quote: str) -> None:
    assert against(claim, [quote]) == []
