from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.engine.addresses import Address
from app.explain.digits import MOST_DIGITS, Claim, Precision, agree, alike, claim, display, in_words
from app.explain.explanation import write
from app.explain.expression import Add, Call, Div, Mul, Node, Ref, Sub, evaluate
from app.explain.labels import Label
from app.explain.tokens import number
from tests.explain.paper import adds_up
from tests.explain.paper import number as read


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (-0.42, 2, "−0.42"),
        (-0.4213, 2, "−0.42"),
        (0.0003, 2, "0.0003"),
        (0.000314, 2, "0.00031"),
        (1234.5, 2, "1234.5"),
        (1234.567, 2, "1234.57"),
        (0.0, 2, "0"),
        (-0.0, 2, "0"),
        (1.0, 2, "1"),
        (0.5, 2, "0.5"),
        (0.4999, 2, "0.50"),
        (0.125, 2, "0.13"),
        (0.047, 1, "0.05"),
        (0.0471, 2, "0.047"),
        (0.0000051, 2, "5.1 × 10⁻⁶"),
        (1e-8, 2, "10⁻⁸"),
        (1e8, 2, "10⁸"),
        (-2.5e8, 2, "−2.5 × 10⁸"),
        (123456789.0, 3, "1.23 × 10⁸"),
        (100000.0, 2, "100000"),
        (0.1 + 0.2, 2, "0.30"),
        (0.1 + 0.2, 17, "0.30000000000000004"),
    ],
)
def test_display(value: float, digits: int, text: str) -> None:
    assert display(value, digits) == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 6))
def test_a_displayed_number_is_near_and_never_a_false_zero(value: float, digits: int) -> None:
    shown, exact = read(display(value, digits)), Decimal(value)
    assert (shown == 0) == (value == 0)
    assert abs(shown - exact) <= abs(exact) * Decimal("0.06" if digits > 1 else "0.51")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_in_words_keeps_the_double(value: float) -> None:
    assert float(read(in_words(value))) == value


def ref(value: float) -> Ref:
    return Ref(Address("cost"), Label("C"), value)


def shown(expression: Node, digits: int) -> str:
    value = evaluate(expression)
    precision = agree([claim(expression, value)], digits)
    result = number(precision.outcome(value), value)
    return write(expression, None, result, precision).substituted.text


reals = st.floats(-100, 100, allow_subnormal=False)


@given(st.lists(st.tuples(reals, reals), min_size=1, max_size=6), reals, st.integers(1, 6))
def test_a_weighted_sum_adds_up_as_displayed(
    pairs: list[tuple[float, float]], bias: float, digits: int
) -> None:
    products = tuple(Mul((ref(w), ref(a))) for w, a in pairs)
    text = shown(Add((*products, ref(bias))), digits)
    assert "≈" in text or adds_up(text, digits), text


@given(reals, reals, reals, st.integers(1, 6))
def test_quotients_differences_and_functions_add_up(
    a: float, b: float, c: float, digits: int
) -> None:
    assume(abs(b) > 1e-3)
    for expression in (Div(Sub(ref(a), ref(c)), ref(b)), Call("sigmoid", (ref(c),), "σ")):
        text = shown(expression, digits)
        assert "≈" in text or adds_up(text, digits), text


def test_operands_get_more_digits_only_when_needed() -> None:
    assert shown(Mul((ref(0.5), ref(0.25))), 2) == "0.5 · 0.25 = 0.13"
    assert shown(Mul((ref(-0.31083), ref(-1.15189))), 2) == "−0.31 · −1.15 = 0.36"
    assert shown(Mul((ref(-0.89087), ref(-1.15189))), 2) == "−0.891 · −1.152 = 1.03"


def test_the_result_gets_more_digits_when_the_operands_cannot() -> None:
    # Exactly 0.805, but a hair less in doubles: to two decimals that is 0.81 on paper and 0.80 here.
    assert shown(Mul((ref(1.15), ref(0.7))), 2) == "1.15 · 0.7 = 0.805"


def test_what_cannot_add_up_is_shown_in_full_and_as_about_equal() -> None:
    text = shown(Sub(Add((ref(0.1), ref(0.2))), ref(0.3)), 2)
    assert text == "0.1 + 0.2 − 0.3 ≈ 5.551115123125783 × 10⁻¹⁷"


def test_with_all_digits_nothing_is_left_out_to_make_it_add_up() -> None:
    product = Mul((ref(0.46478130611638596), ref(0.18)))
    assert shown(product, MOST_DIGITS) == "0.46478130611638596 · 0.18 = 0.08366063510094947"
    assert shown(Mul((ref(0.5), ref(0.25))), MOST_DIGITS) == "0.5 · 0.25 = 0.125"
    assert shown(Mul((ref(0.1), ref(3.0))), MOST_DIGITS) == "0.1 · 3 ≈ 0.30000000000000004"
    # The nineteenth place is shown, so it counts.
    small = Mul((ref(0.14762993600000002), ref(0.016)))
    assert shown(small, MOST_DIGITS) == "0.14762993600000002 · 0.016 ≈ 0.0023620789760000005"


def test_a_formula_that_fails_on_rounded_numbers_is_tried_with_more_digits() -> None:
    expression = Call("ln", (Sub(ref(1.0), ref(0.9996)),))
    text = shown(expression, 2)
    assert text == "ln(1 − 0.9996) = −7.82"


def test_a_formula_without_an_answer_on_paper_does_not_add_up() -> None:
    assert not agree([claim(Call("ln", (ref(0.0),)), 1.0)], 2).adds_up
    assert not agree([claim(Div(ref(1.0), ref(0.0)), 1.0)], 2).adds_up


def test_before_and_after_get_the_same_digits_where_that_works() -> None:
    step = Sub(ref(-0.6364), ref(0.001133))
    assert agree([claim(step, -0.6364 - 0.001133)], 2, 1, evenly=True) == Precision(2, 2, 2, 2)
    vain = claim(Sub(Add((ref(0.1), ref(0.2))), ref(0.3)), 0.1 + 0.2 - 0.3)
    assert not agree([vain], 2, evenly=True).adds_up


def test_all_that_is_told_together_has_to_hold() -> None:
    # −1.24 − 0.90 is not −2.15: rounded to two decimals the three numbers do not add up.
    step = Claim(lambda on: on.told(-1.2449) + on.told(-0.9044), -2.1493, "result")
    assert not step.holds(Precision(2))
    product = claim(Mul((ref(-0.9044), ref(1.0))), -0.9044, "told")
    assert agree([product, step], 2, evenly=True) == Precision(2, 1, 1, 1)
    precision = agree([product, step], 2)
    assert (precision.told, precision.result) == (1, 0)
    assert step.holds(precision)


def test_a_sum_that_nearly_vanishes_needs_its_last_term_more_exactly_than_itself() -> None:
    step = Claim(lambda on: on.told(0.588393) + on.told(-0.633459), -0.045066, "result")
    product = claim(ref(-0.633459), -0.633459, "told")
    precision = agree([product, step], 2)
    assert precision.result < precision.told
    shown = [precision.on_the_way(value) for value in (0.588393, -0.633459)]
    assert [*shown, precision.outcome(-0.045066)] == ["0.588", "−0.633", "−0.045"]


def test_zeros_at_the_end_make_no_other_number() -> None:
    assert alike("0.5", "0.50")
    assert alike("−3", "−3.00")
    assert not alike("0.5", "0.51")
    assert not alike("100", "1")


def test_a_precision_grows_until_it_is_full() -> None:
    precision = Precision(16)
    assert not precision.is_full
    assert precision.finer() == Precision(16, 1, 1, 1)
    assert precision.finer().is_full
    assert Precision(MOST_DIGITS).is_full
