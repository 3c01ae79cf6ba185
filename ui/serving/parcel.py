"""A parcel: the body of an upload, watched as it comes in, before anything of it is kept."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers

from istok.index.load import SUFFIXES

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks
    from starlette.types import Message, Receive, Scope

_GONE: Final[Message] = {"type": "http.disconnect"}


class Parcel:
    """Passes a request's body on until a file of a type that can't be read is announced in it; from there the sender
    seems to have gone away, and `refused` is that file's name."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self.refused: str | None = None
        self._header, self._value = b"", b""
        _, options = parse_options_header(Headers(scope=scope).get("content-type", ""))
        # Without a boundary it is no upload: let Gradio say so.
        self._parser = MultipartParser(options[b"boundary"], self._callbacks()) if b"boundary" in options else None

    async def receive(self) -> Message:
        """The next piece, as from the sender."""
        message = await self._receive()
        if self._parser and message["type"] == "http.request" and self.refused is None:
            try:
                self._parser.write(message.get("body", b""))
            except MultipartParseError:
                self._parser = None  # no upload either
        return message if self.refused is None else _GONE

    def _callbacks(self) -> MultipartCallbacks:
        def field(data: bytes, start: int, end: int) -> None:
            self._header += data[start:end]

        def value(data: bytes, start: int, end: int) -> None:
            self._value += data[start:end]

        def ended() -> None:
            if self._header.lower() == b"content-disposition":
                _, options = parse_options_header(self._value)
                name = options.get(b"filename", b"").decode("utf-8", "replace")
                if b"filename" in options and PurePath(name).suffix.lower() not in SUFFIXES:
                    self.refused = self.refused or name
            self._header, self._value = b"", b""

        return {"on_header_field": field, "on_header_value": value, "on_header_end": ended}
