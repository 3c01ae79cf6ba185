"""Models from a hub that is served on this machine."""

from __future__ import annotations

import hashlib
import json
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from filelock import FileLock
from hub import Hub, serve

from istok.rag import pull as pulling
from istok.rag.models import PULLING, HubFile, Model
from istok.rag.pull import PullError, pull

GGUF = b"GGUF\x03\x00\x00\x00" + random.Random(1).randbytes(300_000)
SHA256 = hashlib.sha256(GGUF).hexdigest()
REPO = "someone/Small-GGUF"
MODEL = Model(name="small", kind="reader", repo=REPO, files=(HubFile(path="Q4/Small-Q4.gguf"),))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with serve() as hub:
        hub.add(f"{REPO}/Q4/Small-Q4.gguf", GGUF)
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setattr(pulling, "_CHUNK", 1000)
        monkeypatch.setattr(pulling, "_PAUSES", (0.0, 0.0))
        yield hub


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_model_is_fetched_and_nothing_else_is_left(hub: Hub, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    place = pull(MODEL, folder, progress=lambda done, total: told.append((done, total)))
    assert place == folder / "Small-Q4.gguf"
    assert place.read_bytes() == GGUF
    assert files(folder) == [place.name]
    assert told[0] == (0, len(GGUF))
    assert told[-1] == (len(GGUF), len(GGUF))
    assert told == sorted(told)
    assert len(told) > 20


def test_what_is_here_is_not_asked_for_again(hub: Hub, folder: Path) -> None:
    pull(MODEL, folder)
    hub.requests.clear()
    assert pull(MODEL, folder).read_bytes() == GGUF
    assert hub.requests == []


def test_the_hub_learns_nothing_of_this_machine_but_versions_of_python_and_the_library(hub: Hub, folder: Path) -> None:
    pull(MODEL, folder)
    assert {path.split("/")[1] for _, path, _ in hub.requests} == {"someone", "cdn"}
    for _, _, headers in hub.requests:
        assert "torch" not in headers["user-agent"]
        assert "agent/" not in headers["user-agent"]
        assert "authorization" not in headers


def test_a_token_reaches_the_hub_and_no_other_host(hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    pull(MODEL, folder)
    seen = {path.split("/")[1]: headers.get("authorization") for _, path, headers in hub.requests}
    assert seen == {"someone": "Bearer hf_secret", "cdn": None}


def test_a_connection_that_breaks_is_taken_up_where_it_broke(hub: Hub, folder: Path) -> None:
    hub.cuts = [50_000, 70_000]
    assert pull(MODEL, folder).read_bytes() == GGUF
    assert [headers.get("range") for headers in hub.downloads] == [None, "bytes=50000-", "bytes=120000-"]


def test_a_connection_that_keeps_breaking_is_given_up_and_the_next_call_goes_on(hub: Hub, folder: Path) -> None:
    hub.cuts = [100_000, 0, 0, 0]
    with pytest.raises(PullError, match=r"can't be reached.*fetching it again goes on"):
        pull(MODEL, folder)
    assert not (folder / "Small-Q4.gguf").exists()
    hub.sent = 0
    assert pull(MODEL, folder).read_bytes() == GGUF
    assert hub.sent == len(GGUF) - 100_000
    assert files(folder) == ["Small-Q4.gguf"]


def test_a_server_without_ranges_starts_over_and_the_file_is_right(hub: Hub, folder: Path) -> None:
    hub.cuts, hub.ranges = [50_000], False
    assert pull(MODEL, folder).read_bytes() == GGUF
    assert len(hub.downloads) == 2


def test_a_stop_keeps_what_is_there_and_the_next_call_goes_on(hub: Hub, folder: Path) -> None:
    stop = Event()
    with pytest.raises(PullError, match=r"stopped at 3.% of Small-Q4.gguf: fetching it again goes on"):
        pull(MODEL, folder, progress=lambda done, _: done >= 100_000 and stop.set(), stop=stop)
    assert not (folder / "Small-Q4.gguf").exists()
    hub.requests.clear()
    assert pull(MODEL, folder).read_bytes() == GGUF
    assert [headers["range"] for headers in hub.downloads] == ["bytes=100000-"]


def test_a_wrong_checksum_leaves_nothing_but_the_message(hub: Hub, folder: Path) -> None:
    hub.wrong = True
    with pytest.raises(PullError, match=rf"not what was published \(.* instead of {SHA256[:12]}…\) and was deleted"):
        pull(MODEL, folder)
    assert files(folder) == []
    hub.wrong = False
    assert pull(MODEL, folder).read_bytes() == GGUF


def test_a_part_that_was_spoilt_on_the_disk_is_found_out(hub: Hub, folder: Path) -> None:
    hub.cuts = [100_000, 0, 0, 0]
    with pytest.raises(PullError):
        pull(MODEL, folder)
    (part,) = folder.rglob("*.part")
    part.write_bytes(bytes(100_000))
    with pytest.raises(PullError, match="was deleted"):
        pull(MODEL, folder)
    assert files(folder) == []


def test_another_file_than_the_one_that_istok_knows_is_not_even_fetched(hub: Hub, folder: Path) -> None:
    ours = MODEL.model_copy(update={"files": (HubFile(path="Q4/Small-Q4.gguf", sha256="0" * 64),)})
    with pytest.raises(PullError, match=r"offers another .* than the one that Istok knows"):
        pull(ours, folder)
    assert hub.downloads == []
    assert files(folder) == []


def test_a_part_of_an_older_revision_makes_way(hub: Hub, folder: Path) -> None:
    hub.cuts = [100_000, 0, 0, 0]
    with pytest.raises(PullError):
        pull(MODEL, folder)
    newer = GGUF[:8] + GGUF[:7:-1]
    hub.add(f"{REPO}/Q4/Small-Q4.gguf", newer)
    assert pull(MODEL, folder).read_bytes() == newer
    assert files(folder) == ["Small-Q4.gguf"]


def test_a_file_without_a_checksum_is_refused(hub: Hub, folder: Path) -> None:
    hub.checksums = False
    with pytest.raises(PullError, match="gives no checksum"):
        pull(MODEL, folder)
    assert files(folder) == []


def test_what_is_no_gguf_is_refused(hub: Hub, folder: Path) -> None:
    hub.add(f"{REPO}/Q4/Small-Q4.gguf", bytes(2000))
    with pytest.raises(PullError, match="no GGUF model"):
        pull(MODEL, folder)
    assert files(folder) == []


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (404, "EntryNotFound", r"there is no http://.*/Small-Q4.gguf: check the name"),
        (404, "RevisionNotFound", r"there is no http://.*: check the name"),
        (404, "", r"there is no http://.*: check the name"),
        (401, "RepoNotFound", r"has no someone/Small-GGUF, or shows it only to some: .*HF_TOKEN"),
        (403, "GatedRepo", r"only for those who accept its terms: .*/someone/Small-GGUF, then set HF_TOKEN"),
        (401, "", r"refuses someone/Small-GGUF \(401\): set HF_TOKEN"),
        (403, "", r"refuses someone/Small-GGUF \(403\): set HF_TOKEN"),
        (503, "", r"answered 503: try later"),
    ],
)
def test_a_refusal_of_the_hub_is_told_in_one_line(hub: Hub, folder: Path, status: int, code: str, told: str) -> None:
    hub.errors[f"{REPO}/main/Q4/Small-Q4.gguf"] = status, code
    with pytest.raises(PullError, match=told) as error:
        pull(MODEL, folder)
    assert "\n" not in str(error.value)
    assert files(folder) == []


def test_no_network_is_told_in_one_line(hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = f"http://127.0.0.1:{server.getsockname()[1]}"
    monkeypatch.setenv("HF_ENDPOINT", nobody)
    with pytest.raises(PullError, match=rf"{nobody} can't be reached .*: check the network or HF_ENDPOINT"):
        pull(MODEL, folder)
    assert files(folder) == []


def test_offline_mode_is_told_in_one_line(hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(PullError, match="HF_HUB_OFFLINE"):
        pull(MODEL, folder)
    assert hub.requests == []


def test_too_little_room_is_told_before_anything_is_fetched(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = pulling.shutil.disk_usage(folder.parent)
    monkeypatch.setattr(pulling.shutil, "disk_usage", lambda path: usage._replace(free=len(GGUF) - 1))
    with pytest.raises(PullError, match=r"needs .* GB on the disk .* make room"):
        pull(MODEL, folder)
    assert hub.downloads == []


def test_a_folder_that_can_not_be_written_is_told_in_one_line(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PullError, match=r"can't be written \(Not a directory\)"):
        pull(MODEL, tmp_path / "file")


def test_two_do_not_fetch_the_same_model_at_once(hub: Hub, folder: Path) -> None:
    (folder / PULLING).mkdir(parents=True)
    with FileLock(folder / PULLING / "small.lock"), pytest.raises(PullError, match="another istok is fetching small"):
        pull(MODEL, folder)
    assert hub.requests == []
    assert pull(MODEL, folder).read_bytes() == GGUF


WEIGHTS = random.Random(2).randbytes(5000)
ENCODER = Model(
    name="bear",
    kind="encoder",
    repo="someone/bear",
    revision="v1",
    prompts={"query": "query: ", "passage": "passage: "},
    files=(
        HubFile(path="onnx/model.onnx", size=5000, sha256=hashlib.sha256(WEIGHTS).hexdigest()),
        HubFile(path="modules.json"),
        HubFile(path="1_Pooling/config.json"),
    ),
)


def test_an_encoder_of_several_files_is_seen_only_when_it_is_whole(hub: Hub, folder: Path) -> None:
    hub.add("someone/bear/onnx/model.onnx", WEIGHTS, "v1")
    hub.add("someone/bear/modules.json", b"[]", "v1")
    hub.add("someone/bear/1_Pooling/config.json", b"{}", "v1")
    hub.cuts = [2000, 0, 0, 0]
    with pytest.raises(PullError):
        pull(ENCODER, folder)
    assert not (folder / "bear").exists()
    told: list[tuple[int, int]] = []
    place = pull(ENCODER, folder, progress=lambda done, total: told.append((done, total)))
    assert files(place) == [
        "1_Pooling", "1_Pooling/config.json", "config_sentence_transformers.json", "modules.json", "onnx",
        "onnx/model.onnx",
    ]  # fmt: skip
    assert (place / "onnx/model.onnx").read_bytes() == WEIGHTS
    assert json.loads((place / "config_sentence_transformers.json").read_text())["prompts"] == ENCODER.prompts
    assert told[0] == (2000, 5004)
    assert told[-1] == (5004, 5004)


def test_a_small_file_is_checked_too(hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add("someone/bear/onnx/model.onnx", WEIGHTS, "v1")
    hub.add("someone/bear/modules.json", b"[]", "v1")
    hub.add("someone/bear/1_Pooling/config.json", b"{}", "v1")
    fetch = pulling._receive

    def spoil(source, part, have):
        yield from fetch(source, part, have)
        if source.path == "modules.json":
            part.write_bytes(b"{}")

    monkeypatch.setattr(pulling, "_receive", spoil)
    with pytest.raises(PullError, match=r"what came as modules.json is not what was published"):
        pull(ENCODER, folder)
    assert not (folder / "bear").exists()
