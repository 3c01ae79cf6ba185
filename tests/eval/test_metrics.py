import math
from collections.abc import Callable
from typing import Any

import pytest

from istok.eval.metrics import (
    Scores,
    answer_scores,
    f1,
    mean,
    percentile,
    relevant_passages,
    retrieval_scores,
)
from istok.eval.questions import GoldItem
from istok.index.types import Hit, Passage, Range

UZBEKISTAN = "000_1bc56f7a989034cf.txt"
GROWTH = "экспорт возрос почти на 45%"

Make = Callable[..., Any]


@pytest.fixture
def score(texts: dict[str, str]) -> Callable[..., Scores]:
    return lambda item, answer: answer_scores(item, answer, texts)


def passage(number: int, start: int, end: int, document: str = "a.txt") -> Passage:
    return Passage(number, document, start, end, (Range(start, end),), "ru", "")


def hits(*numbers: int) -> list[Hit]:
    return [Hit(passage(number, 0, 1), 0.5, None, None, None, None) for number in numbers]


def test_the_perfect_answers_score_one_everywhere(gold: dict[str, GoldItem], perfect: Make, score: Make) -> None:
    for item in gold.values():
        scores = score(item, perfect(item))
        assert all(value == 1 for name, value in scores.items() if name != "answered"), item.id
        assert scores["answered"] == bool(item.answers)


def test_a_wrong_number_moves_the_accuracy_alone(
    gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make
) -> None:
    item = gold["ru-001"]
    right = score(item, answer(item, "Почти на 45% [1].", cite(UZBEKISTAN, GROWTH)))
    wrong = score(item, answer(item, "Почти на 54% [1].", cite(UZBEKISTAN, GROWTH)))
    assert {name for name in right if right[name] != wrong[name]} == {"answer_accuracy", "success"}
    assert wrong["answer_accuracy"] == 0


def test_a_wrong_citation_moves_the_citation_precision_alone(
    gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make
) -> None:
    item = gold["ru-001"]
    good, bad = cite(UZBEKISTAN, GROWTH), cite(UZBEKISTAN, "Большой потенциал для дальнейшего развития", 2)
    right = score(item, answer(item, "Почти на 45% [1].", good))
    wrong = score(item, answer(item, "Почти на 45% [1] [2].", good, bad))
    assert {name for name in right if right[name] != wrong[name]} == {"citation_precision"}
    assert wrong["citation_precision"] == 0.5
    assert score(item, answer(item, "Почти на 45% [1].", bad))["citation_recall"] == 0


def test_a_hallucinated_answer_moves_abstention_success_and_precision(
    gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make
) -> None:
    item = next(item for item in gold.values() if "2019" in item.question)
    honest = score(item, answer(item, None))
    invented = score(item, answer(item, "На 45% [1].", cite(UZBEKISTAN, GROWTH)))
    assert (honest["success"], honest["abstention_recall"], honest["abstention_precision"]) == (1, 1, 1)
    assert (invented["success"], invented["abstention_recall"], invented["citation_precision"]) == (0, 0, 0)
    assert "citation_precision" not in honest
    assert "answer_accuracy" not in invented


def test_a_needless_abstention_costs_accuracy_recall_and_abstention_precision(
    gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make
) -> None:
    item = gold["ru-001"]
    scores = score(item, answer(item, None, cite(UZBEKISTAN, GROWTH)))
    assert (scores["answer_accuracy"], scores["citation_recall"], scores["abstention_precision"]) == (0, 0, 0)
    assert "citation_precision" not in scores
    assert scores["citation_exactness"] == 1


def test_a_false_premise_may_be_corrected_or_abstained_from_but_not_believed(
    gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make
) -> None:
    item = next(item for item in gold.values() if item.type == "false_premise" and "упал на 45%" in item.question)
    assert score(item, answer(item, None))["success"] == 1
    assert not score(item, answer(item, None)).keys() & {"abstention_precision", "abstention_recall", "citation_recall"}
    assert score(item, answer(item, "Экспорт возрос. [1]", cite(UZBEKISTAN, GROWTH)))["success"] == 1
    assert score(item, answer(item, "Экспорт упал на 45%. [1]", cite(UZBEKISTAN, GROWTH)))["success"] == 0


def test_a_shifted_range_is_not_exact(gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make) -> None:
    from dataclasses import replace

    item, citation = gold["ru-001"], cite(UZBEKISTAN, GROWTH)
    shifted = replace(citation, start=citation.start + 1, end=citation.end + 1)
    scores = score(item, answer(item, "45% [1] [2]", citation, shifted))
    assert scores["citation_exactness"] == 0.5
    assert scores["citation_precision"] == 1


def test_a_citation_that_shares_less_than_half_of_the_shorter_range_is_wrong(
    gold: dict[str, GoldItem], answer: Make, texts: dict[str, str], score: Make
) -> None:
    from istok.rag.types import Citation

    item = gold["ru-001"]
    end, text = item.gold[0].end, texts[UZBEKISTAN]

    def around(before: int, after: int) -> float:
        quote = text[end - before : end + after]
        return score(
            item, answer(item, "45%", Citation(1, UZBEKISTAN, "", None, end - before, end + after, quote, 1.0))
        )["citation_precision"]

    assert around(10, 10) == 1
    assert around(9, 11) == 0


def test_one_range_of_a_part_is_enough_and_every_part_is_needed(
    gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make
) -> None:
    now = next(item for item in gold.values() if item.question == "Кто сейчас премьер-министр Беларуси?")
    assert len(now.proof) == 2
    one = cite("003_a95601593f415e8e.txt", "Он встретился с премьер-министром Республики Беларусь")
    assert score(now, answer(now, "Турчин [1]", one))["citation_recall"] == 1
    compare = next(item for item in gold.values() if item.question.startswith("Сравни товарооборот"))
    half = cite("003_a95601593f415e8e.txt", "достиг 294 миллиардов рублей")
    assert score(compare, answer(compare, "294 и 18,5 [1]", half))["citation_recall"] == 0.5


def test_context_is_right_beside_the_proof_that_refers_back_to_it_but_not_alone(
    gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make
) -> None:
    item = next(item for item in gold.values() if item.question.startswith("С кем встретился Антон Алиханов"))
    context = cite("003_a95601593f415e8e.txt", "Об этом рассказал глава Минпромторга России Антон Алиханов")
    proof = cite("003_a95601593f415e8e.txt", "Он встретился с премьер-министром Республики Беларусь", 2)
    both = score(item, answer(item, "Турчин [1] [2]", context, proof))
    assert (both["citation_precision"], both["citation_recall"]) == (1, 1)
    alone = score(item, answer(item, "Турчин [1]", context))
    assert (alone["citation_precision"], alone["citation_recall"]) == (0, 0)


def test_an_answer_in_another_language_is_counted(gold: dict[str, GoldItem], answer: Make, score: Make) -> None:
    item = gold["en-001"]
    assert score(item, answer(item, "45%"))["language"] == 1
    assert score(item, answer(item, "45%", language="ru"))["language"] == 0


def test_passages_that_overlap_a_gold_range_are_relevant(gold: dict[str, GoldItem]) -> None:
    item = gold["ru-001"]
    start, end = item.gold[0].start, item.gold[0].end
    found = relevant_passages(
        item,
        [
            passage(1, 0, start, UZBEKISTAN),
            passage(2, start - 5, start + 1, UZBEKISTAN),
            passage(3, end - 1, end + 50, UZBEKISTAN),
            passage(4, end, end + 50, UZBEKISTAN),
            passage(5, start, end, "other.txt"),
        ],
    )
    assert found == {2, 3}


def test_retrieval_scores_agree_with_a_calculation_by_hand() -> None:
    scores = retrieval_scores(
        {"two": {1, 2}, "late": {7}, "missed": {9}, "none": set()},
        {"two": hits(1, 3, 2), "late": hits(*range(11, 22), 7), "missed": [], "none": hits(1)},
    )
    assert scores.keys() == {"two", "late", "missed"}
    ideal = 1 + 1 / math.log2(3)
    assert scores["two"] == pytest.approx(
        {"recall@1": 0.5, "recall@5": 1, "recall@20": 1, "rr@10": 1, "ndcg@10": (1 + 1 / math.log2(4)) / ideal}
    )
    assert scores["late"] == pytest.approx({"recall@1": 0, "recall@5": 0, "recall@20": 1, "rr@10": 0, "ndcg@10": 0})
    assert set(scores["missed"].values()) == {0}


def test_the_order_of_hits_ranks_and_not_their_equal_scores() -> None:
    assert retrieval_scores({"q": {1}}, {"q": hits(9, 1)})["q"]["rr@10"] == 0.5
    assert retrieval_scores({"q": {9}}, {"q": hits(9, 1)})["q"]["rr@10"] == 1


def test_a_mean_has_an_interval_around_it_that_narrows_with_n() -> None:
    few, many = mean([0, 1] * 5), mean([0, 1] * 500)
    assert few.value == many.value == 0.5
    assert few.n == 10
    assert None not in (few.low, few.high, many.low, many.high)
    assert few.low < many.low < 0.5 < many.high < few.high
    # The normal approximation, 1.96 * 0.5 / sqrt(1000).
    assert many.high - 0.5 == pytest.approx(0.031, abs=0.003)
    assert mean([0, 1] * 5) == few


def test_constant_single_and_absent_values_are_estimated_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    assert mean([1, 1, 1]).model_dump() == {"value": 1, "low": 1, "high": 1, "n": 3}
    assert mean([0.5]).model_dump() == {"value": 0.5, "low": None, "high": None, "n": 1}
    assert mean([]).model_dump() == {"value": None, "low": None, "high": None, "n": 0}
    assert not recwarn.list


def test_percentiles_interpolate() -> None:
    assert percentile([1, 2, 3, 4], 50).value == 2.5
    assert percentile(range(101), 95).value == 95


def test_f1_agrees_with_a_calculation_by_hand() -> None:
    pairs = [(True, True)] * 3 + [(True, False)] + [(False, True)] * 2 + [(False, False)] * 4
    result = f1(pairs)
    assert result.value == pytest.approx(2 * (3 / 4) * (3 / 5) / (3 / 4 + 3 / 5))
    assert result.n == 10
    assert f1([(True, False), (False, True)]).value == 0
    assert f1([(False, False)]).value is None
