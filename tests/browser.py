"""What the tests of the page do in a browser."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event

from playwright.sync_api import Locator, Page, expect

from istok.index.types import Language
from istok.rag.readers import ReaderEvent
from istok.rag.types import Evidence, Reading, Turn
from istok.ui.desk import Desk
from istok.ui.page import Page as ChatPage
from istok.ui.serving.server import launch

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
expect.set_options(timeout=20_000)
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


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The address at which the desk's page is served."""
    with launch(ChatPage(desk), socket.create_server(("127.0.0.1", 0))) as server:
        yield server.address


def enter(page: Page, address: str) -> None:
    """Go to the address and wait until the page knows its language."""
    page.goto(address)
    expect(page.locator("#header header")).to_have_count(1)


def ask(page: Page, question: str) -> Locator:
    """Ask and wait; the answer's message."""
    answers = page.locator("#chat .answer")
    before = answers.count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    answer = answers.nth(before)
    expect(answer.locator(".small").first).to_be_visible()
    return answer


def drawer(page: Page, name: str) -> None:
    """Open one of the drawers at the left by its name."""
    page.get_by_role("tab", name=name).click()
