"""All ways from a weight to the cost add up to backpropagation's derivative."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.engine.addresses import parse
from app.engine.gradient_check import parameter_addresses
from app.engine.network import Network
from app.engine.paths import MOST_WAYS, ways
from app.engine.tape import Tape
from app.engine.training import State, Training
from app.errors import InvalidInput

BATCH = 3


def recorded(network: Network, l2: float = 0.0) -> Tape:
    generator = np.random.default_rng(2)
    training = Training(batch_size=None, l2=l2)
    state = State.start(generator.normal(size=network.parameter_count), training.optimizer)
    inputs = generator.normal(size=(BATCH, network.sizes[0]))
    targets = np.eye(network.sizes[-1])[:BATCH]
    return Tape.record(network, training, state, inputs, targets)


DEEP = Network((2, 3, 2, 4, 3), ("tanh", "relu", "sigmoid", "softmax"), "cross_entropy")


def test_the_ways_of_every_parameter_add_up() -> None:
    tape = recorded(DEEP, l2=0.1)
    for address in parameter_addresses(DEEP):
        found = [ways(tape, address, b) for b in range(BATCH)]
        for each in found:
            assert each.count == len(each.strongest) == math.prod(DEEP.sizes[address.path[0] + 1 :])
            assert math.fsum(way.product for way in each.strongest) == pytest.approx(
                each.total, rel=1e-12, abs=1e-15
            )
            assert each.rest == 0.0
        whole = math.fsum(each.total for each in found)
        assert whole == pytest.approx(found[0].backprop, rel=1e-12, abs=1e-15)


def test_a_way_names_its_factors() -> None:
    tape = recorded(DEEP)
    found = ways(tape, parse("w[2][1][0]"), 1)
    assert {way.neurons for way in found.strongest} == {
        (1, one, two) for one in range(4) for two in range(3)
    }
    way = next(way for way in found.strongest if way.neurons == (1, 3, 2))
    assert [str(address) for address, _ in way.factors] == [
        "a[1][1][0]",
        "slope[2][1][1]",
        "w[3][3][1]",
        "slope[3][1][3]",
        "w[4][2][3]",
        "delta[4][1][2]",
    ]
    assert all(tape.value(address) == value for address, value in way.factors)
    assert way.product == math.prod(value for _, value in way.factors)


def test_a_bias_begins_at_its_own_neuron() -> None:
    found = ways(recorded(DEEP), parse("b[4][0]"), 0)
    assert [str(address) for address, _ in found.strongest[0].factors] == ["delta[4][0][0]"]
    assert found.count == 1


def test_the_strongest_come_first_and_the_rest_is_summed() -> None:
    tape = recorded(Network((2, 3, 2, 4, 3), ("tanh",) * 4, "mse"))
    found = ways(tape, parse("w[1][0][1]"), 0, most=5)
    sizes = [abs(way.product) for way in found.strongest]
    assert (len(sizes), found.count) == (5, 24)
    assert sizes == sorted(sizes, reverse=True)
    shown = math.fsum(way.product for way in found.strongest)
    assert shown + found.rest == pytest.approx(found.total, rel=1e-12)
    assert found.rest != 0.0


@pytest.mark.parametrize("text", ["a[0][0][0]", "cost", "dw[1][0][0]"])
def test_only_weights_and_biases_have_ways(text: str) -> None:
    with pytest.raises(InvalidInput, match="has ways to the cost"):
        ways(recorded(DEEP), parse(text), 0)


@pytest.mark.parametrize(("text", "observation"), [("w[9][0][0]", 0), ("w[1][0][0]", BATCH)])
def test_what_is_not_there_is_refused(text: str, observation: int) -> None:
    with pytest.raises(InvalidInput):
        ways(recorded(DEEP), parse(text), observation)


@pytest.mark.parametrize("text", ["w[1][0][0]", "b[1][0]"])
def test_an_observation_below_0_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="observations of this batch"):
        ways(recorded(DEEP), parse(text), -1)


def test_too_many_ways_are_counted_and_not_walked() -> None:
    tape = recorded(Network((1, 2, 30, 30, 30), ("tanh",) * 4, "mse"))
    assert MOST_WAYS < 30**3
    with pytest.raises(InvalidInput, match="27,000 ways"):
        ways(tape, parse("w[1][0][0]"), 0)
    assert ways(tape, parse("w[2][0][0]"), 0).count == 900
