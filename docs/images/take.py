"""Takes the screenshots of this folder from a running page: python docs/images/take.py [URL].

Needs `istok serve` over an index of the seed articles, the playwright package and a Chromium on the PATH.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).parent
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
RUSSIAN = "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?"
ENGLISH = "What will Amkodor and Kazakh companies produce?"
UNANSWERABLE = "Сколько тракторов Беларусь поставила в Китай в 2019 году?"


def opened(browser: Browser, url: str, locale: str, scheme: str, width: int, height: int) -> Page:
    """The page in a fresh profile, settled."""
    context = browser.new_context(
        locale=locale, color_scheme=scheme, viewport={"width": width, "height": height}, device_scale_factor=1
    )
    page = context.new_page()
    page.goto(url)
    expect(page.locator("#language input:checked")).to_have_count(1)
    return page


def shoot(page: Page, name: str, question: str | None = None, *, cite: bool = False) -> None:
    """Ask, open the first source, and keep what is seen."""
    if question:
        answers = page.locator("#chat .answer .small")
        before = answers.count()
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
        expect(answers).to_have_count(before + 1)
    if cite:
        page.locator("#chat a.cite").first.click()
        expect(page.locator("#panel mark")).to_be_visible()
        page.mouse.move(0, 0)
    page.wait_for_timeout(700)  # smooth scrolling and transitions come to rest
    page.screenshot(path=HERE / f"{name}.png")
    print(HERE / f"{name}.png")


def main(url: str) -> None:
    """Every picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        shoot(opened(browser, url, "ru-RU", "light", 1366, 768), "chat-ru", RUSSIAN, cite=True)
        shoot(opened(browser, url, "en-US", "light", 1366, 768), "chat-en", ENGLISH, cite=True)
        shoot(opened(browser, url, "ru-RU", "dark", 1920, 1080), "chat-ru-dark", RUSSIAN, cite=True)
        shoot(opened(browser, url, "ru-RU", "light", 1366, 768), "abstention-ru", UNANSWERABLE)
        shoot(opened(browser, url, "ru-RU", "light", 390, 844), "phone-ru", RUSSIAN)
        page = opened(browser, url, "en-US", "dark", 1366, 768)
        page.get_by_role("tab", name="Documents").click()
        shoot(page, "documents-en-dark")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860")
