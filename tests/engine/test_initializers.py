"""The first weights: their range and spread, their seeds, and layers that do not touch one another."""

import math

import numpy as np
import pytest

from app.engine.arrays import FloatArray
from app.engine.initializers import INITIALIZERS, initialize
from app.engine.network import Network

WIDE = Network((200, 100, 50), ("relu", "linear"), "mse")
BOUNDS = {
    "xavier_uniform": lambda n_in, n_out: math.sqrt(6 / (n_in + n_out)),
    "he_uniform": lambda n_in, n_out: math.sqrt(6 / n_in),
    "uniform": lambda n_in, n_out: 1.0,
}
DEVIATIONS = {
    "xavier_normal": lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)),
    "he_normal": lambda n_in, n_out: math.sqrt(2 / n_in),
    "normal": lambda n_in, n_out: 1.0,
}


def weights(name: str, layer: int, seed: int = 0, network: Network = WIDE) -> FloatArray:
    return network.weights(initialize(network, name, seed), layer)


def test_every_initializer_is_judged() -> None:
    assert {*INITIALIZERS} == {*BOUNDS, *DEVIATIONS, "zeros"}


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("layer", [1, 2])
def test_uniform_ones_fill_their_range(name: str, layer: int) -> None:
    drawn, bound = weights(name, layer), BOUNDS[name](WIDE.sizes[layer - 1], WIDE.sizes[layer])
    assert np.abs(drawn).max() <= bound
    assert drawn.max() > 0.99 * bound
    assert drawn.min() < -0.99 * bound
    assert abs(drawn.mean()) < 0.03 * bound


@pytest.mark.parametrize("name", DEVIATIONS)
@pytest.mark.parametrize("layer", [1, 2])
def test_normal_ones_have_their_spread(name: str, layer: int) -> None:
    drawn = weights(name, layer)
    deviation = DEVIATIONS[name](WIDE.sizes[layer - 1], WIDE.sizes[layer])
    assert drawn.std() == pytest.approx(deviation, rel=0.03)
    assert abs(drawn.mean()) < 0.03 * deviation
    assert np.abs(drawn).max() > 2.5 * deviation


@pytest.mark.parametrize("name", INITIALIZERS)
def test_biases_begin_at_0(name: str) -> None:
    theta = initialize(WIDE, name, 3)
    assert theta.shape == (WIDE.parameter_count,)
    assert not WIDE.biases(theta, 1).any()
    assert not WIDE.biases(theta, 2).any()


def test_zeros_are_zeros() -> None:
    assert not initialize(WIDE, "zeros", 1).any()


@pytest.mark.parametrize("name", [*BOUNDS, *DEVIATIONS])
def test_a_seed_gives_the_same_bits_and_another_gives_others(name: str) -> None:
    first = initialize(WIDE, name, 2**53 - 1)
    assert first.tobytes() == initialize(WIDE, name, 2**53 - 1).tobytes()
    assert not np.isclose(first, initialize(WIDE, name, 0)).all()


@pytest.mark.parametrize("name", [*BOUNDS, *DEVIATIONS])
def test_no_two_layers_draw_the_same_numbers(name: str) -> None:
    network = Network((4, 4, 4), ("tanh", "tanh"), "mse")
    one, other = (weights(name, layer, network=network) for layer in (1, 2))
    assert not np.isclose(one, other).any()


def test_changing_one_layer_leaves_the_others_alone() -> None:
    before = Network((3, 4, 2, 5), ("tanh",) * 3, "mse")
    after = Network((3, 4, 2, 7), ("relu",) * 3, "mse")
    deeper = Network((3, 4, 2, 5, 1), ("tanh",) * 4, "mse")
    for layer in (1, 2):
        expected = weights("uniform", layer, 9, before).tobytes()
        assert weights("uniform", layer, 9, after).tobytes() == expected
        assert weights("uniform", layer, 9, deeper).tobytes() == expected
