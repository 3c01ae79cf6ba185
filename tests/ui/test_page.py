"""The page in a real browser, over the real index of the seed articles and one hostile document."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from istok import seeds
from istok.index.home import Home
from istok.index.types import Language
from istok.rag.assistant import Assistant
from istok.rag.readers import ReaderEvent
from istok.rag.types import Evidence, Reading, Turn
from istok.ui.page import build, launch
from istok.ui.texts import ENGLISH, EXAMPLES, RUSSIAN

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Where everything must be tested (CI=true), a missing browser is a failure.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium on the PATH: install one"),
]

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
expect.set_options(timeout=20_000)
EXPORT = "экспорт возрос почти на 45%"
HOSTILE = (
    "<img src=http://example.com/x.png onerror=window.hacked=1><script>window.hacked=2</script> Сводка "
    "${window.hacked=3} {{window.hacked=4}} `${window.hacked=5}`\n\n"
    "Квазибарсук Эдельвейс <img src=x onerror=window.hacked=6> выиграл кубок </mark></div>"
    "<svg onload=window.hacked=7> у команды [1] <a href='javascript:window.hacked=8'>города</a> ${window.hacked=9}.\n"
)
HOSTILE_NAME = "<img src=x onerror=window.hacked=10>.txt"


class Patient:
    """A reader that speaks until it is stopped, and breaks when asked to."""

    name = "patient"

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        if "сломайся" in question:
            raise RuntimeError("the reader broke")
        yield "Думаю вслух"
        stop.wait(20)
        yield Reading((), used=len(evidence.sentences), stopped=stop.is_set())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.open(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def assistant(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    hostile = tmp_path_factory.mktemp("hostile") / HOSTILE_NAME
    hostile.write_text(HOSTILE, "utf-8")
    assistant = Assistant.open(home, reader="quote")
    assistant.index.update([Path(seeds.__file__).parent, hostile])
    return assistant


def served(assistant: Assistant, home: Home) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = build(assistant, home)
    yield launch(page, host="127.0.0.1", port=port)
    page.close(verbose=False)


@pytest.fixture(scope="module")
def address(assistant: Assistant, home: Home) -> Iterator[str]:
    yield from served(assistant, home)


@pytest.fixture(scope="module")
def patient_address(assistant: Assistant, home: Home) -> Iterator[str]:
    yield from served(Assistant(assistant.index, Patient()), home)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "no Chromium on the PATH: install one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page in a fresh profile; afterwards no request may have left the machine and no script failed."""
    requests: list[str] = []
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    contexts = []

    def visit(locale: str = "ru-RU", to: str = address, width: int = 1366) -> Page:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": 800})
        contexts.append(context)
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(to)
        expect(page.locator("#language input:checked")).to_have_count(1)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert requests
    assert {urlsplit(url).hostname for url in requests if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert complaints == []


def ask(page: Page, question: str) -> Locator:
    """Ask and wait; the answer's message."""
    answers = page.locator("#chat .answer")
    before = answers.count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    answer = answers.nth(before)
    expect(answer.locator(".small")).to_be_visible()
    return answer


def upload(page: Page, *files: Path) -> None:
    """Choose files by the button, as a person does."""
    with page.expect_file_chooser() as chooser:
        page.locator("#upload").click()
    chooser.value.set_files(files)


def assert_marked(page: Page, sentence: str) -> None:
    """The sentence is marked inside its article, and the person sees it."""
    mark = page.locator("#panel .article mark")
    expect(mark).to_contain_text(sentence)
    expect(mark).to_be_in_viewport()
    article = page.locator("#panel .article")
    assert len(article.inner_text()) > len(mark.inner_text()) + 500
    inside = "([m, a]) => m.top >= a.top && m.top < a.bottom"
    boxes = "e => (({top, bottom}) => ({top, bottom}))(e.getBoundingClientRect())"
    assert page.evaluate(inside, [mark.evaluate(boxes), article.evaluate(boxes)])


def test_a_russian_example_is_answered_and_its_source_opens_at_the_sentence(visit: Callable[..., Page]):
    page = visit()
    expect(page.locator("#header h1")).to_have_text(RUSSIAN.title)
    expect(page.locator("#header .notice")).to_contain_text("istok models use")
    page.get_by_text(EXAMPLES[0]).click()
    answer = page.locator("#chat .answer.answered")
    expect(answer).to_contain_text(EXPORT)
    expect(answer.locator(".small")).to_contain_text(RUSSIAN.verbatim)
    expect(page.locator("#panel .sources li").first).to_contain_text("почти на 45%")
    answer.get_by_text("[1]").click()
    assert_marked(page, EXPORT)
    expect(page.locator("#panel .facts").first).to_contain_text("000_1bc56f7a989034cf.txt")


def test_every_example_is_answered(visit: Callable[..., Page]):
    page = visit()
    for example in EXAMPLES:
        page.get_by_text(example).click()
        expect(page.locator("#chat .question")).to_have_text([example])
        expect(page.locator("#chat .answer.answered a.cite").first).to_have_text("[1]")
        page.get_by_role("button", name=RUSSIAN.new).click()
        expect(page.locator("#chat .question")).to_have_count(0)


def test_the_same_in_english(visit: Callable[..., Page]):
    page = visit("en-US")
    expect(page.locator("#header h1")).to_have_text(ENGLISH.title)
    expect(page.get_by_role("button", name=ENGLISH.new)).to_be_visible()
    answer = ask(page, EXAMPLES[3])
    expect(answer).to_contain_text("«Амкодор»")
    expect(answer.locator(".small")).to_contain_text(ENGLISH.verbatim)
    answer.get_by_text("[1]").click()
    assert_marked(page, "«Амкодор»")
    expect(page.locator("#panel nav")).to_contain_text("Source 1 of")


def test_the_language_can_be_switched_and_is_remembered(visit: Callable[..., Page]):
    page = visit("ru-RU")
    ask(page, EXAMPLES[0]).get_by_text("[1]").click()
    page.get_by_text("English", exact=True).click()
    expect(page.locator("#header h1")).to_have_text(ENGLISH.title)
    expect(page.locator("#chat .answer .small")).to_contain_text(ENGLISH.verbatim)
    expect(page.locator("#panel nav")).to_contain_text("Source 1 of")
    expect(page.locator("#question textarea")).to_have_attribute("placeholder", ENGLISH.ask)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.locator("#header h1")).to_have_text(ENGLISH.title)


def test_a_mark_opens_by_keyboard_and_the_focus_follows(visit: Callable[..., Page]):
    page = visit()
    answer = ask(page, EXAMPLES[0])
    page.locator("#question textarea").focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('#chat a.cite')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    assert_marked(page, EXPORT)
    expect(answer.get_by_text("[1]")).to_have_attribute("aria-current", "true")


def test_on_a_phone_the_panel_comes_to_the_reader(visit: Callable[..., Page]):
    page = visit(width=390)
    ask(page, EXAMPLES[0]).get_by_text("[1]").click()
    assert_marked(page, EXPORT)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_previous_and_next_walk_through_the_sources(visit: Callable[..., Page]):
    page = visit()
    answer = ask(page, "Сколько тракторов Беларусь поставила в Китай в 2019 году?")
    expect(answer).to_have_class("answer abstained")
    count = page.locator("#panel .sources li").count()
    assert count > 1
    expect(page.locator("#panel h3")).to_have_text(RUSSIAN.abstained_sources)
    page.locator("#panel .sources a").first.click()
    page.get_by_title(RUSSIAN.next).click()
    expect(page.locator("#panel nav")).to_contain_text(RUSSIAN.source(2, count))
    page.get_by_title(RUSSIAN.previous).click()
    expect(page.locator("#panel nav")).to_contain_text(RUSSIAN.source(1, count))


def test_nothing_in_a_document_a_file_name_or_a_question_ever_runs(visit: Callable[..., Page]):
    page = visit()
    page.get_by_role("tab", name="Документы").click()
    expect(page.locator("#documents")).to_contain_text("onerror=window.hacked=10")
    hostile = "<img src=http://example.com/q onerror=window.hacked=11> `${window.hacked=12}` **x**"
    answer = ask(page, f"Кто выиграл кубок: Квазибарсук? {hostile}")
    expect(page.locator("#chat .question")).to_contain_text(hostile)
    expect(answer).to_contain_text("<img src=x onerror=window.hacked=6>")
    answer.locator("a.cite").last.click()
    expect(page.locator("#panel .article")).to_contain_text("<script>window.hacked=2</script>")
    expect(page.locator("#panel .article")).to_contain_text("${window.hacked=3} {{window.hacked=4}}")
    expect(page.locator("#panel mark")).to_contain_text("<svg onload=window.hacked=7>")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked === undefined")
    assert page.locator("#chat img, #panel img, #documents img, #panel svg, #chat .message script").count() == 0


def test_uploaded_files_are_indexed_refused_ones_are_named_and_answers_come_from_them(
    visit: Callable[..., Page], home: Home, tmp_path: Path
):
    good, bad = tmp_path / "Лесной отчёт.txt", tmp_path / "photo.xyz"
    good.write_text(
        "Отчёт лесничества\n\nВ 2023 году лесничество посадило 812 кедров. Саженцы вырастили школьники.\n", "utf-8"
    )
    bad.write_bytes(b"\x00\x01\x02")
    page = visit()
    page.get_by_role("tab", name="Документы (6)").click()
    upload(page, good, bad)
    expect(page.locator("#documents .uploads .done")).to_contain_text("Лесной отчёт.txt")
    refused = page.locator("#documents .uploads .refused")
    expect(refused).to_contain_text("photo.xyz")
    expect(refused).not_to_contain_text(str(home.root))
    expect(page.get_by_role("tab", name="Документы (7)")).to_be_visible()
    expect(page.locator("#documents .documents")).to_contain_text("Отчёт лесничества")
    assert [path.name for path in home.documents.iterdir()] == ["Лесной отчёт.txt"]
    ask(page, "Сколько кедров посадило лесничество?").get_by_text("[1]").click()
    expect(page.locator("#panel mark")).to_contain_text("812 кедров")


def test_tabs_do_not_mix_and_a_new_conversation_forgets(visit: Callable[..., Page]):
    one, two = visit(), visit()
    ask(one, EXAMPLES[0])
    ask(two, EXAMPLES[2])
    expect(one.locator("#chat .question")).to_have_text([EXAMPLES[0]])
    expect(two.locator("#chat .question")).to_have_text([EXAMPLES[2]])
    one.get_by_role("button", name=RUSSIAN.new).click()
    expect(one.locator("#chat .question")).to_have_count(0)
    expect(one.locator("#panel")).to_contain_text(RUSSIAN.sources_hint)
    expect(one.get_by_text(EXAMPLES[1])).to_be_visible()
    expect(two.locator("#chat .question")).to_have_count(1)


def test_a_follow_up_hears_the_turns_before_it(visit: Callable[..., Page]):
    page = visit()
    ask(page, "Кто сейчас премьер-министр Беларуси?")
    answer = ask(page, "А Казахстана?")
    expect(answer.locator(".small")).to_contain_text("Казахстана")


def test_an_answer_in_the_making_streams_and_can_be_stopped(visit: Callable[..., Page], patient_address: str):
    page = visit(to=patient_address)
    page.locator("#question textarea").fill(EXAMPLES[0])
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat .draft")).to_contain_text("Думаю вслух")
    page.get_by_role("button", name=RUSSIAN.stop).click()
    expect(page.locator("#chat .answer .text")).to_contain_text("остановлен")
    expect(page.get_by_role("button", name=RUSSIAN.send)).to_be_visible()


def test_a_fault_inside_leaves_the_page_usable(visit: Callable[..., Page], patient_address: str):
    page = visit(to=patient_address)
    page.locator("#question textarea").fill(f"{EXAMPLES[0]} (сломайся)")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat .answer.failed")).to_contain_text(RUSSIAN.crashed)
    expect(page.get_by_role("button", name=RUSSIAN.send)).to_be_visible()
