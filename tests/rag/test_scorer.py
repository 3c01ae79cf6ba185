from __future__ import annotations

import pytest

from istok.index.index import Index
from istok.rag.assistant import Assistant
from istok.rag.question import analyse
from istok.rag.scorer import BY_HAND, FEATURES, READ, Scorer, _offices, kin, leans_back, weights


def feature(assistant: Assistant, question: str, start: str, name: str) -> float:
    """One feature of the seed sentence that begins with `start`."""
    index: Index = assistant.index
    scorer = Scorer(analyse(question), index, index.search(question, 20))
    for candidate, features in zip(scorer.candidates, scorer.features(), strict=True):
        if candidate.text.startswith(start):
            return features[FEATURES.index(name)]
    raise AssertionError(f"no sentence begins with {start}")


GROWTH = "По итогам 2023 года"


def best(assistant: Assistant, question: str) -> str:
    """The seed sentence that is scored best."""
    index: Index = assistant.index
    scorer = Scorer(analyse(question), index, index.search(question, 20))
    scores = scorer.scores()
    return scorer.candidates[scores.index(max(scores))].text


def test_every_feature_has_its_weight() -> None:
    assert len(weights()) == 4
    assert all(len(model.values) == len(FEATURES) for model in weights().values())


def test_another_year_and_another_place_count_against_a_sentence() -> None:
    for model in weights().values():
        assert all(model.values[FEATURES.index(feature)] < -1 for feature in BY_HAND)


@pytest.mark.parametrize(
    "question",
    [
        "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?",
        "By how much did the Industry Ministry's exports to Uzbekistan grow in 2023?",
    ],
)
def test_the_sentence_that_answers_is_scored_best(assistant: Assistant, question: str) -> None:
    assert best(assistant, question).startswith(GROWTH)


def test_the_encoder_finds_the_words_of_a_question_near_those_of_its_answer(assistant: Assistant) -> None:
    question = "How much did exports to Uzbekistan grow?"
    assert feature(assistant, question, GROWTH, "closest") > feature(
        assistant, question, "Большой потенциал", "closest"
    )
    assert feature(assistant, question, GROWTH, "closest") <= feature(assistant, question, GROWTH, "closest_passage")


def test_where_the_encoder_has_no_say_words_alone_decide(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "languages", property(lambda _: frozenset()))
    question = "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?"
    assert all(feature(assistant, question, GROWTH, name) == 0 for name in READ)
    assert best(assistant, question).startswith(GROWTH)


def test_a_word_is_met_by_its_translation(assistant: Assistant) -> None:
    assert feature(assistant, "Did exports grow?", GROWTH, "own") > 0.3


def test_a_text_is_read_as_a_whole_and_given_back_in_its_parts(assistant: Assistant) -> None:
    [alone], [_, inside] = assistant.index.encode_parts([["экспорт вырос"], ["В 2023 году", "экспорт вырос"]])
    assert len(alone) == len(inside) > 1
    assert all(0.3 < float(one @ other) < 0.999 for one, other in zip(alone, inside, strict=True))


def test_what_the_encoder_no_longer_reads_has_no_rows(assistant: Assistant) -> None:
    [[long, after]] = assistant.index.encode_parts([["слово " * 600, "конец"]])
    assert len(long) < 600
    assert not len(after)


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


@pytest.mark.parametrize(
    ("question", "against"),
    [
        ("Кто премьер-министр Узбекистана?", True),
        ("Кто премьер-министр Беларуси?", False),
        ("Кто премьер-министр Белоруссии?", False),
    ],
)
def test_who_is_what_in_one_country_is_no_answer_about_another(
    assistant: Assistant, question: str, against: bool
) -> None:
    said = "И это тоже серьезное достижение, — подчеркнул Премьер-министр Беларуси"
    assert feature(assistant, question, said, "elsewhere") == against


@pytest.mark.parametrize(
    ("question", "against"),
    [
        ("Кто президент Казахстана?", True),
        ("Who is the president of Kazakhstan?", True),
        ("Кто стал министром Казахстана?", True),
        ("Кто премьер-министр Казахстана?", False),
        ("Who is the prime minister of Kazakhstan?", False),
        ("Кто встретился с президентом Казахстана?", False),
    ],
)
def test_the_holder_of_another_office_is_no_answer(assistant: Assistant, question: str, against: bool) -> None:
    meeting = "Об этом заявил Премьер-министр Беларуси"
    assert feature(assistant, question, meeting, "elsewhere") == against


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("Премьер-министр доложил главе государства.", {"premier", "president"}),
        ("Глава Минпрома и глава Минска открыли завод.", {"minister"}),
        ("The vice president met the prime minister.", {"premier"}),
        ("Мэры двух городов у губернатора", {"mayor", "governor"}),
        ("The minister said so.", {"minister"}),
        ("Мэрия перенесла праздник.", set()),
    ],
)
def test_the_offices_that_a_text_names(text: str, offices: set[str]) -> None:
    assert _offices(text) == offices
