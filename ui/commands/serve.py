"""`istok serve`: the chat page, and the ways in for programs."""

from __future__ import annotations

import errno
import os
import signal
import socket
from ipaddress import ip_address
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, TextIO

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from istok.index.home import Home
    from istok.ui.serving.people import People


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--auth", metavar="NAME:PASSWORD", multiple=True, envvar="ISTOK_AUTH", show_envvar=True,
    help="Who may come in; once for each person. The variable, which no list of processes shows, parts them by spaces.",
)  # fmt: skip
@click.option(
    "--auth-file", type=click.File("r", encoding="utf-8"), help="The same from a file: a line NAME:PASSWORD a person."
)
@click.option("--no-browser", is_flag=True, help="Don't open the page in a browser.")
@home_option
def command(
    host: str, port: int, auth: tuple[str, ...], auth_file: TextIO | None, no_browser: bool, home: Home
) -> None:
    """Open the chat page: ask, read the sources, add documents. Programs use the same address: see docs/programs.md."""
    from istok.index.errors import IstokError
    from istok.ui.serving.people import People

    try:
        people = People.of([*auth, *(auth_file or ())])
    except UnicodeDecodeError as error:
        raise IstokError("the file of --auth-file is not UTF-8: save it as UTF-8") from error
    if not people and not _loopback(host):
        raise IstokError(
            f"whoever reaches {host} could read, add and remove documents: "
            "say with --auth NAME:PASSWORD (or ISTOK_AUTH) who may, or leave out --host"
        )
    # Passwords are not for the browser that is opened, nor for whatever else is started from here.
    os.environ.pop("ISTOK_AUTH", None)
    # Before anything slow is loaded.
    listening = _listen(host, port)
    # Gradio's own folder is one for all servers of the machine, and everybody on it can read there.
    with TemporaryDirectory(prefix="istok-", ignore_cleanup_errors=True) as received:
        os.environ["GRADIO_TEMP_DIR"] = received
        _serve(home, listening, people, browse=not no_browser)


def _serve(home: Home, listening: socket.socket, people: People, *, browse: bool) -> None:
    import webbrowser

    from istok.rag.assistant import Assistant

    assistant = Assistant.open(home)

    def prepare() -> None:
        # The networks take a second to load: they do so while Gradio is imported, not while the browser loads the page.
        assistant.warm()
        # Of what was added to a server that was killed.
        assistant.index.encode_behind()

    Thread(target=prepare, daemon=True).start()
    from istok.ui.desk import Desk
    from istok.ui.page import Page
    from istok.ui.serving.server import launch

    server = launch(Page(Desk(assistant)), listening, people)
    click.echo(f"Istok: {server.address} (Ctrl+C stops)")
    # As Ctrl+C: a container is stopped so.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if browse:
        # Unlike click.launch, silent on a machine that has no browser.
        webbrowser.open(server.address)
    server.wait()


def _listen(host: str, port: int) -> socket.socket:
    from istok.index.errors import IstokError

    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise IstokError(f"port {port} is busy: stop the other program or choose another with --port") from error
        reason = error.strerror or str(error)
        raise IstokError(f"can't listen on {host}:{port} ({reason}): choose others with --host and --port") from error


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
