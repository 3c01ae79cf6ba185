"""The server: the page for people and the ways in for programs, at one address."""

from __future__ import annotations

import logging
import socket
from contextlib import contextmanager
from functools import wraps
from html import escape
from inspect import isgeneratorfunction
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

import gradio as gr
import uvicorn
from anyio.to_thread import run_sync
from fastapi import FastAPI
from gradio import processing_utils
from gradio.routes import App
from starlette.routing import Mount

from istok.index.errors import IstokError
from istok.index.load import MAX_BYTES
from istok.ui.page import STYLES, theme
from istok.ui.serving.door import Door
from istok.ui.serving.openai_api import openai_api
from istok.ui.serving.people import People
from istok.ui.serving.programs import Programs
from istok.ui.tab import Tab
from istok.ui.texts import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from fastapi import Request
    from starlette.types import ASGIApp

    from istok.ui.page import Page

_LAST_WORDS: Final = 3
"""Seconds that requests in progress have when the server ends."""


def launch(page: Page, listening: socket.socket, people: People | None = None) -> Server:
    """Serve `page`, and the programs' ways in, in the background, to `people` or, without any, to this machine."""
    people = people or People()
    # asyncio does this only for a socket that names its protocol, which this one does not: without it each answer on a
    # connection that is kept waits 40 ms for the last one's receipt. Connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    page.desk.keeper = people.first
    for listener in page.blocks.fns.values():
        if listener.fn:
            listener.fn = _telling(listener.fn)
    programs = Programs(page.desk)
    programs.offer(page.blocks)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/v1", openai_api(page.desk))
    gr.mount_gradio_app(
        app,
        page.blocks,
        path="/",
        app_kwargs={"openapi_url": None},
        auth_dependency=_person if people else None,
        mcp_server=True,
        ssr_mode=False,
        pwa=False,
        run_history=False,
        footer_links=[],
        show_error=False,
        enable_monitoring=False,
        max_file_size=MAX_BYTES,
        theme=theme(),
        css_paths=STYLES,
    )
    # Where Gradio has not launched a page itself, it takes any path of this machine for an upload's.
    page.blocks.has_launched = True
    page.blocks.app = next(route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, App))
    programs.speak(page.blocks)
    name = listening.getsockname()[0]
    return Server(Door(app, people=people, hosts={"localhost", "127.0.0.1", "::1", name}), page, programs, listening)


async def _fetch_nothing(url: str, cache_dir: str) -> str:
    raise gr.Error("no requests to other machines", print_exception=False)


# Gradio fetches whatever address a program names as a file.
processing_utils.async_ssrf_protected_download = _fetch_nothing


def _telling(listener: Callable[..., Any]) -> Callable[..., Any]:
    """The same, but what a person can do something about, such as a full disk, is told on the page in its language. Of
    all other faults Gradio tells nobody but the terminal."""

    @contextmanager
    def told(arguments: tuple[Any, ...]) -> Iterator[None]:
        try:
            yield
        except IstokError as error:
            texts = next((given.texts for given in arguments if isinstance(given, Tab)), ENGLISH)
            raise gr.Error(escape(texts.told(error)), print_exception=False) from error

    @wraps(listener)
    def call(*arguments: Any) -> Any:
        with told(arguments):
            return listener(*arguments)

    @wraps(listener)
    def generate(*arguments: Any) -> Iterator[Any]:
        with told(arguments):
            yield from listener(*arguments)

    return generate if isgeneratorfunction(listener) else call


def _person(request: Request) -> str | None:
    """Whom the door has let in."""
    name: str | None = request.scope.get("user")
    return name


class Server:
    """Serves in a thread of its own until it is closed."""

    def __init__(self, app: ASGIApp, page: Page, programs: Programs, listening: socket.socket) -> None:
        host, port = listening.getsockname()[:2]
        name = "localhost" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
        self.address = f"http://{name}:{port}/"
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, ws="none",
            timeout_graceful_shutdown=_LAST_WORDS,
        )  # fmt: skip
        self._server = _Uvicorn(config, page, programs)
        self._thread = Thread(target=self._server.run, args=([listening],), name="server")
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.01)

    def wait(self) -> None:
        """Until Ctrl+C."""
        try:
            self._thread.join()
        except KeyboardInterrupt:
            self.close()

    def close(self) -> None:
        """End what is going on, and free the port."""
        self._server.should_exit = True
        self._thread.join()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Uvicorn(uvicorn.Server):
    """Tells the page and the programs that it ends, before it waits for their requests."""

    def __init__(self, config: uvicorn.Config, page: Page, programs: Programs) -> None:
        super().__init__(config)
        self._blocks = page.blocks
        self._desk = page.desk
        self._programs = programs

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Whatever has to be cut off now is no fault to be told of.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._programs.stop.set()
        await run_sync(self._desk.close, _LAST_WORDS)
        # An open tab holds a connection on which it hears that it is still served.
        self._blocks.close(verbose=False)
        await super().shutdown(sockets)
