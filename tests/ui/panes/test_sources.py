"""The sources of an answer in a browser: each mark leads to its sentence, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import HOSTILE_NAME, ask, drawer
from playwright.sync_api import Locator, Page, expect

from istok.rag.types import Answer
from istok.ui.desk import Desk
from istok.ui.html.source import sources
from istok.ui.texts import ENGLISH, EXAMPLES, RUSSIAN, TEXTS, Texts

COOPERATION = "Что известно о сотрудничестве с Узбекистаном?"
NOTHING = "Сколько тракторов Беларусь поставила в Китай в 2019 году?"


def last_answer(desk: Desk) -> Answer:
    """Of the conversation that was spoken in last."""
    answer = desk.store.records(desk.store.summaries("")[0].id, "")[-1].answer
    assert answer
    return answer


def marks(answer: Locator) -> Locator:
    """The links to its sources."""
    return answer.locator("a[href^='#source-']")


def assert_opened(page: Page, quote: str) -> Locator:
    """The quote is what is marked inside the article, and a person sees it; the mark."""
    mark = page.locator("#panel .article mark")
    expect(mark).to_have_text(said(quote))
    expect(mark).to_be_in_viewport()
    (_, top, *_), (_, above, _, height) = map(box, (mark, page.locator("#panel .article")))
    assert above <= top < above + height
    return mark


def box(of: Locator) -> tuple[float, float, float, float]:
    """Left, top, width and height in pixels."""
    found = of.bounding_box()
    assert found
    return found["x"], found["y"], found["width"], found["height"]


def said(text: str) -> str:
    return " ".join(text.split())


def write(desk: Desk, path: Path, text: str) -> None:
    """A document that is found by its words at once."""
    path.write_text(text, "utf-8")
    desk.index.store([path])


@pytest.mark.parametrize(("locale", "question"), [("ru-RU", COOPERATION), ("en-US", EXAMPLES[3]), ("ru-RU", NOTHING)])
def test_every_mark_opens_exactly_its_sentence(visit: Callable[..., Page], desk: Desk, locale: str, question: str):
    page = visit(locale)
    answer = ask(page, question)
    citations = last_answer(desk).citations
    numbers = [int(re.search(r"\[(\d+)\]", text)[1]) for text in marks(answer).all_inner_texts()]
    assert set(numbers) == set(range(1, len(citations) + 1))
    for position, number in enumerate(numbers):
        citation = citations[number - 1]
        marks(answer).nth(position).click()
        assert_opened(page, citation.quote)
        document = desk.index.document(citation.document)
        assert said(document.text) == said(page.locator("#panel .article").inner_text())
        assert citation.document in page.locator("#panel .facts").inner_text()
        texts = TEXTS["ru" if locale == "ru-RU" else "en"]
        expect(page.locator("#panel nav .count")).to_have_text(texts.sources.source(number, len(citations)))
        expect(page.locator("#panel nav [aria-current]")).to_have_text(str(number))
        expect(marks(answer).nth(position)).to_have_attribute("aria-current", "true")


def test_another_citation_in_the_same_article_is_marked_quietly_and_opens(page: Page, desk: Desk):
    marks(ask(page, COOPERATION)).first.click()
    first, second = last_answer(desk).citations[:2]
    assert first.document == second.document
    also = page.locator("#panel .article a.also").first
    expect(also).to_have_text(said(second.quote))
    also.click()
    assert_opened(page, second.quote)
    expect(page.locator("#panel .article a.also").first).to_have_text(said(first.quote))


def test_previous_and_next_walk_through_the_sources(page: Page, desk: Desk):
    ask(page, NOTHING)
    quotes = [said(citation.quote) for citation in last_answer(desk).citations]
    assert len(quotes) > 1
    page.locator("#panel .sources a").first.click()
    assert_opened(page, quotes[0])
    page.get_by_role("link", name=RUSSIAN.sources.next).click()
    assert_opened(page, quotes[1])
    page.get_by_role("link", name=RUSSIAN.sources.previous).press("Enter")
    assert_opened(page, quotes[0])
    expect(page.get_by_role("link", name=RUSSIAN.sources.previous)).to_have_count(0)


def test_all_of_it_goes_by_keyboard(page: Page, desk: Desk):
    answer = ask(page, COOPERATION)
    first, second = (said(citation.quote) for citation in last_answer(desk).citations[:2])
    marks(answer).first.focus()
    page.keyboard.press("Enter")
    expect(assert_opened(page, first)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(assert_opened(page, second)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    assert_opened(page, first)
    page.keyboard.press("ArrowLeft")  # there is none before it
    page.keyboard.press("ArrowRight")
    assert_opened(page, second)
    page.keyboard.press("Escape")
    expect(page.locator("#panel mark")).to_have_count(0)
    expect(answer.get_by_text("[2]", exact=True).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(assert_opened(page, second)).to_be_focused()
    back = page.get_by_role("button", name=RUSSIAN.sources.back)
    back.focus()
    expect(back).to_have_css("outline-style", "solid")
    page.keyboard.press("Enter")
    row = page.locator("#panel .sources a").nth(1)
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    assert_opened(page, second)


def test_what_was_read_but_not_cited_is_folded_below_and_opens_too(visit: Callable[..., Page], desk: Desk):
    page = visit("en-US")
    ask(page, EXAMPLES[3])
    further = page.locator("#panel .further")
    expect(further.locator("a").first).not_to_be_visible()
    further.locator("summary").first.press("Enter")
    row = further.locator("a").nth(1)
    quote = said(row.locator(".quote").inner_text())
    row.click()
    assert_opened(page, quote)
    expect(page.locator("#panel nav .count")).to_have_text(ENGLISH.sources.uncited)
    expect(page.locator("#status")).to_have_text(ENGLISH.sources.uncited)
    page.get_by_role("button", name=ENGLISH.sources.back).click()
    expect(row).to_be_focused()
    expect(row).to_be_visible()


def test_the_places_in_the_search_are_told_on_demand(page: Page, desk: Desk):
    ask(page, COOPERATION)
    ranks = last_answer(desk).citations[0].ranks
    assert ranks
    details = page.locator("#panel .relevance").first
    expect(details.locator("dl")).not_to_be_visible()
    details.locator("summary").click()
    expect(details.locator("dl")).to_contain_text(f"по смыслу: {ranks.dense}-е место")
    expect(details.locator("dl")).to_contain_text(f"по словам: {ranks.lexical}-е место")


def test_the_marks_of_each_answer_lead_to_its_own_sources(page: Page, desk: Desk):
    one = ask(page, EXAMPLES[0])
    quote = said(last_answer(desk).citations[0].quote)
    two = ask(page, NOTHING)
    expect(page.locator("#panel h2")).to_have_text(RUSSIAN.sources.nearest)
    marks(one).first.click()
    assert_opened(page, quote)
    page.get_by_role("button", name=RUSSIAN.sources.back).click()
    expect(page.locator("#panel h2")).to_have_text(RUSSIAN.sources.of_answer)
    marks(two).first.click()
    assert_opened(page, last_answer(desk).citations[0].quote)


def test_a_document_that_has_changed_or_gone_since_is_said_to(page: Page, desk: Desk, tmp_path: Path):
    path = tmp_path / "Парк.txt"
    write(desk, path, "Городской парк\n\nВ парке Лазоревый высадили 812 кедров.\n")
    mark = marks(ask(page, "Сколько кедров высадили в парке Лазоревый?")).first
    mark.click()
    quote = last_answer(desk).citations[0].quote
    assert_opened(page, quote)
    expect(page.locator("#panel .warning")).to_have_count(0)
    for text, warning in (
        ("Городской парк\n\nНовость.\n\nВ парке Лазоревый высадили 812 кедров.\n", RUSSIAN.sources.moved),
        ("Городской парк\n\nВ парке Лазоревый высадили 800 кедров.\n", RUSSIAN.sources.changed),
    ):
        page.keyboard.press("Escape")
        expect(page.locator("#panel mark")).to_have_count(0)
        write(desk, path, text)
        mark.click()
        expect(page.locator("#panel .warning")).to_have_text(warning)
        assert_opened(page, quote)
    page.keyboard.press("Escape")
    expect(page.locator("#panel mark")).to_have_count(0)
    desk.index.remove(last_answer(desk).citations[0].document)
    mark.click()
    expect(page.locator("#panel .warning")).to_have_text(RUSSIAN.sources.gone)
    assert_opened(page, quote)


def test_more_of_a_long_document_is_shown_without_losing_the_place(page: Page, desk: Desk, tmp_path: Path):
    page_of_it = "\n".join(f"Страница {number} длинной летописи." for number in range(1_500))
    path = tmp_path / "Летопись.txt"
    write(desk, path, f"Летопись\n\n{page_of_it}\nКнязь Зебрино построил маяк.\n{page_of_it}")
    marks(ask(page, "Что построил князь Зебрино?")).first.click()
    quote = last_answer(desk).citations[0].quote
    assert "маяк" in quote
    assert_opened(page, quote)
    article = page.locator("#panel .article")
    length = len(article.inner_text())
    assert length < 60_000
    top, rest = "e => e.scrollTop", "e => e.scrollHeight - e.scrollTop"
    earlier = page.get_by_role("button", name=RUSSIAN.sources.earlier)
    earlier.focus()
    place = article.evaluate(rest)
    page.keyboard.press("Enter")
    expect(earlier).to_have_count(0)  # that was the beginning
    expect(article).to_be_focused()
    assert len(article.inner_text()) > length + 20_000
    assert abs(article.evaluate(rest) - place) < 2
    later = page.get_by_role("button", name=RUSSIAN.sources.later)
    later.focus()
    place = article.evaluate(top)
    page.keyboard.press("Enter")
    expect(later).to_have_count(0)
    assert abs(article.evaluate(top) - place) < 2
    document = desk.index.document(last_answer(desk).citations[0].document)
    assert said(article.inner_text()) == said(document.text)


def test_a_document_from_the_drawer_is_read_in_the_same_place(visit: Callable[..., Page], desk: Desk):
    page = visit()
    drawer(page, RUSSIAN.documents.tab(desk.index.counts()[0]))
    title = page.locator("#documents").get_by_role("button", name="Делегация Минпрома").first
    title.click()
    expect(page.locator("#panel h2")).to_contain_text("Делегация Минпрома")
    expect(page.locator("#panel .article")).to_contain_text("Форуме регионов")
    expect(page.locator("#panel mark")).to_have_count(0)
    expect(page.locator("#panel .article")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel .article")).to_have_count(0)
    expect(title).to_be_focused()


@pytest.mark.parametrize(("locale", "texts"), [("ru-RU", RUSSIAN), ("en-US", ENGLISH)])
def test_on_a_phone_a_mark_leads_down_to_its_source_and_a_button_back_up(
    visit: Callable[..., Page], desk: Desk, locale: str, texts: Texts
):
    page = visit(locale, width=390)
    mark = marks(ask(page, COOPERATION)).first
    quote = last_answer(desk).citations[0].quote
    mark.click()
    assert_opened(page, quote)
    expect(mark).not_to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name=texts.sources.to_answer).click()
    expect(mark).to_be_in_viewport()
    mark.click()  # it is open already, and still leads there
    assert_opened(page, quote)
    expect(mark).not_to_be_in_viewport()


def test_hostile_and_endless_words_do_no_harm(visit: Callable[..., Page], desk: Desk, tmp_path: Path):
    endless = "https://example.com/" + "оченьдлинноеслово" * 60
    name = "Отчёт\u202eexe.txt"
    write(desk, tmp_path / name, f"{endless}\n\nАкваланг Бормотухин {endless} нашёл клад\u202e 12 монет.\n")
    page = visit(width=1366)
    answer = ask(page, "Кто выиграл кубок: Квазибарсук?")
    number = next(one.number for one in last_answer(desk).citations if one.document.endswith(HOSTILE_NAME))
    answer.locator(f"a[href='#source-0-{number}']").first.click()
    expect(page.locator("#panel mark")).to_contain_text("<svg onload=window.hacked=7>")
    expect(page.locator("#panel .article")).to_contain_text("<script>window.hacked=2</script>")
    expect(page.locator("#panel .article")).to_contain_text("${window.hacked=3} {{window.hacked=4}}")
    expect(page.locator("#panel .facts")).to_contain_text(HOSTILE_NAME)
    assert page.locator("#panel :is(img, svg, script, a:not([href^='#source-']))").count() == 0
    marks(ask(page, "Что нашёл Акваланг Бормотухин?")).first.click()
    expect(page.locator("#panel mark")).to_contain_text("клад 12 монет")
    assert "\u202e" not in page.locator("#panel").inner_text()
    # As on a phone, where the drawers are closed until they are called.
    page.locator("#left .toggle-button").click()
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        wide = """panel => [...panel.querySelectorAll("section, h2, nav, .article, .facts")]
            .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"""
        assert page.locator("#panel").evaluate(wide) == []


def test_of_quick_clicks_the_last_one_counts(page: Page, desk: Desk):
    answer = ask(page, COOPERATION)
    quote = last_answer(desk).citations[1].quote
    for _ in range(3):
        for number in (1, 2):
            answer.locator(f"a[href='#source-0-{number}']").first.click()
    assert_opened(page, quote)
    page.wait_for_timeout(300)
    assert_opened(page, quote)


def test_events_that_make_no_sense_change_nothing(page: Page, desk: Desk):
    answer = ask(page, EXAMPLES[0])
    expect(page.locator("#panel .sources a").first).to_be_visible()
    for href in ("#source-7-1", "#source-0-99", "#source-0-0", "#source-x-y", "#source-"):
        marks(answer).first.evaluate("(link, href) => { link.setAttribute('href', href); link.click(); }", href)
        expect(page.locator("#panel .sources a").first).to_be_visible()
    marks(answer).first.evaluate("(link) => { link.setAttribute('href', '#source-0-1'); }")
    marks(answer).first.click()
    assert_opened(page, last_answer(desk).citations[0].quote)


def test_what_the_list_shows_is_what_the_answer_has(page: Page, desk: Desk):
    ask(page, COOPERATION)
    answer = last_answer(desk)
    expect(page.get_by_role("region", name=RUSSIAN.sources.region)).to_be_visible()
    shown = page.locator("#panel > * .sources").first.locator("li .quote").all_inner_texts()
    assert [said(quote) for quote in shown] == [said(one.quote) for one in answer.citations]
    assert len(sources(answer)) >= len(answer.citations)
