import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from istok.eval.matching import says_all
from istok.eval.questions import SEEDS, GoldError, GoldItem, load_gold, missing_documents

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
TWIN = ITEM | {"id": "en-1", "language": "en", "question": "By how much did exports grow?", "twin": "ru-1"}


def write(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def test_the_packaged_questions_are_verbatim_paired_and_provable(gold: dict[str, GoldItem]) -> None:
    for item in gold.values():
        if item.answers:
            assert says_all(" ".join(range_.quote for range_ in item.proof), item.answers), item.id


def test_the_packaged_questions_cover_both_languages_all_types_and_both_splits(gold: dict[str, GoldItem]) -> None:
    counts = Counter(item.language for item in gold.values())
    assert counts["ru"] >= 60
    assert counts["en"] >= 40
    kinds = Counter((item.type, item.split) for item in gold.values())
    assert len(kinds) == 2 * 8
    assert min(kinds.values()) >= 3


def test_no_gold_range_lies_in_the_ticker_or_a_footer(gold: dict[str, GoldItem], texts: dict[str, str]) -> None:
    ends = {"000": "Последние новости", "002": "Данные о правообладателе", "004": "Фото БЕЛТА"}
    for item in gold.values():
        for range_ in item.gold:
            if end := ends.get(range_.document[:3]):
                assert range_.end <= texts[range_.document].index(end), item.id


def test_a_valid_file_is_read_with_its_history_and_parts(tmp_path: Path) -> None:
    history = [["Кто?", "Никто."]]
    path = write(tmp_path, ITEM | {"twin": "en-1", "history": history}, "", TWIN)
    first, second = load_gold(path, TEXTS)
    assert first.history == (("Кто?", "Никто."),)
    assert second.twin == "ru-1"
    assert first.gold[0].part == 1


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        ([ITEM, "{"], 2, "not JSON"),
        ([{key: value for key, value in ITEM.items() if key != "question"}], 1, "question: Field required"),
        ([ITEM | {"colour": "red"}], 1, "colour"),
        ([ITEM, ITEM], 2, "taken by line 1"),
        ([ITEM | {"gold": [ITEM["gold"][0] | {"document": "b.txt"}]}], 1, "'b.txt' is unknown"),
        ([ITEM | {"gold": [ITEM["gold"][0] | {"start": 1, "end": 22}]}], 1, "a.txt:1-22 reads"),
        ([ITEM | {"gold": [ITEM["gold"][0] | {"end": 5}]}], 1, "not as long as its quote"),
        ([ITEM | {"gold": []}], 1, "must both be given"),
        ([ITEM | {"gold": [ITEM["gold"][0] | {"part": 0}]}], 1, "must both be given"),
        ([ITEM | {"type": "unanswerable"}], 1, "has no answers"),
        ([ITEM | {"answers": [], "gold": []}], 1, "needs answers"),
        ([ITEM | {"answers": [["…"]]}], 1, "neither letters nor digits"),
        ([ITEM | {"answers": [[]]}], 1, "answers.0"),
        ([ITEM | {"twin": "en-1"}], 1, "doesn't name 'ru-1'"),
        ([ITEM, TWIN], 2, "doesn't name 'en-1'"),
        ([ITEM | {"twin": "en-1"}, TWIN | {"split": "test"}], 1, "of the same split"),
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
