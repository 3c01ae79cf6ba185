from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from istok.eval.drafting import Candidate, draft, item, next_id
from istok.eval.questions import GoldError, GoldItem, load_gold
from istok.index.errors import IndexStateError
from istok.index.home import Home
from istok.index.index import Index
from istok.rag.assistant import Assistant

QUESTION = "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?"
ENGLISH = "By how much did exports by the Belarusian Industry Ministry's enterprises to Uzbekistan grow in 2023?"


@pytest.fixture(scope="module")
def found(assistant: Assistant) -> list[Candidate]:
    return draft(assistant.index, QUESTION)


def test_the_sentence_that_answers_is_among_the_first(found: list[Candidate], assistant: Assistant) -> None:
    assert any("экспорт возрос почти на 45%" in candidate.quote for candidate in found[:3])
    assert any("экспорт возрос почти на 45%" in candidate.quote for candidate in draft(assistant.index, ENGLISH))


def test_candidates_are_verbatim_distinct_and_no_more_than_asked_for(
    found: list[Candidate], assistant: Assistant, texts: dict[str, str]
) -> None:
    assert len({candidate.quote for candidate in found}) == len(found) == 8
    assert all(texts[candidate.document][candidate.start : candidate.end] == candidate.quote for candidate in found)
    assert draft(assistant.index, QUESTION, number=3) == found[:3]


def test_candidates_show_the_sentences_around_them(found: list[Candidate], texts: dict[str, str]) -> None:
    for candidate in found:
        text = texts[candidate.document]
        assert text[: candidate.start].rstrip().endswith(candidate.before)
        assert text[candidate.end :].lstrip().startswith(candidate.after)
    assert any(candidate.before and candidate.after for candidate in found)


def test_an_empty_question_and_an_empty_index_are_refused(assistant: Assistant, fresh_home: Home) -> None:
    with pytest.raises(GoldError, match="the question is empty"):
        draft(assistant.index, " \n")
    with Index.open(fresh_home) as empty, pytest.raises(IndexStateError, match="nothing is indexed"):
        draft(empty, QUESTION)


def test_an_item_of_chosen_sentences_is_loaded_as_gold(
    found: list[Candidate], texts: dict[str, str], tmp_path: Path
) -> None:
    made = item(f" {QUESTION} ", found[:2], [["45%"]], id="ru-001", why="a figure", reference="На 45%.")
    assert (made.language, made.question, made.split, made.reference) == ("ru", QUESTION, "dev", "На 45%.")
    assert [gold.part for gold in made.gold] == [1, 2]
    path = tmp_path / "mine.jsonl"
    path.write_text(made.model_dump_json() + "\n", "utf-8")
    assert load_gold(path, texts) == [made]


def test_the_type_follows_from_what_was_chosen(found: list[Candidate]) -> None:
    first = found[0]
    other = replace(first, document="another.txt")
    assert item(QUESTION, [first], [["45%"]], id="a").type == "fact"
    assert item(QUESTION, [first, other], [["45%"]], id="a").type == "multi"
    assert item(ENGLISH, [], [], id="a").type == "unanswerable_near"
    assert item(QUESTION, [first], [["45%"]], id="a", type="now").type == "now"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"answers": []}, "ru-001: the item: answers and gold ranges"),
        ({"chosen": []}, "ru-001: the item: answers and gold ranges"),
        ({"type": "riddle"}, "ru-001: type: Input should be"),
        ({"split": "train"}, "ru-001: split: Input should be"),
        ({"answers": [["—"]]}, "ru-001: the item: answer '—' has neither letters nor digits"),
        ({"answers": [[]]}, r"ru-001: answers\.0: "),
    ],
)
def test_what_makes_no_item_is_refused_in_one_line(found: list[Candidate], changed: dict[str, Any], fault: str) -> None:
    fields = {"question": QUESTION, "chosen": found[:1], "answers": [["45%"]], "id": "ru-001"} | changed
    with pytest.raises(GoldError, match=f"^{fault}") as error:
        item(**fields)
    assert "\n" not in str(error.value)


def test_the_next_id_follows_the_highest_of_its_language(gold: dict[str, GoldItem]) -> None:
    ids = ("ru-007", "ru-12", "en-030", "my-ru-099", "ru-x")
    items = [gold["ru-001"].model_copy(update={"id": name}) for name in ids]
    assert (next_id(items, "ru"), next_id(items, "en"), next_id([], "ru")) == ("ru-013", "en-031", "ru-001")
