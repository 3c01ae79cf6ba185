"""Words become terms in which the forms of a word meet, and keys in which the two languages do."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from istok.index.terms import STOPWORDS, is_country, keys, query_terms, same_country, stem, terms, tokens


@pytest.mark.parametrize(
    "forms",
    [
        "экспорт экспорта экспорту экспортом экспорте",
        "делегация делегации делегацию делегацией",
        "Бектенов Бектенова Бектенову Бектеновым Бектенове",
        "Головченко Головченко",
        "Узбекистан Узбекистана Узбекистану Узбекистаном Узбекистане",
        "export exports exported exporting",
        "ministry ministries",
        "ёлка елка Ёлку елки",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(("one", "other"), [("война", "воина"), ("йод", "иод"), ("экспорт", "импорт"), ("war", "ward")])
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_decomposed_letter_is_the_composed_one() -> None:
    text = "Йогурт в Ёлкино и Алексей"
    decomposed = unicodedata.normalize("NFD", text)
    assert decomposed != text
    assert terms(decomposed) == terms(text)
    assert keys(decomposed) == keys(text)


def test_stress_marks_and_soft_hyphens_inside_a_word_do_not_count() -> None:
    assert terms("Росси\u0301я, про\u00adмыш\u00adлен\u00adность") == terms("Россия, промышленность")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("18,5 и 18.5", ["18.5", "18.5"]),
        ("45%", ["45"]),
        ("05.11.2025", ["05.11.2025", "2025"]),
        ("2026–2028 гг.", ["2026", "2028"]),
        ("2024-02-07", ["2024", "02", "07"]),
        ("$1.2bn", ["1.2", "bn"]),
    ],
)
def test_figures_stay_whole_and_dates_yield_their_year(text: str, found: list[str]) -> None:
    assert [term for term in terms(text) if term[0].isdigit() or term == "bn"] == found


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("Рогожником", "Rogozhnik"),
        ("Рогожника", "Rogozhnik's"),
        ("Головченко", "Golovchenko"),
        ("Узбекистане", "Uzbekistan"),
        ("Казахстаном", "Kazakhstan"),
        ("Турчина", "Turchin"),
        ("Бектенов", "Bektenov"),
        ("Бектеновым", "Bektenov"),
        ("Ульяновске", "Ulyanovsk"),
        ("Астане", "Astana"),
        ("Минска", "Minsk"),
        ("форуме", "forum"),
    ],
)
def test_a_name_or_loan_word_has_a_key_in_common_with_its_other_spelling(russian: str, english: str) -> None:
    assert set(keys(russian)) & set(keys(english)), (keys(russian), keys(english))


@pytest.mark.parametrize(
    ("russian", "english"),
    [("Узбекистан", "Kazakhstan"), ("Турчин", "Trump"), ("Минск", "Moscow"), ("Рогожник", "Golovchenko")],
)
def test_different_names_have_no_key_in_common(russian: str, english: str) -> None:
    assert not set(keys(russian)) & set(keys(english))


def test_a_question_is_about_its_content_words() -> None:
    assert query_terms("На сколько вырос экспорт в 2023 году?") == terms("вырос экспорт 2023 году")
    assert query_terms("What was the name of the minister of industry?") == terms("minister industry")
    assert query_terms("Что это такое и какие они?") == []


def test_stop_words_are_written_as_they_are_looked_up() -> None:
    assert {word for word in STOPWORDS if "ё" in word or word != word.lower()} == set()


@given(st.text())
def test_a_token_is_the_text_at_its_range_and_terms_never_break_a_query(text: str) -> None:
    assert all(text[range_.start : range_.end] == token for token, range_ in tokens(text))
    assert all(term and not set(term) & set('" *^-():') for term in [*terms(text), *query_terms(text), *keys(text)])


@pytest.mark.parametrize("name", "Беларусь Беларуси Беларусью Иран Ирану Вьетнама Уругвае Казахстана Vietnam".split())
def test_a_country_is_known_in_all_cases(name: str) -> None:
    assert is_country(stem(name))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Беларусь", "Беларуси", True),
        ("Беларуси", "Белоруссией", True),
        ("Иран", "Ирану", True),
        ("Беларуси", "Узбекистана", False),
        ("завод", "завода", False),
    ],
)
def test_the_names_of_one_country(one: str, other: str, same: bool) -> None:
    assert same_country(stem(one), stem(other)) == same
