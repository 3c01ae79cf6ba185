from pathlib import Path

import pytest

from istok.eval.questions import GoldItem
from istok.eval.results import Results
from istok.index.home import Home
from istok.ui.cli import main


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
    one_question.write_text(one_question.read_text("utf-8").replace('"45%"', '"54%"').replace('"45 ', '"54 '), "utf-8")
    assert run("--gold", one_question, "--out", tmp_path, "--home", home.root) == 1
    assert "gate broken: ru.fact answer_accuracy 0.000 < " in capsys.readouterr().out


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
