"""Models fetched while the page goes on, from a hub that is served on this machine."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hub import Hub, serve

from istok.rag.models import HubFile, Model
from istok.ui.downloads import Download, DownloadError, Downloads
from istok.ui.texts import ENGLISH, RUSSIAN

GGUF = b"GGUF\x03\x00\x00\x00" + random.Random(1).randbytes(1_000_000)
REPO = "someone/Small-GGUF"
FILE = HubFile(path="Small-Q4.gguf", size=len(GGUF), sha256=hashlib.sha256(GGUF).hexdigest())
MODEL = Model(name="small", kind="reader", repo=REPO, files=(FILE,))
OTHER = Model(name="other", kind="reader", repo="someone/Other-GGUF", files=(HubFile(path="Other.gguf"),))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with serve() as hub:
        hub.add(f"{REPO}/Small-Q4.gguf", GGUF)
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub


@pytest.fixture
def downloads(tmp_path: Path) -> Downloads:
    return Downloads(tmp_path / "models")


def soon(downloads: Downloads, condition: Callable[[Download], bool]) -> Download:
    """The first download to be seen that fulfils the condition."""
    for _ in range(2000):
        if downloads.latest and condition(downloads.latest):
            return downloads.latest
        time.sleep(0.005)
    raise AssertionError(downloads.latest)


def test_nothing_is_asked_of_the_network_before_a_start(hub: Hub, downloads: Downloads) -> None:
    assert downloads.latest is None
    assert downloads.kept(MODEL) == 0
    assert downloads.wait() is None
    downloads.cancel()
    downloads.discard(MODEL)
    assert hub.requests == []


def test_progress_is_told_with_speed_and_time_until_the_model_is_here(
    hub: Hub, downloads: Downloads, tmp_path: Path
) -> None:
    hub.pause = 0.1
    downloads.start(MODEL)
    seen = soon(downloads, lambda download: download.speed > 0)
    assert (seen.state, seen.total, seen.ended) == ("running", len(GGUF), False)
    assert 0 < seen.done < seen.total
    assert seen.seconds_left == pytest.approx((seen.total - seen.done) / seen.speed)
    ended = downloads.wait()
    assert ended
    assert (ended.state, ended.done, ended.failure) == ("complete", len(GGUF), None)
    assert (tmp_path / "models" / "Small-Q4.gguf").read_bytes() == GGUF


def test_what_is_cancelled_is_kept_and_gone_on_with(hub: Hub, downloads: Downloads) -> None:
    hub.pause = 0.05
    downloads.start(MODEL)
    soon(downloads, lambda download: download.done > 0)
    downloads.cancel()
    assert downloads.latest
    assert downloads.latest.state == "stopping"
    ended = downloads.wait()
    assert ended
    assert ended.state == "stopped"
    kept = downloads.kept(MODEL)
    assert 0 < kept < len(GGUF)
    hub.pause = 0
    downloads.start(MODEL)
    assert downloads.latest.done >= kept
    ended = downloads.wait()
    assert ended
    assert ended.state == "complete"
    assert hub.downloads[1]["range"] == f"bytes={kept}-"
    assert downloads.kept(MODEL) == 0


def test_one_at_a_time(hub: Hub, downloads: Downloads) -> None:
    hub.pause = 0.05
    downloads.start(MODEL)
    with pytest.raises(DownloadError, match="small is being fetched: wait until it is here, or cancel it"):
        downloads.start(OTHER)
    with pytest.raises(DownloadError, match="cancel that first"):
        downloads.discard(MODEL)
    downloads.cancel()
    downloads.wait()
    downloads.start(OTHER)
    ended = downloads.wait()
    assert ended
    assert (ended.model, ended.state) == (OTHER, "failed")


def test_what_was_cancelled_can_be_deleted(hub: Hub, downloads: Downloads, tmp_path: Path) -> None:
    hub.pause = 0.05
    downloads.start(MODEL)
    soon(downloads, lambda download: download.done > 0)
    downloads.cancel()
    downloads.wait()
    downloads.discard(MODEL)
    assert downloads.latest is None
    assert downloads.kept(MODEL) == 0
    assert not list(tmp_path.rglob("*.part"))


def test_a_failure_is_a_line_that_says_what_to_do(hub: Hub, downloads: Downloads) -> None:
    hub.wrong = True
    downloads.start(MODEL)
    ended = downloads.wait()
    assert ended
    assert ended.state == "failed"
    assert ended.failure
    assert "is not what was published" in ENGLISH.told(ended.failure)
    assert "fetch it again" in ENGLISH.told(ended.failure)
    assert "не то, что опубликовано" in RUSSIAN.told(ended.failure)
    assert "скачайте заново" in RUSSIAN.told(ended.failure)
    hub.errors[f"{REPO}/main/Small-Q4.gguf"] = (503, "")
    downloads.start(MODEL)
    ended = downloads.wait()
    assert ended
    assert ended.failure
    assert "answered 503: try later" in ENGLISH.told(ended.failure)
    assert "ответил 503; попробуйте позже" in RUSSIAN.told(ended.failure)


def test_a_fault_of_ours_ends_the_download_and_is_said(downloads: Downloads, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("istok.ui.downloads.pull", broken)
    downloads.start(MODEL)
    ended = downloads.wait()
    assert ended
    assert (ended.state, ended.ended) == ("failed", True)
    assert ended.failure
    assert "ZeroDivisionError" in str(ended.failure)
