import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from istok.index.article import front_matter, headline, is_furniture, main_ranges, paragraph_ranges
from istok.index.types import Range

SEEDS = Path(__file__).parents[2] / "seeds"

LEAD = "Завод в Заречье выпустил первый электробус, сообщила во вторник пресс-служба предприятия."
MORE = (
    "До конца года здесь рассчитывают собрать ещё двадцать машин. Половина из них останется в области, "
    "остальные отправят соседям, рассказал директор Пётр Ильин."
)
EN_LEAD = "The town council opened a new bridge over the river on Monday, two years after work began."
EN_MORE = (
    "It cost $3 million, the mayor said. A second bridge is planned for the western side of the town, "
    "although no date has been set for the work."
)


def kept(text: str) -> str:
    return "\n".join(text[range_.start : range_.end] for range_ in main_ranges(text))


def seed(number: str) -> str:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return path.read_bytes().decode("utf-8")


def test_a_news_ticker_below_the_article_is_left_out() -> None:
    text = seed("000")
    assert main_ranges(text) == (Range(0, text.index("\nПоследние новости")),)


def test_a_date_header_in_front_of_the_first_sentence_is_left_out() -> None:
    text = seed("001")
    assert main_ranges(text) == (Range(text.index("План мероприятий"), len(text.rstrip())),)


def test_a_rights_notice_and_the_person_cards_below_it_are_left_out() -> None:
    text = seed("002")
    assert main_ranges(text) == (Range(0, text.index("Данные о правообладателе") - 2),)


def test_dots_a_rubric_and_a_newspaper_s_name_are_left_out_and_headlines_stay() -> None:
    text = seed("003")
    assert [text[range_.start : range_.end].splitlines()[0] for range_ in main_ranges(text)] == [
        "«Российская газета» отметила роль Смоленщины в деле союзной кооперации",
        next(line for line in text.splitlines() if line.startswith("Одной из ключевых")),
    ]
    assert kept(text).endswith("свыше 100 миллиардов рублей.")


def test_a_photo_credit_and_all_below_it_are_left_out() -> None:
    text = seed("004")
    assert main_ranges(text) == (Range(0, text.index("\n\n\nФото БЕЛТА.")),)


@pytest.mark.parametrize("heading", ["", "Пресс-центр\n"])
def test_a_ticker_without_a_known_heading_is_told_by_its_dates(heading: str) -> None:
    text = seed("000").replace("Последние новости\n", heading)
    assert kept(text).endswith("двусторонних отношений в промышленной сфере.")


def test_a_remnant_of_the_page_s_controls_ends_the_article() -> None:
    notice = next(line for line in seed("002").splitlines() if line.startswith("Данные о"))
    assert kept(seed("002").replace(notice + "\n", "")).endswith("Форуме регионов Беларуси и России.")


PAGES = {
    "a Russian portal": (
        "Главная > Новости > Экономика\n14:32, 5 ноября 2025\nАвтор: Мария Лесная\n\n"
        f"Завод в Заречье выпустил первый электробус\n\n{LEAD}\n\nЧитайте также: Новый мост открыли в Заречье\n\n"
        f"{MORE}\n\nФото: пресс-служба завода\nПодписывайтесь на наш Telegram-канал!\nПоделиться\nТеги: завод, ток\n"
        "Комментарии (3)\nОставить комментарий\n",
        f"Завод в Заречье выпустил первый электробус\n\n{LEAD}\n{MORE}",
    ),
    "a ticker above the headline": (
        "12:05 Курс доллара вырос\n11:40 В парке открыли каток\n11:02 Снег обещают к вечеру\n"
        f"Завод выпустил первый в области электробус\n{LEAD}\n{MORE}\n© 2025 «Заречье сегодня». Все права защищены.\n"
        "При использовании материалов сайта активная ссылка обязательна.\n",
        f"Завод выпустил первый в области электробус\n{LEAD}\n{MORE}",
    ),
    "a menu and related news amid the article": (
        "Новости\nПолитика\nСпорт\nПогода\nКонтакты\n\nЗавод выпустил первый в области электробус\n\n"
        f"{LEAD}\n\nПо теме:\n— Троллейбусы вернутся на улицы\n— Новый мост откроют весной\n\n{MORE}\n",
        f"Завод выпустил первый в области электробус\n\n{LEAD}\n{MORE}",
    ),
    "an English paper": (
        "News\n\nTown opens its new bridge at last\n\nBy Jane Doe\nPublished: November 5, 2025\n5 min read\n\n"
        f"{EN_LEAD}\n\nRead also: Ferry to close in spring\n\n{EN_MORE}\n\nPhoto by John Smith\n\nRelated articles\n"
        "Ferry to close in spring\nSchool wins a prize\n\n© 2025 Riverside Herald. All rights reserved.\n",
        f"Town opens its new bridge at last\n{EN_LEAD}\n{EN_MORE}",
    ),
    "English with calls to subscribe": (
        f"Town opens its new bridge at last\n{EN_LEAD}\nSign up for our weekly newsletter and never miss a story.\n"
        f"{EN_MORE}\nReporting by Jane Doe; Editing by Jo Smith\nMost read\n1. Ferry to close\n2. A prize\n",
        f"Town opens its new bridge at last\n{EN_LEAD}\n{EN_MORE}",
    ),
    "Markdown with front matter": (
        f"---\ntitle: Bridge\ndate: 2025-11-05\ntags: [town]\n---\n\n# Bridge\n\n{EN_LEAD}\n\n## Costs\n\n"
        f"- stone: 1\n- steel: 2\n\n{EN_MORE}\n",
        f"# Bridge\n\n{EN_LEAD}\n\n## Costs\n\n- stone: 1\n- steel: 2\n\n{EN_MORE}",
    ),
    "a hard-wrapped letter": (
        "The new bridge\n\nThe town council opened a new bridge over the river on\nMonday, two years after the work "
        "had begun and a year\nlater than the council had promised to the people who\nlive on the western side of the "
        "river and who had had\nto take the ferry.\n\nJane Doe\n",
        "The new bridge\n\nThe town council opened a new bridge over the river on\nMonday, two years after the work "
        "had begun and a year\nlater than the council had promised to the people who\nlive on the western side of the "
        "river and who had had\nto take the ferry.",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_only_the_article_of_a_page_is_kept(name: str) -> None:
    page, article = PAGES[name]
    assert kept(page) == article


@pytest.mark.parametrize(
    "text",
    [
        f"Завод выпустил первый электробус\n\n{LEAD}\n\nВ маршрут войдут остановки:\n\nВокзал\nРынок\nБольница",
        f"{LEAD}\n\nЧто дальше\n\n{MORE}\n\n- до конца года\n- двадцать машин",
        f"Голосование прошло 5 мая.\n\n{LEAD}\n\n| Год | Машины |\n|---|---|\n| 2024 | 1 |",
        f"{LEAD}\n\n10:00 – Началась торжественная церемония.\n10:30 – Директор завода ответил на вопросы.\n\n{MORE}",
        "Молоко\nХлеб\nМасло",
        "Фото с места аварии опубликовали очевидцы, и к вечеру их увидела вся область.",
        "Комментарии к закону подготовили юристы. Они заняли двести страниц и вышли отдельной книгой в мае.",
        "Реклама алкоголя запрещена с 2013 года. Штраф для компаний достигает пятисот тысяч рублей.",
        "By Friday the council must decide whether to keep the ferry. Share prices fell after the news.",
    ],
)
def test_what_belongs_to_the_article_is_never_left_out(text: str) -> None:
    assert kept(text) == text


def test_a_text_of_nothing_but_furniture_is_kept_whole() -> None:
    assert kept("...\n") == "..."
    assert main_ranges(" \n ") == ()


def test_a_list_of_other_pages_at_the_end_may_hold_short_sentences() -> None:
    assert kept(f"{LEAD}\n\n{MORE}\n\nПоследние новости\n\nМост открыли в срок и без аварий.\n\nКаток закрыли.") == (
        f"{LEAD}\n\n{MORE}"
    )


def test_furniture_is_told_from_sentences_that_begin_alike() -> None:
    assert is_furniture("Заметили ошибку? Выделите её и нажмите Ctrl+Enter")
    assert is_furniture("(Photo: Reuters/John Smith)")
    assert not is_furniture(
        "Фото — главное доказательство следствия по этому делу, считает адвокат обвиняемого Ильина."
    )
    assert not is_furniture("Подписание соглашения запланировано на осень, сообщили в пресс-службе.")
    assert not is_furniture("Related costs rose by 5%.")


def test_a_headline_is_short_and_no_sentence() -> None:
    def first(text: str) -> str | None:
        return headline(text, main_ranges(text))

    assert first(f"Завод выпустил электробус\n{LEAD}") == "Завод выпустил электробус"
    assert first(f"{LEAD}\n{MORE}") is None
    assert headline("", ()) is None


def test_a_rule_at_the_top_of_a_text_is_no_front_matter() -> None:
    assert front_matter("---\ndate: 2024\n---\ntext") == "---\ndate: 2024\n---\n"
    assert front_matter("---\nA first line of the text.\nAnd a second one.\n---\nmore") == ""


def test_given_paragraphs_lose_bylines_at_their_ends_only() -> None:
    pieces = ["Автор: Мария Лесная", LEAD, "Источник: Росстат", MORE, "Источник: Росстат"]
    text = "\n\n".join(pieces)
    starts = [sum(len(piece) + 2 for piece in pieces[:i]) for i in range(len(pieces))]
    found = paragraph_ranges(text, [Range(at, at + len(piece)) for at, piece in zip(starts, pieces, strict=True)])
    assert [text[range_.start : range_.end] for range_ in found] == ["\n\n".join(pieces[1:4])]


LINES = st.sampled_from(
    [
        LEAD,
        MORE,
        EN_LEAD,
        "Власть",
        "Последние новости",
        "- Новость 05.11.2025",
        "12:05 Новость",
        "...",
        "×",
        "Фото БЕЛТА.",
        "---",
        "date 2025-11-05",
        "Читайте также: мост",
        "",
        "\u00a0",
        "a\x0bb\x0cc\u2028d",
        "Заголовок из четырёх слов",
    ]
)


@given(st.one_of(st.text(), st.lists(LINES).flatmap(lambda lines: st.sampled_from(["\n", "\r\n", "\n\n", "\r"]).map(
    lambda end: end.join(lines)
))))  # fmt: skip
def test_ranges_are_in_bounds_ordered_apart_and_trimmed_for_any_text(text: str) -> None:
    ranges = main_ranges(text)
    end = -1
    for range_ in ranges:
        assert end < range_.start < range_.end <= len(text)
        piece = text[range_.start : range_.end]
        assert piece == piece.strip()
        assert re.search(r"[\r\n]|^date|^\W*$", text[max(0, range_.start - 20) : range_.start] or "\n")
        end = range_.end
    assert bool(ranges) == bool(text.strip())
