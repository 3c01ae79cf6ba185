import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from istok.eval.confidence import Bin, Curve, area, calibration_error, reliability, risk_at, risk_coverage

PAIRS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.81, 0.99, 1.0]), st.booleans()), min_size=1
)


def test_the_risk_is_the_share_of_wrong_ones_among_the_more_confident() -> None:
    curve = risk_coverage([0.1, 0.9, 0.7, 0.8], [False, True, True, False])
    # In order of confidence: 0 of 1, 1 of 2, 1 of 3, 2 of 4.
    assert curve == Curve((0.25, 0.5, 0.75, 1), (0, 1 / 2, 1 / 3, 1 / 2))
    assert area(curve) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_equal_confidences_are_answered_together_whatever_their_order() -> None:
    curve = risk_coverage([0.5, 0.9, 0.5], [True, True, False])
    assert curve == risk_coverage([0.5, 0.9, 0.5], [False, True, True])
    assert curve == Curve((1 / 3, 1), (0, 1 / 3))
    assert area(curve) == pytest.approx(1 / 3 * 0 + 2 / 3 * 1 / 3)


def test_the_risk_at_a_coverage_answers_at_least_that_many() -> None:
    curve = risk_coverage([0.1, 0.9, 0.7, 0.8], [False, True, True, False])
    assert [risk_at(curve, coverage) for coverage in (0.01, 0.25, 0.26, 0.75, 1)] == [0, 0, 1 / 2, 1 / 3, 1 / 2]
    tenths = risk_coverage([number / 10 for number in range(10)], [True] * 5 + [False] * 5)
    assert risk_at(tenths, 0.1 + 0.2) == 1


@given(PAIRS)
def test_the_area_is_the_mean_over_the_questions_of_the_risk_at_their_own_threshold(
    pairs: list[tuple[float, bool]],
) -> None:
    risks = []
    for threshold, _ in pairs:
        answered = [right for confidence, right in pairs if confidence >= threshold]
        risks.append(answered.count(False) / len(answered))
    assert area(risk_coverage(*zip(*pairs, strict=True))) == pytest.approx(sum(risks) / len(risks))


def test_a_confidence_that_orders_rightly_has_less_risk_than_one_that_orders_wrongly() -> None:
    right = [True, True, False, False]
    good, bad = (area(risk_coverage(confidence, right)) for confidence in ([0.9, 0.8, 0.2, 0.1], [0.1, 0.2, 0.8, 0.9]))
    assert good < bad


def test_bins_hold_their_upper_edge_and_the_first_holds_zero() -> None:
    assert reliability([0.0, 0.5, 0.51, 1.0], [False, True, False, True], bins=2) == (
        Bin(low=0, high=0.5, confidence=0.25, accuracy=0.5, n=2),
        Bin(low=0.5, high=1, confidence=pytest.approx(0.755), accuracy=0.5, n=2),
    )


def test_empty_bins_are_left_out() -> None:
    assert [(part.low, part.n) for part in reliability([0.95, 0.15, 0.97], [True] * 3)] == [(0.1, 1), (0.9, 2)]


def test_the_calibration_error_agrees_with_a_calculation_by_hand() -> None:
    # (0.8, 0.9]: mean 0.85, 1 of 2 right, off by 0.35. (0.1, 0.2]: mean 0.2, none of 2 right, off by 0.2.
    assert calibration_error([0.9, 0.8000001, 0.2, 0.2], [True, False, False, False]) == pytest.approx(
        (2 * 0.35 + 2 * 0.2) / 4
    )
    assert calibration_error([1, 1, 0], [True, True, False]) == 0
    assert calibration_error([1, 1], [False, False]) == 1


@given(PAIRS, st.integers(1, 12))
def test_the_calibration_error_is_what_its_definition_says(pairs: list[tuple[float, bool]], bins: int) -> None:
    total = 0.0
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [pair for pair in pairs if low < pair[0] <= high or (number == 0 and pair[0] == 0)]
        if inside:
            total += abs(sum(right for _, right in inside) - math.fsum(confidence for confidence, _ in inside))
    confidences, right = zip(*pairs, strict=True)
    assert calibration_error(confidences, right, bins) == pytest.approx(total / len(pairs), abs=1e-9)


def test_of_no_questions_there_is_a_curve_but_no_number() -> None:
    assert risk_coverage([], []) == Curve((), ())
    assert reliability([], []) == ()
    with pytest.raises(ZeroDivisionError):
        area(risk_coverage([], []))
    with pytest.raises(ZeroDivisionError):
        calibration_error([], [])


def test_a_verdict_that_is_lacking_is_told() -> None:
    with pytest.raises(ValueError, match="2 confidences, but 1 verdicts"):
        risk_coverage([0.5, 0.6], [True])
