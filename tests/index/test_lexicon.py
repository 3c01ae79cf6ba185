"""The lexicon: what a word may be in the other language."""

from __future__ import annotations

import gzip
from importlib.resources import files

import pytest

from istok.index.language import detect
from istok.index.lexicon import translations
from istok.index.terms import STOPWORDS, term

PAIRS = [
    ("правительство", "government"),
    ("больницы", "hospital"),
    ("землетрясением", "earthquake"),
    ("самолёты", "plane"),
    ("лекарство", "medicine"),
    ("рыба", "fish"),
    ("река", "river"),
    ("вода", "water"),
]


@pytest.mark.parametrize(("russian", "english"), PAIRS)
def test_a_word_is_translated_both_ways_whatever_its_form(russian: str, english: str) -> None:
    assert term(english) in translations(term(russian))
    assert term(russian) in translations(term(english))


def test_what_a_word_means_most_often_comes_first() -> None:
    assert next(iter(translations(term("война")))) == term("war")
    assert next(iter(translations(term("children")))) in {term("дети"), term("детей")}


def test_an_unknown_word_a_figure_and_nothing_have_no_translation() -> None:
    for word in ("рогожник", "zk4471", "2021", "", "日本語", "the"):
        assert translations(term(word) if word else word) == {}


def test_every_line_holds_terms_of_two_languages_and_probabilities() -> None:
    lines = (
        gzip.decompress(files("istok.models").joinpath("lexicon", "ru-en.tsv.gz").read_bytes()).decode().splitlines()
    )
    words = [line.split("\t")[0] for line in lines]
    assert len(words) == len(set(words)) > 10_000
    common = {term(word) for word in STOPWORDS}
    for word in words:
        found = translations(word)
        assert 1 <= len(found) <= 8
        assert 0 < sum(found.values()) <= 1.05
        assert list(found.values()) == sorted(found.values(), reverse=True)
        assert {detect(to) for to in found} == {"en" if detect(word) == "ru" else "ru"}
        assert not common & {word, *found}
