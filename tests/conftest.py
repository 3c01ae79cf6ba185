"""One index of the five articles, made once, for every test that only reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from istok.index.home import Home
from istok.index.index import Index
from istok.rag.assistant import Assistant
from istok.rag.readers.quote import QuoteReader

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session")
def seeds() -> Path:
    return SEEDS


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that holds the seeds; not to be written to."""
    home = Home.open(tmp_path_factory.mktemp("home"))
    with Index.open(home) as index:
        index.update([SEEDS])
    return home


@pytest.fixture(scope="session")
def assistant(home: Home) -> Iterator[Assistant]:
    """Answers from the seeds in quotes."""
    with Index.open(home) as index:
        yield Assistant(index, QuoteReader())


@pytest.fixture
def fresh_home(tmp_path: Path) -> Home:
    """An empty home of one's own."""
    return Home.open(tmp_path / "home")
