"""`istok serve`: the chat page."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING

import click

from istok.ui.commands.options import home_option

if TYPE_CHECKING:
    from istok.index.home import Home


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--no-browser", is_flag=True, help="Don't open the page in a browser.")
@home_option
def command(host: str, port: int, no_browser: bool, home: Home) -> None:
    """Open the chat page: ask, read the sources, add documents."""
    import webbrowser

    from istok.index.errors import IstokError

    busy = IstokError(f"port {port} is busy: stop the other program or choose another with --port")
    if _busy(host, port):
        raise busy
    if not _loopback(host):
        click.echo(f"warning: everybody who reaches {host}:{port} can read and add documents", err=True)

    from istok.rag.assistant import Assistant
    from istok.ui.page import build, launch

    assistant = Assistant.open(home)
    page = build(assistant, home)
    # The encoder takes seconds to load: it does so while the first question is being typed.
    Thread(target=assistant.index.warm, daemon=True).start()
    try:
        address = launch(page, host=host, port=port)
    except OSError as error:
        raise busy from error
    click.echo(f"Istok: {address} (Ctrl+C stops)")
    if not no_browser:
        # Unlike click.launch, silent on a machine that has no browser.
        webbrowser.open(address)
    page.block_thread()


def _busy(host: str, port: int) -> bool:
    """Whether somebody listens there already; asked before anything slow is loaded."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
