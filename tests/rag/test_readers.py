"""What every reader keeps to, one row each, and how they are opened."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from istok.index.errors import UnknownNameError
from istok.rag.readers import KINDS, Reader, ReaderEvent, open_reader
from istok.rag.types import Claim, Evidence, Reading, Turn

FACTS = ("The steel plant in Riverton opened in May 2021.", "It employs 1,200 people.", "Its mayor is Anna Kowalski.")
QUESTION = "When did the steel plant in Riverton open?"
TURNS = [Turn("Where is the plant?", "It is in Riverton [1].")]


def _answer(request: httpx2.Request) -> httpx2.Response:
    assert json.loads(request.content)["messages"]
    message = {"content": "The steel plant opened in May 2021 [1]. It is old [7]."}
    return httpx2.Response(200, json={"choices": [{"message": message, "finish_reason": "stop"}]})


@pytest.fixture(params=["quote", "llama.cpp", "openai"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Reader:
    match request.param:
        case "llama.cpp":
            from istok.rag.readers import llama_cpp

            monkeypatch.setattr(llama_cpp, "CONTEXT", 512)
            monkeypatch.setattr(llama_cpp, "MAX_TOKENS", 24)
            return open_reader(f"llama.cpp:{request.getfixturevalue('gguf')}")
        case "openai":
            client = httpx2.Client
            transport = httpx2.MockTransport(_answer)
            monkeypatch.setattr(httpx2, "Client", lambda **options: client(**options, transport=transport))
            return open_reader("openai:small@http://127.0.0.1:1/v1")
        case _:
            return open_reader("quote")


@pytest.fixture
def evidence(evidence_of: Callable[..., Evidence]) -> Evidence:
    return evidence_of(*FACTS)


def read(reader: Reader, evidence: Evidence, stop: threading.Event | None = None) -> list[ReaderEvent]:
    return list(reader.read(QUESTION, TURNS, evidence, language="en", stop=stop or threading.Event()))


def test_its_claims_cite_what_exists_and_its_last_word_is_the_reading(reader: Reader, evidence: Evidence) -> None:
    *events, reading = read(reader, evidence)
    assert isinstance(reading, Reading)
    assert tuple(event for event in events if isinstance(event, Claim)) == reading.claims
    assert reading.claims
    assert reading.used == len(FACTS)
    assert not reading.stopped
    for claim in reading.claims:
        assert claim.text.strip()
        assert claim.citations
        assert {*claim.citations} <= {1, 2, 3}


def test_it_reads_the_same_twice(reader: Reader, evidence: Evidence) -> None:
    assert read(reader, evidence) == read(reader, evidence)


def test_without_evidence_it_makes_no_claim(reader: Reader) -> None:
    (reading,) = read(reader, Evidence(()))
    assert isinstance(reading, Reading)
    assert reading.claims == ()


def test_a_stop_that_came_before_leaves_a_reading(reader: Reader, evidence: Evidence) -> None:
    stop = threading.Event()
    stop.set()
    assert isinstance(read(reader, evidence, stop)[-1], Reading)


def test_an_answer_can_name_it(reader: Reader) -> None:
    kind = reader.name.partition(":")[0]
    assert kind in {known.partition(":")[0] for known in KINDS}


@pytest.mark.parametrize("spec", ["", "gpt", "ollama:small", "llama_cpp:model.gguf"])
def test_a_reader_that_nobody_knows_is_refused_with_those_that_are_known(spec: str) -> None:
    with pytest.raises(UnknownNameError, match=r"use one of quote, llama\.cpp:PATH\.gguf, openai:MODEL@"):
        open_reader(spec)


def test_a_reader_loads_no_library_of_another(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from istok.rag.readers import open_reader\n"
        "open_reader('openai:small@http://127.0.0.1:1/v1')\n"
        "print(sorted({'llama_cpp', 'torch', 'gradio', 'openai'} & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
