from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from istok.index.errors import IstokError
from istok.index.home import Home
from istok.rag import models
from istok.ui.commands.models import command

GGUF = b"GGUF\x03\x00\x00\x00" + bytes(1000)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.open(tmp_path / "home")
    home.models.mkdir()
    (home.models / "Small-Q4.gguf").write_bytes(GGUF)
    (home.models / "broken.gguf").write_bytes(b"<html>not found</html>")
    return home


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--home", str(home.root)], env={"COLUMNS": "160"})


def test_list_shows_what_is_here_and_what_is_recommended(home: Home) -> None:
    result = run(home, "list")
    assert result.exit_code == 0
    assert "Small-Q4.gguf" in result.output
    assert "broken.gguf" not in result.output
    for model in models.RECOMMENDED:
        assert model.file in result.output
        assert model.license in result.output


def test_list_as_json_says_what_fits_into_memory(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("istok.index.machine.free_memory", lambda: 4 * models.GB)
    contents = json.loads(run(home, "list", "--json").output)
    assert contents["reader"] == "quote"
    assert contents["free_memory"] == 4 * models.GB
    assert [(model["name"], model["size"], model["fits"], model["in_use"]) for model in contents["models"]] == [
        ("Small-Q4.gguf", len(GGUF), True, False)
    ]
    assert [model["fits"] for model in contents["recommended"]] == [True, True, False]


@pytest.mark.parametrize("name", ["Small-Q4.gguf", "small-q4", "llama.cpp:Small-Q4.gguf"])
def test_use_remembers_a_model_by_its_name(home: Home, name: str) -> None:
    pytest.importorskip("llama_cpp")
    result = run(home, "use", name)
    assert result.exit_code == 0, result.output
    spec = f"llama.cpp:{home.models / 'Small-Q4.gguf'}"
    assert Home.open(home.root).config.reader == spec
    assert spec in result.output
    assert json.loads(run(home, "list", "--json").output)["models"][0]["in_use"]


def test_use_takes_a_file_from_anywhere_and_list_shows_it(home: Home, tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp")
    elsewhere = tmp_path / "elsewhere.gguf"
    elsewhere.write_bytes(GGUF)
    assert run(home, "use", str(elsewhere)).exit_code == 0
    listed = json.loads(run(home, "list", "--json").output)["models"]
    assert [(model["name"], model["in_use"]) for model in listed] == [
        ("Small-Q4.gguf", False),
        ("elsewhere.gguf", True),
    ]


def test_use_goes_back_to_quotes(home: Home) -> None:
    home.save(home.config.model_copy(update={"reader": "llama.cpp:/gone.gguf"}))
    assert run(home, "use", "quote").exit_code == 0
    assert Home.open(home.root).config.reader == "quote"


@pytest.mark.parametrize("name", ["nonesuch", "broken.gguf", "/"])
def test_use_refuses_what_is_no_model_and_changes_nothing(home: Home, name: str) -> None:
    result = run(home, "use", str(home.models / name) if name.endswith("gguf") else name)
    assert isinstance(result.exception, IstokError)
    assert "istok models list" in str(result.exception)
    assert Home.open(home.root).config.reader == "quote"


def test_use_says_when_a_model_does_not_fit(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("llama_cpp")
    monkeypatch.setattr("istok.index.machine.free_memory", lambda: 1000)
    result = run(home, "use", "small-q4")
    assert result.exit_code == 0
    assert "close other programs" in result.stderr
