"""Loss terms and derivatives on buffers of their own, beside the oracle and in the far tails."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from app.engine.activations import ACTIVATIONS, softmax_delta
from app.engine.arrays import FloatArray, run
from app.engine.costs import COSTS, Output, PreparedCost, prepare_cost
from app.engine.network import JOINED_RULES
from tests import oracle

PAIRS = oracle.PAIRS
BATCH = 3


def output(name: str, z: FloatArray, y: FloatArray) -> Output:
    """Fill an output layer's buffers for z and y, (n_L, B); the rest holds nonsense until it is computed."""
    a, result, terms = (np.full_like(z, np.nan) for _ in range(3))
    run(ACTIVATIONS[name].forward(z, a))
    return Output(z, a, y, result, terms)


def prepared(name: str, cost: str, out: Output) -> PreparedCost:
    return prepare_cost(cost, (name, cost) in JOINED_RULES, out)


def computed(name: str, cost: str, z: FloatArray, y: FloatArray) -> Output:
    out = output(name, z, y)
    steps = prepared(name, cost, out)
    run(steps.terms)
    run(steps.derivative)
    return out


def column(*numbers: float) -> FloatArray:
    return np.array(numbers).reshape(-1, 1)


def drawn(cost: str) -> tuple[FloatArray, FloatArray]:
    generator = np.random.default_rng(7)
    z, y = generator.normal(size=(3, BATCH)), generator.uniform(size=(3, BATCH))
    return z, y / y.sum(axis=0) if cost == "cross_entropy" else y


def test_every_cost_is_judged() -> None:
    assert {*COSTS} == {cost for _, cost in PAIRS}


@pytest.mark.parametrize(("name", "cost"), PAIRS)
def test_terms_are_the_oracles(name: str, cost: str) -> None:
    z, y = drawn(cost)
    out = computed(name, cost, z, y)
    net = oracle.OracleNetwork([1, 3], [name], cost, [[[0.0]] * 3], [[0.0] * 3])
    for b in range(BATCH):
        zs, a = z[:, b].tolist(), out.a[:, b].tolist()
        expected = [oracle.loss_term(net, j, zs, a, y[j, b]) for j in range(3)]
        np.testing.assert_allclose(out.terms[:, b], expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(("name", "cost"), [pair for pair in PAIRS if pair not in JOINED_RULES])
def test_the_derivative_is_that_of_the_batchs_cost_by_each_output(name: str, cost: str) -> None:
    z, y = drawn(cost)
    out = computed(name, cost, z, y)
    formulas: dict[str, Callable[[FloatArray], FloatArray]] = {
        "mse": lambda a: 2 * (a - y) / BATCH,
        "half_squared_error": lambda a: (a - y) / BATCH,
        "binary_cross_entropy": lambda a: ((1 - y) / (1 - a) - y / a) / BATCH,
    }
    np.testing.assert_allclose(out.result, formulas[cost](out.a), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(("name", "cost"), sorted(JOINED_RULES))
def test_a_joined_rule_gives_the_delta(name: str, cost: str) -> None:
    z, y = drawn(cost)
    out = computed(name, cost, z, y)
    net = oracle.OracleNetwork([1, 3], [name], cost, [[[0.0]] * 3], [[0.0] * 3])
    for b in range(BATCH):
        delta = oracle.output_delta(net, z[:, b].tolist(), out.a[:, b].tolist(), y[:, b].tolist())
        np.testing.assert_allclose(out.result[:, b] * BATCH, delta, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(
    ("z", "y", "term", "delta"),
    [
        (800.0, 0.0, 800.0, 1.0),
        (-800.0, 1.0, 800.0, -1.0),
        (800.0, 1.0, 0.0, 0.0),
        (-800.0, 0.0, 0.0, 0.0),
        (1e308, 0.0, 1e308, 1.0),
        (1e308, 1.0, 0.0, 0.0),
        (40.0, 1.0, math.exp(-40), -math.exp(-40)),
        (-40.0, 0.0, math.exp(-40), math.exp(-40)),
        (40.0, 0.25, 30.0, 0.75),
    ],
)
def test_sigmoid_with_its_cross_entropy_is_exact_far_out(
    z: float, y: float, term: float, delta: float
) -> None:
    out = computed("sigmoid", "binary_cross_entropy", column(z), column(y))
    assert out.terms[0, 0] == pytest.approx(term, rel=1e-14, abs=0)
    # The prediction itself cannot be nearer to 1 than the doubles next to it.
    assert out.result[0, 0] == pytest.approx(delta, rel=1e-14, abs=2e-16)


@pytest.mark.parametrize(
    ("z", "y", "terms", "delta"),
    [
        ([800.0, 0.0], [0.0, 1.0], [0.0, 800.0], [1.0, -1.0]),
        ([800.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]),
        ([1e307, -1e307], [0.5, 0.5], [0.0, 1e307], [0.5, -0.5]),
    ],
)
def test_softmax_with_its_cross_entropy_is_exact_far_out(
    z: list[float], y: list[float], terms: list[float], delta: list[float]
) -> None:
    out = computed("softmax", "cross_entropy", column(*z), column(*y))
    np.testing.assert_allclose(out.terms, column(*terms), rtol=1e-15, atol=0)
    np.testing.assert_allclose(out.result, column(*delta), rtol=1e-15, atol=0)


@pytest.mark.parametrize(
    "z", [[20.0, 0.0], [40.0, 0.0], [300.0, 0.0], [0.0, 350.0], [60.0, 0.0, 59.0]]
)
@pytest.mark.parametrize("y", [[0.0, 1.0], [0.25, 0.5], [1.0, 0.0]])
def test_softmax_with_binary_cross_entropy_keeps_its_digits_near_certainty(
    z: list[float], y: list[float]
) -> None:
    # 1 − a rounds to 0 here, and the delta is the difference of two numbers as large as 1/(1 − a).
    name, cost, goal = "softmax", "binary_cross_entropy", y + [0.5] * (len(z) - 2)
    out = computed(name, cost, column(*z), column(*goal))
    delta = np.full_like(out.a, np.nan)
    run(softmax_delta(out.a, out.result, delta))
    net = oracle.OracleNetwork([1, len(z)], [name], cost, [[[0.0]] * len(z)], [[0.0] * len(z)])
    a = out.a[:, 0].tolist()
    terms = [oracle.loss_term(net, j, z, a, goal[j]) for j in range(len(z))]
    np.testing.assert_allclose(out.terms[:, 0], terms, rtol=1e-13, atol=1e-15)
    expected = oracle.output_delta(net, z, a, goal)
    np.testing.assert_allclose(delta[:, 0], expected, rtol=1e-13, atol=1e-15)


def test_certain_and_right_costs_nothing_under_softmax_and_binary_cross_entropy() -> None:
    # Here the logarithms and the quotient meet 0·ln 0 and 0/0, which both count as 0.
    with np.errstate(all="ignore"):
        out = computed("softmax", "binary_cross_entropy", column(900.0, 0.0), column(1.0, 0.0))
    assert not out.terms.any()
    assert not out.result.any()


def test_certain_and_wrong_costs_more_than_any_number() -> None:
    with np.errstate(all="ignore"):
        out = computed("softmax", "binary_cross_entropy", column(900.0, 0.0), column(0.0, 1.0))
    assert np.isposinf(out.terms).all()


def test_a_lost_number_is_not_hidden_by_its_target() -> None:
    for y in (0.0, 1.0, 0.5):
        with np.errstate(all="ignore"):
            out = computed("softmax", "binary_cross_entropy", column(math.nan, 0.0), column(y, y))
        assert np.isnan(out.terms).all()
