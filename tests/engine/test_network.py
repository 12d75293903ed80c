"""The layout of the flat vector, walked weight by weight, and what is refused."""

from itertools import count

import numpy as np
import pytest

from app.engine.network import Network
from app.errors import InvalidInput
from tests import oracle

SMALL = Network((3, 2, 4), ("tanh", "sigmoid"), "mse")


def test_every_weight_and_bias_stands_where_the_layout_says() -> None:
    # The index trap: walk the flat vector by hand and meet each parameter from all sides.
    flat, place = np.arange(float(SMALL.parameter_count)), count()
    for layer in (1, 2):
        before, here = SMALL.sizes[layer - 1], SMALL.sizes[layer]
        for neuron in range(here):
            for source in range(before):
                index = next(place)
                assert SMALL.weight_index(layer, neuron, source) == index
                assert SMALL.weights(flat, layer)[neuron, source] == index
                assert SMALL.augmented(flat, layer)[neuron, source] == index
            index = next(place)
            assert SMALL.bias_index(layer, neuron) == index
            assert SMALL.biases(flat, layer)[neuron] == index
            assert SMALL.augmented(flat, layer)[neuron, before] == index
    assert next(place) == SMALL.parameter_count


def test_shapes_and_counts() -> None:
    flat = np.zeros(SMALL.parameter_count)
    assert (SMALL.depth, SMALL.parameter_count, SMALL.offsets) == (2, 20, (0, 8, 20))
    assert SMALL.weights(flat, 1).shape == (2, 3)
    assert SMALL.biases(flat, 1).shape == (2,)
    assert SMALL.augmented(flat, 2).shape == (4, 3)


def test_views_write_through() -> None:
    flat = np.zeros(SMALL.parameter_count)
    SMALL.weights(flat, 2)[3, 1] = 5.0
    SMALL.biases(flat, 2)[3] = 6.0
    assert flat[SMALL.weight_index(2, 3, 1)] == 5.0
    assert flat[SMALL.bias_index(2, 3)] == 6.0
    assert np.count_nonzero(flat) == 2


@pytest.mark.parametrize(("output", "cost"), oracle.PAIRS)
def test_only_two_pairs_join_their_rules(output: str, cost: str) -> None:
    joined = {("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")}
    assert Network((2, 2), (output,), cost).joined is ((output, cost) in joined)


@pytest.mark.parametrize(
    ("sizes", "names"),
    [((3,), ()), ((), ()), ((3, 2), ()), ((3, 2), ("tanh", "tanh")), ((3, 2, 2), ("tanh",))],
)
def test_a_network_needs_an_activation_for_each_layer(
    sizes: tuple[int, ...], names: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInput, match="one activation for each layer"):
        Network(sizes, names, "mse")


def test_softmax_belongs_to_the_output() -> None:
    with pytest.raises(InvalidInput, match="belongs to the output layer") as refused:
        Network((2, 2, 2, 2), ("tanh", "softmax", "softmax"), "mse")
    assert refused.value.faults[0].pointer == "/network/layers/1/activation"


@pytest.mark.parametrize("output", oracle.HIDDEN)
@pytest.mark.parametrize("cost", ["cross_entropy", "binary_cross_entropy"])
def test_logarithms_need_probabilities(output: str, cost: str) -> None:
    if (output, cost) in oracle.PAIRS:
        assert Network((2, 2), (output,), cost).joined
        return
    with pytest.raises(InvalidInput, match="takes logarithms of the outputs") as refused:
        Network((2, 2), (output,), cost)
    assert refused.value.faults[0].pointer == "/network/cost"


def test_a_lonely_softmax_has_no_binary_cross_entropy() -> None:
    # It is always 1, so 1 − a is 0 and has no logarithm.
    with pytest.raises(InvalidInput, match="always 1") as refused:
        Network((2, 1), ("softmax",), "binary_cross_entropy")
    assert refused.value.faults[0].pointer == "/network/cost"
    assert Network((2, 1), ("softmax",), "mse").depth == 1
    assert Network((2, 1), ("softmax",), "cross_entropy").depth == 1
