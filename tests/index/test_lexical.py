"""Structured queries: what a question's words are looked for as, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from istok.index.lexical import Lexical, Word, words
from istok.index.lexicon import translations
from istok.index.store import Draft, Source, Store
from istok.index.terms import keys, term
from istok.index.types import Document, Range

TEXTS = [
    "Пожар уничтожил склад у порта.",
    "Склад у порта закрыли, и порт опустел.",
    "Порт приписки, порт назначения, порт захода.",
    "В приюте живут сорок кошек.",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("lexical") / "index.sqlite")
    for number, text in enumerate(TEXTS):
        whole = Range(0, len(text))
        document = Document(str(number), str(number), "", None, "ru", text, (whole,))
        store.put([Draft(document, Source(str(number), "", str(number), "", ""), [(whole, (whole,), "ru")], [None])])
    yield store
    store.close()


def test_a_word_is_itself_in_its_own_language_and_its_translations_in_the_other() -> None:
    [own] = words("government", "en")
    [foreign] = words("government", "ru")
    assert own == Word({"govern": 1.0})
    assert foreign == Word(translations("govern"), frozenset(keys("government")))
    assert "правительств" in foreign.terms


def test_a_figure_and_a_word_in_the_script_of_the_passage_stay_what_they_are() -> None:
    assert [dict(word.terms) for word in words("2021", "ru")] == [{"2021": 1.0}]
    assert {term("Windows"): 1.0} in [dict(word.terms) for word in words("система Windows в школе", "en")]


def test_a_share_is_of_all_that_was_asked_and_more_words_give_more(store: Store) -> None:
    asked = Lexical(store, words("пожар на складе", "ru"), "ru")
    shares = asked.scores([1, 2, 3, 4])
    assert 1 > shares[1] > shares[2] > 0
    assert set(shares) == {1, 2}
    assert set(asked.proposed(10, None)) == {1, 2}
    assert asked.proposed(10, [2]) == [2]


def test_translations_of_one_word_do_not_add_up_to_more_than_the_word(store: Store) -> None:
    both = Lexical(store, [Word({"пожар": 0.5, "склад": 0.5})], "ru").scores([1])
    assert both[1] < Lexical(store, [Word({"пожар": 1.0}), Word({"склад": 1.0})], "ru").scores([1])[1] * 1.5
    assert both[1] <= 1


def test_a_likelier_translation_counts_more(store: Store) -> None:
    shares = Lexical(store, [Word({"пожар": 0.9, "кошек": 0.1})], "ru").scores([1, 4])
    assert shares[1] > shares[4] > 0


def test_what_a_passage_is_worth_does_not_hang_on_the_others_that_are_judged(store: Store) -> None:
    asked = Lexical(store, words("порт", "ru"), "ru")
    assert asked.scores([3]) == {3: asked.scores([1, 2, 3, 4])[3]}


def test_words_that_nothing_knows_propose_and_score_nothing(store: Store) -> None:
    asked = Lexical(store, words("zyxwv qwrtp", "ru"), "ru")
    assert asked.proposed(10, None) == []
    assert asked.scores([1, 2, 3, 4]) == {}
