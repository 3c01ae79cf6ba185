import json
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from istok.eval import questions
from istok.eval.matching import normalise, says_all
from istok.eval.questions import SEEDS, UNANSWERABLE, GoldError, GoldItem, Kind, load_gold, missing_documents

TEXTS = {"a.txt": "Экспорт вырос на 45%."}
ITEM: dict[str, Any] = {
    "id": "ru-1",
    "language": "ru",
    "type": "fact",
    "question": "На сколько вырос экспорт?",
    "history": [],
    "answers": [["45%"]],
    "gold": [{"document": "a.txt", "start": 0, "end": 21, "quote": "Экспорт вырос на 45%.", "part": 1}],
    "twin": None,
    "split": "dev",
    "why": "",
}
PAIRED = ITEM | {"twin": "en-1"}
TWIN = ITEM | {"id": "en-1", "language": "en", "question": "By how much did exports grow?", "twin": "ru-1"}
AGAIN = ITEM | {"id": "ru-2", "question": "на сколько вырос  экспорт"}
FOLLOWUP = ITEM | {
    "type": "followup",
    "question": "На сколько?",
    "history": [["Вырос ли экспорт?", "Вырос."]],
    "standalone": "На сколько вырос экспорт?",
}
SILENT = ITEM | {"type": "unanswerable_near", "answers": [], "gold": []}


def write(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def without(item: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != key}


def test_the_packaged_questions_are_verbatim_and_provable(gold: dict[str, GoldItem]) -> None:
    for item in gold.values():
        if item.answers:
            assert says_all(" ".join(range_.quote for range_ in item.proof), item.answers), item.id


def test_every_packaged_reference_is_a_right_answer(gold: dict[str, GoldItem]) -> None:
    references = [item for item in gold.values() if item.reference and item.answers]
    assert len(references) >= 100
    for item in references:
        assert says_all(item.reference, item.answers), item.id


def test_every_packaged_russian_question_has_an_english_twin(gold: dict[str, GoldItem]) -> None:
    russian = [item for item in gold.values() if item.language == "ru"]
    assert len(russian) >= 240
    assert len(gold) == 2 * len(russian)
    assert all(item.twin for item in russian)


def test_the_packaged_twins_have_the_same_answers_and_proofs(gold: dict[str, GoldItem]) -> None:
    for item in gold.values():
        twin = gold[item.twin or ""]
        assert (twin.answers, twin.gold, len(twin.history)) == (item.answers, item.gold, len(item.history)), item.id


def test_every_type_is_in_both_halves_of_the_packaged_questions_in_both_languages(gold: dict[str, GoldItem]) -> None:
    kinds = Counter((item.type, item.split, item.language) for item in gold.values())
    assert len(kinds) == len(get_args(Kind)) * 2 * 2
    assert min(kinds.values()) >= 3


def test_no_question_of_the_test_half_is_asked_in_the_dev_half(gold: dict[str, GoldItem]) -> None:
    halves = {
        split: {
            normalise(item.standalone or item.question)
            for item in gold.values()
            if item.split == split and (item.standalone or not item.history)
        }
        for split in ("dev", "test")
    }
    assert not halves["dev"] & halves["test"]


def test_no_gold_range_lies_in_the_ticker_or_a_footer(gold: dict[str, GoldItem], texts: dict[str, str]) -> None:
    ends = {"000": "Последние новости", "002": "Данные о правообладателе", "004": "Фото БЕЛТА"}
    for item in gold.values():
        for range_ in item.gold:
            if end := ends.get(range_.document[:3]):
                assert range_.end <= texts[range_.document].index(end), item.id


def test_a_valid_file_is_read_with_its_history_and_parts(tmp_path: Path) -> None:
    path = write(tmp_path, FOLLOWUP | {"twin": "en-1"}, "", FOLLOWUP | {"id": "en-1", "language": "en", "twin": "ru-1"})
    first, second = load_gold(path, TEXTS)
    assert first.history == (("Вырос ли экспорт?", "Вырос."),)
    assert first.standalone == "На сколько вырос экспорт?"
    assert second.twin == "ru-1"
    assert first.gold[0].part == 1


def test_the_example_in_the_description_of_the_format_is_valid(tmp_path: Path) -> None:
    description = questions.__doc__ or ""
    example = description[description.index("{") : description.index("}]}") + 3]
    alone = write(tmp_path, json.dumps(json.loads(example) | {"twin": None}))
    [item] = load_gold(alone, {"plant.txt": 310 * " " + "Годом ранее было собрано 95 штук."})
    assert says_all(item.reference, item.answers)


@pytest.mark.parametrize("kind", sorted(UNANSWERABLE))
def test_a_question_that_the_documents_do_not_answer_is_read(tmp_path: Path, kind: str) -> None:
    [item] = load_gold(write(tmp_path, SILENT | {"type": kind}), TEXTS)
    assert item.may_abstain
    assert not item.answerable


def test_the_same_words_after_another_question_or_in_another_language_are_another_question(tmp_path: Path) -> None:
    other = FOLLOWUP | {"id": "ru-2", "history": [["Вырос ли импорт?", "Вырос."]]}
    english = FOLLOWUP | {"id": "en-2", "language": "en"}
    assert len(load_gold(write(tmp_path, FOLLOWUP, other, english), TEXTS)) == 3


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        ([ITEM, "{"], 2, "not JSON"),
        (["[1]"], 1, "valid dictionary"),
        ([without(ITEM, "question")], 1, "question: Field required"),
        ([ITEM | {"colour": "red"}], 1, "colour"),
        ([ITEM | {"type": "unanswerable"}], 1, "'unanswerable_near'"),
        ([ITEM | {"language": "de"}], 1, "language"),
        ([ITEM, ITEM], 2, "taken by line 1"),
        ([ITEM, AGAIN], 2, "asks the same as line 1"),
        ([FOLLOWUP, "", FOLLOWUP | {"id": "ru-2"}], 3, "asks the same as line 1"),
        ([ITEM | {"gold": [ITEM["gold"][0] | {"document": "b.txt"}]}], 1, "'b.txt' is unknown"),
        ([ITEM | {"gold": [ITEM["gold"][0] | {"start": 1, "end": 22}]}], 1, "a.txt:1-22 reads"),
        ([ITEM | {"gold": [ITEM["gold"][0] | {"end": 5}]}], 1, "not as long as its quote"),
        ([ITEM | {"gold": []}], 1, "must both be given"),
        ([ITEM | {"gold": [ITEM["gold"][0] | {"part": 0}]}], 1, "must both be given"),
        ([SILENT | {"answers": ITEM["answers"]}], 1, "'unanswerable_near' has no answers"),
        ([SILENT | {"gold": [ITEM["gold"][0] | {"part": 0}]}], 1, "no gold ranges"),
        ([SILENT | {"reference": "Этого в документах нет."}], 1, "no reference"),
        ([SILENT | {"type": "fact"}], 1, "'fact' needs answers"),
        ([ITEM | {"answers": [["…"]]}], 1, "neither letters nor digits"),
        ([ITEM | {"answers": [[]]}], 1, "answers.0"),
        ([FOLLOWUP | {"history": []}], 1, "needs its history"),
        ([without(FOLLOWUP, "standalone")], 1, "needs 'standalone'"),
        ([FOLLOWUP | {"standalone": " "}], 1, "needs 'standalone'"),
        ([SILENT | {"standalone": "Кто?"}], 1, "only a follow-up has 'standalone'"),
        ([PAIRED], 1, "doesn't name 'ru-1'"),
        ([ITEM, TWIN], 2, "doesn't name 'en-1'"),
        ([PAIRED, TWIN | {"language": "ru"}], 1, "of the same language"),
        ([PAIRED, TWIN | {"split": "test"}], 1, "of another split, 'test'"),
        ([PAIRED, TWIN | {"type": "list"}], 1, "of another type, 'list'"),
        ([], None, "no questions"),
    ],
)
def test_a_fault_is_one_line_that_names_the_file_and_the_line(
    tmp_path: Path, lines: list[dict[str, Any] | str], line: int | None, says: str
) -> None:
    path = write(tmp_path, *lines)
    with pytest.raises(GoldError) as fault:
        load_gold(path, TEXTS)
    message = str(fault.value)
    assert message.startswith(f"{path}:{line}: " if line else f"{path}: ")
    assert says in message
    assert "\n" not in message


def test_a_file_that_is_missing_or_not_utf8_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="can't be read"):
        load_gold(tmp_path / "none.jsonl")
    path = tmp_path / "gold.jsonl"
    path.write_bytes("вопрос".encode("cp1251"))
    with pytest.raises(GoldError, match="not UTF-8 at byte 0"):
        load_gold(path)


def test_documents_that_are_not_known_are_named() -> None:
    items = load_gold(SEEDS)
    assert len(missing_documents(items, [])) == 5
    assert missing_documents(items, {range_.document for item in items for range_ in item.gold}) == []
