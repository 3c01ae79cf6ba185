from __future__ import annotations

import ctypes
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from istok.index.types import Language
from istok.rag import models
from istok.rag.errors import ReaderError
from istok.rag.grammar import gbnf, question_gbnf
from istok.rag.prompt import messages, rewriting
from istok.rag.readers import ReaderEvent, Waiting, open_reader
from istok.rag.types import Claim, Evidence, Reading, Turn

llama_cpp = pytest.importorskip("llama_cpp")

from istok.rag.readers import llama_cpp as module  # noqa: E402
from istok.rag.readers.llama_cpp import LlamaCppReader, _Grammar, _Model, _turns  # noqa: E402

pytestmark = pytest.mark.llama

FACTS = (
    "The steel plant in Riverton opened in May 2021.",
    "It employs 1,200 people.",
    "Exports rose by 45% in 2023 to 18.5 million dollars.",
    "The mayor of Riverton is Anna Kowalski.",
)
QUESTION = "When did the plant open?"


@pytest.fixture(scope="module")
def reader(gguf: Path) -> LlamaCppReader:
    return LlamaCppReader(gguf, n_ctx=512, max_tokens=24)


@pytest.fixture
def model(reader: LlamaCppReader) -> _Model:
    return reader._load()


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


def test_what_two_prompts_begin_with_is_evaluated_once(
    reader: LlamaCppReader, model: _Model, evidence: Evidence
) -> None:
    read(reader, evidence)
    instructions = model.tokens(messages("", (), (), "en")[:1])
    for other in (
        messages("Who is the mayor?", (), evidence.sentences, "en"),
        rewriting("And the mayor?", [Turn("When did the plant open?", "In May.")], "en"),
    ):
        assert model._keep_prefix(model.tokens(other)) > 0.8 * len(instructions)


def test_without_evidence_nothing_is_said(reader: LlamaCppReader) -> None:
    assert read(reader, Evidence(())) == [Reading((), 0)]


def test_a_small_context_is_never_exceeded(
    reader: LlamaCppReader, model: _Model, evidence_of: Callable[..., Evidence], monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = evidence_of(
        *(f"In {1900 + year} the plant in Riverton sold {year} thousand tons." for year in range(80))
    )
    evaluated = []
    evaluate = model._llama.eval
    monkeypatch.setattr(model._llama, "eval", lambda tokens: (evaluated.append(len(tokens)), evaluate(tokens)))
    monkeypatch.setattr(reader, "_max_tokens", 8)
    model._llama.n_tokens = 0
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


def test_a_stop_ends_the_reading_at_once_and_the_next_is_whole(reader: LlamaCppReader, evidence: Evidence) -> None:
    whole = read(reader, evidence)
    stop = threading.Event()
    events = []
    for event in reader.read(QUESTION, (), evidence, language="en", stop=stop):
        events.append(event)
        if len(events) == 3:
            stop.set()
    assert events[:3] == whole[:3]
    assert (last(events).stopped, last(events).gave_up, last(events).dropped) == (True, False, 0)
    assert len(events) == 4
    assert read(reader, evidence) == whole


def test_a_stop_before_the_beginning_evaluates_nothing(
    reader: LlamaCppReader, model: _Model, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model._llama, "eval", None)
    stop = threading.Event()
    stop.set()
    assert [(event.claims, event.stopped) for event in read(reader, evidence, stop=stop)] == [((), True)]


def test_an_answer_ends_when_its_time_is_over_and_says_so(
    reader: LlamaCppReader, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_seconds", 0.0)
    assert read(reader, evidence) == [Reading((), 0, notes=("The time for an answer (0 s) is over.",), gave_up=True)]
    monkeypatch.setattr(reader, "_seconds", 1.0)
    monkeypatch.setattr(reader, "_max_tokens", 10_000)
    monkeypatch.setattr(_Grammar, "choose", lambda *_: time.sleep(0.2) or 1000)
    reading = last(read(reader, evidence))
    assert reading.tokens < 10
    assert reading.notes == ("The time for an answer (1 s) is over.",)
    assert reading.gave_up
    assert not reading.stopped


def test_one_who_no_longer_listens_does_not_block_the_next(reader: LlamaCppReader, evidence: Evidence) -> None:
    dead = reader.read(QUESTION, (), evidence, language="en", stop=threading.Event())
    next(iter(dead))  # and never again, nor is it closed
    assert last(read(reader, evidence)).claims


def test_an_abandoned_reading_ends_soon(
    reader: LlamaCppReader, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = []
    choose = _Grammar.choose
    monkeypatch.setattr(
        _Grammar, "choose", lambda *arguments: chosen.append(0) or time.sleep(0.1) or choose(*arguments)
    )
    abandoned = reader.read(QUESTION, (), evidence, language="en", stop=threading.Event())
    next(iter(abandoned))
    abandoned.close()  # type: ignore[attr-defined]
    with _turns.mine():
        assert 0 < len(chosen) < 8


def test_a_generation_that_fails_is_an_error_with_a_remedy_and_does_not_block_the_next(
    reader: LlamaCppReader, model: _Model, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("llama_decode returned -3")

    with monkeypatch.context() as broken:
        broken.setattr(model._llama, "eval", fail)
        with pytest.raises(ReaderError, match=r"failed \(llama_decode returned -3\): ask again, or choose another"):
            read(reader, evidence)
    assert last(read(reader, evidence)).claims


def test_readings_at_the_same_time_queue_and_do_not_mix(reader: LlamaCppReader, evidence: Evidence) -> None:
    questions = [QUESTION, "Who is the mayor?", "How many people work there?"]
    alone = [read(reader, evidence, question) for question in questions]
    together: dict[str, list[ReaderEvent]] = {}

    def work(question: str) -> None:
        events = read(reader, evidence, question)
        together[question] = [event for event in events if not isinstance(event, Waiting)]

    threads = [threading.Thread(target=work, args=(question,)) for question in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [together[question] for question in questions] == alone


def test_who_came_first_has_the_first_turn() -> None:
    order = []
    waiting = []

    def wait(number: int) -> None:
        with _turns.mine():
            order.append(number)

    with _turns.mine():
        for number in range(5):
            before = len(_turns._waiting)
            waiting.append(threading.Thread(target=wait, args=(number,)))
            waiting[-1].start()
            while len(_turns._waiting) == before:
                time.sleep(0.001)
        assert order == []
    for thread in waiting:
        thread.join(10)
    assert order == [0, 1, 2, 3, 4]


def test_one_who_waits_is_told_how_many_are_ahead_and_when_that_is_over(
    reader: LlamaCppReader, evidence: Evidence
) -> None:
    events: list[ReaderEvent] = []
    first, second = _turns.mine(), _turns.mine()
    first.__enter__()
    waiting = threading.Thread(target=lambda: second.__enter__())
    waiting.start()
    while len(_turns._waiting) < 2:
        time.sleep(0.001)
    asking = threading.Thread(target=lambda: events.extend(read(reader, evidence)))
    asking.start()
    while len(_turns._waiting) < 3:
        time.sleep(0.001)
    time.sleep(module.MOMENT + 0.2)
    first.__exit__(None, None, None)
    waiting.join(10)
    time.sleep(0.3)
    second.__exit__(None, None, None)
    asking.join(60)
    assert events[:3] == [Waiting(2), Waiting(1), Waiting(0)]
    assert last(events).claims
    assert not any(isinstance(event, Waiting) for event in events[3:])


def test_a_short_wait_is_not_told(reader: LlamaCppReader, evidence: Evidence) -> None:
    events: list[ReaderEvent] = []
    asking = threading.Thread(target=lambda: events.extend(read(reader, evidence)))
    with _turns.mine():
        asking.start()
        while len(_turns._waiting) < 2:
            time.sleep(0.001)
    asking.join(60)
    assert isinstance(events[0], str)


def test_one_who_heard_of_the_queue_and_listens_no_more_does_not_block_it(
    reader: LlamaCppReader, evidence: Evidence
) -> None:
    with _turns.mine():
        dead = iter(reader.read(QUESTION, (), evidence, language="en", stop=threading.Event()))
        assert next(dead) == Waiting(1)  # and never again, nor is it closed
    assert last(read(reader, evidence)).claims
    assert [event for event in dead if isinstance(event, Waiting)] == [Waiting(0)], "its place was kept"


def test_closed_it_gives_its_memory_back_and_the_next_reading_takes_it_anew(
    reader: LlamaCppReader, evidence: Evidence, gguf: Path
) -> None:
    whole, first = read(reader, evidence), reader._load()
    reader.close()
    assert first._llama._model.model is None
    assert module._model is None
    assert read(reader, evidence) == whole
    other = LlamaCppReader(gguf, n_ctx=256)
    reader.close()
    assert module._model is not None, "another's model is left alone"
    assert other._load() is module._model


def test_a_file_that_is_no_model_leaves_the_loaded_one_where_it_is(reader: LlamaCppReader, tmp_path: Path) -> None:
    loaded = reader._load()
    (tmp_path / "bear.gguf").write_bytes(b"no model")
    with pytest.raises(ReaderError, match="is not a GGUF model"):
        open_reader(f"llama.cpp:{tmp_path / 'bear.gguf'}")
    assert module._model is loaded


def test_one_who_waits_can_stop_waiting(reader: LlamaCppReader, evidence: Evidence) -> None:
    stop = threading.Event()
    with _turns.mine():
        threading.Timer(0.2, stop.set).start()
        assert [event.stopped for event in read(reader, evidence, stop=stop)] == [True]
    assert last(read(reader, evidence)).claims


def test_a_process_has_one_model_in_memory(reader: LlamaCppReader, gguf: Path, evidence: Evidence) -> None:
    whole, first = read(reader, evidence), reader._load()
    assert LlamaCppReader(gguf, n_ctx=512)._load() is first
    other = LlamaCppReader(gguf, n_ctx=256)
    assert other._load() is not first
    assert first._llama._model.model is None, "its memory is given back"
    assert read(reader, evidence) == whole
    assert other.context == 256


def test_what_it_can_not_read_it_leaves_to_quotes_and_says_so(
    reader: LlamaCppReader, gguf: Path, evidence: Evidence, evidence_of: Callable[..., Evidence]
) -> None:
    russian = evidence_of("Завод в Речном открыли в мае 2021 года.", language="ru")
    assert read(reader, russian) == [Reading((), 0, notes=(f"The model {gguf.name} knows no Russian.",), gave_up=True)]
    assert read(reader, evidence, "Когда открыли завод?", language="ru") == [
        Reading((), 0, notes=(f"Модель {gguf.name} не знает русского языка.",), gave_up=True)
    ]


def test_a_follow_up_is_worded_as_one_question_in_one_line_or_not_at_all(
    reader: LlamaCppReader, evidence: Evidence
) -> None:
    turns = [Turn("When did the plant in Riverton open?", "It opened in May 2021 [1].")]
    question = reader.rewrite("And who is the mayor?", turns, "en")
    assert question is None or re.fullmatch(r"[^\n\[\]<>?]+\?", question)
    assert reader.rewrite("А кто мэр?", turns, "ru") is None
    assert reader.rewrite("And " + "why " * 600 + "?", turns, "en") is None
    assert last(read(reader, evidence)).claims


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_grammar_compiles_for_any_number_of_sentences(model: _Model, language: Language) -> None:
    for count in range(1, 41):
        _Grammar(model._vocabulary, gbnf(count, language)).close()


def admits(model: _Model, rules: str, text: str) -> bool:
    """Whether the grammar admits the whole of `text`, its end included."""
    size = model._llama.n_vocab()
    grammar = _Grammar(model._vocabulary, rules)
    try:
        for token in [*model._llama.tokenize(text.encode(), add_bos=False), model._llama.token_eos()]:
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
def test_the_grammar_admits_cited_sentences(model: _Model, text: str) -> None:
    assert admits(model, gbnf(12, "ru"), text)


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
def test_the_grammar_admits_nothing_else(model: _Model, text: str) -> None:
    assert not admits(model, gbnf(12, "en"), text)


def test_the_grammar_lets_a_model_say_that_there_is_no_answer(model: _Model) -> None:
    assert admits(model, gbnf(12, "ru"), "Ответа нет.")
    assert admits(model, gbnf(12, "en"), "No answer.")
    assert not admits(model, gbnf(12, "en"), "Ответа нет.")


def test_the_grammar_of_a_question_admits_one_line(model: _Model) -> None:
    assert admits(model, question_gbnf(), "Кто мэр города Речной в 2024 г., если не Иванов?")
    for text in ("Who is the mayor", "Who?\nAnna?", "Who is [1]?", "<think>Who?", "?", "Anna. Who?!"):
        assert not admits(model, question_gbnf(), text)


def with_template(model: _Model, monkeypatch: pytest.MonkeyPatch, template: str) -> None:
    formatter = type(model._formatter)(template, eos_token="", bos_token="")
    monkeypatch.setattr(model, "_formatter", formatter)
    monkeypatch.setattr(model, "_template", template)


def test_a_template_without_a_system_role_gets_everything_from_the_user(
    model: _Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    gemma = (
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('No system') }}{% endif %}"
        "<start_of_turn>{{ m.role }}\n{{ m.content }}<end_of_turn>\n{% endfor %}<start_of_turn>model\n"
    )
    silent = "{% for m in messages %}{% if m.role != 'system' %}{{ m.content }}{% endif %}{% endfor %}"
    for template in (gemma, silent):
        with_template(model, monkeypatch, template)
        assert not model._keeps_system_messages()
        monkeypatch.setattr(model, "_has_system_role", False)
        prompt = model._render(messages("Why?", (), (), "en"))
        assert "only from numbered sentences" in prompt
        assert "Question: Why?" in prompt


@pytest.mark.parametrize(
    ("template", "end"),
    [
        # Told by the template's own switch, as Qwen3, SmolLM3 and GLM have it.
        (
            "{{ messages[-1].content }}{% if enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}",
            "</think>\n\n",
        ),
        # A switch that opens nothing when it is off, as Gemma 4's.
        ("{{ messages[-1].content }}{% if enable_thinking %}<think>{% endif %}A:{# </think> #}", "A:"),
        # The prompt opens the thinking, as DeepSeek-R1's.
        ("{{ messages[-1].content }}<think>\n", "</think>\n\n"),
        # The model opens it by itself, as LFM2.5: the template only knows how to leave earlier thinking out.
        ("{% if '</think>' in messages[0].content %}{% endif %}{{ messages[-1].content }}", "<think>\n\n</think>\n\n"),
        # Channels in place of tags, as gpt-oss.
        ("{{ messages[-1].content }}{# <|channel|>analysis #}<|start|>assistant", "<|channel|>final<|message|>"),
        # No thinking model.
        ("{{ messages[-1].content }}A:", "A:"),
    ],
)
def test_a_thinking_model_does_not_think(
    model: _Model, monkeypatch: pytest.MonkeyPatch, template: str, end: str
) -> None:
    with_template(model, monkeypatch, template)
    prompt = model._render(messages("Why?", (), (), "en"))
    assert prompt.endswith(end)
    assert prompt.count("<think>") == prompt.count("</think>") <= 1


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
