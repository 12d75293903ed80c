"""Values and slopes beside PyTorch's, the extremes, and the layers that share a call."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine.activations import ACTIVATIONS, softmax_delta
from app.engine.arrays import FloatArray, aligned_zeros, run
from app.engine.network import Network
from app.engine.passes import Parameters, Pass
from app.engine.training import State, Training
from tests import oracle

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "pytorch.json").read_text("utf-8"))
SINGLE = tuple(GOLDEN["curves"])
LARGEST = 1e308
SIZES = (2, 3, 2, 4, 2)


def value(name: str, z: FloatArray) -> FloatArray:
    a = np.full_like(z, np.nan)
    run(ACTIVATIONS[name].forward(z, a))
    return a


def slope(name: str, z: FloatArray) -> FloatArray:
    out = np.full_like(z, np.nan)
    run(ACTIVATIONS[name].slope(z, value(name, z), out))
    return out


def column(*numbers: float) -> FloatArray:
    return np.array(numbers).reshape(-1, 1)


def test_every_activation_is_judged() -> None:
    assert {*ACTIVATIONS} == {*SINGLE, "softmax"}
    assert all(activation.name == name for name, activation in ACTIVATIONS.items())


@pytest.mark.parametrize("name", SINGLE)
def test_values_are_pytorchs(name: str) -> None:
    expected = column(*GOLDEN["curves"][name]["f"])
    np.testing.assert_allclose(value(name, column(*GOLDEN["grid"])), expected, rtol=5e-15, atol=0)


@pytest.mark.parametrize("name", SINGLE)
def test_slopes_are_pytorchs(name: str) -> None:
    # 1 − a loses digits where a is almost 1, so a slope is exact to a share of 1, not of itself.
    expected = column(*GOLDEN["curves"][name]["slope"])
    np.testing.assert_allclose(slope(name, column(*GOLDEN["grid"])), expected, rtol=0, atol=2e-14)


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("z", [-LARGEST, -1e300, -1e4, -750.0, -710.0, 710.0, 1e4, LARGEST])
def test_far_out_nothing_overflows(name: str, z: float) -> None:
    # Warnings are errors here, so an overflow on the way would fail too.
    got, steep = value(name, column(z))[0, 0], slope(name, column(z))[0, 0]
    assert math.isclose(got, oracle.ACTIVATIONS[name](z), rel_tol=1e-12, abs_tol=1e-12)
    assert math.isclose(steep, oracle.SLOPES[name](z), rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "swish"])
def test_the_tail_keeps_its_relative_precision(name: str) -> None:
    z = np.linspace(-700.0, -30.0, 68).reshape(-1, 1)
    expected = [oracle.ACTIVATIONS[name](number) for number in z[:, 0]]
    np.testing.assert_allclose(value(name, z)[:, 0], expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("strange", [math.nan, math.inf, -math.inf])
def test_what_is_not_a_number_stays_so_and_nothing_else_is_made_of_it(
    name: str, strange: float
) -> None:
    with np.errstate(all="ignore"):
        got = value(name, column(strange, 0.5))
    assert got[1, 0] == value(name, column(0.5))[0, 0]
    if math.isnan(strange):
        assert math.isnan(got[0, 0])


@pytest.mark.parametrize("row", GOLDEN["softmax"])
def test_softmax_is_pytorchs(row: dict[str, Any]) -> None:
    np.testing.assert_allclose(value("softmax", column(*row["z"])), column(*row["a"]), rtol=1e-15)


@pytest.mark.parametrize("row", GOLDEN["softmax"])
def test_softmax_delta_is_pytorchs_jacobian(row: dict[str, Any]) -> None:
    a, g = column(*row["a"]), column(*np.linspace(-2.0, 3.0, len(row["a"])))
    delta = np.full_like(a, np.nan)
    run(softmax_delta(a, g, delta))
    np.testing.assert_allclose(delta, np.array(row["jacobian"]).T @ g, rtol=0, atol=1e-15)


def test_softmax_judges_every_observation_alone_and_does_not_overflow() -> None:
    z = np.array([[1e307, 0.0], [-1e307, 0.0], [0.0, 0.0]])
    np.testing.assert_array_equal(
        value("softmax", z), np.array([[1.0, 1 / 3], [0.0, 1 / 3], [0.0, 1 / 3]])
    )


def test_softmax_has_no_slope_of_its_own() -> None:
    z = column(1.0, 2.0)
    assert ACTIVATIONS["softmax"].slope(z, z, z) == []


# --- neighbouring layers with one activation -----------------------------------------------------


def slopes_in_a_network(names: tuple[str, ...], cost: str) -> Pass:
    network = Network((*SIZES[: len(names)], 2), names, cost)
    parameters = Parameters(network, Training())
    theta = np.random.default_rng(1).normal(size=network.parameter_count)
    parameters.load(State.start(theta, Training().optimizer))
    one = Pass(network, parameters, 3)
    one.put(np.array([[0.1, -1.0, 2.0], [0.4, 0.3, -0.2]]), np.full((2, 3), 0.5))
    run(one.forward_steps)
    run(one.backward_steps)
    return one


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize(
    "pattern", ["xxxx", "xxox", "xoxo", "ooxx", "x"], ids=lambda pattern: f"shape {pattern}"
)
def test_layers_that_share_a_call_have_their_own_slopes(name: str, pattern: str) -> None:
    other = "tanh" if name != "tanh" else "swish"
    names = tuple(name if letter == "x" else other for letter in pattern)
    one = slopes_in_a_network(names, "mse")
    for layer, used in enumerate(names, start=1):
        alone = slope(used, np.ascontiguousarray(one.z[layer]))
        assert one.slope[layer].tobytes() == alone.tobytes()


def test_neighbours_share_one_call() -> None:
    alike = slopes_in_a_network(("tanh",) * 4, "mse")
    mixed = slopes_in_a_network(("tanh", "relu", "tanh", "relu"), "mse")
    per_call = len(ACTIVATIONS["tanh"].slope(*[aligned_zeros(1)] * 3))
    assert len(alike.backward_steps) - per_call == len(mixed.backward_steps) - (2 * per_call + 2)


def test_a_joined_output_computes_no_slope() -> None:
    one = slopes_in_a_network(("sigmoid", "sigmoid"), "binary_cross_entropy")
    assert not one.slope[2].any()
    assert one.slope[1].any()
