"""Outputs for any inputs, by the arithmetic that trains."""

import numpy as np
import pytest

from app.engine.network import Network
from app.engine.predict import predict
from app.engine.tape import Tape
from app.engine.training import Optimizer, State, Training
from tests import oracle
from tests.engine.bridge import oracle_of


@pytest.mark.parametrize(("output", "cost"), oracle.PAIRS)
def test_outputs_are_the_oracles(output: str, cost: str) -> None:
    network = Network((3, 4, 2), ("tanh", output), cost)
    generator = np.random.default_rng(1)
    theta, inputs = generator.normal(size=network.parameter_count), generator.normal(size=(5, 3))
    net = oracle_of(network, theta)
    expected = [oracle.forward(net, x)[1][-1] for x in inputs.tolist()]
    np.testing.assert_allclose(predict(network, theta, inputs), expected, rtol=1e-13, atol=1e-15)


def test_outputs_have_the_bits_of_the_tape() -> None:
    network = Network((3, 4, 2), ("tanh", "softmax"), "cross_entropy")
    generator = np.random.default_rng(1)
    theta, inputs = generator.normal(size=network.parameter_count), generator.normal(size=(5, 3))
    state = State.start(theta, Optimizer())
    tape = Tape.record(network, Training(), state, inputs, np.full((5, 2), 0.5))
    outputs = predict(network, theta, inputs)
    assert outputs.tobytes() == np.ascontiguousarray(tape.a[-1].T).tobytes()
    assert outputs.flags.c_contiguous


def test_no_inputs_have_no_outputs() -> None:
    network = Network((3, 2), ("tanh",), "mse")
    assert predict(network, np.zeros(8), np.zeros((0, 3))).shape == (0, 2)


def test_an_overflow_is_given_as_it_is() -> None:
    network = Network((1, 1), ("linear",), "mse")
    assert np.isposinf(predict(network, np.array([1e200, 0.0]), np.array([[1e200]])))
