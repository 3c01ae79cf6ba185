"""The JSON that other programs rely on, and the one promise: a quote is the original at its range."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from istok.index.home import Home
from istok.index.index import Index
from istok.rag.assistant import Assistant
from istok.rag.errors import InputError
from istok.rag.readers.quote import QuoteReader
from istok.rag.types import Turn
from istok.ui.contract import QueryLine, QuestionLine, answer_json, dump, each_line, read_history, search_json

QUESTIONS = ("На сколько вырос экспорт в Узбекистан?", "How much did exports grow?", "Почём фунт изюма на Марсе?")


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_has_exactly_these_keys_in_this_order(assistant: Assistant, question: str) -> None:
    answer = json.loads(dump(answer_json(assistant.ask(question), "7")))
    assert list(answer) == [
        "id", "question", "standalone_question", "language", "status", "reader",
        "text", "claims", "citations", "timings",
    ]  # fmt: skip
    assert answer["id"] == "7"
    assert answer["question"] == question
    assert answer["language"] == ("en" if question.isascii() else "ru")
    assert answer["status"] in ("answered", "abstained")
    assert list(answer["timings"]) == ["search", "read", "verify", "total"]
    for claim in answer["claims"]:
        assert list(claim) == ["text", "citations", "verdict", "issues"]
        assert claim["verdict"] in ("supported", "partial", "unsupported")
    for number, citation in enumerate(answer["citations"], 1):
        keys = ["number", "id", "document", "title", "date", "start", "end", "quote", "score"]
        assert list(citation) == keys
        assert citation["number"] == number
        assert citation["id"] == f"{citation['document']}:{citation['start']}-{citation['end']}"
        assert 0 <= citation["score"] <= 1
    assert bool(answer["claims"]) == (answer["status"] == "answered")


def test_every_mark_of_an_answer_names_a_citation(assistant: Assistant) -> None:
    answer = answer_json(assistant.ask(QUESTIONS[0]))
    assert answer["status"] == "answered"
    cited = {number for claim in answer["claims"] for number in claim["citations"]}
    assert cited == {citation["number"] for citation in answer["citations"]}
    assert all(f"[{number}]" in answer["text"] for number in cited)


def test_found_passages_have_exactly_these_keys_in_this_order(assistant: Assistant) -> None:
    found = json.loads(dump(search_json("Беларусь", assistant.index.search("Беларусь", 3), 0.5, 9)))
    assert list(found) == ["id", "query", "hits", "seconds"]
    assert (found["id"], found["query"], found["seconds"]) == (9, "Беларусь", 0.5)
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    for hit in found["hits"]:
        keys = ["rank", "id", "document", "start", "end", "text", "score", "dense_rank", "lexical_rank"]
        assert list(hit) == keys
        assert hit["id"] == f"{hit['document']}:{hit['start']}-{hit['end']}"
        text = assistant.index.document(hit["document"]).text
        assert text[hit["start"] : hit["end"]] == hit["text"]


def test_json_is_one_line_with_cyrillic_as_it_is() -> None:
    assert dump({"text": "Ёж\nи \u2028"}) == '{"text": "Ёж\\nи \u2028"}'


def test_history_comes_as_pairs() -> None:
    assert read_history('[["Кто?", "Он. [1]"], ["Где?", ""]]'.encode()) == [Turn("Кто?", "Он. [1]"), Turn("Где?", "")]
    assert read_history("\ufeff[]".encode()) == []


@pytest.mark.parametrize(
    "history", [b"", b"[", b"{}", b'["a", "b"]', b'[["a"]]', b'[["a", "b", "c"]]', b'[["a", null]]', b'[["\xff", ""]]']
)
def test_a_malformed_history_is_told_in_one_line(history: bytes) -> None:
    with pytest.raises(InputError) as error:
        read_history(history)
    assert str(error.value).startswith("the history is ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("id_", ["a", "", 7, 7.5, 2**70, True, None, [1], {"a": None}])
def test_an_id_comes_back_as_it_was(id_: object) -> None:
    line = json.dumps({"id": id_, "query": "x"})
    [result] = each_line([line], QueryLine, lambda line: {"id": line.id})
    assert json.loads(result) == {"id": id_}
    assert type(json.loads(result)["id"]) is type(id_)


def test_lines_give_results_in_order_and_blank_ones_and_unknown_keys_are_passed_over() -> None:
    lines = ['{"question": "a", "why": 1}\n', "\n", "  \n", '{"question": "b", "history": [["q", "a"]]}']
    results = each_line(lines, QuestionLine, lambda line: {"question": line.question, "turns": len(line.turns)})
    assert list(map(json.loads, results)) == [{"question": "a", "turns": 0}, {"question": "b", "turns": 1}]


def test_results_come_one_by_one_as_the_lines_do() -> None:
    def lines() -> list[str]:
        yield '{"query": "a"}'  # type: ignore[misc]
        pytest.fail("the second line was read before the first result was given")

    assert json.loads(next(each_line(lines(), QueryLine, lambda line: {"query": line.query}))) == {"query": "a"}


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("not json", "line 3: Invalid JSON"),
        ("[]", "line 3: Input should be an object"),
        ('{"id": 1}', "line 3: question: Field required"),
        ('{"question": 5}', "line 3: question: Input should be a valid string"),
        ('{"question": "a", "history": ["b"]}', "line 3: history.0: "),
        ('{"question": "\\ud800"}', "line 3: "),
    ],
)
def test_a_bad_line_is_told_by_its_number(bad: str, told: str) -> None:
    results = each_line(['{"question": "a"}', "", bad, '{"question": "b"}'], QuestionLine, lambda line: {"a": 1})
    assert next(results) == '{"a": 1}'
    with pytest.raises(InputError) as error:
        next(results)
    assert str(error.value).startswith(told)
    assert "\n" not in str(error.value)


# The promise, over documents that nobody would write

_WORDS = st.one_of(
    st.sampled_from(
        "экспорт Рогожник Узбекистан вырос 45% 18,5 тракторы заявил Минск г. т.е. млн № 5 Ёлка «Прогресс» (см. "
        "export grew Rogozhnik said U.S. Mr. 3.14 2024 05.11.2025 e\u0301 и\u0306 \u200b \xad \x00 "
        "👩\u200d🚀 🔥 — ] [1] ) ... ?!".split(" ")
    ),
    st.text(st.characters(categories=("Lu", "Ll"), include_characters="абвгдеёж", max_codepoint=0x4FF), max_size=9),
)
_SPACES = st.sampled_from(
    [
        " ",
        " ",
        " ",
        ". ",
        ".\n",
        "! ",
        "\r\n",
        ".\r\n\r\n",
        "\n\n",
        "\t",
        "\xa0",
        "  ",
        "\r",
        "\u2028",
        "\x0b",
        "\u2003",
        "; ",
    ]
)
_TEXTS = st.lists(st.tuples(_WORDS, _SPACES), min_size=1, max_size=120).map(
    lambda pairs: "".join(word + space for word, space in pairs)
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(_TEXTS, min_size=1, max_size=6), bom=st.booleans())
def test_whatever_is_printed_is_the_original_at_its_range(texts: list[str], bom: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "documents")
        folder.mkdir()
        for number, text in enumerate(texts):
            with (folder / f"{number}.txt").open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
                file.write(text)
        with Index.open(Home.open(Path(temporary, "home"))) as index:
            index.update([folder])
            stored = {document.id for document in index.documents()}
            if not stored:
                return
            assistant = Assistant(index, QuoteReader())
            assert index.check() == []
            for question in ("На сколько вырос экспорт в 2024 году?", "What did Rogozhnik say?", texts[0][:80]):
                if not question.strip():
                    continue
                places = [
                    (hit["document"], hit["start"], hit["end"], hit["text"])
                    for hit in search_json(question, index.search(question), 0)["hits"]
                ] + [
                    (citation["document"], citation["start"], citation["end"], citation["quote"])
                    for citation in answer_json(assistant.ask(question))["citations"]
                ]
                for document, start, end, quote in places:
                    original = (folder / document).read_bytes().decode("utf-8-sig")
                    assert original[start:end] == quote
                    assert quote.strip()
