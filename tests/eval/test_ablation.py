from pathlib import Path

import pytest

from istok.eval.ablation import Ablation, ablate
from istok.eval.questions import SEEDS, GoldItem
from istok.eval.run import evaluate
from istok.index.home import Home
from istok.index.index import Index
from istok.rag.assistant import Assistant
from istok.rag.readers.quote import QuoteReader
from istok.ui.cli import main


@pytest.fixture(scope="module")
def asked(gold: dict[str, GoldItem]) -> list[GoldItem]:
    return [gold[name] for name in ("ru-001", "en-001")]


def test_every_system_is_asked_and_fused_is_the_product(home: Home, asked: list[GoldItem]) -> None:
    heard: list[tuple[str, int, int]] = []
    with Index.open(home) as index:
        found = ablate(index, asked, SEEDS, lambda *step: heard.append(step))
        product = evaluate(Assistant(index, QuoteReader()), asked, SEEDS)
    assert list(found.systems) == ["dense", "lexical", "fused", "reranked"]
    assert [step for step in heard if step[1] == 2] == [(name, 2, 2) for name in found.systems]
    for metric in ("answer_accuracy", "citation_precision", "rr@10", "sentence_rr@10"):
        assert found.systems["fused"]["all"][metric] == product.summary["all"][metric]


def test_a_voice_is_really_left_out(home: Home, gold: dict[str, GoldItem]) -> None:
    # Russian words say nothing to an article's words in another script: without vectors it is found by names alone.
    item = gold["en-001"].model_copy(update={"question": "zzzz qqqq"})
    with Index.open(home) as index:
        found = ablate(index, [item], SEEDS, lambda *_: None).systems
    assert found["lexical"]["all"]["recall@20"].value == 0
    assert found["dense"]["all"]["recall@20"].value == 1


def test_reranked_has_the_measures_of_passages_alone(home: Home, asked: list[GoldItem]) -> None:
    with Index.open(home) as index:
        found = ablate(index, asked[:1], SEEDS, lambda *_: None).systems["reranked"]["all"]
    assert found["rr@10"].value == 1
    assert "answer_accuracy" not in found


def test_the_command_writes_and_prints_one_table(
    home: Home, tmp_path: Path, asked: list[GoldItem], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(item.model_dump_json() + "\n" for item in asked[:2]), "utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["eval", "ablate", "--gold", str(path), "--out", str(tmp_path / "out"), "--home", str(home.root)])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("dense", "lexical", "fused", "reranked", "ndcg@10", "citation_precision"))
    written = Ablation.model_validate_json((tmp_path / "out" / "ablation.json").read_bytes())
    assert (written.gold, written.limit, written.split) == ("mine.jsonl", None, "all")
