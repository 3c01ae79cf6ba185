from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from istok.index.language import detect
from istok.rag.question import analyse
from istok.rag.selection import MOST, MOST_OF_SEVERAL, select, sources
from istok.rag.types import Evidence, Sentence


@dataclass(frozen=True)
class _Said:
    text: str
    score: float
    document: str = "a.txt"
    start: int = 0
    date: str | None = None


def _evidence(*said: _Said, parts: Sequence[Sequence[int]] = (), lists: Sequence[Sequence[int]] = ()) -> Evidence:
    """Evidence in the given order."""
    return Evidence(
        tuple(
            Sentence(
                number, each.document, each.document, each.date, detect(each.text), each.start,
                each.start + len(each.text), each.text, each.score,
            )
            for number, each in enumerate(said, 1)
        ),
        parts=tuple(map(tuple, parts)),
        lists=tuple(map(tuple, lists)),
    )  # fmt: skip


def _numbers(question: str, evidence: Evidence) -> list[int]:
    return [sentence.number for sentence in select(analyse(question), evidence)]


FACT = "Сколько станков выпустил завод в марте?"


def test_without_evidence_nothing_is_said() -> None:
    assert _numbers(FACT, _evidence()) == []


def test_a_clear_best_sentence_is_said_alone() -> None:
    assert _numbers(FACT, _evidence(_Said("Выпущено 40 станков.", 0.8), _Said("Завод стар.", 0.5, start=900))) == [1]


def test_of_two_that_are_as_good_both_are_said() -> None:
    evidence = _evidence(_Said("Выпущены станки.", 0.3), _Said("Собраны прессы.", 0.28, start=900), _Said("Да.", 0.27))
    assert _numbers("Что сделал завод?", evidence) == [1, 2]


def test_a_sentence_that_shows_what_is_asked_for_needs_no_second_one_of_its_document() -> None:
    said = _Said("Выпущено 40 станков.", 0.3)
    assert _numbers(FACT, _evidence(said, _Said("Собрано 38 прессов.", 0.28, start=900))) == [1]
    assert _numbers(FACT, _evidence(said, _Said("Выпущено 38 станков.", 0.28, "other.txt"))) == [1, 2]


def test_what_a_pronoun_points_back_to_comes_before_it_in_an_answer_about_the_present_too() -> None:
    he = _Said("Он стал директором завода «Луч» в мае.", 0.7, start=15)
    before = _Said("Приехал Попов.", 0.1)
    assert _numbers("Кто сейчас директор завода «Заря»?", _evidence(he, before)) == [2, 1]


def test_a_sentence_that_says_all_that_is_asked_needs_no_other_for_its_pronoun() -> None:
    he = _Said("Он встретился с премьер-министром Беларуси Турчиным.", 0.7, start=15)
    before = _Said("Приехал Попов.", 0.1)
    assert _numbers("Кто сейчас премьер-министр Беларуси?", _evidence(he, before)) == [1]
    assert _numbers("С кем встретился Попов?", _evidence(he, before)) == [2, 1]


def test_a_second_one_needs_more_where_the_question_is_in_another_language() -> None:
    evidence = _evidence(_Said("Выпущено 40 станков.", 0.3), _Said("Собрано 38 станков.", 0.25, start=900))
    assert _numbers("Что сделал завод?", evidence) == [1, 2]
    assert _numbers("What did the plant do?", evidence) == [1]


@pytest.mark.parametrize(
    "question", ["Какие станки выпускает завод?", "Перечисли станки завода.", "Which machines are made at the plant?"]
)
def test_of_several_things_more_is_said_in_document_order(question: str) -> None:
    said = [
        _Said(f"Завод выпускает {kind} станки.", 0.5 - i / 100, start=900 - 100 * i) for i, kind in enumerate("абвгд")
    ]
    assert _numbers(question, _evidence(*said)) == [4, 3, 2, 1]
    assert len(_numbers(FACT, _evidence(*said))) < MOST_OF_SEVERAL


def test_a_year_that_is_asked_for_is_one_thing() -> None:
    said = [_Said("План до 2026 года.", 0.5), _Said("План принят в 2025 году.", 0.33, start=900)]
    assert len(_numbers("На какие годы рассчитан план?", _evidence(*said))) == 1
    assert len(_numbers("What years does the plan cover?", _evidence(*said))) == 1


def test_a_list_is_said_with_the_sentence_that_announces_it() -> None:
    evidence = _evidence(
        _Said("План включает:", 0.8),
        _Said("Новый цех.", 0.1, start=20),
        _Said("Склад.", 0.05, start=90),
        lists=[(1, 2, 3)],
    )
    assert _numbers("Что включает план?", evidence) == [1, 2, 3]
    member_first = _evidence(_Said("Новый цех.", 0.8, start=20), _Said("План включает:", 0.1), lists=[(2, 1)])
    assert _numbers("Что включает план?", member_first) == [2, 1]


@pytest.mark.parametrize(
    ("before", "best", "question"),
    [
        ("Директора зовут Пётр Ильин.", "Он пришёл на завод в 1999 году.", "Когда Ильин пришёл на завод?"),
        ("The director is Peter Ilyin.", "He joined the plant in 1999.", "When did Ilyin join the plant?"),
    ],
)
def test_a_pronoun_takes_the_sentence_before_it_along(before: str, best: str, question: str) -> None:
    evidence = _evidence(_Said(best, 0.8, start=len(before) + 1), _Said(before, 0.01))
    assert _numbers(question, evidence) == [2, 1]


def test_speech_after_a_colon_is_no_list() -> None:
    evidence = _evidence(_Said("План рассчитан до 2029 года:", 0.8), _Said("— Нам предстоит работа.", 0.4, start=29))
    assert _numbers("До какого года план?", evidence) == [1]


def test_each_part_of_a_question_has_its_best_sentence() -> None:
    evidence = _evidence(
        _Said("В Самаре строят мост.", 0.6), _Said("В Перми — театр.", 0.2, "b.txt"), _Said("Мост велик.", 0.55),
        parts=[(1, 3), (2,)],
    )  # fmt: skip
    assert _numbers("Что строят в Самаре и в Перми?", evidence) == [1, 2]


def test_a_part_without_a_good_sentence_leaves_the_question_whole() -> None:
    evidence = _evidence(_Said("В Самаре строят мост.", 0.9), _Said("Пермь.", 0.01, "b.txt"), parts=[(1,), (2,)])
    assert _numbers("Что строят в Самаре и в Перми?", evidence) == [1]


def test_of_the_present_the_newest_is_said_first_and_once_what_was_said_before() -> None:
    evidence = _evidence(
        _Said("Директор завода — Пётр Ильин.", 0.4, "new.txt", date="2025-03"),
        _Said("Директор завода — Олег Громов.", 0.6, "old.txt", date="2023-01"),
        _Said("Директор завода — Иван Седов.", 0.5, "older.txt", date="2020-01"),
        _Said("Летом был праздник.", 0.5, "other.txt", date="2021-01"),
    )
    assert _numbers("Кто сейчас директор завода?", evidence) == [1, 2]


def test_older_words_of_another_thing_are_not_told() -> None:
    evidence = _evidence(
        _Said("Директор завода — Пётр Ильин.", 0.4, "new.txt", date="2025-03"),
        _Said("Летом был праздник.", 0.5, "other.txt", date="2021-01"),
    )
    assert _numbers("Кто сейчас директор завода?", evidence) == [1]


def test_what_several_documents_say_alike_is_said_once_with_all_its_sources_newest_first() -> None:
    evidence = _evidence(
        _Said("Завод выпустил 40 станков.", 0.8, "a.txt", date="2023-01"),
        _Said("Завод выпустил 40 станков!", 0.8, "b.txt", date="2024-01"),
        _Said("Завод выпустил 41 станок.", 0.75, "c.txt", date="2025-01"),
    )
    chosen = select(analyse(FACT), evidence)
    assert sources(chosen[0], evidence) == (2, 1)
    assert sources(evidence[3], evidence) == (3,)
    assert [sentence.number for sentence in chosen] == [1, 3]


def test_no_more_is_said_than_may_be() -> None:
    said = [_Said(f"Он выпустил {i} станков.", 0.5, start=24 * i) for i in range(9)]
    assert len(_numbers(FACT, _evidence(*said))) <= MOST
