"""What the tests of the server share."""

from __future__ import annotations

import socket

from istok.ui.desk import Desk
from istok.ui.page import Page
from istok.ui.serving.people import People
from istok.ui.serving.server import Server, launch

NAME, PASSWORD = "Анна", "тайна: и ключ"
BEARER = {"authorization": f"Bearer {PASSWORD}".encode()}


def serve(desk: Desk, people: People | None = None) -> Server:
    """On a free port of this machine."""
    return launch(Page(desk), socket.create_server(("127.0.0.1", 0)), people)
