from __future__ import annotations

import pytest

from istok.index.index import Index
from istok.rag.assistant import Assistant
from istok.rag.question import analyse
from istok.rag.scorer import ACROSS, FEATURES, WITHIN, Scorer, kin, leans_back


def feature(assistant: Assistant, question: str, start: str, name: str) -> float:
    """One feature of the seed sentence that begins with `start`."""
    index: Index = assistant.index
    scorer = Scorer(analyse(question), index, index.search(question, 20))
    for candidate, features in zip(scorer.candidates, scorer.features(), strict=True):
        if candidate.text.startswith(start):
            return features[FEATURES.index(name)]
    raise AssertionError(f"no sentence begins with {start}")


GROWTH = "По итогам 2023 года"


def test_every_feature_has_its_weight() -> None:
    assert len(WITHIN.values) == len(ACROSS.values) == len(FEATURES)


def test_the_sentence_that_holds_the_words_is_covered(assistant: Assistant) -> None:
    question = "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?"
    assert feature(assistant, question, GROWTH, "own") > 0.7
    assert feature(assistant, question, "Большой потенциал", "own") < 0.3


def test_another_year_is_a_lost_year(assistant: Assistant) -> None:
    assert feature(assistant, "На сколько вырос экспорт в Узбекистан в 2023 году?", GROWTH, "year_lost") == 0
    assert feature(assistant, "На сколько вырос экспорт в Узбекистан в 2019 году?", GROWTH, "year_lost") == 1


def test_last_year_is_counted_from_the_date_of_the_document(assistant: Assistant) -> None:
    turnover = "По итогам прошлого года товарооборот"  # of an article of 2025
    assert feature(assistant, "Каким был товарооборот с Беларусью в 2024 году?", turnover, "year_lost") == 0
    assert feature(assistant, "Каким был товарооборот с Беларусью в 2022 году?", turnover, "year_lost") == 1


def test_a_name_that_the_document_lacks_is_lost(assistant: Assistant) -> None:
    assert feature(assistant, "На сколько вырос экспорт в Узбекистан?", GROWTH, "names_far") == 0
    assert feature(assistant, "На сколько вырос экспорт в Аргентину?", GROWTH, "names_far") == 1


def test_an_acronym_meets_the_name_that_it_shortens(assistant: Assistant) -> None:
    assert feature(assistant, "Что делает завод МАЗ с Krantas Group?", "Минский автомобильный завод", "names_far") == 0


def test_the_kind_asked_for_must_be_more_than_what_the_question_gave(assistant: Assistant) -> None:
    start = "Минский автомобильный завод с 2017 года"
    assert feature(assistant, "Когда завод начал работать с Krantas Group?", start, "kind") == 1
    assert feature(assistant, "Когда в 2017 году завод начал работать с Krantas Group?", start, "kind") == 0
    assert feature(assistant, "Сколько техники завод выпустил с Krantas Group?", start, "kind") == 0


def test_names_are_found_across_languages(assistant: Assistant) -> None:
    meeting = "Об этом заявил Премьер-министр Беларуси"
    assert feature(assistant, "Where did Golovchenko meet Bektenov?", meeting, "own") > 0.4


@pytest.mark.parametrize(("one", "other"), [("казахстан", "казахск"), ("подписа", "подпис"), ("узбекистан", "узбекск")])
def test_words_of_one_family_are_kin(one: str, other: str) -> None:
    assert kin(one, other)
    assert kin(other, one)


@pytest.mark.parametrize(("one", "other"), [("минск", "министр"), ("предприят", "предложен"), ("2023", "2024")])
def test_words_that_only_begin_alike_are_not_kin(one: str, other: str) -> None:
    assert not kin(one, other)


def test_a_pronoun_leans_on_the_sentence_before() -> None:
    assert leans_back("Он встретился с премьер-министром.")
    assert leans_back("Представить её рассчитывают на форуме.")
    assert not leans_back("По его словам, сотрудничество продолжится.")
    assert not leans_back("Министр встретился с ним.")
