from collections import Counter
from pathlib import Path

import pytest

from istok.eval.questions import SEEDS, GoldError, GoldItem
from istok.eval.selection import draw, select
from istok.index.home import Home
from istok.index.index import Index


def test_a_sample_has_as_many_of_each_language_and_type_and_keeps_twins_together(gold: dict[str, GoldItem]) -> None:
    sample = draw(list(gold.values()), 60)
    assert len(sample) == 60
    counts = Counter((item.language, item.type) for item in sample)
    assert counts.keys() == {(item.language, item.type) for item in gold.values()}
    assert max(counts.values()) - min(counts.values()) <= 1
    assert {item.twin for item in sample} - {None} <= {item.id for item in sample}


def test_a_sample_is_the_same_every_time_and_in_the_order_of_the_file(gold: dict[str, GoldItem]) -> None:
    items = list(gold.values())
    sample = draw(items, 24)
    assert sample == draw(items, 24)
    assert sample == [item for item in items if item in sample]
    assert {item.id for item in sample} == {item.id for item in draw(items[::-1], 24)}


def test_a_question_more_leaves_most_of_a_sample_as_it_was(gold: dict[str, GoldItem]) -> None:
    items = list(gold.values())
    more = gold["ru-001"].model_copy(update={"id": "ru-new", "twin": None})
    before, after = ({item.id for item in draw(asked, 60)} for asked in (items, [*items, more]))
    assert len(before & after) >= 50


def test_an_odd_limit_is_not_exceeded_by_a_twin(gold: dict[str, GoldItem]) -> None:
    pair = [gold["ru-001"], gold["en-001"], gold["ru-002"], gold["en-002"]]
    assert len(draw(pair, 3)) == 2
    assert draw(pair, 4) == draw(pair, None) == pair


def test_a_split_and_a_limit_are_chosen_from_a_file(home: Home) -> None:
    with Index.open(home) as index:
        items, sampled = select(SEEDS, index, "dev", 8)
        assert (len(items), sampled, {item.split for item in items}) == (8, True, {"dev"})
        assert not select(SEEDS, index, "all", 100_000)[1]


def test_a_file_about_other_documents_says_to_index(gold: dict[str, GoldItem], tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(gold["ru-001"].model_copy(update={"twin": None}).model_dump_json() + "\n", "utf-8")
    with Index.open(Home.open(tmp_path / "empty")) as index, pytest.raises(GoldError, match="run: istok index"):
        select(path, index)
