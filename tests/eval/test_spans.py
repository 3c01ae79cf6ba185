from collections import Counter

import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from istok.eval.spans import chrf, exact_match, inflected, marked, normalise_squad, token_f1

WORDS = st.lists(st.sampled_from(["мост", "река", "кама", "45", "год"]), min_size=1, max_size=6)


def test_the_official_normalisation_drops_case_punctuation_and_articles_and_joins_what_a_mark_parted() -> None:
    assert normalise_squad("The  Well-known, (old) Bridge; an apple!", "en") == "wellknown old bridge apple"
    assert normalise_squad("U.S. $1,500", "en") == "us 1500"
    assert normalise_squad("theatre another", "en") == "theatre another"


def test_russian_has_yo_quotes_and_dashes_and_no_articles() -> None:
    assert normalise_squad("«Ёлка» — ещё одна…", "ru") == "елка еще одна"
    assert normalise_squad("альбом The Wall", "ru") == "альбом the wall"


def test_an_exact_match_is_with_any_reference() -> None:
    assert exact_match("В Перми.", ["Пермь", "в перми"], "ru") == 1
    assert exact_match("Пермь", ["в Перми"], "ru") == 0
    assert exact_match("the Kama", ["Kama"], "en") == 1


def test_f1_is_that_of_the_best_reference() -> None:
    # "bridge over kama" shares two words with "over kama", one with "kama".
    assert token_f1("the bridge over the Kama", ["Kama", "over Kama"], "en") == pytest.approx(2 * 2 / (3 + 2))
    assert token_f1("", ["Kama"], "en") == 0
    # A word counts as often as both have it.
    assert token_f1("кама кама", ["кама"], "ru") == pytest.approx(2 / 3)


@given(WORDS, WORDS)
def test_f1_is_the_harmonic_mean_of_precision_and_recall(said: list[str], gold: list[str]) -> None:
    common = sum((Counter(said) & Counter(gold)).values())
    precision, recall = common / len(said), common / len(gold)
    expected = 2 * precision * recall / (precision + recall) if common else 0
    assert token_f1(" ".join(said), [" ".join(gold)], "ru") == pytest.approx(expected)


def test_a_stem_is_spelled_as_the_text_inflects_it_and_a_figure_as_it_is() -> None:
    assert inflected("во главе с Александром Рогожником.", "Рогожник", "ru") == "рогожником"
    assert inflected("на 45 процентов", "45 процент", "ru") == "45 процентов"
    assert inflected("на 450 тысяч", "45", "ru") == "45"
    assert inflected("в сентябре", "тябр", "ru") == "тябр"
    assert inflected("что угодно", "%", "ru") == ""


def test_what_is_marked_is_the_span() -> None:
    assert marked("Мост построил **Петров** в **1911** году.") == "Петров 1911"
    assert marked("Мост построил Петров.") == ""
    assert marked("2 ** 3") == ""


def test_chrf_agrees_with_a_calculation_by_hand_and_with_the_library() -> None:
    # Of the one-letter n-grams 2 of 3 are common, of the two-letter ones 1 of 2, of the three-letter ones none of 1.
    assert chrf("кот", "ком") == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)
    assert chrf("Экспорт вырос на 45%.", "Экспорт вырос на 45%.") == 1
    assert chrf("", "Экспорт") == 0
    pair = "Экспорт возрос почти вдвое.", "Экспорт вырос почти на 45%."
    assert chrf(*pair) == pytest.approx(sacrebleu.sentence_chrf(pair[0], [pair[1]]).score / 100)
    assert 0 < chrf(*pair) < 1
