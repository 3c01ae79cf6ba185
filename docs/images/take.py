"""Takes the screenshots of this folder from a running page: python docs/images/take.py [URL].

Needs `istok serve` over an index of the seed articles in a home that may be thrown away (the picture of an upload adds
documents to it), the playwright package and a Chromium on the PATH.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).parent
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
GROWTH = "На сколько вырос экспорт в Узбекистан в 2023 году?"
RUSSIAN = ("Кто сейчас премьер-министр Беларуси?", GROWTH, "А товарооборот?")
ENGLISH = ("Who is Anton Alikhanov?", "What will Amkodor and Kazakh companies produce?")
UNANSWERABLE = "Сколько тракторов Беларусь поставила в Китай в 2019 году?"
REPORTS = 8  # documents that are being added in the picture of an upload


def opened(browser: Browser, url: str, locale: str, scheme: str, width: int, height: int) -> Page:
    """The page in a fresh profile, settled."""
    context = browser.new_context(
        locale=locale, color_scheme=scheme, viewport={"width": width, "height": height}, device_scale_factor=1
    )
    page = context.new_page()
    page.goto(url)
    expect(page.locator("#header header")).to_have_count(1)
    return page


def ask(page: Page, *questions: str) -> None:
    """Ask one after the other, and wait for each answer."""
    for question in questions:
        answers = page.locator("#chat .answer")
        before = answers.count()
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
        expect(answers.nth(before).locator(".small").first).to_be_visible()


def cite(page: Page) -> None:
    """Open the first source of the last answer."""
    page.locator("#chat .answer").last.locator("a.cite").first.click()
    expect(page.locator("#panel mark").first).to_be_visible()
    page.mouse.move(0, 0)


def shoot(page: Page, name: str) -> None:
    """Keep what is seen."""
    page.wait_for_timeout(900)  # smooth scrolling and transitions come to rest
    page.screenshot(path=HERE / f"{name}.png")
    print(HERE / f"{name}.png")


def upload(page: Page, folder: Path) -> None:
    """Choose files of which one can't be read, and wait until the first of them is in."""
    files = [folder / f"report-{number:02}.txt" for number in range(1, REPORTS + 1)]
    for number, file in enumerate(files, 1):
        sentences = (
            f"In month {month} station {number} measured {number * month} mm of rain." for month in range(1, 90)
        )
        file.write_text(f"Rainfall at station {number}\n\n" + " ".join(sentences), "utf-8")
    damaged = folder / "minutes.pdf"
    damaged.write_bytes(b"%PDF-1.7\n")
    page.get_by_role("tab", name="Documents").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    chooser.value.set_files([damaged, *files])
    expect(page.get_by_role("progressbar").nth(2)).to_be_visible()
    expect(page.get_by_text("minutes.pdf")).to_be_visible()


def main(url: str) -> None:
    """Every picture."""
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = opened(browser, url, "ru-RU", "dark", 1920, 1080)
        ask(page, *RUSSIAN)
        cite(page)
        shoot(page, "chat-ru-dark")
        page = opened(browser, url, "en-US", "light", 1366, 768)
        ask(page, *ENGLISH)
        cite(page)
        shoot(page, "chat-en")
        page = opened(browser, url, "ru-RU", "light", 1366, 768)
        ask(page, GROWTH)
        cite(page)
        shoot(page, "chat-ru")
        ask(page, UNANSWERABLE)
        shoot(page, "abstention-ru")
        page = opened(browser, url, "ru-RU", "light", 390, 844)
        ask(page, GROWTH)
        shoot(page, "phone-ru")
        page = opened(browser, url, "en-US", "light", 1366, 768)
        upload(page, Path(folder))
        shoot(page, "upload-en")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860")
