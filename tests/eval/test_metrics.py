import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from istok.eval.metrics import (
    Scores,
    accepted,
    answer_scores,
    direction,
    f1,
    mean,
    percentile,
    relevant_passages,
    relevant_sentences,
    retrieval_scores,
    sentence_scores,
)
from istok.eval.questions import GoldItem
from istok.index.types import Hit, Passage, Range
from istok.rag.types import Citation, Claim, Sentence

UZBEKISTAN = "000_1bc56f7a989034cf.txt"
GROWTH = "экспорт возрос почти на 45%"
POTENTIAL = "Большой потенциал для дальнейшего развития"

Make = Callable[..., Any]


@pytest.fixture
def score(texts: dict[str, str]) -> Callable[..., Scores]:
    return lambda item, answer: answer_scores(item, answer, texts)


def passage(number: int, start: int, end: int, document: str = "a.txt") -> Passage:
    return Passage(number, document, start, end, (Range(start, end),), "ru", "")


def hits(*numbers: int) -> list[Hit]:
    return [Hit(passage(number, 0, 1), 0.5, None, None, None, None) for number in numbers]


LIKENESS = {"exact_match", "token_f1", "chrf"}


def moved(before: Scores, after: Scores) -> set[str]:
    """The scores that differ, or that only one of the two has."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@pytest.fixture
def growth(gold: dict[str, GoldItem]) -> GoldItem:
    """How much did exports to Uzbekistan grow? With a reference sentence."""
    return gold["ru-001"].model_copy(update={"reference": "Экспорт в Узбекистан вырос почти на 45%."})


def test_the_perfect_answers_score_one_everywhere(gold: dict[str, GoldItem], perfect: Make, score: Make) -> None:
    for item in gold.values():
        scores = score(item, perfect(item))
        assert all(value == 1 for name, value in scores.items() if name not in {"answered", *LIKENESS}), item.id
        assert scores["answered"] == bool(item.answers)


def test_a_wrong_number_moves_what_judges_the_words_and_nothing_else(
    growth: GoldItem, answer: Make, cite: Make, score: Make
) -> None:
    right = score(growth, answer(growth, "Почти на 45% [1].", cite(UZBEKISTAN, GROWTH)))
    wrong = score(growth, answer(growth, "Почти на 54% [1].", cite(UZBEKISTAN, GROWTH)))
    assert moved(right, wrong) == {"answer_accuracy", "success", "token_f1", "chrf"}
    assert wrong["answer_accuracy"] == 0
    assert wrong["chrf"] < right["chrf"]
    exact, inexact = (score(growth, answer(growth, text, cite(UZBEKISTAN, GROWTH))) for text in ("45% [1]", "54% [1]"))
    assert moved(exact, inexact) == {"answer_accuracy", "success", *LIKENESS}
    assert (exact["exact_match"], exact["token_f1"]) == (1, 1)
    assert (inexact["exact_match"], inexact["token_f1"]) == (0, 0)


def test_a_wrong_citation_beside_the_right_one_moves_the_citation_precision_alone(
    growth: GoldItem, answer: Make, cite: Make, score: Make
) -> None:
    good, bad = cite(UZBEKISTAN, GROWTH), cite(UZBEKISTAN, POTENTIAL, 2)
    right = score(growth, answer(growth, "Почти на 45% [1].", good))
    wrong = score(growth, answer(growth, "Почти на 45% [1] [2].", good, bad))
    assert moved(right, wrong) == {"citation_precision"}
    assert wrong["citation_precision"] == 0.5


def test_a_wrong_citation_in_place_of_the_right_one_moves_every_metric_of_citations_but_exactness(
    growth: GoldItem, answer: Make, cite: Make, score: Make
) -> None:
    right = score(growth, answer(growth, "Почти на 45% [1].", cite(UZBEKISTAN, GROWTH)))
    wrong = score(growth, answer(growth, "Почти на 45% [1].", cite(UZBEKISTAN, POTENTIAL)))
    assert moved(right, wrong) == {"citation_precision", "citation_recall", "claim_support"}
    assert (wrong["citation_precision"], wrong["citation_recall"], wrong["claim_support"]) == (0, 0, 0)


def test_an_extra_claim_without_a_citation_moves_the_support_and_the_likeness(
    growth: GoldItem, answer: Make, cite: Make, score: Make
) -> None:
    good, invented = Claim("Экспорт возрос на 45%.", (1,)), "Импорт упал вдвое."
    right = score(growth, answer(growth, f"{good.text} [1]", cite(UZBEKISTAN, GROWTH), claims=(good,)))
    wrong = score(
        growth,
        answer(growth, f"{good.text} [1] {invented}", cite(UZBEKISTAN, GROWTH), claims=(good, Claim(invented, ()))),
    )
    assert moved(right, wrong) == {"claim_support", "token_f1", "chrf"}
    assert wrong["claim_support"] == 0.5
    assert wrong["token_f1"] < right["token_f1"]


def test_an_extra_claim_with_a_wrong_citation_moves_the_precision_too(
    growth: GoldItem, answer: Make, cite: Make, score: Make
) -> None:
    good, invented = Claim("Экспорт возрос на 45%.", (1,)), Claim("Импорт упал вдвое.", (2,))
    source, other = cite(UZBEKISTAN, GROWTH), cite(UZBEKISTAN, POTENTIAL, 2)
    right = score(growth, answer(growth, f"{good.text} [1]", source, claims=(good,)))
    text = f"{good.text} [1] {invented.text} [2]"
    wrong = score(growth, answer(growth, text, source, other, claims=(good, invented)))
    assert moved(right, wrong) == {"claim_support", "citation_precision", "token_f1", "chrf"}
    assert (wrong["claim_support"], wrong["citation_precision"]) == (0.5, 0.5)


def test_an_answer_to_an_unanswerable_question_moves_abstention_success_and_citations(
    gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make
) -> None:
    item = next(item for item in gold.values() if "2019" in item.question)
    honest = score(item, answer(item, None))
    invented = score(item, answer(item, "На 45% [1].", cite(UZBEKISTAN, GROWTH)))
    assert moved(honest, invented) == {
        "success", "answered", "abstention_recall",  # lower, higher, lower
        "abstention_precision",  # had by abstentions
        "citation_precision", "claim_support", "citation_exactness",  # had by answers
    }  # fmt: skip
    assert (honest["success"], honest["abstention_recall"], honest["abstention_precision"]) == (1, 1, 1)
    assert (invented["success"], invented["abstention_recall"]) == (0, 0)
    assert (invented["citation_precision"], invented["claim_support"], invented["citation_exactness"]) == (0, 0, 1)


def test_a_citation_is_superfluous_after_another_of_the_same_claim_that_proves_the_same(
    gold: dict[str, GoldItem], answer: Make, score: Make
) -> None:
    item = next(item for item in gold.values() if item.question == "Кто сейчас премьер-министр Беларуси?")
    one, other = (
        Citation(number, range_.document, "", None, range_.start, range_.end, range_.quote, 1.0)
        for number, range_ in enumerate(item.proof, 1)
    )
    assert item.proof[0].part == item.proof[1].part
    together = score(item, answer(item, "Турчин [1] [2]", one, other))
    assert (together["citation_precision"], together["claim_support"]) == (0.5, 1)
    apart = (Claim("Это Турчин", (1,)), Claim("Турчин", (2,)))
    assert score(item, answer(item, "Это Турчин [1] Турчин [2]", one, other, claims=apart))["citation_precision"] == 1
    # What another part needs isn't superfluous.
    parts = tuple(gold.model_copy(update={"part": part}) for part, gold in enumerate(item.proof, 1))
    apart_ = item.model_copy(update={"gold": parts})
    assert score(apart_, answer(apart_, "Турчин [1] [2]", one, other))["citation_precision"] == 1


def test_a_citation_counts_in_every_claim_that_has_it(growth: GoldItem, answer: Make, cite: Make, score: Make) -> None:
    good, bad = cite(UZBEKISTAN, GROWTH), cite(UZBEKISTAN, POTENTIAL, 2)
    claims = (Claim("Вырос", (1,)), Claim("На 45%", (1, 2)), Claim("Почти", (1,)))
    scores = score(growth, answer(growth, "Вырос [1] На 45% [1][2] Почти [1]", good, bad, claims=claims))
    assert (scores["citation_precision"], scores["claim_support"]) == (3 / 4, 1)


def test_words_are_compared_with_the_nearest_alternative_of_every_group_as_the_text_inflects_it(
    growth: GoldItem, answer: Make, score: Make
) -> None:
    item = growth.model_copy(update={"answers": (("Путин", "Рогожник"), ("45%", "45 процент")), "reference": ""})
    assert accepted(item, "С Рогожником на 45 процентов") == ["рогожником 45 процентов"]
    assert accepted(item, "Не сказано.") == ["путин 45"]
    scores = score(item, answer(item, "С Рогожником на 45 процентов."))
    # Three words of five, and all three of three.
    assert scores["token_f1"] == pytest.approx(2 * 3 / (5 + 3))
    assert scores["exact_match"] == 0
    assert "chrf" not in scores
    assert score(item, answer(item, "Рогожник, 45%"))["exact_match"] == 1


def test_the_reference_sentence_is_an_accepted_answer(growth: GoldItem, answer: Make, score: Make) -> None:
    scores = score(growth, answer(growth, "экспорт в Узбекистан вырос почти на 45% [1]"))
    assert (scores["exact_match"], scores["token_f1"]) == (1, 1)
    scores = score(growth, answer(growth, growth.reference + " [1]"))
    assert scores["chrf"] == 1


def test_a_needless_abstention_costs_accuracy_recall_and_abstention_precision(
    gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make
) -> None:
    item = gold["ru-001"]
    scores = score(item, answer(item, None, cite(UZBEKISTAN, GROWTH)))
    assert (scores["answer_accuracy"], scores["citation_recall"], scores["abstention_precision"]) == (0, 0, 0)
    assert (scores["exact_match"], scores["token_f1"]) == (0, 0)
    assert not scores.keys() & {"citation_precision", "claim_support"}
    assert scores["citation_exactness"] == 1


def test_a_false_premise_may_be_corrected_or_abstained_from_but_not_believed(
    gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make
) -> None:
    item = next(item for item in gold.values() if item.type == "false_premise" and "упал на 45%" in item.question)
    assert score(item, answer(item, None))["success"] == 1
    absent = {"abstention_precision", "abstention_recall", "citation_recall", *LIKENESS}
    assert not score(item, answer(item, None)).keys() & absent
    assert score(item, answer(item, "Экспорт возрос. [1]", cite(UZBEKISTAN, GROWTH)))["success"] == 1
    assert score(item, answer(item, "Экспорт упал на 45%. [1]", cite(UZBEKISTAN, GROWTH)))["success"] == 0


def test_a_shifted_range_is_not_exact(gold: dict[str, GoldItem], answer: Make, cite: Make, score: Make) -> None:
    item, citation = gold["ru-001"], cite(UZBEKISTAN, GROWTH)
    shifted = replace(citation, start=citation.start + 1, end=citation.end + 1)
    right, wrong = (score(item, answer(item, "45% [1]", one)) for one in (citation, shifted))
    assert moved(right, wrong) == {"citation_exactness"}
    assert wrong["citation_exactness"] == 0
    both = answer(item, "45% [1] [2]", citation, replace(shifted, number=2))
    assert score(item, both)["citation_exactness"] == 0.5


def test_a_citation_that_shares_less_than_half_of_the_shorter_range_is_wrong(
    gold: dict[str, GoldItem], answer: Make, texts: dict[str, str], score: Make
) -> None:
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
    assert (both["citation_precision"], both["citation_recall"], both["claim_support"]) == (1, 1, 1)
    claims = (Claim("Об этом рассказал Алиханов", (1,)), Claim("Турчин", (2,)))
    apart = score(item, answer(item, "Об этом рассказал Алиханов [1] Турчин [2]", context, proof, claims=claims))
    assert (apart["citation_precision"], apart["claim_support"]) == (1, 1)
    alone = score(item, answer(item, "Турчин [1]", context))
    assert (alone["citation_precision"], alone["citation_recall"], alone["claim_support"]) == (0, 0, 0)


def test_a_direction_goes_from_the_question_to_the_documents_that_prove(gold: dict[str, GoldItem]) -> None:
    item = gold["en-001"]
    assert direction(item, {UZBEKISTAN: "ru"}) == "en→ru"
    other = item.gold[0].model_copy(update={"document": "plant.txt", "part": 2})
    both = item.model_copy(update={"gold": (*item.gold, other)})
    assert direction(both, {UZBEKISTAN: "ru", "plant.txt": "en"}) == "en→en+ru"
    unanswerable = next(item for item in gold.values() if not item.answers)
    assert direction(unanswerable, {UZBEKISTAN: "ru"}) == ""


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


def sentence(number: int, start: int, end: int, document: str = "a.txt") -> Sentence:
    return Sentence(number, document, "", None, "ru", start, end, "", 0.5)


def test_a_sentence_that_shares_half_with_a_gold_range_is_relevant(gold: dict[str, GoldItem]) -> None:
    item = gold["ru-001"]
    start, end = item.gold[0].start, item.gold[0].end
    middle = (start + end) // 2
    whole = Passage(
        1, UZBEKISTAN, 0, end + 9, (Range(0, start), Range(start, middle), Range(middle, end + 9)), "ru", ""
    )
    beyond = Passage(2, UZBEKISTAN, end - 9, end + 90, (Range(end - 9, end + 90),), "ru", "")
    elsewhere = Passage(3, "other.txt", start, end, (Range(start, end),), "ru", "")
    found = relevant_sentences(item, [whole, beyond, elsewhere])
    assert found == {f"{UZBEKISTAN}:{start}-{middle}", f"{UZBEKISTAN}:{middle}-{end + 9}"}


def test_sentences_are_judged_in_the_order_of_the_evidence() -> None:
    scores = sentence_scores(
        {"q": {"a.txt:0-5", "b.txt:0-5"}, "none": set(), "missed": {"a.txt:0-5"}},
        {"q": [sentence(1, 6, 9), sentence(2, 0, 5), sentence(3, 6, 9, "b.txt"), sentence(4, 0, 5, "b.txt")]},
    )
    assert scores.keys() == {"q", "missed"}
    gained, ideal = 1 / math.log2(3) + 1 / math.log2(5), 1 + 1 / math.log2(3)
    assert scores["q"] == pytest.approx(
        {
            "sentence_recall@1": 0, "sentence_recall@5": 1, "sentence_recall@20": 1, "sentence_rr@10": 0.5,
            "sentence_ndcg@10": gained / ideal,
        }
    )  # fmt: skip
    assert set(scores["missed"].values()) == {0}


@given(st.permutations(range(25)), st.sets(st.integers(0, 30), min_size=1, max_size=6))
def test_retrieval_scores_are_what_their_definitions_say(ranking: Sequence[int], relevant: set[int]) -> None:
    gains = [number in relevant for number in ranking]
    first = gains.index(True) + 1 if any(gains) else math.inf
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(10, len(relevant)) + 1))
    assert retrieval_scores({"q": relevant}, {"q": hits(*ranking)})["q"] == pytest.approx(
        {f"recall@{k}": sum(gains[:k]) / len(relevant) for k in (1, 5, 20)}
        | {
            "rr@10": 1 / first if first <= 10 else 0,
            "ndcg@10": sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains[:10], 1)) / ideal,
        }
    )


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
