from istok.index.article import Article
from istok.index.webpage import read

RUSSIAN = """<!DOCTYPE html><html><head><title>Первый электробус — Вести Заречья</title></head><body>
<header><div class="logo">Вести Заречья</div><nav><ul><li><a href="/">Главная</a></li></ul></nav></header>
<div class="ticker"><span>12:05</span> <a href="#">Курс доллара вырос</a></div>
<main><article><h1>Завод выпустил первый электробус</h1>
<p class="date">12 марта 2024, 10:15</p><p>Автор: Иван Петров</p>
<p>Первый электробус собрали сегодня.</p>
<p>На <b>заводе</b> <i>в Заречье</i> собрали первый электробус, который скоро выйдет на маршрут возить людей.</p>
<h2>Что дальше</h2>
<p>До конца года завод рассчитывает выпустить ещё двадцать машин, сообщил директор Пётр Ильин.</p>
<p>Фото: пресс-служба завода</p><p>Читайте также: <a href="#">Новый мост открыли</a></p>
</article></main>
<div class="related"><h3>Новости по теме</h3><ul><li><a href="#">Троллейбусы вернутся на улицы города уже в следующем
году после ремонта депо и подстанций</a> 11.03.2024</li></ul></div>
<footer><p>© 2024 Вести Заречья. Все права защищены.</p></footer></body></html>"""
ENGLISH = """<html><head><meta property="og:title" content="Town opens bridge"><title>x</title>
<meta property="article:published_time" content="2023-05-06T10:00:00Z">
<meta property="article:modified_time" content="2023-05-09T10:00:00Z"></head><body>
<div id="menu"><a href="a">Home</a> <a href="b">News</a></div><h1>Town opens its bridge</h1><p>By Jane Doe</p>
<p>The town council opened a new bridge on Monday.</p>
<p>It cost $3 million and took two years to build, the mayor said, adding that a second one is planned.</p>
<div class="sidebar"><p>The most popular stories of the week are collected here for all of our readers and their friends
who would like to know what the town has been talking about.</p></div></body></html>"""
NEWS = "Участники обсудили разные вопросы и договорились встретиться ещё раз осенью в Минске, рассказал директор Ильин."


def kept(article: Article) -> list[str]:
    return "\n\n".join(article.text[range_.start : range_.end] for range_ in article.main).split("\n\n")


def test_a_short_russian_page_keeps_its_headings_and_paragraphs_only() -> None:
    assert kept(read(RUSSIAN)) == [
        "Завод выпустил первый электробус",
        "Первый электробус собрали сегодня.",
        "На заводе в Заречье собрали первый электробус, который скоро выйдет на маршрут возить людей.",
        "Что дальше",
        "До конца года завод рассчитывает выпустить ещё двадцать машин, сообщил директор Пётр Ильин.",
    ]


def test_a_short_english_page_keeps_its_headings_and_paragraphs_only() -> None:
    assert kept(read(ENGLISH)) == [
        "Town opens its bridge",
        "The town council opened a new bridge on Monday.",
        "It cost $3 million and took two years to build, the mayor said, adding that a second one is planned.",
    ]


def test_what_is_left_out_stays_in_the_text_in_its_place() -> None:
    text = read(RUSSIAN).text
    assert text.index("Главная") < text.index("Завод выпустил") < text.index("Читайте также") < text.index("©")


def test_the_title_is_the_page_s_own() -> None:
    assert read(ENGLISH).title == "Town opens bridge"
    assert read(RUSSIAN).title == "Завод выпустил первый электробус"
    assert read(f"<head><title>Мост открыт — Вести</title></head><p>{NEWS}</p>").title == "Мост открыт"


def test_the_date_of_first_publication_is_taken_from_the_markup() -> None:
    found = read(ENGLISH)
    assert (found.date, found.date_basis) == ("2023-05-06", "the page's own markup")


def test_a_date_line_above_the_text_is_taken_where_the_markup_has_none() -> None:
    found = read(RUSSIAN)
    assert (found.date, found.date_basis) == (
        "2024-03-12",
        'date line at the top of the text: "12 марта 2024, 10:15"',
    )


def test_no_date_is_invented_from_running_text_lists_pictures_or_footers() -> None:
    for piece in (
        f"<p>Встреча прошла 2020-01-01. {NEWS}</p>",
        f"<p>Коротко: 2020-01-01</p><p>{NEWS}</p>",
        f"<h1>Итоги 01.01.2020</h1><p>{NEWS}</p>",
        f"<p>{NEWS}</p><ul><li class='date'>2020-01-01</li></ul>",
        f"<p>{NEWS}</p><aside><time datetime='2020-01-01'>1 января</time></aside>",
        f"<p>{NEWS}</p><footer>© 2020-01-01</footer><img src='/2020/01/01/a.png'>",
    ):
        assert read(f"<html><body>{piece}</body></html>").date is None, piece


def test_a_page_too_short_for_jus_text_is_kept_without_its_navigation() -> None:
    assert kept(read("<nav>Главная</nav><div>Мост открыт.</div><footer>Почта</footer>")) == ["Мост открыт."]


def test_xhtml_and_rubbish_are_read_too() -> None:
    assert kept(read(f'<?xml version="1.0" encoding="windows-1251"?><html><body><p>{NEWS}</p></body></html>')) == [NEWS]
    assert read("<html></html>").text == read(" ").text == ""
