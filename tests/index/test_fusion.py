"""Fusing two voices, and standing in for a vector that is not there yet."""

from __future__ import annotations

import pytest

from istok.index.fusion import WEIGHTS, Weights, fuse


def test_the_weight_knows_the_languages_of_question_and_passage() -> None:
    weights = Weights(ru=0.1, en=0.2, across=0.3)
    assert [weights.of(asked, spoken) for asked in ("ru", "en") for spoken in ("ru", "en")] == [0.1, 0.3, 0.3, 0.2]
    assert all(0.1 <= weight <= 0.9 for weight in (WEIGHTS.ru, WEIGHTS.en, WEIGHTS.across))


def test_both_voices_make_a_weighted_mean_and_one_alone_speaks_for_itself() -> None:
    scores = fuse({1: 0.8, 2: 0.4}, {1: 0.5, 3: 0.6}, {1: 0.25, 2: 0.25, 3: 0.25}, waiting=())
    assert scores == pytest.approx({1: 0.575, 2: 0.1, 3: 0.6})


def test_a_waiting_passage_gets_the_cosine_that_its_words_predict() -> None:
    cosines, shares = {1: 0.2, 2: 0.4, 3: 0.6}, {1: 0.1, 2: 0.2, 3: 0.3, 4: 0.2, 5: 0.25}
    scores = fuse(cosines, shares, dict.fromkeys(shares, 0.5), waiting=[4, 5])
    assert scores[4] == pytest.approx(scores[2])
    assert scores[2] < scores[5] < scores[3]


def test_what_is_predicted_stays_a_cosine_and_never_falls_with_more_words() -> None:
    steep = fuse({1: 0.1, 2: 0.9}, {1: 0.1, 2: 0.2, 3: 1.0}, {3: 1.0}, waiting=[3])
    assert steep[3] == 1.0
    falling = fuse({1: 0.9, 2: 0.1}, {1: 0.1, 2: 0.2, 3: 0.9, 4: 0.0}, {3: 1.0, 4: 1.0}, waiting=[3, 4])
    assert falling[3] == falling[4] == pytest.approx(0.5)


def test_where_no_passage_has_a_vector_yet_words_alone_decide() -> None:
    assert fuse({}, {1: 0.3, 2: 0.7}, {1: 0.4, 2: 0.4}, waiting=[1, 2]) == {1: 0.3, 2: 0.7}
