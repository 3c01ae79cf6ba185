"""The home's folder and its settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from istok.index.errors import IndexStateError
from istok.index.home import DEFAULT_EMBEDDER, Config, Home


def test_a_home_is_made_where_there_is_none(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "a" / "b")
    assert home.root.is_dir()
    assert home.config == Config(embedder=DEFAULT_EMBEDDER, reader="quote", passage_tokens=160, sources=8)


def test_the_environment_names_the_home_unless_a_path_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISTOK_HOME", str(tmp_path / "environment"))
    assert Home.open().root == tmp_path / "environment"
    assert Home.open(tmp_path / "given").root == tmp_path / "given"


def test_without_either_it_lies_in_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISTOK_HOME", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Home.open().root.is_relative_to(tmp_path)


def test_a_relative_home_stays_where_it_was_when_the_folder_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = Home.open(Path("here"))
    monkeypatch.chdir("/")
    assert home.root == tmp_path / "here"


def test_settings_are_kept(tmp_path: Path) -> None:
    saved = Home.open(tmp_path).save(Config(reader="llama.cpp:модель.gguf", sources=3))
    assert Home.open(tmp_path) == saved
    assert saved.config.sources == 3


def test_saving_leaves_the_old_settings_whole_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.open(tmp_path).save(Config(sources=3))
    (tmp_path / "config.toml.new").mkdir()
    with pytest.raises(OSError, match="directory"):
        home.save(Config(sources=4))
    assert Home.open(tmp_path).config.sources == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"sources = ", "not valid TOML"),
        (b"sources = 0", "sources: Input should be greater"),
        (b'sources = "many"', "sources: Input should be a valid integer"),
        (b"colour = 1", "colour: Extra inputs"),
        (b"reader = '\xff'", "not UTF-8"),
    ],
)
def test_bad_settings_are_told_in_one_line_with_the_remedy(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "config.toml").write_bytes(content)
    with pytest.raises(IndexStateError) as error:
        Home.open(tmp_path)
    message = str(error.value)
    assert "\n" not in message
    assert message.startswith(str(tmp_path / "config.toml"))
    assert told in message
    assert message.endswith(("mend or delete it", "mend or delete that line", "save it as UTF-8 or delete it"))


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexStateError, match="choose another with --home"):
        Home.open(tmp_path / "file")
