"""The real server over a copy of the seeds' home, open to this machine and guarded by a password."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import httpx2
import pytest
from serving import NAME, PASSWORD, serve

from istok.index.home import Home
from istok.rag.assistant import Assistant
from istok.ui.desk import Desk
from istok.ui.serving.people import People
from istok.ui.serving.server import Server


@pytest.fixture(scope="package")
def served_desk(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    copy = Home.open(shutil.copytree(home.root, tmp_path_factory.mktemp("served") / "home"))
    return Desk(Assistant.open(copy, reader="quote"))


@pytest.fixture(scope="package")
def server(served_desk: Desk) -> Iterator[Server]:
    """Open to whoever is on this machine."""
    with serve(served_desk) as server:
        yield server


@pytest.fixture(scope="package")
def guarded(served_desk: Desk) -> Iterator[Server]:
    """Open to Anna alone."""
    with serve(served_desk, People({NAME: PASSWORD})) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server.address, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def stranger(guarded: Server) -> Iterator[httpx2.Client]:
    """Somebody before the guarded server who has not said who they are."""
    with httpx2.Client(base_url=guarded.address, timeout=30, trust_env=False) as client:
        yield client
