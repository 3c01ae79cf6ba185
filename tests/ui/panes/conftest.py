"""The page in a real browser, over the real index of the seed articles and one hostile document."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import CHROMIUM, FLAGS, HOSTILE, HOSTILE_NAME, Patient, enter, served
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from istok import seeds
from istok.index.home import Home
from istok.rag.assistant import Assistant
from istok.ui.desk import Desk
from istok.ui.texts import RUSSIAN


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser. Where all must be tested (CI=true), a missing one is a failure."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium on the PATH: install one"))


@pytest.fixture(scope="package")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that holds the seeds and the hostile document; to be copied, not used."""
    root = tmp_path_factory.mktemp("filled")
    # What these tests know of the answers is the scorer's alone.
    (root / "config.toml").write_text('reranker = ""\n', "utf-8")
    home = Home.open(root)
    hostile = tmp_path_factory.mktemp("hostile") / HOSTILE_NAME
    hostile.write_text(HOSTILE, "utf-8")
    assistant = Assistant.open(home, reader="quote")
    assistant.index.update([Path(seeds.__file__).parent, hostile])
    assistant.index.close()
    return home


@pytest.fixture(scope="module")
def home(filled: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of this module's own."""
    return Home.open(shutil.copytree(filled.root, tmp_path_factory.mktemp("page") / "home"))


@pytest.fixture(scope="module")
def assistant(home: Home) -> Assistant:
    return Assistant.open(home, reader="quote")


@pytest.fixture(scope="module")
def desk(assistant: Assistant) -> Desk:
    return Desk(assistant)


@pytest.fixture(scope="module")
def address(desk: Desk) -> Iterator[str]:
    with served(desk) as address:
        yield address


@pytest.fixture(scope="module")
def patient_address(assistant: Assistant, desk: Desk) -> Iterator[str]:
    with served(Desk(Assistant(assistant.index, Patient()))) as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "no Chromium on the PATH: install one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visits:
    """Opens the page in fresh profiles and watches what it does there."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._pages: list[Page] = []
        self._requests: list[str] = []
        self._complaints: list[str] = []

    def __call__(
        self, locale: str = "ru-RU", to: str = "", width: int = 1366, height: int = 800, scheme: str = "light"
    ) -> Page:
        viewport = {"width": width, "height": height}
        context = self._browser.new_context(locale=locale, viewport=viewport, color_scheme=scheme)
        context.on("request", lambda request: self._requests.append(request.url))
        page = context.new_page()
        self._pages.append(page)
        page.set_default_timeout(20_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complaints.append(str(error)))
        enter(page, to or self._address)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complaints.append(message.text)

    def end(self) -> None:
        """No request may have left the machine, no script failed and none of the hostile document run."""
        hacked = [page.evaluate("window.hacked") for page in self._pages if not page.is_closed()]
        for page in self._pages:
            page.context.close()
        assert self._requests
        hosts = {urlsplit(url).hostname for url in self._requests if not url.startswith(("data:", "blob:"))}
        assert hosts == {"127.0.0.1"}
        assert self._complaints == []
        assert set(hacked) <= {None}


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visits]:
    visits = Visits(browser, address)
    yield visits
    visits.end()


@pytest.fixture(scope="module")
def opened(browser: Browser, address: str) -> Iterator[Page]:
    visits = Visits(browser, address)
    yield visits()
    visits.end()


@pytest.fixture
def page(opened: Page) -> Page:
    """The module's own page in Russian, in a new conversation: what is slow about a test is opening a page."""
    opened.get_by_role("tab", name=RUSSIAN.conversations.tab).click()
    opened.get_by_role("button", name=RUSSIAN.conversations.new).click()
    expect(opened.locator("#chat .question")).to_have_count(0)
    expect(opened.locator("#panel .hint")).to_be_visible()
    return opened
