"""The conversations at the left, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from browser import ask, served
from playwright.sync_api import Locator, Page, expect

from istok.rag.assistant import Assistant
from istok.ui.conversations.store import Summary
from istok.ui.desk import Desk
from istok.ui.panes.conversations import SHOWN, found_html, list_html
from istok.ui.texts import ENGLISH, EXAMPLES, RUSSIAN, Texts

EXPORT = "экспорт возрос почти на 45%"
HOSTILE = "<img src=x onerror=window.hacked=20> ${window.hacked=21} {{x}} \"' </nav>"
OWN = RUSSIAN.conversations
OPENED = re.compile(r"[?&]conversation=\d+")


def rows(page: Page) -> Locator:
    return page.locator("#conversations .open .title")


def begin(page: Page) -> None:
    page.get_by_role("button", name=OWN.new).click()
    expect(page.locator("#chat .question")).to_have_count(0)


def act(page: Page, title: str, act: str) -> Locator:
    """Press one of the buttons of a conversation's row; the row."""
    row = page.locator("#conversations li", has_text=title).first
    row.hover()
    row.locator(f".{act}").click()
    return row


@pytest.fixture(autouse=True)
def nothing_kept(desk: Desk) -> None:
    for summary in desk.store.summaries(""):
        desk.store.delete(summary.id, "")


def test_conversations_are_listed_opened_and_kept_by_a_reload(visit: Callable[..., Page]):
    page = visit()
    expect(page.locator("#conversations")).to_contain_text(OWN.empty)
    expect(page).not_to_have_url(OPENED)
    ask(page, EXAMPLES[0])
    expect(rows(page)).to_have_text([EXAMPLES[0]])
    expect(page.locator("#conversations h2")).to_have_text([OWN.today])
    begin(page)
    expect(page.locator("#question textarea")).to_be_focused()
    expect(page).not_to_have_url(OPENED)
    ask(page, EXAMPLES[2])
    expect(rows(page)).to_have_text([EXAMPLES[2], EXAMPLES[0]])
    expect(page.locator("#conversations [aria-current]")).to_have_text(EXAMPLES[2])
    rows(page).nth(1).click()
    expect(page.locator("#chat .question")).to_have_text([EXAMPLES[0]])
    expect(page.locator("#conversations [aria-current]")).to_have_text(EXAMPLES[0])
    expect(page.locator("#panel .sources").first).to_contain_text("почти на 45%")
    expect(page).to_have_url(OPENED)
    page.reload()
    expect(page.locator("#chat .answer")).to_contain_text(EXPORT)
    expect(page.locator("#conversations [aria-current]")).to_have_text(EXAMPLES[0])


def test_a_restart_of_the_server_keeps_all_of_it(visit: Callable[..., Page], assistant: Assistant):
    page = visit()
    ask(page, EXAMPLES[0])
    with served(Desk(Assistant(assistant.index, assistant.reader))) as second:
        page = visit(to=second)
        rows(page).first.click()
        expect(page.locator("#chat .answer")).to_contain_text(EXPORT)
        page.locator("#chat .answer").get_by_text("[1]").first.click()
        expect(page.locator("#panel mark")).to_contain_text(EXPORT)


def test_an_unknown_conversation_in_the_address_leads_to_a_new_one(visit: Callable[..., Page], address: str):
    page = visit(to=f"{address}?conversation=999999")
    expect(page.locator("#conversations")).to_contain_text(OWN.empty)
    expect(page.locator("#chat .question")).to_have_count(0)
    expect(page).not_to_have_url(OPENED)


def test_one_is_renamed_in_its_place_by_keyboard(visit: Callable[..., Page], desk: Desk):
    page = visit()
    ask(page, EXAMPLES[0])
    act(page, EXAMPLES[0], "rename")
    field = page.locator("#conversations input")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-label", OWN.rename(EXAMPLES[0]))
    field.fill("не то")
    field.press("Escape")
    expect(rows(page)).to_have_text([EXAMPLES[0]])
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    field.fill(HOSTILE)
    field.press("Enter")
    expect(rows(page)).to_have_text([HOSTILE])
    expect(page.locator("#conversations .open")).to_be_focused()
    assert desk.store.summaries("")[0].title == HOSTILE
    page.reload()
    expect(rows(page)).to_have_text([HOSTILE])
    assert page.locator("#conversations img").count() == 0


def test_deleting_asks_once_and_takes_the_open_one_off_the_page(visit: Callable[..., Page], desk: Desk):
    page = visit()
    ask(page, EXAMPLES[0])
    begin(page)
    ask(page, EXAMPLES[2])
    row = act(page, EXAMPLES[2], "delete")
    expect(row.get_by_role("button", name=OWN.no)).to_be_focused()
    page.keyboard.press("Escape")
    expect(row.locator(".sure")).to_have_count(0)
    assert len(desk.store.summaries("")) == 2
    act(page, EXAMPLES[2], "delete").locator(".yes").click()
    expect(rows(page)).to_have_text([EXAMPLES[0]])
    expect(page.locator("#chat .question")).to_have_count(0)
    expect(page.locator("#conversations .open")).to_be_focused()
    expect(page).not_to_have_url(OPENED)
    assert [summary.title for summary in desk.store.summaries("")] == [EXAMPLES[0]]


def test_what_was_said_is_found_in_any_case_and_marked(visit: Callable[..., Page]):
    page = visit()
    ask(page, EXAMPLES[0])
    begin(page)
    ask(page, EXAMPLES[4])
    field = page.get_by_label(OWN.search)
    field.fill("ВОЗРОС")
    expect(rows(page)).to_have_text([EXAMPLES[0]])
    expect(page.locator("#conversations mark")).to_have_text(["возрос"])
    field.fill("квазибарсук")
    expect(page.locator("#conversations")).to_contain_text(OWN.nothing)
    field.fill("возрос")
    expect(rows(page)).to_have_count(1)
    field.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .question")).to_have_text([EXAMPLES[0]])
    expect(page.locator("#conversations [aria-current]")).to_have_count(1)
    field.press("Escape")
    expect(rows(page)).to_have_count(2)


def test_one_is_saved_as_markdown_under_its_title(visit: Callable[..., Page], tmp_path: Path):
    page = visit("en-US")
    ask(page, EXAMPLES[4])
    for _ in range(2):
        with page.expect_download() as download:
            act(page, EXAMPLES[4], "export")
        assert download.value.suggested_filename == "Who is Anton Alikhanov.md"
    download.value.save_as(tmp_path / "x.md")
    text = (tmp_path / "x.md").read_text("utf-8")
    assert text.startswith("# Who is Anton Alikhanov?\n")
    assert "[1]" in text
    assert f"## {ENGLISH.page.sources}\n\n1. **" in text


def test_the_list_is_walked_by_arrows_and_the_focus_stays_when_it_grows(visit: Callable[..., Page], desk: Desk):
    for title in ("один", "два", "три"):
        desk.store.begin("", title)
    page = visit()
    expect(rows(page).last).to_be_visible()  # `focus` doesn't wait for it, and what isn't drawn yet takes none
    page.locator("#conversations .open").last.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#conversations .open").nth(1)).to_be_focused()
    desk.store.begin("", "четыре")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(4)
    expect(page.locator("#conversations li", has_text="два").locator(".open")).to_be_focused()


def test_tabs_do_not_mix(visit: Callable[..., Page]):
    one, two = visit(), visit()
    ask(one, EXAMPLES[0])
    ask(two, EXAMPLES[2])
    expect(one.locator("#chat .question")).to_have_text([EXAMPLES[0]])
    expect(two.locator("#chat .question")).to_have_text([EXAMPLES[2]])
    begin(one)
    expect(two.locator("#chat .question")).to_have_text([EXAMPLES[2]])


def test_one_deleted_in_another_tab_is_said_to_be_gone_and_its_tab_begins_anew(visit: Callable[..., Page]):
    one = visit()
    ask(one, EXAMPLES[0])
    two = visit()
    begin(one)
    act(two, EXAMPLES[0], "delete").locator(".yes").click()
    expect(rows(two)).to_have_count(0)
    rows(one).first.click()
    expect(one.get_by_text(OWN.gone)).to_be_visible()
    expect(rows(one)).to_have_count(0)


def test_an_answer_goes_on_while_another_is_read_and_deleting_it_stops_it(
    visit: Callable[..., Page], patient_address: str, desk: Desk
):
    page = visit(to=patient_address)
    page.locator("#question textarea").fill(EXAMPLES[0])
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat .draft")).to_contain_text("Думаю вслух")
    begin(page)
    expect(page.locator("#conversations .answering")).to_have_text([OWN.answering])
    expect(page.locator("#chat .draft")).to_have_count(0)
    rows(page).first.click()
    expect(page.locator("#chat .draft")).to_contain_text("Думаю вслух")
    act(page, EXAMPLES[0], "delete").locator(".yes").click()
    expect(rows(page)).to_have_count(0)
    expect(page.locator("#chat .question")).to_have_count(0)
    assert desk.store.summaries("") == []


def test_on_a_phone_a_conversation_opened_from_the_sidebar_is_seen(visit: Callable[..., Page], desk: Desk):
    desk.store.begin("", "Раз" * 40)
    page = visit(width=390)
    page.locator("#left .toggle-button").click()
    rows(page).first.click()
    expect(page.locator("#question textarea")).to_be_in_viewport()
    expect(page.locator("#conversations .open").first).not_to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(
    ("texts", "headings"),
    [
        (RUSSIAN, ["Сегодня", "Вчера", "3 января 2026 г."]),
        (ENGLISH, ["Today", "Yesterday", "January 3, 2026"]),
    ],
)
def test_days_are_told_in_words(texts: Texts, headings: list[str]):
    days = ("2026-01-10", "2026-01-10", "2026-01-09", "2026-01-03")
    summaries = [Summary(n, f"t{n}", f"{day}T12:00:00.000+00:00") for n, day in enumerate(days)]
    html = list_html(summaries, 2, texts, date(2026, 1, 10))
    places = [html.index(f"<h2>{heading}</h2>") for heading in headings]
    assert places == sorted(places)
    assert html.count("<h2>") == 3
    assert html.index("aria-current") > html.index("t1</span>")


def test_titles_and_excerpts_are_escaped_and_a_long_list_says_what_it_leaves_out():
    hostile = Summary(1, HOSTILE, "2026-01-10T12:00:00.000+00:00", excerpt=HOSTILE)
    for html in (list_html([hostile], None, RUSSIAN), found_html([hostile], "onerror <img", None, RUSSIAN)):
        assert "<img" not in html.replace("<mark>&lt;img</mark>", "")
        assert html.count("</nav>") == 1
    html = list_html([hostile] * (SHOWN + 7), None, RUSSIAN)
    assert html.count("<li ") == SHOWN
    assert OWN.older(7) in html
