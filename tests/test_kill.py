"""A run of the indexer that is killed at any moment, storing or encoding, costs nothing but its last batch."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from istok.index.home import Home
from istok.index.index import Index
from istok.ui.cli import istok

SEED = 20240207
KILLS = 10
DOCUMENTS = 60

# The runs are forks of one process that has imported everything, so that a kill falls into reading, encoding and
# writing, and not into seconds of imports. Small transactions make many moments to die at.
_FORKS = """
import os, sys
import istok.index.build, istok.index.faiss, istok.index.onnx, onnxruntime, tokenizers
from pathlib import Path
from istok.index.home import Home
from istok.index.index import Index

istok.index.build._STORED = istok.index.build._ENCODED = 8
print("ready", flush=True)
for home in sys.stdin:
    child = os.fork()
    if not child:
        Index.open(Home.open(Path(home.strip()))).update([Path(sys.argv[1])])
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


def _document(number: int) -> str:
    if number % 2:
        sentences = (f"Plant number {number}x{n} of the region sold {n * 7} tractors in 2024." for n in range(12))
        return f"Report zulu{number}q\n\n" + " ".join(sentences) + "\n"
    sentences = (f"Завод № {number}-{n} области продал {n * 7} тракторов в 2024 году." for n in range(12))
    return f"Отчёт шифр{number}щ\n\n" + " ".join(sentences) + "\n"


def _wait_for_a_write(home: Home, then: float) -> None:
    """Return some moments after SQLite's log was written to: in the middle of a commit, or just behind it."""
    log, end = home.database.with_name(home.database.name + "-wal"), time.monotonic() + 5

    def state() -> tuple[int, int]:
        return (log.stat().st_size, log.stat().st_mtime_ns) if log.exists() else (0, 0)

    before = state()
    while time.monotonic() < end and state() == before:
        time.sleep(0.0002)
    time.sleep(then)


def _wait_for_vectors(home: Home, known: int) -> None:
    """Return when more than the known number of vectors is stored."""
    end = time.monotonic() + 60
    with closing(sqlite3.connect(f"file:{home.database}?mode=ro", uri=True)) as connection:
        count = "SELECT count(*) FROM passages WHERE vector IS NOT NULL"
        while time.monotonic() < end and connection.execute(count).fetchone()[0] <= known:
            time.sleep(0.002)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(DOCUMENTS):
        (folder / f"{number:02}.txt").write_text(_document(number), "utf-8")
    return folder


def test_ten_kills_lose_and_double_nothing(fresh_home: Home, folder: Path) -> None:
    delays = random.Random(SEED)
    stored: list[int] = []
    encoded: list[int] = []
    killed = 0
    arguments = [sys.executable, "-c", _FORKS, str(folder)]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}
    ) as forks:
        assert forks.stdin
        assert forks.stdout
        assert forks.stdout.readline() == "ready\n"
        for number in range(KILLS):
            print(fresh_home.root, file=forks.stdin, flush=True)
            child = int(forks.stdout.readline())
            if number < KILLS // 2:  # among the documents, which are soon stored
                for _ in range(number):
                    _wait_for_a_write(fresh_home, delays.uniform(0, 0.003))
            else:
                _wait_for_vectors(fresh_home, encoded[-1])
                time.sleep(delays.uniform(0, 0.02))
            os.kill(child, signal.SIGKILL)
            killed += int(forks.stdout.readline()) == signal.SIGKILL
            with Index.open(fresh_home) as index:
                faults = [fault for fault in index.check() if "vector cache" not in fault]
                waiting = f"{index.waiting} passages await encoding, found by their words until then: run: istok index"
                assert faults == ([waiting] if index.waiting else [])
                documents, passages, vectors = index.counts()
                assert passages - vectors == index.waiting
                stored.append(documents)
                encoded.append(vectors)
    assert stored == sorted(stored), "what was stored stays stored"
    assert encoded == sorted(encoded), "what was encoded stays encoded"
    assert killed >= KILLS // 2, f"the runs were still going on: {stored}"
    assert set(stored) - {0, DOCUMENTS}, f"the kills fell among the writes: {stored}"
    assert set(encoded) - {0, max(encoded)}, f"and among those of vectors: {encoded}"

    runner, home = CliRunner(), ["--home", str(fresh_home.root)]
    done = runner.invoke(istok, ["index", str(folder), *home])
    assert done.exit_code == 0, done.output
    assert f"{stored[-1]} unchanged" in done.stdout
    assert f"{DOCUMENTS} documents" in done.stdout
    doctor = runner.invoke(istok, ["doctor", *home])
    assert doctor.exit_code == 0, doctor.output

    with Index.open(fresh_home) as index:
        texts = {document.id: document.text for document in index.documents()}
        assert texts == {f"{number:02}.txt": _document(number) for number in range(DOCUMENTS)}
        places = Counter((passage.document_id, passage.start) for passage in index.passages())
        assert set(places.values()) == {1}
        for number in range(DOCUMENTS):
            word = f"report zulu{number}q" if number % 2 else f"отчёт шифр{number}щ"
            assert index.search(word)[0].passage.document_id == f"{number:02}.txt"
