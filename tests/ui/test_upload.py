"""Uploads are kept only when they are indexed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from istok.index.home import Home
from istok.index.index import Index
from istok.ui.upload import add

GARDEN = "План сада\n\nСад заложат весной на площади три гектара.\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.open(tmp_path_factory.mktemp("uploads"))


@pytest.fixture(scope="module")
def index(home: Home) -> Iterator[Index]:
    with Index.open(home) as index:
        yield index


def uploaded(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_an_upload_is_moved_among_the_documents_and_found(index: Index, home: Home, tmp_path: Path):
    path = uploaded(tmp_path, "план.txt", GARDEN)
    assert add(index, home, path).added == 1
    assert not path.exists()
    assert (home.documents / "план.txt").read_text("utf-8") == GARDEN
    assert index.search("площадь сада", 1)[0].passage.document_id == "план.txt"


def test_a_refused_upload_is_not_kept(index: Index, home: Home, tmp_path: Path):
    report = add(index, home, uploaded(tmp_path, "пусто.txt", " "))
    assert [Path(refusal.path).name for refusal in report.refusals] == ["пусто.txt"]
    assert not (home.documents / "пусто.txt").exists()


def test_a_refused_replacement_leaves_the_former_file(index: Index, home: Home, tmp_path: Path):
    add(index, home, uploaded(tmp_path, "сад.txt", GARDEN))
    assert add(index, home, uploaded(tmp_path, "сад.txt", " ")).refusals
    assert (home.documents / "сад.txt").read_text("utf-8") == GARDEN
    assert index.document("сад.txt").text == GARDEN


def test_a_replacement_takes_the_place_of_the_former_file(index: Index, home: Home, tmp_path: Path):
    add(index, home, uploaded(tmp_path, "парк.txt", GARDEN))
    assert add(index, home, uploaded(tmp_path, "парк.txt", GARDEN + "Осенью посадят липы.\n")).changed == 1
    assert "липы" in index.document("парк.txt").text
    assert not [path for path in home.documents.iterdir() if path.name.startswith(".")]
