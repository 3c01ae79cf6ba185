from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import istok.seeds
from istok.index.sentences import split_paragraphs, split_sentences
from istok.index.types import Range

SEEDS = Path(next(iter(istok.seeds.__path__)))


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, Range(0, len(text)))]


# "¦" marks every end of a sentence that is not the end of the text.
RUSSIAN = [
    "Товарооборот вырос на треть.¦ Экспорт возрос почти на 45%.",
    "В 2023 году экспорт вырос.¦ В 2024 году он упал.",
    "План на 2026 -2028 гг. в области промышленной кооперации подписан в Астане.",
    "Завод построили в 1990-х гг.¦ Потом его закрыли.",
    "В 2023 г. Беларусь увеличила экспорт.",
    "В 2023 г. экспорт вырос.",
    "Предприятие было основано и запущено в октябре 1998 г.¦ Завод выпускает тракторы.",
    "Указ подписан Президентом 6 октября 1999 г. № 184-ФЗ.",
    "Училище окончил в 1970 г., академию имени Фрунзе в 1980 г. — Военную академию в 1990 г.",
    "Пост он занимает со 2 марта 2007г.¦ Он также возглавлял министерство.",
    "В XIX в. Россия строила дороги.",
    "Торгуют станками, тракторами и т. д.¦ Затем считают прибыль.",
    "Торгуют станками, тракторами и т.п.¦ Компания довольна.",
    "Иванов, Петров и др.¦ Компания не ответила.",
    "Договор, т. е. соглашение, подписан.",
    "Это т.н. Дорожная карта.",
    "Выручка составила 5 млн руб.¦ Компания довольна.",
    "Выручка составила 5 тыс. 300 руб. 20 коп. за день.",
    "Поставки на 40 млн рублей не хватило.",
    "Рост до 18,5 млн долларов отмечен в январе.¦ Рост продолжится.",
    "Волны длиной 687 и 760 нм.¦ Учёные их измерили.",
    "Он живёт на ул. Ленина, д. 5, кв. 7.¦ Потом переедет.",
    "Школа им. А. С. Пушкина открыта.¦ Директор рад.",
    "Решение принято им.¦ А ещё один голосовал против.",
    "Встреча прошла в г. Минске и в пос. Мир.",
    "Об этом сказал проф. Иванов.¦ Его поддержал акад. Петров.",
    "А. И. Иванов приехал.¦ Его ждали.",
    "Иванов А. И. сказал речь.",
    "А.И. Иванов и В.В. Петров подписали договор.",
    "Об этом заявил А. Ким.¦ Компания не ответила.",
    "Степень к. т. н. Иванова подтверждена, как и к.э.н. Петрова.",
    "Дж. Р. Р. Толкин написал роман.",
    "Король Пётр I.¦ Император умер.",
    "Аллергия на витамин С.¦ Это бывает редко.",
    "См. рис. 3 на стр. 15.¦ На нём видно всё.",
    "Статья 5. Права сторон.",
    "1. Подписать договор.¦ 2. Создать группу.",
    "1.2. Общие положения.¦ Они кратки.",
    "Подписан 05.11.2025 в Астане.¦ Действует с 01.01.2026.",
    "Он спросил: что делать?¦ Никто не ответил.",
    "Что?!¦ Потом поговорим.",
    "Он думал… и молчал.",
    "Он молчал…¦ Потом заговорил.",
    "«Всё хорошо!»¦ Потом он ушёл.",
    "– Да, – сказал он.¦ – Нет, – ответила она.",
    "– Пошли! – крикнул он и вышел.",
    "— Где он? — спросил Иванов.¦ — Ушёл.",
    "«Мы победили!» — Владимир Иванов о матче.",
    "«Мы растём.¦ Поставки тоже растут и будут расти дальше, как мы и обещали в прошлом году», – приводит цитату сайт.",
    "«Максим скончался. Не выдержало сердце», — отметил собеседник.",
    "На выставке «ИННОПРОМ. Беларусь» состоялась встреча.",
    "На выставке «ИННОПРОМ.Беларусь».¦ Как видно, стороны рады.",
    "Фильм «Что? Где? Когда?» закрыт.",
    "Антониу Гутерреш (порт. António Guterres; род. 30 апреля 1949) избран.",
    "Он ушёл (говорят, навсегда.)¦ Потом вернулся.",
    "Это (!) Иванов.",
    "Рост составил 5%.[12][13]¦ Потом был спад.",
    "Это было в прошлом году.¦Потом всё изменилось.",
    "Смотрите Яндекс.Новости и Лента.ру сегодня.",
    "Город: Минск.¦ Страна: Беларусь.",
    "Основные направления включают:\n¦Содействие в торговле.\n¦Обмен опытом.",
    "Купить:\n¦- молоко\n¦- хлеб\n¦- сыр",
    "молоко;\n¦хлеб;\n¦сыр",
    "Заголовок без точки\n¦Текст начинается здесь.\n\n¦Новый абзац",
    "Заголовок без точки\r\n¦Текст начинается здесь.\r\n\r\n¦Новый абзац",
    "Первая половина предложения\nвторая его половина.",
    "Первая половина предложения\n\n¦вторая половина после пустой строки.",
    "привет.¦ как дела?¦ всё хорошо",
    "\ufeffПервое.¦ Второе.",
    "ВВП.¦ Рост продолжается.",
]
ENGLISH = [
    "It grew by 45%.¦ Exports rose too.",
    "Mr. Smith met Mrs. Jones and Dr. No.¦ They talked.",
    "The U.S. Department of Energy paid.¦ The U.K. did not.",
    "He lives in the U.S.¦ She lives in the U.K.",
    "Use a language, e.g. Python, i.e. a snake.",
    "Apple Inc. CEO Tim Cook spoke.¦ He left.",
    "He works at Apple Inc.¦ The company is large.",
    "J. R. R. Tolkien wrote it.¦ It sold well.",
    "Works by J. A. Hobson and E.I. du Pont are listed.",
    "He came on Jan. 5 and left on Feb. 10.¦ We stayed.",
    "See No. 5 on p. 12, Fig. 3.¦ It is clear.",
    "The answer is no.¦ That is final.",
    "Brown v. Board of Education was decided in 1954.",
    "St. Johns River is long.¦ It is wide.",
    "It costs 3.14 dollars.¦ We paid 10.",
    "Version 2.0.1 is out.¦ Get it at www.example.com.¦ Or mail us.",
    "See https://example.com/a.b?c=D.E for more.¦ Thanks!",
    "They sell nuts, bolts, etc.¦ Prices vary.",
    "The meeting starts at 5 p.m.¦ Everyone comes.",
    "Wait... what?¦ Nothing.",
    'He said "Go!" and left.¦ "Why?"¦ Nobody knows.',
    "It was a Saturn IB.¦ It flew.",
    "(It was late.)¦ We left.",
    "He holds a Ph.D. from Yale (c. 1455).¦ Good.",
    "My iPhone broke.¦ iPads are fine.",
    "hello.¦ how are you?¦ i am fine",
    "The plan failed.¦The next one worked.",
]
MIXED = [
    "Компания Apple Inc. выросла.¦ The shares rose.",
    "Пусть a × b = c.¦ Решение есть.",
    "ООО «YES» и ООО «Krantas Group» работают.¦ В 2024 году будет проект с «PLANETA SERVIS».",
    "Альбом The Black Eyed Peas вышел в США.¦ Он продан.",
]


@pytest.mark.parametrize("marked", [*RUSSIAN, *ENGLISH, *MIXED])
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    assert sentences(marked.replace("¦", "")) == [part.strip() for part in marked.split("¦")]


WRAPPED_LETTER = """\
Уважаемые коллеги, направляем вам протокол совещания, которое состоялось
15 ноября в Минске. На нём присутствовали представители Министерства
промышленности Республики Беларусь и Республики Казахстан, а также А. И.
Петров. Решили следующее:
1. Подписать договор.
2. Создать рабочую группу
до конца года.
"""


def test_text_broken_at_a_column_is_joined_across_lines() -> None:
    assert sentences(WRAPPED_LETTER) == [
        "Уважаемые коллеги, направляем вам протокол совещания, которое состоялось\n15 ноября в Минске.",
        "На нём присутствовали представители Министерства\n"
        "промышленности Республики Беларусь и Республики Казахстан, а также А. И.\nПетров.",
        "Решили следующее:",
        "1. Подписать договор.",
        "2. Создать рабочую группу\nдо конца года.",
    ]


def test_wrapping_is_the_same_with_carriage_returns() -> None:
    dos = WRAPPED_LETTER.replace("\n", "\r\n")
    assert [sentence.replace("\r\n", "\n") for sentence in sentences(dos)] == sentences(WRAPPED_LETTER)


def test_a_short_line_of_wrapped_text_ends_its_paragraph() -> None:
    text = (
        "ОБЩИЕ ПОЛОЖЕНИЯ\n"
        "Настоящий договор заключён между сторонами в соответствии с законода-\n"
        "тельством Российской Федерации и вступает в силу со дня его подписания.\n"
        "Стороны обязуются соблюдать тайну\n"
        "Приложение"
    )
    ends = [text[start:end] for start, end in split_paragraphs(text, Range(0, len(text)))]
    assert ends[0] == "ОБЩИЕ ПОЛОЖЕНИЯ"
    assert ends[-1] == "Приложение"
    assert "законода-\nтельством" in ends[1]


def test_nothing_outside_the_given_range_is_read() -> None:
    text = "Раз. Два. Три."
    assert split_sentences(text, Range(5, 9)) == [Range(5, 9)]
    assert split_sentences("в 2023 г. Минск", Range(7, 15)) == [Range(7, 15)]
    assert split_sentences(text, Range(4, 5)) == []
    assert split_sentences(text, Range(0, 0)) == []


ALPHABET = st.sampled_from(
    [
        *".,;:!?…«»„“\"'’()[]–—-*#>№ \t\n\r\xa0\u2028",
        "\r\n",
        "\n\n",
        "...",
        "г.",
        "гг.",
        "т. д. ",
        "им. ",
        "А. И. ",
        "Mr. ",
        "U.S. ",
        "e.g. ",
        "руб. ",
        "Потом ",
        "слово",
        "В ",
        "The ",
        "word ",
        "1. ",
        "2023 ",
        "45%",
        "3.14",
        "🙂",
        "é",
        "中",
        "а",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(ALPHABET | st.characters(exclude_categories=["Cs"]), max_size=80).map("".join), st.data())
def test_ranges_are_ordered_apart_stripped_and_leave_nothing_out(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    within = Range(start, data.draw(st.integers(start, len(text))))
    found = split_sentences(text, within)
    at = within.start
    for sentence in found:
        assert at <= sentence.start < sentence.end <= within.end
        assert not text[at : sentence.start].strip()
        assert text[sentence.start : sentence.end] == text[sentence.start : sentence.end].strip()
        at = sentence.end
    assert not text[at : within.end].strip()
    assert split_sentences(text, within) == found


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([case.replace("¦", "") for case in RUSSIAN + ENGLISH]), min_size=1, max_size=5))
def test_a_blank_line_always_parts_sentences(blocks: list[str]) -> None:
    text = "\n\n".join(blocks)
    edges = {sum(len(block) + 2 for block in blocks[:count]) - 2 for count in range(1, len(blocks) + 1)}
    assert edges <= {end for _, end in split_sentences(text, Range(0, len(text)))}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("слово и дело " * 160_000, id="no full stop"),
        pytest.param("a" * 2_000_000, id="no space"),
        pytest.param("." * 1_000_000, id="dots"),
        pytest.param("\n" * 1_000_000, id="blank lines"),
        pytest.param("а." + " " * 1_000_000 + "Б", id="spaces"),
        pytest.param("«а. Б " * 40_000, id="quotes never closed"),
        pytest.param(".[" * 200_000, id="brackets never closed"),
        pytest.param("А. " * 60_000, id="initials"),
    ],
)
def test_time_grows_with_the_text_and_no_faster(text: str) -> None:
    began = time.perf_counter()
    split_sentences(text, Range(0, len(text)))
    assert time.perf_counter() - began < 10  # quadratic would be minutes


@pytest.mark.parametrize(
    ("seed", "sentence"),
    [
        (
            "000",
            "По итогам 2023 года сохранена положительная динамика сотрудничества с Республикой Узбекистан в "
            "промышленной сфере: товарооборот предприятий Минпрома с Узбекистаном увеличился на треть по "
            "сравнению с 2022 годом, в том числе экспорт возрос почти на 45%.",
        ),
        ("001", "Основные направления сотрудничества, предусмотренные в «Дорожной карте», включают:"),
        (
            "002",
            "– Подписаны соглашения, рост товарооборота, увеличившийся за девять месяцев до 18,5 млн долларов, "
            "свидетельствуют о высокой эффективности кооперации между регионами.",
        ),
        (
            "002",
            "Первые были на площадке Форума регионов Беларуси и России в Нижнем Новгороде и на выставке "
            "«ИННОПРОМ.Беларусь».",
        ),
        ("003", "По итогам 2024 года наш товарооборот превысил 50 миллиардов долларов."),
        (
            "003",
            "Напомним, что недавно в рамках международной выставки «ИННОПРОМ. Беларусь» состоялась встреча губернатора "
            "Смоленской области Василия Анохина с Главой Администрации Президента Республики Беларусь Дмитрием Крутым.",
        ),
        ("004", "И это тоже серьезное достижение, — подчеркнул Премьер-министр Беларуси."),
        (
            "004",
            "— Мы значимые друг для друга торговые партнеры: еще несколько лет назад перешагнули рубеж в 1 миллиард "
            "долларов во взаимной торговле.",
        ),
    ],
)
def test_a_seed_article_holds_this_exact_sentence(seed: str, sentence: str) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    assert sentence in sentences(path.read_bytes().decode())


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem[:3])
def test_no_sentence_of_a_seed_article_begins_in_lower_case_or_spans_lines(path: Path) -> None:
    found = sentences(path.read_bytes().decode())
    assert len(found) > 10
    assert not [sentence for sentence in found if "\n" in sentence]
    assert not [sentence for sentence in found[1:] if sentence[0].islower()]
