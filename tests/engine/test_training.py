"""The settings' defaults, and a state that cannot be changed."""

from dataclasses import replace

import numpy as np
import pytest

from app.engine.network import Network
from app.engine.training import MOMENT_COUNTS, Optimizer, State, Training, weight_mask


def test_the_defaults_are_pytorchs() -> None:
    optimizer = Optimizer()
    assert (optimizer.name, optimizer.momentum, optimizer.alpha) == ("sgd", 0.9, 0.99)
    assert (optimizer.beta1, optimizer.beta2, optimizer.epsilon) == (0.9, 0.999, 1e-8)


@pytest.mark.parametrize(
    ("l1", "l2", "penalised"), [(0, 0, False), (0.1, 0, True), (0, 0.1, True), (0.1, 0.1, True)]
)
def test_a_penalty_is_one_of_two(l1: float, l2: float, penalised: bool) -> None:
    assert Training(l1=l1, l2=l2).penalised is penalised


@pytest.mark.parametrize(("name", "kept"), MOMENT_COUNTS.items())
def test_a_state_begins_with_nothing_remembered(name: str, kept: int) -> None:
    theta = np.arange(4.0)
    state = State.start(theta, Optimizer(name))
    assert state.moments.shape == (kept, 4)
    assert not state.moments.any()
    assert state.updates == 0
    theta[0] = 9.0
    assert state.theta.tolist() == [0.0, 1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="read-only"):
        state.theta[0] = 1.0


def test_same_bits_looks_at_every_part() -> None:
    state = State.start(np.array([0.0, 1.0]), Optimizer("adam"))
    assert state.same_bits(State.start(np.array([0.0, 1.0]), Optimizer("adam")))
    assert not state.same_bits(State.start(np.array([-0.0, 1.0]), Optimizer("adam")))
    assert not state.same_bits(replace(state, updates=1))
    assert not state.same_bits(replace(state, moments=state.moments + 1e-300))


def test_the_mask_leaves_the_biases_out() -> None:
    network = Network((2, 2, 1), ("tanh", "tanh"), "mse")
    assert weight_mask(network).tolist() == [1, 1, 0, 1, 1, 0, 1, 1, 0]
