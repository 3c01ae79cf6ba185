"""The `openai` reader: a model behind any server that speaks OpenAI's chat completions."""

from __future__ import annotations

import os
import random
import re
import socket
from contextlib import suppress
from ipaddress import ip_address
from threading import Event
from typing import TYPE_CHECKING, Any

import httpx2
from pydantic import BaseModel, ValidationError

from istok.index.errors import UnknownNameError
from istok.rag.errors import ReaderError, ReaderKind
from istok.rag.grammar import one_question
from istok.rag.prompt import Message, Prompt, fit, rewriting
from istok.rag.readers import ANSWER_SECONDS
from istok.rag.readers.generation import BrokenOffError, Generation, Halt, events
from istok.rag.types import Evidence, Turn
from istok.rag.wording import say

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from istok.index.types import Language
    from istok.rag.readers import ReaderEvent

KEY = "OPENAI_API_KEY"
"""The environment variable that holds the key; it is read for each request and kept nowhere."""

CONTEXT = 4096
MAX_TOKENS = 1024
REWRITE_TOKENS = 60
REWRITE_SECONDS = 30.0
CONNECT_SECONDS = 10.0
TRIES = 4
FIRST_PAUSE = 0.5
"""Seconds before the second try; each further pause is twice as long."""

BYTES_A_TOKEN = 3
"""An estimate, as the server's tokenizer is not known: fewer than English (5) and Russian (4 to 6) take in models of
today. Where the server says that it was too much, less is sent."""

_TOO_LONG = re.compile(r"context|prompt is too long|too many tokens", re.IGNORECASE)
_SPEC = re.compile(r"(?P<model>\S+)@(?P<url>https?://\S+)")
# What only some servers know, or know by another name; it goes when a server refuses it by name.
_OPTIONAL = ("temperature", "seed", "chat_template_kwargs", "max_tokens", "max_completion_tokens")


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Message | None = None
    message: _Message | None = None
    finish_reason: str | None = None


class _Chunk(BaseModel):
    choices: list[_Choice] = []
    error: Any = None


class _TooLongError(Exception):
    """The server says that the prompt exceeds its context."""


class _AgainError(Exception):
    """What may go well at another time, after `pause` seconds."""

    def __init__(self, problem: str, pause: float = 0.0) -> None:
        super().__init__(problem)
        self.pause = pause


class OpenAIReader:
    """Reads with `model` at the server whose address `url` ends before `/chat/completions`. Many may ask at once.

    Nothing is sent before a question is read. Raises UnknownNameError for a spec that is not `MODEL@URL`.
    """

    def __init__(self, spec: str, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        parts = _SPEC.fullmatch(spec)
        try:
            url = httpx2.URL(parts["url"] if parts else "")
        except httpx2.InvalidURL:
            url = httpx2.URL("")
        if parts is None or not url.host:
            raise UnknownNameError("reader", f"openai:{spec}", ("openai:MODEL@http://HOST:PORT/v1",))
        if url.userinfo or url.query:
            raise ReaderError(ReaderKind.KEY_IN_ADDRESS, variable=KEY)
        self._model = parts["model"]
        self._url = str(url).rstrip("/")
        self._host = url.host
        self._seconds = answer_seconds

    @property
    def name(self) -> str:
        """`openai:MODEL@URL`."""
        return f"openai:{self._model}@{self._url}"

    @property
    def host(self) -> str:
        """The machine that is asked, "" when it is this one."""
        return "" if _is_loopback(self._host) else self._host

    def reach(self) -> None:
        """Ask the server for its list of models, with nothing but the key. Raises ReaderError when that is refused."""
        try:
            with httpx2.Client(trust_env=False, headers=_headers(), timeout=CONNECT_SECONDS) as client:
                status = client.get(f"{self._url}/models").status_code
        except httpx2.TransportError as error:
            raise self._silent(_reason(error)) from error
        match status:
            case 401 | 403:
                raise self._refused_key(str(status))
            case 404:
                raise ReaderError(ReaderKind.NO_LIST, url=self._url)
            case _ if status != httpx2.codes.OK:
                raise self._silent(str(status))

    def _silent(self, problem: str) -> ReaderError:
        return ReaderError(ReaderKind.SILENT, url=self._url, problem=problem)

    def _refused_key(self, problem: str) -> ReaderError:
        return ReaderError(ReaderKind.KEY_REFUSED, url=self._url, problem=problem, variable=KEY)

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        """As `Reader.read`, the last event a `Reading`. Without a grammar: sentences that cite nothing are dropped
        and counted."""
        halt = Halt(stop, self._seconds)
        sentences = evidence.sentences
        try:
            while True:
                prompt = fit(question, turns, sentences, language, count=_tokens, limit=CONTEXT)
                if not prompt.used or halt.is_set():
                    yield halt.reading(language)
                    return
                try:
                    yield from self._events(prompt, halt, language)
                except _TooLongError as error:
                    if prompt.used == 1 and not prompt.turns:
                        raise ReaderError(ReaderKind.LONG_QUESTION, reader=self.name) from error
                    # Its tokens are its own: half as much is less by any count.
                    sentences = sentences[: max(1, prompt.used // 2)]
                    turns = turns[len(turns) - prompt.turns // 2 :]
                else:
                    return
        finally:
            halt.leave()

    def rewrite(self, question: str, turns: Sequence[Turn], language: Language) -> str | None:
        """The question as one that stands alone, worded by the model; None when it has no such wording, or no time.

        Raises ReaderError when the server can't be used.
        """
        halt = Halt(Event(), min(REWRITE_SECONDS, self._seconds))
        pieces = self._pieces(rewriting(question, turns, language), REWRITE_TOKENS, halt, _Connection())
        try:
            return one_question("".join(pieces))
        except (_TooLongError, BrokenOffError):
            return None

    def _events(self, prompt: Prompt, halt: Halt, language: Language) -> Iterator[ReaderEvent]:
        notes = [say(language, "remote", host=self.host)] if self.host else []
        connection = _Connection()
        generation = Generation(lambda: self._pieces(prompt.messages, MAX_TOKENS, halt, connection), halt)
        try:
            yield from events(generation, prompt.used, halt, language, notes)
        finally:
            # Else the thread would go on waiting for a server that stalls.
            connection.cut()

    def _pieces(self, parts: Sequence[Message], most: int, halt: Halt, connection: _Connection) -> Generator[str]:
        """The model's text as it comes, without what it thinks. Raises ReaderError, _TooLongError, or BrokenOffError
        once the text has begun."""
        request = {
            "model": self._model,
            "messages": list(parts),
            "stream": True,
            "temperature": 0,
            "seed": 1,
            "max_tokens": most,
            "chat_template_kwargs": {"enable_thinking": False},
        }
        begun = False
        # Neither proxies nor redirects: what is sent goes to the address that was chosen, or nowhere.
        with httpx2.Client(trust_env=False, headers=_headers()) as client:
            for number in range(TRIES):
                try:
                    for piece in _without_thinking(self._try(client, request, halt, connection)):
                        begun = True
                        yield piece
                    return
                except (httpx2.TransportError, _AgainError) as error:
                    if halt.is_set():
                        return
                    if begun:
                        raise BrokenOffError("broken_off") from error
                    problem = _reason(error)
                    pause = FIRST_PAUSE * 2**number * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
                    if number + 1 < TRIES and halt.wait(max(pause, getattr(error, "pause", 0.0))):
                        return
        raise self._silent(problem)

    def _try(
        self, client: httpx2.Client, request: dict[str, Any], halt: Halt, connection: _Connection
    ) -> Iterator[str]:
        while not halt.is_set():
            patience = max(0.1, halt.remaining)
            with client.stream(
                "POST",
                f"{self._url}/chat/completions",
                json=request,
                timeout=httpx2.Timeout(patience, connect=min(CONNECT_SECONDS, patience)),
                extensions={"trace": connection.trace},
            ) as response:
                if response.status_code == httpx2.codes.OK:
                    # Some servers answer what is wrong with a stream of nothing: unstreamed, they say what it is.
                    request["stream"] = False
                    yield from _text(response, halt)
                    return
                problem = _problem(response)
            match response.status_code:
                case 400 | 413 | 422 if _TOO_LONG.search(problem):
                    raise _TooLongError
                case 400 | 422 if _leave_out(request, problem):
                    continue
                case 401 | 403:
                    raise self._refused_key(problem)
                case 404:
                    raise ReaderError(ReaderKind.NO_MODEL, url=self._url, model=self._model, problem=problem)
                case 429 | 500 | 502 | 503 | 504:
                    raise _AgainError(problem, _retry_after(response))
                case _:
                    raise ReaderError(ReaderKind.REFUSED, url=self._url, problem=problem)


class _Connection:
    """The socket of a request, so that another thread can end the waiting for it."""

    _socket: socket.socket | None = None
    _over = False

    def trace(self, event: str, information: Mapping[str, Any]) -> None:
        """httpcore's extension `trace`: the one way to the socket before there is a response."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = information["return_value"].get_extra_info("socket")
            if self._over:
                self.cut()

    def cut(self) -> None:
        """Nothing more is awaited."""
        self._over = True
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _text(response: httpx2.Response, halt: Halt) -> Iterator[str]:
    """The pieces of an answer in server-sent events, or in one."""
    finished = False
    for data in _data(response):
        if halt.is_set():
            return
        if data.strip() == "[DONE]":
            finished = True
            break
        try:
            chunk = _Chunk.model_validate_json(data)
        except ValidationError as error:
            raise ReaderError(ReaderKind.NOT_OPENAI, url=response.url) from error
        if chunk.error:
            raise _AgainError(" ".join(str(chunk.error).split())[:200])
        for choice in chunk.choices[:1]:
            if text := (choice.delta or choice.message or _Message()).content:
                yield text
            if choice.finish_reason == "length":
                raise BrokenOffError("too_long")
            finished = finished or choice.finish_reason is not None
    if not finished:
        raise _AgainError(ReaderKind.BREAKS_OFF)


def _data(response: httpx2.Response) -> Iterator[str]:
    if not response.headers.get("Content-Type", "").startswith("text/event-stream"):
        response.read()
        yield response.text
        return
    for line in response.iter_lines():
        field, _, data = line.partition(":")
        if field == "data":
            yield data


def _without_thinking(pieces: Iterator[str]) -> Iterator[str]:
    """The same without a block of thoughts that it begins with."""
    held = ""
    open_, close = "<think>", "</think>"
    for piece in pieces:
        held += piece
        begin = held.lstrip()
        if len(begin) < len(open_) and open_.startswith(begin):
            continue
        if begin.startswith(open_):
            if close not in begin:
                continue
            held = begin.partition(close)[2].lstrip()
        break
    else:
        if held.lstrip().startswith(open_):
            return
    yield held
    yield from pieces


def _tokens(parts: Sequence[Message]) -> int:
    return sum(len(part["content"].encode(errors="replace")) for part in parts) // BYTES_A_TOKEN


def _headers() -> dict[str, str]:
    key = os.environ.get(KEY, "")
    if not (key.isascii() and key.isprintable()):
        raise ReaderError(ReaderKind.KEY_MALFORMED, variable=KEY)
    return {"Authorization": f"Bearer {key}"} if key else {}


def _problem(response: httpx2.Response) -> str:
    """What a server says that is wrong, in one short line without the key."""
    response.read()
    said = " ".join(response.text.split())[:300]
    if key := os.environ.get(KEY):
        said = said.replace(key, "…")
    return f"{response.status_code} {response.reason_phrase}: {said}".rstrip(": ")


def _leave_out(request: dict[str, Any], problem: str) -> bool:
    """Take out of the request the first optional part that the problem names; whether there was one."""
    for name in _OPTIONAL:
        if name in request and name in problem:
            value = request.pop(name)
            if name == "max_tokens":
                request["max_completion_tokens"] = value
            return True
    return False


def _retry_after(response: httpx2.Response) -> float:
    """Seconds that the server asks for; 0 when it asks for none, or names a date."""
    wish = response.headers.get("Retry-After", "")
    return float(wish) if wish.isdecimal() else 0.0


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
