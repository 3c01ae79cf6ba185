"""How soon the page can be used, and how soon an answer is seen: python tests/ui/panes/speed.py (`make bench-page`).

Times differ from machine to machine and from hour to hour; each is also given as a multiple of what the same browser
takes to show an empty page, in the same run.
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

ISTOK = [str(Path(sys.executable).with_name("istok"))]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
ROUNDS = 5
QUESTIONS = {
    "ru-RU": "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?",
    "en-US": "What will Amkodor and Kazakh companies produce?",
}
SEEN = """() => {
  const answers = [...document.querySelectorAll("#chat .answer.answered, #chat .answer .claim")];
  return answers.some((answer) => answer.innerText.includes("[1]"));
}"""


def serve(home: Path) -> tuple[subprocess.Popen[str], str, float]:
    """A server of its own, its address, and the moment at which it printed it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*ISTOK, "serve", "--home", str(home), "--port", str(port), "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    line = server.stdout.readline()
    return server, line.split()[1], time.perf_counter()


def opened(browser: Browser, locale: str, address: str) -> Page:
    """The page in a fresh profile, when a question can be typed."""
    page = browser.new_context(locale=locale, viewport={"width": 1366, "height": 800}).new_page()
    page.goto(address, wait_until="commit")
    page.locator("#question textarea").click()
    return page


def empty(browser: Browser) -> float:
    """Seconds for a page without anything."""
    began = time.perf_counter()
    page = browser.new_context().new_page()
    page.goto("about:blank")
    page.context.close()
    return time.perf_counter() - began


def main() -> None:
    """The table."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        subprocess.run([*ISTOK, "index", "--home", str(home)], check=True, capture_output=True)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yardstick = statistics.median(empty(browser) for _ in range(ROUNDS))
        usable, first, later = [], [], []
        for _ in range(ROUNDS):
            for locale, question in QUESTIONS.items():
                server, address, printed = serve(home)
                page = opened(browser, locale, address)
                usable.append(time.perf_counter() - printed)
                for times in (first, later):
                    box = page.locator("#question textarea")
                    box.fill(question)
                    began = time.perf_counter()
                    box.press("Enter")
                    page.wait_for_function(SEEN, polling=10)
                    times.append(time.perf_counter() - began)
                    page.context.close()
                    page = opened(browser, locale, address)
                page.context.close()
                server.terminate()
                server.wait()
        browser.close()
    print(f"an empty page takes {yardstick:.3f} s; {2 * ROUNDS} starts, Russian and English in turn")
    rows = (
        ("usable after the address is printed", usable),
        ("first answer after a start seen after", first),
        ("a later answer seen after", later),
    )
    for what, times in rows:
        median, worst = statistics.median(times), max(times)
        print(f"{what:40} median {median:6.2f} s ({median / yardstick:5.1f}x)   worst {worst:6.2f} s")


if __name__ == "__main__":
    main()
