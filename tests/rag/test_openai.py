from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx2
import pytest

from istok.index.errors import UnknownNameError
from istok.index.types import Language
from istok.rag.errors import ReaderError
from istok.rag.readers import ReaderEvent, open_reader
from istok.rag.readers import openai as module
from istok.rag.readers.openai import KEY, OpenAIReader
from istok.rag.types import Claim, Evidence, Reading, Turn

FACTS = ("The steel plant in Riverton opened in May 2021.", "It employs 1,200 people.", "Its mayor is Anna Kowalski.")
QUESTION = "When did the plant open?"
ANSWER = "The plant opened in May 2021 [1]. It is large. It employs 1,200 people [2][9]."

Reply = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers each request with the next of its server's replies, the last one over and over."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
        replies = self.server.replies
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        self.close_connection = True
        reply(self)

    def do_GET(self) -> None:
        self.server.requests.append({"path": self.path, "key": self.headers.get("Authorization")})
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass

    def open_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()

    def event(self, content: str | None, finish: str | None = None) -> None:
        chunk = {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    status = 200
    """Of its list of models."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[dict[str, Any]] = []
        self.replies: list[Reply] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


def says(text: str, finish: str = "stop") -> Reply:
    def reply(handler: Handler) -> None:
        handler.open_stream()
        for start in range(0, len(text), 7):
            handler.event(text[start : start + 7])
        handler.event(None, finish)
        handler.wfile.write(b": a comment\n\ndata: [DONE]\n\n")

    return reply


def breaks_off(text: str) -> Reply:
    def reply(handler: Handler) -> None:
        handler.open_stream()
        if text:
            handler.event(text)
        handler.connection.shutdown(socket.SHUT_RDWR)

    return reply


def stalls(text: str) -> Reply:
    def reply(handler: Handler) -> None:
        if text:
            handler.open_stream()
            handler.event(text)
        handler.server.over.wait(30)

    return reply


def fails(status: int, body: object = None, **headers: str) -> Reply:
    def reply(handler: Handler) -> None:
        content = json.dumps(body or {"error": {"message": "no"}}).encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def hangs_up(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def sends(line: str) -> Reply:
    def reply(handler: Handler) -> None:
        handler.open_stream()
        handler.wfile.write(f"{line}\n\n".encode())

    return reply


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.delenv(KEY, raising=False)
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    server = Server()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def reader(server: Server) -> OpenAIReader:
    return OpenAIReader(f"small@{server.url}", answer_seconds=20)


@pytest.fixture(scope="module")
def evidence(evidence_of: Callable[..., Evidence]) -> Evidence:
    return evidence_of(*FACTS)


def read(
    reader: OpenAIReader,
    evidence: Evidence,
    turns: Sequence[Turn] = (),
    language: Language = "en",
    stop: threading.Event | None = None,
) -> list[ReaderEvent]:
    return list(reader.read(QUESTION, turns, evidence, language=language, stop=stop or threading.Event()))


def last(events: list[ReaderEvent]) -> Reading:
    reading = events[-1]
    assert isinstance(reading, Reading)
    return reading


def test_it_streams_text_then_claims_that_cite_what_exists_and_counts_the_rest(
    reader: OpenAIReader, server: Server, evidence: Evidence
) -> None:
    server.replies = [says(ANSWER)]
    events = read(reader, evidence)
    claims = (Claim("The plant opened in May 2021.", (1,)), Claim("It employs 1,200 people.", (2,)))
    assert tuple(event for event in events if isinstance(event, Claim)) == claims
    assert "".join(event for event in events if isinstance(event, str)).startswith("The plant opened in May 2021.")
    reading = last(events)
    assert (reading.claims, reading.used, reading.dropped, reading.notes) == (claims, 3, 1, ())
    assert not reading.stopped
    assert not reading.gave_up


def test_the_server_gets_the_model_the_prompt_and_the_key_of_the_environment(
    reader: OpenAIReader, server: Server, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.replies = [says(ANSWER)]
    read(reader, evidence)
    monkeypatch.setenv(KEY, "sk-secret")
    read(reader, evidence, [Turn("Hello?", "Hello [1].")], "ru")
    first, second = server.requests
    assert (first["path"], first["model"], first["stream"]) == ("/v1/chat/completions", "small", True)
    assert first["key"] is None
    assert "[1] The steel plant" in first["messages"][1]["content"]
    assert second["key"] == "Bearer sk-secret"
    assert "Ответа нет." in second["messages"][0]["content"]
    assert "Hello." in second["messages"][1]["content"]
    assert "sk-secret" not in repr(vars(reader))


def test_no_answer_and_no_evidence_are_no_claims(reader: OpenAIReader, server: Server, evidence: Evidence) -> None:
    server.replies = [says("No answer.")]
    assert last(read(reader, evidence)) == Reading((), 3, tokens=2)
    assert read(reader, Evidence(())) == [Reading((), 0)]
    assert len(server.requests) == 1


@pytest.mark.parametrize("thoughts", ["<think>It opened [2]. Or [3]?</think>\n\n", "\n<think>\n\n</think>\n\n"])
def test_what_a_model_thinks_is_hidden(reader: OpenAIReader, server: Server, evidence: Evidence, thoughts: str) -> None:
    server.replies = [says(thoughts + ANSWER)]
    events = read(reader, evidence)
    assert last(events).claims[0] == Claim("The plant opened in May 2021.", (1,))
    assert "think" not in "".join(event for event in events if isinstance(event, str))
    assert server.requests[0]["chat_template_kwargs"] == {"enable_thinking": False}


def test_thoughts_without_an_answer_are_no_claim(reader: OpenAIReader, server: Server, evidence: Evidence) -> None:
    server.replies = [says("<think>It opened in May 2021 [1].")]
    assert read(reader, evidence) == [Reading((), 3)]


@pytest.mark.parametrize(
    "trouble",
    [fails(429), fails(500), fails(503, Retry_After="0"), hangs_up, breaks_off(""), sends('data: {"error": "busy"}')],
)
def test_what_may_go_well_at_another_time_is_tried_again(
    reader: OpenAIReader, server: Server, evidence: Evidence, trouble: Reply
) -> None:
    server.replies = [trouble, trouble, says(ANSWER)]
    assert len(last(read(reader, evidence)).claims) == 2
    assert len(server.requests) == 3


def test_a_server_says_how_long_to_wait(reader: OpenAIReader, server: Server, evidence: Evidence) -> None:
    server.replies = [fails(429, Retry_After="1"), says(ANSWER)]
    began = time.monotonic()
    assert last(read(reader, evidence)).claims
    assert time.monotonic() - began >= 1


def test_a_server_that_only_fails_is_an_error_with_a_remedy(
    reader: OpenAIReader, server: Server, evidence: Evidence
) -> None:
    server.replies = [fails(503)]
    with pytest.raises(ReaderError, match=r"does not answer \(503 Service Unavailable: .*start the server"):
        read(reader, evidence)
    assert len(server.requests) == 4


def test_a_server_that_is_not_there_is_an_error_with_a_remedy(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ReaderError, match=r"does not answer \(.*refused\): start the server") as caught:
        read(OpenAIReader(f"small@{url}"), evidence)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "complaint"), [(401, "set the environment variable OPENAI_API_KEY"), (404, "has no model small"),
    (418, "choose another reader"), (302, "choose another reader")],
)  # fmt: skip
def test_a_refusal_is_an_error_with_a_remedy_and_not_tried_again(
    reader: OpenAIReader,
    server: Server,
    evidence: Evidence,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    complaint: str,
) -> None:
    monkeypatch.setenv(KEY, "sk-secret")
    server.replies = [fails(status, {"error": {"message": "bad key\nsk-secret"}}, Location=f"{server.url}/elsewhere")]
    with pytest.raises(ReaderError, match=complaint) as caught:
        read(reader, evidence)
    assert "sk-secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(server.requests) == 1


def test_what_a_server_does_not_know_is_left_out(reader: OpenAIReader, server: Server, evidence: Evidence) -> None:
    server.replies = [
        fails(400, {"error": {"message": "Unrecognized request argument supplied: chat_template_kwargs"}}),
        fails(400, {"error": {"message": "'max_tokens' is not supported. Use 'max_completion_tokens' instead."}}),
        fails(400, {"error": {"message": "max_completion_tokens is too large: 1024"}}),
        fails(422, {"detail": [{"loc": ["body", "temperature"], "msg": "Extra inputs are not permitted"}]}),
        says(ANSWER),
    ]
    assert last(read(reader, evidence)).claims
    refused = {"chat_template_kwargs", "max_tokens", "max_completion_tokens", "temperature"}
    assert refused.isdisjoint(server.requests[-1])
    assert server.requests[2]["max_completion_tokens"] == server.requests[0]["max_tokens"]


def test_less_evidence_is_sent_when_it_is_too_much_for_the_server(
    reader: OpenAIReader, server: Server, evidence_of: Callable[..., Evidence]
) -> None:
    too_long = fails(400, {"error": {"message": "This model's maximum context length is 512 tokens", "code": "x"}})
    server.replies = [too_long, too_long, says(ANSWER)]
    evidence = evidence_of(*(f"In {1900 + year} the plant sold {year} thousand tons of steel." for year in range(60)))
    reading = last(read(reader, evidence))
    assert 0 < reading.used < 40
    sizes = [len(request["messages"][1]["content"]) for request in server.requests]
    assert sizes == sorted(set(sizes), reverse=True)
    server.replies = [too_long]
    with pytest.raises(ReaderError, match="ask a shorter one"):
        read(reader, evidence)


def test_an_answer_that_is_broken_off_keeps_its_finished_claims_and_says_so(
    reader: OpenAIReader, server: Server, evidence: Evidence
) -> None:
    server.replies = [breaks_off("The plant opened in May 2021 [1]. It employs [2] 1,2")]
    reading = last(read(reader, evidence))
    assert reading.claims == (Claim("The plant opened in May 2021.", (1,)),)
    assert (reading.notes, reading.gave_up, reading.dropped) == (
        ("The model's server broke the answer off.",),
        True,
        0,
    )
    assert len(server.requests) == 1


def test_an_answer_that_is_too_long_is_cut_and_says_so(
    reader: OpenAIReader, server: Server, evidence: Evidence
) -> None:
    server.replies = [says("The plant opened in May 2021 [1]. It employs", finish="length")]
    reading = last(read(reader, evidence))
    assert len(reading.claims) == 1
    assert reading.notes == ("The model's answer is too long and was cut.",)


@pytest.mark.parametrize("text", ["", "The plant opened in May 2021 [1]. It"])
def test_a_server_that_stalls_is_left_when_the_time_is_over_and_the_answer_says_so(
    server: Server, evidence: Evidence, text: str
) -> None:
    server.replies = [stalls(text)]
    reading = last(read(OpenAIReader(f"small@{server.url}", answer_seconds=1), evidence))
    assert len(reading.claims) == bool(text)
    assert reading.notes == ("The time for an answer (1 s) is over.",)
    assert reading.gave_up
    _no_thread_is_left()


@pytest.mark.parametrize("text", ["", "The plant opened in May 2021 [1]. It"])
def test_a_stop_is_heard_while_the_server_stalls(
    reader: OpenAIReader, server: Server, evidence: Evidence, text: str
) -> None:
    server.replies = [stalls(text), says(ANSWER)]
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    reading = last(read(reader, evidence, stop=stop))
    assert (reading.stopped, reading.gave_up, reading.notes) == (True, False, ())
    assert len(last(read(reader, evidence)).claims) == 2
    _no_thread_is_left()


def _no_thread_is_left() -> None:
    for thread in threading.enumerate():
        if thread.name == "istok-reader":
            thread.join(5)
            assert not thread.is_alive()


def test_one_who_waits_for_a_server_holds_up_nobody(reader: OpenAIReader, server: Server, evidence: Evidence) -> None:
    server.replies = [stalls(""), says(ANSWER)]
    stop = threading.Event()
    waiting = threading.Thread(target=read, args=(reader, evidence), kwargs={"stop": stop})
    waiting.start()
    while not server.requests:
        time.sleep(0.01)
    assert last(read(reader, evidence)).claims
    assert waiting.is_alive()
    stop.set()
    waiting.join(5)
    assert not waiting.is_alive()


def test_a_server_that_does_not_stream_is_read_too(reader: OpenAIReader, server: Server, evidence: Evidence) -> None:
    whole = {"choices": [{"message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}]}
    empty = sends(": nothing")
    for replies in ([fails(200, whole)], [empty, fails(200, whole)]):
        server.replies = replies
        assert len(last(read(reader, evidence)).claims) == 2
    assert [request["stream"] for request in server.requests] == [True, True, False]


@pytest.mark.parametrize("line", ["data: <html>", 'data: {"choices": 3}'])
def test_what_is_no_such_server_is_an_error_with_a_remedy(
    reader: OpenAIReader, server: Server, evidence: Evidence, line: str
) -> None:
    server.replies = [sends(line)]
    with pytest.raises(ReaderError, match="mend the address"):
        read(reader, evidence)


def test_neither_proxies_nor_redirects_lead_elsewhere(
    reader: OpenAIReader, server: Server, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.replies = [says(ANSWER)]
    assert last(read(reader, evidence)).claims


def test_an_address_elsewhere_is_announced(evidence: Evidence, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    server.replies = [says(ANSWER)]
    there = OpenAIReader("small@http://models.example:8000/v1")
    message = {"choices": [{"message": {"content": "It opened [1]."}, "finish_reason": "stop"}]}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=message))
    client = httpx2.Client
    monkeypatch.setattr(httpx2, "Client", lambda **options: client(**options, transport=transport))
    for language, note in (
        ("en", "The question and the sentences found were sent to models.example."),
        ("ru", "Вопрос и найденные фразы отправлены на models.example."),
    ):
        assert last(read(there, evidence, language=language)).notes == (note,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "spec", ["", "small", "small@", "@http://localhost/v1", "small@localhost:8000", "small@ftp://x/v1", "small@http://",
    "small@http://a b/v1", "small@http://[::1/v1"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_an_example(spec: str) -> None:
    with pytest.raises(UnknownNameError, match="openai:MODEL@http://HOST:PORT/v1"):
        open_reader(f"openai:{spec}")


def test_a_key_has_no_place_in_an_address() -> None:
    for url in ("http://user:sk-secret@localhost/v1", "http://localhost/v1?key=sk-secret"):
        with pytest.raises(ReaderError, match="OPENAI_API_KEY") as caught:
            open_reader(f"openai:small@{url}")
        assert "sk-secret" not in str(caught.value)


def test_a_key_that_can_not_be_sent_is_refused(
    reader: OpenAIReader, server: Server, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "ключ\n")
    with pytest.raises(ReaderError, match="set it again"):
        read(reader, evidence)


def test_a_name_may_have_what_names_have() -> None:
    reader = OpenAIReader("org/model@latest:free@http://localhost:8000/v1/")
    assert reader.name == "openai:org/model@latest:free@http://localhost:8000/v1"


def test_a_follow_up_is_worded_as_one_question_or_not_at_all(reader: OpenAIReader, server: Server) -> None:
    turns = [Turn("When did the plant open?", "In May [1].")]
    server.replies = [says("<think>Hm.</think>\nWho is the mayor of Riverton?\n")]
    assert reader.rewrite("And its mayor?", turns, "en") == "Who is the mayor of Riverton?"
    content = server.requests[0]["messages"][1]["content"]
    assert "The last question: And its mayor?" in content
    for reply in (says("Anna."), says("Who?\nAnna?"), says("Who is", finish="length"), breaks_off("Who")):
        server.replies = [reply]
        assert reader.rewrite("And its mayor?", turns, "en") is None


def test_a_server_is_reached_with_nothing_but_the_key(
    server: Server, reader: OpenAIReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "sk-1")
    reader.reach()
    assert server.requests == [{"path": "/v1/models", "key": "Bearer sk-1"}]


@pytest.mark.parametrize(
    ("status", "remedy"),
    [(401, "set the environment variable OPENAI_API_KEY"), (404, "usually ends in /v1"), (502, "start the server")],
)
def test_a_server_that_cannot_be_used_says_what_to_do_before_anybody_asks(
    server: Server, reader: OpenAIReader, status: int, remedy: str
) -> None:
    server.status = status
    with pytest.raises(ReaderError, match=remedy):
        reader.reach()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:8080/v1", ""),
        ("http://localhost/v1", ""),
        ("http://[::1]:8080/v1", ""),
        ("https://api.example.com/v1", "api.example.com"),
        ("http://192.168.0.7:8080/v1", "192.168.0.7"),
    ],
)
def test_the_host_is_named_when_it_is_not_this_machine(url: str, host: str) -> None:
    assert OpenAIReader(f"small@{url}").host == host


@pytest.fixture(scope="module")
def llama_server(gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a `llama_cpp.server` with a small model."""
    if find_spec("starlette_context") is None:
        pytest.skip("the server of llama-cpp-python is not installed: pip install 'llama-cpp-python[server]'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(gguf), "--port", str(port), "--n_ctx", "768"]
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=environment)
    try:
        url = f"http://127.0.0.1:{port}/v1"
        for _ in range(600):
            assert process.poll() is None, log.read_text()[-2000:]
            try:
                httpx2.get(f"{url}/models", trust_env=False)
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def few_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TOKENS", 24)
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)


@pytest.mark.llama
@pytest.mark.usefixtures("few_tokens")
def test_a_real_server_is_read_with(llama_server: str, evidence: Evidence) -> None:
    reader = OpenAIReader(f"smollm2@{llama_server}", answer_seconds=60)
    events = read(reader, evidence)
    reading = last(events)
    assert reading.used == len(FACTS)
    assert 3 < reading.tokens <= 24
    assert any(isinstance(event, str) for event in events)
    for claim in reading.claims:
        assert claim.citations
        assert all(1 <= number <= len(FACTS) for number in claim.citations)


@pytest.mark.llama
@pytest.mark.usefixtures("few_tokens")
def test_a_real_server_is_sent_no_more_than_its_context_holds(
    llama_server: str, evidence_of: Callable[..., Evidence]
) -> None:
    evidence = evidence_of(*(f"In {1900 + year} the plant sold {year} thousand tons of steel." for year in range(60)))
    reading = last(read(OpenAIReader(f"smollm2@{llama_server}", answer_seconds=60), evidence))
    assert 0 < reading.used < 60


@pytest.mark.llama
@pytest.mark.usefixtures("few_tokens")
def test_a_real_server_answers_the_next_after_a_stop(llama_server: str, evidence: Evidence) -> None:
    reader = OpenAIReader(f"smollm2@{llama_server}", answer_seconds=60)
    stop = threading.Event()
    events = []
    for event in reader.read(QUESTION, (), evidence, language="en", stop=stop):
        events.append(event)
        stop.set()
    assert last(events).stopped
    assert last(read(reader, evidence)).tokens > 3
