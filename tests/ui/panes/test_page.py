"""What holds the panes together."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import ask
from playwright.sync_api import Page, expect

from istok.ui.texts import ENGLISH, EXAMPLES, RUSSIAN, TEXTS

TEXT = "#chat .question, #chat .answer, #panel .sources li, #panel .article"


def test_the_page_speaks_the_browsers_language(visit: Callable[..., Page]):
    for locale, texts in (("ru-RU", RUSSIAN), ("fr-FR", ENGLISH)):
        page = visit(locale)
        expect(page.locator("#header h1")).to_have_text(texts.page.title)
        expect(page.locator("html")).to_have_attribute("lang", texts.language)


@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_nothing_is_wider_than_the_window(visit: Callable[..., Page], width: int):
    page = visit(width=width)
    too_wide = f"() => [...document.querySelectorAll('{TEXT}')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    answer = ask(page, "Что делает " + "сверхдлиннонепереносимо" * 12 + " и кто такой Антон Алиханов?")
    expect(page.locator("#panel .sources li").first).to_be_visible()
    assert page.evaluate(too_wide) == 0
    answer.locator(".cite").first.click()
    expect(page.locator("#panel .article")).to_be_visible()
    assert page.evaluate(too_wide) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_the_drawers_are_closed_until_they_are_called_and_when_something_is_opened_from_them(
    visit: Callable[..., Page], page: Page
):
    expect(page.get_by_role("tab", name=RUSSIAN.conversations.tab)).to_be_in_viewport()
    phone = visit(width=390)
    tabs = phone.get_by_role("tab", name=RUSSIAN.documents.tab(6))
    expect(tabs).not_to_be_in_viewport()
    phone.get_by_role("button", name=RUSSIAN.page.drawers).click()
    expect(tabs).to_be_in_viewport()
    tabs.click()
    phone.locator("#documents [name=open]").first.click()
    expect(phone.locator("#panel .article")).to_be_focused()
    expect(phone.locator("#panel h2")).to_be_in_viewport()
    expect(tabs).not_to_be_in_viewport()


@pytest.mark.parametrize(("locale", "scheme", "width"), [("ru-RU", "light", 1366), ("en-US", "dark", 390)])
def test_axe_finds_no_fault(visit: Callable[..., Page], locale: str, scheme: str, width: int):
    page = visit(locale, scheme=scheme, width=width)
    texts = TEXTS["ru" if locale == "ru-RU" else "en"]

    def check(where: str) -> None:
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        faults = [
            f"{where}: {fault['id']}: {fault['help']}: " + " ".join(node["html"][:160] for node in fault["nodes"][:3])
            for fault in found.response["violations"]
        ]
        assert not faults, "\n".join(faults)

    check("empty")
    ask(page, EXAMPLES[0]).locator(".cite").first.click()
    expect(page.locator("#panel .article mark").first).to_be_visible()
    check("answer with its source")
    ask(page, "Сколько тракторов Беларусь поставила в Китай в 2019 году?")
    check("abstention")
    if width < 821:
        page.get_by_role("button", name=texts.page.drawers).click()
    for name in (texts.conversations.tab, re.compile(texts.documents.tab(6)[:5]), texts.settings.tab):
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(300)  # the drawer slides
        check(str(name))


def test_a_follow_up_hears_the_turns_before_it_and_says_what_was_searched_for(page: Page):
    ask(page, "Кто сейчас премьер-министр Беларуси?")
    answer = ask(page, "А Казахстана?")
    expect(answer).to_contain_text(RUSSIAN.talk.searched("Кто сейчас премьер-министр Казахстана?"))
