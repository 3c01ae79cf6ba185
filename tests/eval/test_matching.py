import pytest

from istok.eval.matching import normalise, says, says_all


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("«Ёлка» — 18,5 млн!", "елка 18.5 млн"),
        ("45 % [1]", "45%"),
        ("5 000, 5,000 и 5\u00a0000.", "5000 5000 и 5000"),
        ("05.11.2025.", "05.11.2025"),
        ("2026 -2028 гг.", "2026 2028 гг"),
        ("**почти на 45%** — Ил-76", "почти на 45% ил 76"),
        ("Вы\u0301чегда, Й и café", "вычегда й и café"),
    ],
)
def test_case_punctuation_and_the_spelling_of_numbers_are_normalised(text: str, normal: str) -> None:
    assert normalise(text) == normal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("во главе с Александром Рогожником", "Рогожник"),
        ("экспорт возрос почти на 45%", "45%"),
        ("товарооборот 18.5 миллиона", "18,5 миллион"),
        ("около 5000 предприятий", "5 000"),
        ("из Могилевтрансмаша", "Могилёвтрансмаш"),
    ],
)
def test_inflected_words_and_respelled_numbers_are_found(text: str, expected: str) -> None:
    assert says(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("на 450 тысяч", "45"),
        ("на 145 тысяч", "45"),
        ("на 45,7 тысяч", "45"),
        ("8,45 тысяч", "45"),
        ("источник [45]", "45"),
        ("в сентябре", "тябр"),
        ("почти на 54%", "45%"),
        ("", "45"),
    ],
)
def test_other_numbers_and_the_middle_of_a_word_are_not_found(text: str, expected: str) -> None:
    assert not says(text, expected)


def test_every_group_needs_one_of_its_alternatives() -> None:
    answers = [["Астан", "Astana"], ["5 ноября", "November 5"]]
    assert says_all("Signed in Astana on November 5", answers)
    assert not says_all("Signed in Astana", answers)
