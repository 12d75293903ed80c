from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.activations import ACTIVATIONS
from app.explain.arithmetic import DOUBLES, PAPER, decimals, in_full

ON_PAPER = decimals(in_full, in_full)


def engine(name: str, z: float) -> float:
    before, after = np.array([[z]]), np.zeros((1, 1))
    for step in ACTIVATIONS[name].forward(before, after):
        step()
    return float(after[0, 0])


@pytest.mark.parametrize(
    "name", ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "swish", "linear"]
)
@given(z=st.floats(-30, 30).map(lambda z: round(z, 6)))
def test_both_arithmetics_know_the_activations_as_the_engine_does(name: str, z: float) -> None:
    expected = engine(name, z)
    assert math.isclose(DOUBLES.functions[name](z), expected, rel_tol=1e-12, abs_tol=1e-15)
    with localcontext(PAPER):
        found = float(ON_PAPER.functions[name](in_full(z)))
    assert math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-15)


@pytest.mark.parametrize("z", [-1e9, -800.0, 0.0, 800.0, 1e9])
def test_the_tails_do_not_overflow(z: float) -> None:
    for name in ("sigmoid", "tanh", "softplus", "swish", "elu"):
        assert math.isfinite(DOUBLES.functions[name](z))
        with localcontext(PAPER):
            assert ON_PAPER.functions[name](in_full(z)).is_finite()


@pytest.mark.parametrize("z", [1e-30, -1e-30])
def test_small_arguments_keep_their_precision(z: float) -> None:
    for name in ("tanh", "elu"):
        assert math.isclose(DOUBLES.functions[name](z), z, rel_tol=1e-12)
        with localcontext(PAPER):
            assert math.isclose(float(ON_PAPER.functions[name](in_full(z))), z, rel_tol=1e-12)
    with localcontext(PAPER):
        tail = ON_PAPER.functions["softplus"](Decimal(-70))
    assert math.isclose(float(tail), math.exp(-70), rel_tol=1e-12)


def test_softmax_takes_the_first_ones_share_of_the_others() -> None:
    assert DOUBLES.functions["softmax"](1.0, 1.0, 1.0) == 0.5
    assert DOUBLES.functions["softmax"](1000.0, 1000.0, 0.0) == 1.0
    assert DOUBLES.functions["log_sum"](1000.0, 1000.0) == 1000.0 + math.log(2.0)


def test_sign_and_step() -> None:
    for x, sign, step in ((-2.0, -1.0, 0.0), (0.0, 0.0, 0.0), (3.0, 1.0, 1.0)):
        assert DOUBLES.functions["sign"](x) == sign
        assert DOUBLES.functions["step"](x) == step


def test_a_double_is_read_as_its_shortest_decimal() -> None:
    assert in_full(0.1) == Decimal("0.1")
    assert str(in_full(1.0)) == "1"
    assert in_full(np.float64(2.5)) == Decimal("2.5")
