from __future__ import annotations

import pytest

from istok.rag.checks.direction import against

EXPORTS = "Экспорт предприятий возрос почти на 45%."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Экспорт предприятий снизился на 45%.", EXPORTS),
        ("Exports of the enterprises fell by 45%.", EXPORTS),
        ("Импорт предприятий возрос на 45%.", EXPORTS),
        ("Imports of the enterprises rose by 45%.", EXPORTS),
        ("Завод закрыли в мае.", "The plant was opened in May."),
        ("The bill was rejected.", "Законопроект был одобрен."),
        ("Менее 45 человек пришли.", "Пришли более 45 человек."),
        ("He was released on Monday.", "Его арестовали в понедельник."),
        ("It happened on Friday.", "Это случилось в понедельник."),
        ("It was before the war.", "Это было после войны."),
        ("Экспорт упал.", "Импорт упал, а экспорт вырос."),
        ("Exports rose by 45%.", "Экспорт составил 45%."),
        ("Кирилла меньше нет.", "Кирилла больше нет."),
        ("The smallest outcry was over the tax.", "Самый большой резонанс вызвал налог."),
        ("Under the plan no decrease in taxes is needed.", "По плану не требуется дополнительного увеличения налогов."),
    ],
)
def test_the_opposite_is_against_the_claim(claim: str, quote: str) -> None:
    assert any(finding.against for finding in against(claim, [quote]))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Exports grew by 45%.", EXPORTS),
        ("Экспорт увеличился.", EXPORTS),
        ("Exports rose.", "Импорт упал, а экспорт вырос."),
        ("The house was bought by Smith from Brown.", "Браун продал дом Смиту."),
        ("За выходные фильм собрал миллион.", "Тем не менее фильм собрал миллион за выходные."),
    ],
)
def test_the_same_direction_in_other_words_is_not(claim: str, quote: str) -> None:
    assert against(claim, [quote]) == []


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Завод не построил цех.", "Завод построил цех."),
        ("The plant did not build a workshop.", "Завод построил цех."),
        ("Завод построил цех.", "Завод не построил цех."),
        ("The plant built a workshop.", "Завод не построил цех."),
        ("The minister was not born in Minsk.", "The minister was born in Minsk."),
    ],
)
def test_what_one_of_them_denies_is_against_the_claim(claim: str, quote: str) -> None:
    assert any(finding.against for finding in against(claim, [quote]))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Завод не построил цех.", "The plant did not build the workshop."),
        ("Провайдер не понесёт наказания.", "Провайдер освобождается от наказания."),
        ("Пришли не менее 300 человек.", "Пришли 300 человек."),
        ("Нет, завод построил цех.", "Завод построил цех."),
        ("Экспорт возрос на 45%, а не на 60%.", EXPORTS),
        ("Exports grew by 45%, not 60%.", EXPORTS),
        ("Exports did not fall.", EXPORTS),
        ("Завод построил не цех, а склад.", "Завод построил склад."),
        ("Cooperation covers every area.", "Не осталось сфер, которые не охвачены сотрудничеством."),
        ("Stay until he returns.", "Оставайтесь, пока он не вернётся."),
    ],
)
def test_a_denial_that_both_make_and_one_of_a_bound_are_not(claim: str, quote: str) -> None:
    assert against(claim, [quote]) == []


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("В проекте не участвуют: Минский завод и «Сервис».", "В проекте участвуют: Минский завод и «Сервис»."),
        (
            "Районы – Минский и Чердаклинский – не подписали соглашение.",
            "Районы – Минский и Чердаклинский – подписали его.",
        ),
        ("Спортсмена не лишили титула.", "Спортсмена лишили титула."),
        ("Просили прислать меньше военных.", "Просили прислать большее количество военных."),
        ("Her younger brother died.", "Умер её старший брат."),
    ],
)
def test_a_denial_is_not_excused_by_a_colon_a_dash_or_a_denial_elsewhere(claim: str, quote: str) -> None:
    assert any(finding.against for finding in against(claim, [quote]))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("He extended his contract for two years.", "Он продлил контракт на два года."),
        ("The fallen ranger was a 32-year-old sergeant.", "Погибшему рейнджеру, сержанту, было 32 года."),
        ("Никифоров на год моложе Муравьёва.", "Муравьёв на год старше Никифорова."),
        ("It is not safe.", "Это небезопасно."),
        ("The date has not been announced.", "Дата пока не объявлена."),
        ("He asked whether she wanted to go.", "Он спросил, не хочет ли она пойти."),
        ("At least 300 people came.", "Пришли не менее 300 человек."),
    ],
)
def test_what_only_looks_like_a_fall_or_a_denial_is_not(claim: str, quote: str) -> None:
    assert not any(finding.against for finding in against(claim, [quote]))
