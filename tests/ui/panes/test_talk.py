"""Questions and answers as people meet them: asking, following, doubting, asking again, voting."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from threading import Event

import pytest
from browser import HOSTILE_NAME, ask, served
from playwright.sync_api import Page, expect

from istok.index.home import Home
from istok.index.types import Language
from istok.rag.assistant import Assistant
from istok.rag.readers import ReaderEvent, Waiting
from istok.rag.types import Claim, Evidence, Reading, Turn
from istok.ui.desk import Desk
from istok.ui.page import Page as ChatPage
from istok.ui.serving.server import launch
from istok.ui.tab import Tab
from istok.ui.texts import ENGLISH, EXAMPLES, RUSSIAN

TALK = RUSSIAN.talk
EXPORT = "экспорт возрос почти на 45%"
INVENTED = "По итогам 2023 года сохранена положительная и заодно построили большой серебристый дирижабль прошлым летом"


class Teller:
    """Thinks aloud, waits to be let go on where the question says so, then quotes and adds something of its own."""

    name = "teller"

    def __init__(self) -> None:
        self.go = Event()

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        if "сломайся" in question:
            raise RuntimeError("the teller broke")
        if "подожди" in question:
            yield Waiting(2)
            while not self.go.wait(0.02) and not stop.is_set():
                pass
            yield Waiting(0)
        yield "Думаю вслух"
        while "подумай" in question and not stop.wait(0.02):
            pass
        if not stop.is_set():
            yield Claim(evidence[1].text, (1,))
            yield Claim(INVENTED, (1,))
        yield Reading((), used=len(evidence.sentences), stopped=stop.is_set())


@pytest.fixture(scope="module")
def teller() -> Teller:
    return Teller()


@pytest.fixture(scope="module")
def telling(assistant: Assistant, teller: Teller) -> Desk:
    return Desk(Assistant(assistant.index, teller))


@pytest.fixture(scope="module")
def told(telling: Desk) -> Iterator[str]:
    with served(telling) as address:
        yield address


def put(page: Page, question: str) -> None:
    """Ask, and don't wait."""
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def test_an_empty_chat_says_what_there_is_and_each_example_is_answered(visit: Callable[..., Page]):
    page = visit()
    invitation = page.locator("#chat .invitation")
    expect(invitation).to_contain_text(TALK.about)
    expect(invitation.locator(".facts")).to_contain_text("6 документов, ")
    expect(invitation.locator(".facts")).to_contain_text("2024 г. – ")
    expect(invitation.locator(".hint")).to_have_text(TALK.quote_reader)
    expect(invitation.locator("button")).to_have_text(list(EXAMPLES))
    for example in EXAMPLES:
        page.get_by_role("button", name=example).click()
        expect(page.locator("#chat .question")).to_have_text([example])
        expect(page.locator("#chat .answer.answered a.cite").first).to_have_text("[1]")
        page.get_by_role("button", name=RUSSIAN.conversations.new).click()
        expect(page.locator("#chat .question")).to_have_count(0)
    expect(visit("en-US").locator("#chat .invitation .hint")).to_have_text(ENGLISH.talk.quote_reader)


def test_an_empty_index_says_what_to_do(visit: Callable[..., Page], tmp_path_factory: pytest.TempPathFactory):
    desk = Desk(Assistant.open(Home.open(tmp_path_factory.mktemp("empty")), reader="quote"))
    with served(desk) as address:
        page = visit("en-US", to=address)
        expect(page.locator("#chat .invitation .warning")).to_contain_text("istok index FOLDER")
        expect(page.locator("#chat .invitation button")).to_have_count(0)


def test_other_documents_are_asked_what_they_say_and_a_scope_is_shown_until_it_is_lifted(
    visit: Callable[..., Page], assistant: Assistant, tmp_path_factory: pytest.TempPathFactory
):
    folder = tmp_path_factory.mktemp("own")
    title = "Лесничество <b>посадило</b> 812 кедров"
    (folder / "Лес.txt").write_text(f"{title}\n\nВ 2023 году лесничество посадило 812 кедров у реки.\n", "utf-8")
    (folder / "Сад.txt").write_text("Сад\n\nВ саду растут яблони.\n", "utf-8")
    desk = Desk(Assistant.open(Home.open(tmp_path_factory.mktemp("others")), reader="quote"))
    desk.index.update([folder])
    chat = ChatPage(desk)
    chat.tab.value = Tab(scope=frozenset({"Лес.txt"}))
    with launch(chat, socket.create_server(("127.0.0.1", 0))) as server:
        page = visit(to=server.address)
        expect(page.locator("#bar .scope span")).to_have_text(TALK.scope(1, 2))
        page.get_by_role("button", name=TALK.said_in(title)).click()
        expect(page.locator("#chat .answer.answered")).to_contain_text("812 кедров")
        page.get_by_role("button", name=TALK.everywhere).click()
        expect(page.locator("#bar .scope")).to_have_count(0)


def test_an_answer_comes_piece_by_piece_and_is_said_aloud_once(visit: Callable[..., Page], told: str, teller: Teller):
    teller.go.clear()
    page = visit(to=told)
    put(page, f"{EXAMPLES[0]} подожди")
    draft = page.locator("#chat .draft")
    expect(draft).to_have_text(TALK.ahead(2))
    expect(page.locator("#said")).to_have_text(TALK.thinking)
    expect(page.get_by_role("log", name=TALK.conversation)).to_have_attribute("aria-live", "off")
    assert page.locator('#chat [aria-label*="<"]').count() == 0
    page.locator("#question textarea").fill("недописанный вопрос")
    put(page, "второй вопрос")
    expect(page.locator("#bar .warning")).to_have_text(TALK.busy)
    teller.go.set()
    expect(page.locator("#chat .answer .text")).to_contain_text(EXPORT)
    expect(page.locator("#said")).to_contain_text(EXPORT)
    expect(page.locator("#question textarea")).to_have_value("второй вопрос")
    expect(page.locator("#bar .warning")).to_have_count(0)


def test_a_sentence_that_its_source_does_not_bear_out_says_why_by_mouse_and_by_keyboard(
    visit: Callable[..., Page], told: str
):
    page = visit("en-US", to=told)
    answer = ask(page, EXAMPLES[0])
    expect(answer.locator(".small").first).to_contain_text(ENGLISH.talk.checked(1, 2))
    doubt = answer.locator(".doubt")
    expect(doubt).to_contain_text(ENGLISH.talk.partial)
    reason = doubt.locator(".reason")
    expect(reason).to_have_css("opacity", "0")
    doubt.hover()
    expect(reason).to_have_css("opacity", "1")
    page.mouse.move(0, 0)
    expect(reason).to_have_css("opacity", "0")
    answer.locator("a.cite").last.focus()
    page.keyboard.press("Tab")
    expect(doubt).to_be_focused()
    expect(reason).to_have_css("opacity", "1")


def test_an_answer_in_the_making_goes_on_after_a_reload_and_in_another_tab_and_stops_with_escape(
    visit: Callable[..., Page], told: str, telling: Desk
):
    page = visit(to=told)
    put(page, f"{EXAMPLES[0]} подумай")
    expect(page.locator("#chat .draft")).to_have_text("Думаю вслух")
    there = f"{told}?conversation={telling.store.summaries('')[0].id}"
    other = visit(to=there)
    expect(other.locator("#chat .draft")).to_have_text("Думаю вслух")
    page.close()
    again = visit(to=there)
    expect(again.locator("#chat .draft")).to_have_text("Думаю вслух")
    again.locator("#question textarea").press("Escape")
    for tab in (again, other):
        expect(tab.locator("#chat .answer.abstained .text")).to_contain_text("остановлен")
        expect(tab.get_by_role("button", name=TALK.send, exact=True)).to_be_visible()


def test_a_new_conversation_is_answered_while_another_answer_is_still_in_the_making(
    visit: Callable[..., Page], told: str, teller: Teller
):
    teller.go.clear()
    page = visit(to=told)
    put(page, f"{EXAMPLES[0]} подожди")
    expect(page.locator("#chat .draft")).to_have_text(TALK.ahead(2))
    page.get_by_role("button", name=RUSSIAN.conversations.new).click()
    expect(page.locator("#chat .question")).to_have_count(0)
    ask(page, EXAMPLES[2])
    teller.go.set()
    expect(page.locator("#chat .question")).to_have_text([EXAMPLES[2]])


def test_an_answer_is_made_again_in_place_of_the_last_one(visit: Callable[..., Page], told: str, telling: Desk):
    page = visit(to=told)
    ask(page, EXAMPLES[2])
    ask(page, EXAMPLES[0])
    conversation = telling.store.summaries("")[0].id
    before = [record.id for record in telling.store.records(conversation, "")]
    expect(page.get_by_role("button", name=TALK.again)).to_have_count(1)
    page.get_by_role("button", name=TALK.again).click()
    expect(page.locator(f'#chat button[name="again"][value="{before[1]}"]')).to_have_count(0)
    expect(page.get_by_role("button", name=TALK.again)).to_have_count(1)
    expect(page.locator("#chat .question")).to_have_text([EXAMPLES[2], EXAMPLES[0]])
    after = telling.store.records(conversation, "")
    assert [record.question for record in after] == [EXAMPLES[2], EXAMPLES[0]]
    assert [record.id in before for record in after] == [True, False]


def test_a_fault_inside_and_a_question_cut_short_offer_to_ask_again(
    visit: Callable[..., Page], told: str, telling: Desk
):
    page = visit(to=told)
    put(page, f"{EXAMPLES[0]} (сломайся)")
    expect(page.locator("#chat .answer.failed")).to_contain_text("внутренняя ошибка")
    expect(page.get_by_role("button", name=TALK.send, exact=True)).to_be_visible()
    cut = telling.store.begin("", "Прерванный")
    telling.store.ask(cut, EXAMPLES[0], "")
    page.goto(f"{told}?conversation={cut}")
    expect(page.locator("#chat .answer.failed")).to_contain_text(TALK.interrupted)
    page.get_by_role("button", name=TALK.retry).click()
    expect(page.locator("#chat .answer.answered")).to_contain_text(EXPORT)


def test_an_abstention_offers_the_nearest_passages(page: Page):
    answer = ask(page, "Сколько тракторов Беларусь поставила в Китай в 2019 году?")
    expect(answer.locator(".label")).to_have_text(TALK.abstained)
    expect(answer.locator(".hint")).to_have_text(TALK.nearest)
    answer.locator(".nearest a").first.click()
    expect(page.locator("#panel .article mark").first).to_be_visible()


def test_an_answer_is_copied_with_its_sources(visit: Callable[..., Page], address: str):
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    ask(page, EXAMPLES[0])
    page.get_by_role("button", name=TALK.copy).click()
    expect(page.get_by_role("button", name=TALK.copied)).to_be_visible()
    text = page.evaluate("navigator.clipboard.readText()")
    answer, _, sources = text.partition(f"\n\n{TALK.sources}\n")
    assert EXPORT in answer
    assert "[1] Делегация Минпрома" in sources
    assert "февраль 2024 г., 000_1bc56f7a989034cf.txt\n    «" in sources
    # As on a page that is neither local nor encrypted.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    expect(page.get_by_role("button", name=TALK.copy)).to_be_visible()
    page.get_by_role("button", name=TALK.copy).click()
    expect(page.get_by_role("button", name=TALK.copied)).to_be_visible()


def test_a_vote_and_its_comment_are_kept_changed_and_withdrawn(page: Page, address: str, desk: Desk):
    ask(page, EXAMPLES[0])
    conversation = desk.store.summaries("")[0].id
    up, down = (page.locator(f"#chat .thumb.{vote}") for vote in ("up", "down"))
    down.click()
    expect(page.locator("#chat form.comment .small")).to_have_text(TALK.kept)
    expect(down).to_be_focused()
    page.get_by_role("textbox", name=TALK.comment).fill('мимо <img src=x onerror="window.hacked=20"> "темы"')
    page.keyboard.press("Enter")
    expect(page.locator("#chat form.comment .small")).to_have_text(TALK.kept_with_comment)
    up.click()
    expect(page.get_by_role("button", name=TALK.chosen(TALK.up))).to_be_visible()
    record = desk.store.records(conversation, "")[0]
    assert (record.vote, record.comment) == ("up", 'мимо <img src=x onerror="window.hacked=20"> "темы"')
    page.goto(f"{address}?conversation={conversation}")
    expect(page.get_by_role("textbox", name=TALK.comment)).to_have_value(record.comment)
    up.click()
    expect(page.locator("#chat form.comment")).to_have_count(0)
    record = desk.store.records(conversation, "")[0]
    assert (record.vote, record.comment) == (None, "")


def test_the_answer_that_is_pointed_at_shows_its_sources(page: Page):
    first = ask(page, EXAMPLES[0])
    second = ask(page, EXAMPLES[2])
    expect(page.locator("#panel .sources a").first).to_have_attribute("href", "#source-1-1")
    first.locator(".text").click(position={"x": 3, "y": 3})
    expect(page.locator("#panel .sources a").first).to_have_attribute("href", "#source-0-1")
    expect(first).to_contain_class("shown")
    expect(second).not_to_contain_class("shown")
    second.get_by_role("button", name=TALK.copy).focus()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#panel .sources a").first).to_have_attribute("href", "#source-1-1")


def test_the_keyboard_breaks_lines_recalls_questions_and_finds_the_box(page: Page):
    box = page.locator("#question textarea")
    box.fill("Кто такой")
    box.press("Shift+Enter")
    page.keyboard.type("Антон Алиханов?")
    expect(box).to_have_value("Кто такой\nАнтон Алиханов?")
    box.press("Enter")
    expect(page.locator("#chat .answer.answered")).to_be_visible()
    ask(page, EXAMPLES[0])
    page.locator("#chat .answer a.cite").first.focus()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    whole = "Кто такой\nАнтон Алиханов?"
    for key, value in (("Up", EXAMPLES[0]), ("Up", whole), ("Down", EXAMPLES[0]), ("Down", "")):
        box.press(f"Arrow{key}")
        expect(box).to_have_value(value)
    page.keyboard.type("1/2")
    expect(box).to_have_value("1/2")


def test_a_question_that_is_too_long_stays_in_the_box(visit: Callable[..., Page]):
    page = visit("en-US")
    put(page, "x" * 4001)
    expect(page.locator("#bar .warning")).to_have_text(ENGLISH.talk.too_long(4001, 4000))
    expect(page.locator("#question textarea")).to_have_value("x" * 4001)
    expect(page.locator("#chat .question")).to_have_count(0)


def test_nothing_in_a_question_a_document_or_a_file_name_ever_runs(page: Page):
    hostile = "<img src=http://example.com/q onerror=window.hacked=11> `${window.hacked=12}` **x** [y](javascript:1)"
    answer = ask(page, f"Кто выиграл кубок: Квазибарсук? {hostile}")
    expect(page.locator("#chat .question")).to_contain_text(hostile)
    expect(answer).to_contain_text("<img src=x onerror=window.hacked=6>")
    assert HOSTILE_NAME in (answer.locator('button[name="copy"]').get_attribute("value") or "")
    page.wait_for_timeout(200)
    assert (
        page.locator("#chat .message img, #chat .message script, #chat .message svg, #chat .message strong").count()
        == 0
    )
    assert page.evaluate("window.hacked") is None
