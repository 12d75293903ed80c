from __future__ import annotations

import math

import pytest

from app.engine.tape import Tape
from app.explain.expression import evaluate
from app.explain.names import Names
from tests.explain.cases import explained, output_neuron, said, tape_with

NAMES = Names(("x",), ("Torgersen", "Biscoe"))


def shares(z: tuple[float, ...], targets: tuple[float, ...]) -> Tape:
    layer = [[value, 0.0] for value in z]
    return tape_with([layer], ("softmax",), "cross_entropy", [[1.0]], [list(targets)])


@pytest.mark.parametrize(
    ("cost", "x", "target", "sentence"),
    [
        (
            "mse",
            0.5,
            1.0,
            "The prediction for Torgersen is too low: the difference (prediction − actual) is −0.5. "
            "Squared, that costs 0.25; being twice as far off would cost four times as much.",
        ),
        (
            "half_squared_error",
            1.5,
            1.0,
            "The prediction for Torgersen is too high: the difference (prediction − actual) is 0.5. "
            "Squared and halved, that costs 0.13; the ½ is there to cancel the slope's 2 later.",
        ),
        (
            "half_squared_error",
            0.5,
            1.0,
            "The prediction for Torgersen is too low: the difference (prediction − actual) is −0.5. "
            "Squared and halved, that costs 0.13; the ½ is there to cancel the slope's 2 later.",
        ),
        (
            "mse",
            1.0,
            1.0,
            "The prediction for Torgersen hits the actual value 1 exactly: it costs nothing (0).",
        ),
        (
            "half_squared_error",
            1.0,
            1.0,
            "The prediction for Torgersen hits the actual value 1 exactly: it costs nothing (0).",
        ),
    ],
)
def test_squares(cost: str, x: float, target: float, sentence: str) -> None:
    assert said(output_neuron("linear", cost, x, target), "loss_term[0][0]", NAMES) == sentence


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (
            1.0,
            "The actual value of Torgersen is 1, and the network gave that a chance of 0.73. "
            "The smaller the chance it gave the truth, the higher the cost: 0.31.",
        ),
        (
            0.0,
            "The actual value of Torgersen is 0, and the network gave that a chance of 0.27. "
            "The smaller the chance it gave the truth, the higher the cost: 1.31.",
        ),
        (
            0.5,
            "The actual value of Torgersen is 0.5 and the network says 0.73. "
            "The logarithms weigh both sides of that: 0.81.",
        ),
    ],
)
def test_two_chances(target: float, sentence: str) -> None:
    tape = output_neuron("sigmoid", "binary_cross_entropy", 1.0, target)
    assert said(tape, "loss_term[0][0]", NAMES) == sentence


def test_shares() -> None:
    tape = shares((1.0, 0.0), (1.0, 0.0))
    assert said(tape, "loss_term[0][0]", NAMES) == (
        "The share of Torgersen should be 1 and is 0.73. "
        "The smaller the share of the right answer, the higher the cost: 0.31."
    )
    assert said(tape, "loss_term[0][1]", NAMES) == (
        "The right answer here is not Biscoe (actual 0), so it adds nothing itself: 0. "
        "Its share (0.27) only counts by what it takes from the right one."
    )


@pytest.mark.parametrize("x", [-40.0, -20.0, 20.0, 40.0, 800.0])
@pytest.mark.parametrize("target", [0.0, 1.0])
def test_near_certainty_the_loss_is_written_with_z(x: float, target: float) -> None:
    tape = output_neuron("sigmoid", "binary_cross_entropy", x, target)
    one = explained(tape, "loss_term[0][0]")
    assert one.expression is not None
    assert one.formula.text == "Loss₁ = softplus(Z₁) − Z₁ · Actual₁"
    assert math.isclose(evaluate(one.expression), one.value, rel_tol=1e-12, abs_tol=1e-15)
    assert "loss_term[0][0]" in map(str, explained(tape, "z[1][0][0]").used_by)
    assert "loss_term[0][0]" not in map(str, explained(tape, "a[1][0][0]").used_by)


def test_a_vanishing_share_is_written_with_all_z() -> None:
    tape = shares((0.0, 900.0, 1.0), (1.0, 0.0, 0.0))
    one = explained(tape, "loss_term[0][0]")
    assert one.value == 900.0
    assert one.formula.text == "Loss₁ = Actual₁ · (logsumexp(Z₁, Z₂, Z₃) − Z₁)"
    assert one.substituted.text == "1 · (logsumexp(0, 900, 1) − 0) = 900"
    assert "loss_term[0][0]" in map(str, explained(tape, "z[1][0][1]").used_by)
