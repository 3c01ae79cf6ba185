"""The way in for chat programs: Istok as a model behind OpenAI's chat completions."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from istok.index.errors import IstokError
from istok.index.types import Language
from istok.rag.errors import InputError, ReaderError
from istok.rag.question import analyse
from istok.rag.types import Answer, Claim, Turn
from istok.ui.contract import answer_json, dump
from istok.ui.serving.programs import scope
from istok.ui.texts import TEXTS, date_text

if TYPE_CHECKING:
    from istok.rag.assistant import AnswerEvent
    from istok.ui.desk import Desk

MODEL: Final = "istok"
_LOG: Final = logging.getLogger(__name__)
_GLANCE: Final = 1.0  # seconds between two looks whether the asker is still there
_SIGN_OF_LIFE: Final = 10  # such looks, between two comments that keep a silent stream open
_SOURCES: Final = "\n\n---\n"
# An image in a document's words would make the other program fetch it, and a link hide where it leads.
_MARKUP: Final = re.compile(r"(?<=!)(?=\[)|(?<=\])(?=[(\[:])(?!\[\d)|(?=<[A-Za-z/!?])")


class Part(BaseModel):
    """A piece of a message."""

    type: str
    text: str = ""


class Message(BaseModel):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """All of its words. Raises InputError for anything but text."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        if odd := {part.type for part in self.content} - {"text"}:
            raise InputError(f"messages of type {', '.join(sorted(odd))} can't be read: send text")
        return "\n".join(part.text for part in self.content)


class StreamOptions(BaseModel):
    """What a stream brings besides the text."""

    include_usage: bool = False


class Completion(BaseModel):
    """A request; whatever else it asks for (temperature, tools, ...) has no meaning here and is passed over."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: Annotated[list[Message], Field(min_length=1, max_length=1000)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    documents: list[str] | None = None
    """Look only in these; an addition of ours."""

    @property
    def question(self) -> str:
        """The last message. Raises InputError when it isn't the user's."""
        last = self.messages[-1]
        if last.role != "user":
            raise InputError(f"the last message is of the {last.role}: it must be the user's question")
        return last.text

    @property
    def turns(self) -> list[Turn]:
        """Each earlier question with the answer that came upon it; all other messages are passed over."""
        told = [message for message in self.messages[:-1] if message.role in ("user", "assistant")]
        return [
            Turn(asked.text, heard.text.split(_SOURCES)[0])
            for asked, heard in pairwise(told)
            if (asked.role, heard.role) == ("user", "assistant")
        ]


def openai_api(desk: Desk) -> FastAPI:
    """To be mounted at /v1: `models` and `chat/completions`. Nothing that is asked here is kept."""
    api = FastAPI(title="Istok", docs_url=None, redoc_url=None)
    card = {"id": MODEL, "object": "model", "created": int(time.time()), "owned_by": "istok"}

    @api.get("/models")
    def models() -> dict[str, Any]:
        """The one model there is."""
        return {"object": "list", "data": [card]}

    @api.get("/models/{name}")
    def model(name: str) -> dict[str, Any]:
        """It alone."""
        _known(name)
        return card

    @api.post("/chat/completions", response_model=None)
    async def complete(asked: Completion, request: Request) -> JSONResponse | StreamingResponse:
        """Answer the last message from the documents."""
        _known(asked.model)
        within = scope(desk.index, asked.documents)
        hearing = _Hearing(desk, asked.question, asked.turns, within)
        reply = _Reply(f"chatcmpl-{uuid.uuid4().hex}", int(time.time()))
        if not asked.stream:
            answer = await hearing.whole(request)
            return JSONResponse(reply.whole(answer))
        # What can't be answered at all is an error; then the stream begins.
        events = hearing.events()
        first = await anext(events)
        usage = bool(asked.stream_options and asked.stream_options.include_usage)

        async def chunks() -> AsyncIterator[str]:
            text = _Text(hold=analyse(asked.question).now)
            yield _sent(reply.chunk({"role": "assistant", "content": ""}))
            event: AnswerEvent | None = first
            silence = 0
            try:
                while True:
                    silence = 0 if event else silence + 1
                    if silence and silence % _SIGN_OF_LIFE == 0:
                        yield ": still at it\n\n"
                    if isinstance(event, Claim | Answer) and (more := text.more(event)):
                        yield _sent(reply.chunk({"content": more}))
                    if isinstance(event, Answer):
                        yield _sent(reply.chunk({"istok": answer_json(event)}, "stop"))
                        if usage:
                            yield _sent(reply.usage(event))
                        yield "data: [DONE]\n\n"
                        return
                    event = await anext(events)
            except Exception as error:
                if not isinstance(error, IstokError):
                    _LOG.exception("no answer")
                yield _sent(_fault(error)[1])
            finally:
                hearing.stop.set()

        return StreamingResponse(chunks(), media_type="text/event-stream", headers={"cache-control": "no-cache"})

    async def failed(_: Request, error: Exception) -> JSONResponse:
        status, body = _fault(error)
        return JSONResponse(body, status)

    for kind in (IstokError, RequestValidationError, HTTPException, Exception):
        api.add_exception_handler(kind, failed)
    return api


def _known(model: str) -> None:
    if model != MODEL:
        raise HTTPException(404, f"there is no model {model!r}: ask {MODEL!r}")


def _fault(error: Exception) -> tuple[int, dict[str, Any]]:
    """The status and the body by which OpenAI's clients know an error."""
    status, kind, code, parameter = 500, "server_error", None, None
    match error:
        case RequestValidationError():
            first = error.errors()[0]
            parameter = ".".join(str(step) for step in first["loc"][1:]) or None
            status, message = 400, f"{parameter}: {first['msg']}" if parameter else first["msg"]
        case HTTPException():
            status, message = error.status_code, str(error.detail)
            code = "model_not_found" if "no model" in message else None
        case ReaderError():
            status, message = 503, str(error)
        case IstokError():
            status, message = 400, str(error)
        case _:
            message = "the answer failed: the server's terminal says why"
    if status < 500:
        kind = "invalid_request_error"
    return status, {"error": {"message": message, "type": kind, "param": parameter, "code": code}}


def _sent(chunk: dict[str, Any]) -> str:
    return f"data: {dump(chunk)}\n\n"


class _Hearing:
    """What the assistant says, heard from the event loop; it is told to stop when nobody listens any more."""

    def __init__(self, desk: Desk, question: str, turns: Sequence[Turn], within: Sequence[str] | None) -> None:
        self.stop = Event()
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[AnswerEvent | Exception] = asyncio.Queue()
        stream = desk.assistant.stream(question, turns, scope=within, stop=self.stop)
        Thread(target=self._work, args=(stream,), name="answering", daemon=True).start()

    def _work(self, stream: Iterator[AnswerEvent]) -> None:
        try:
            for event in stream:
                self._tell(event)
        except Exception as error:
            self._tell(error)

    def _tell(self, event: AnswerEvent | Exception) -> None:
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)
        except RuntimeError:
            self.stop.set()  # the server has ended

    async def events(self) -> AsyncIterator[AnswerEvent | None]:
        """As they come, the whole answer last; None whenever there was nothing for a while."""
        try:
            while True:
                try:
                    event = await asyncio.wait_for(self._queue.get(), _GLANCE)
                except TimeoutError:
                    yield None
                    continue
                if isinstance(event, Exception):
                    raise event
                yield event
                if isinstance(event, Answer):
                    return
        except (asyncio.CancelledError, GeneratorExit):
            self.stop.set()
            raise

    async def whole(self, request: Request) -> Answer:
        """The whole answer; cut short when the asker goes away."""
        try:
            async for event in self.events():
                if isinstance(event, Answer):
                    return event
                if event is None and await request.is_disconnected():
                    self.stop.set()
        finally:
            self.stop.set()
        raise AssertionError("a stream ends with its answer")


@dataclass(frozen=True, slots=True)
class _Reply:
    """The envelopes of one answer."""

    id: str
    created: int

    def whole(self, answer: Answer) -> dict[str, Any]:
        """All of it at once."""
        message = {"role": "assistant", "content": whole_text(answer), "refusal": None, "istok": answer_json(answer)}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {**self._envelope("chat.completion"), "choices": [choice], "usage": _usage(answer)}

    def chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        """A piece of it."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return {**self._envelope("chat.completion.chunk"), "choices": [choice]}

    def usage(self, answer: Answer) -> dict[str, Any]:
        """The last piece, for those who ask for it."""
        return {**self._envelope("chat.completion.chunk"), "choices": [], "usage": _usage(answer)}

    def _envelope(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": MODEL}


def _usage(answer: Answer) -> dict[str, int]:
    """What a language model generated; how much it read is not counted, and quoting takes none."""
    return {"prompt_tokens": 0, "completion_tokens": answer.tokens, "total_tokens": answer.tokens}


class _Text:
    """An answer's text in pieces that are never taken back: claims once they are verified, then the rest."""

    def __init__(self, *, hold: bool) -> None:
        """`hold` claims until all are there: of the present, the newest comes first, however they were found."""
        self._hold = hold
        self._sent: list[str] = []

    def more(self, event: Claim | Answer) -> str:
        """What there is to add."""
        gap = "\n" if self._sent else ""
        if isinstance(event, Claim):
            if self._hold:
                return ""
            self._sent.append(" ".join(event.text.split()) + " " + "".join(f"[{n}]" for n in event.citations))
            return gap + plain(self._sent[-1])
        lines = event.text.split("\n")
        if set(self._sent) <= set(lines):
            rest = [line for line in lines if line not in self._sent]
            return (gap + plain("\n".join(rest)) if rest else "") + sources_text(event)
        # Most of what the model went on to say was found in no document: it was not heard after all.
        return f"\n\n**{_AS_A_WHOLE[event.language]}**\n\n{whole_text(event)}"


_AS_A_WHOLE: Final[dict[Language, str]] = {
    "ru": "После проверки целиком ответ таков:",
    "en": "Checked as a whole, the answer is:",
}
_HEADINGS: Final[dict[Language, str]] = {"ru": "Источники", "en": "Sources"}


def whole_text(answer: Answer) -> str:
    """An answer as another chat program shows it: its text, and below a list of its sources."""
    return plain(answer.text) + sources_text(answer)


def sources_text(answer: Answer) -> str:
    """What stands below the text: the sources, which claims are supported only in part, the notes."""
    texts = TEXTS[answer.language]
    parts = []
    if answer.citations:
        lines = [
            f"- [{citation.number}] {plain(citation.title)}, {date_text(citation.date, texts)} "
            f"· `{citation.document.replace('`', '')}`"
            for citation in answer.citations
        ]
        parts.append("\n".join([f"**{_HEADINGS[answer.language]}**", *lines]))
    doubts = [
        f"- ⚠ {plain(claim.text)} — {plain('; '.join(claim.issues))}"
        for claim in answer.claims
        if claim.verdict != "supported"
    ]
    parts += ["\n".join(doubts)] if doubts else []
    parts += [plain(note) for note in answer.notes]
    return _SOURCES + "\n\n".join(parts) if parts else ""


def plain(text: str) -> str:
    """`text` so that no Markdown makes an image, a link or HTML of it; without any it stays as it is."""
    return _MARKUP.sub(r"\\", text)
