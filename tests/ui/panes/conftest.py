"""The page in a real browser, over the real index of the seed articles and one hostile document."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import CHROMIUM, FLAGS, HOSTILE, HOSTILE_NAME, Patient, enter, served
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from istok import seeds
from istok.index.home import Home
from istok.rag.assistant import Assistant
from istok.ui.desk import Desk


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
    home = Home.open(tmp_path_factory.mktemp("filled"))
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


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page in a fresh profile; afterwards no request may have left the machine, no script failed and none of
    the hostile document run."""
    requests: list[str] = []
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    pages: list[Page] = []

    def visit(
        locale: str = "ru-RU", to: str = address, width: int = 1366, height: int = 800, scheme: str = "light"
    ) -> Page:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": height}, color_scheme=scheme)
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        pages.append(page)
        page.set_default_timeout(20_000)
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        enter(page, to)
        return page

    yield visit
    hacked = [page.evaluate("window.hacked") for page in pages if not page.is_closed()]
    for page in pages:
        page.context.close()
    assert requests
    assert {urlsplit(url).hostname for url in requests if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert complaints == []
    assert set(hacked) <= {None}
