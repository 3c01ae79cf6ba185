import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from istok.eval.questions import GoldItem, load_gold
from istok.eval.results import Results
from istok.index.home import Home
from istok.rag.assistant import Assistant
from istok.ui.cli import istok, main


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["eval", *map(str, arguments)])
    assert isinstance(stop.value.code, int)
    return stop.value.code


@pytest.fixture
def one_question(gold: dict[str, GoldItem], tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    path.write_text(gold["ru-001"].model_copy(update={"twin": None}).model_dump_json() + "\n", "utf-8")
    return path


def test_a_run_prints_a_table_and_writes_results_and_a_report(
    home: Home, one_question: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "out"
    assert run("--gold", one_question, "--out", out, "--home", home.root) == 0
    printed = capsys.readouterr().out
    assert "answer_accuracy" in printed
    assert "gate broken" not in printed
    assert len(Results.model_validate_json((out / "results.json").read_text("utf-8")).items) == 1
    assert "На сколько вырос экспорт" in (out / "report.html").read_text("utf-8")


def test_a_broken_gate_is_exit_code_1(
    home: Home, one_question: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = one_question.read_text("utf-8").replace('"45%"', '"54%"').replace('"45 ', '"54 ')
    one_question.write_text(content.replace('"dev"', '"test"'), "utf-8")
    assert run("--gold", one_question, "--out", tmp_path, "--home", home.root) == 1
    assert "gate broken: ru.fact.test answer_accuracy 0.000 < " in capsys.readouterr().out


def test_an_index_without_the_seeds_says_to_index_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--home", tmp_path / "empty", "--out", tmp_path / "out") == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "run: istok index" in error
    assert not (tmp_path / "out").exists()


def test_a_split_without_questions_is_one_line(
    home: Home, one_question: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--gold", one_question, "--split", "test", "--out", tmp_path, "--home", home.root) == 2
    assert "no test questions" in capsys.readouterr().err


def write(path: Path, items: list[GoldItem]) -> Path:
    path.write_text("".join(item.model_dump_json() + "\n" for item in items), "utf-8")
    return path


def test_a_limit_is_drawn_and_its_gates_are_judged_as_a_sample(
    home: Home, gold: dict[str, GoldItem], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "mine.jsonl", [gold[name] for name in ("ru-001", "en-001", "ru-002", "en-002")])
    assert run("--gold", path, "--out", tmp_path, "--home", home.root, "--limit", 2) == 0
    printed = capsys.readouterr().out
    assert "a sample: groups of 10 questions or more are judged" in printed
    assert "gate not measured: ru.fact.test answer_accuracy" in printed
    results = Results.read(tmp_path / "results.json")
    assert (len(results.items), results.limit) == (2, 2)


def test_a_stopped_run_says_how_to_go_on_and_goes_on(
    home: Home,
    gold: dict[str, GoldItem],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, out = write(tmp_path / "mine.jsonl", [gold["ru-001"], gold["en-001"]]), tmp_path / "out"
    ask = Assistant.ask

    def stopped(self: Assistant, question: str, *arguments: object) -> object:
        if question == gold["en-001"].question:
            raise KeyboardInterrupt
        return ask(self, question, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Assistant, "ask", stopped)
        assert run("--gold", path, "--out", out, "--home", home.root) == 130
    assert capsys.readouterr().err == "istok: stopped after 1 of 2 questions: the same command goes on there\n"
    assert not (out / "results.json").exists()
    assert run("--gold", path, "--out", out, "--home", home.root) == 0
    assert capsys.readouterr().err == "going on after 1 of 2 questions\n"
    assert [result.item.id for result in Results.read(out / "results.json").items] == ["ru-001", "en-001"]
    assert not (out / "answers.jsonl").exists()


def test_a_killed_run_goes_on(home: Home, tmp_path: Path, gold: dict[str, GoldItem]) -> None:
    items = [item.model_copy(update={"twin": None}) for item in gold.values() if item.type == "fact"][:12]
    path, journal = write(tmp_path / "mine.jsonl", items), tmp_path / "answers.jsonl"
    arguments = ["eval", "--gold", str(path), "--out", str(tmp_path), "--home", str(home.root)]
    program = [sys.executable, "-c", "from istok.ui.cli import main; main()", *arguments]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") > 3):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    asked = journal.read_bytes().count(b"\n") - 1
    assert 3 <= asked < len(items)
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert f"going on after {asked} of {len(items)} questions" in done.stderr
    assert [result.item.id for result in Results.read(tmp_path / "results.json").items] == [item.id for item in items]


def new(home: Home, *arguments: object, said: str = "") -> tuple[int, str, str]:
    done = CliRunner().invoke(istok, ["eval", "new", *map(str, arguments), "--home", str(home.root)], input=said)
    return done.exit_code, done.stdout, done.stderr


QUESTION = "На сколько вырос экспорт предприятий Минпрома в Узбекистан?"


def test_a_new_item_is_printed_with_the_chosen_sentence(home: Home) -> None:
    code, printed, _ = new(home, QUESTION, "--prove", "1", "--answer", "45%; 45 процент + экспорт")
    assert code == 0
    item = GoldItem.model_validate(json.loads(printed))
    assert item.answers == (("45%", "45 процент"), ("экспорт",))
    assert "экспорт возрос почти на 45%" in item.gold[0].quote
    assert (item.id, item.language, item.type, item.split) == ("ru-001", "ru", "fact", "dev")


def test_a_new_item_is_asked_for_and_appended(home: Home, tmp_path: Path, texts: dict[str, str]) -> None:
    path = tmp_path / "mine.jsonl"
    code, printed, asked = new(home, QUESTION, "--gold", path, said="99\n1\n45%\n\n")
    assert (code, printed) == (0, "")
    assert "экспорт возрос почти на 45%" in asked
    assert "'99' is no candidate" in asked
    path.write_text(path.read_text("utf-8").rstrip(), "utf-8")  # a last line without its end stays a line
    assert new(home, "Who is the mayor of Paris?", "--gold", path, said="\nunanswerable_far\n")[0] == 0
    first, second = load_gold(path, texts)
    assert (first.id, first.answers, first.type) == ("ru-001", (("45%",),), "fact")
    assert (second.id, second.answers, second.type) == ("en-001", (), "unanswerable_far")


def test_an_item_that_would_spoil_the_file_leaves_it_as_it_was(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    arguments = ("new", QUESTION, "--gold", path, "--prove", "1", "--answer", "45%", "--home", home.root)
    assert run(*arguments) == 0
    before = path.read_bytes()
    assert run(*arguments) == 2
    assert path.read_bytes() == before


def test_an_answer_that_the_chosen_sentence_lacks_is_noted(home: Home) -> None:
    assert "don't say an accepted answer" in new(home, QUESTION, "--prove", "1", "--answer", "54%")[2]
    assert "note" not in new(home, QUESTION, "--prove", "1", "--answer", "45%")[2]
