"""The prepared passes: their memory, their penalties, and what they cost to run."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from app.engine.arrays import run
from app.engine.network import Network
from app.engine.passes import Parameters, Pass
from app.engine.training import MOMENT_COUNTS, Optimizer, State, Training
from tests import oracle
from tests.engine.bridge import oracle_of

NETWORK = Network((3, 4, 2, 3), ("tanh", "relu", "softmax"), "cross_entropy")
BATCH = 5


def prepared(
    network: Network = NETWORK, training: Training | None = None, batch: int = BATCH
) -> Pass:
    training = training or Training()
    generator = np.random.default_rng(4)
    parameters = Parameters(network, training)
    theta = generator.normal(size=network.parameter_count)
    parameters.load(State.start(theta, training.optimizer))
    one = Pass(network, parameters, batch)
    targets = np.eye(network.sizes[-1])[generator.integers(network.sizes[-1], size=batch)]
    one.put(generator.normal(size=(network.sizes[0], batch)), targets.T)
    return one


def test_every_buffer_has_memory_of_its_own_and_stands_where_a_batch_is_put() -> None:
    one = prepared()
    buffers = [*one.a, *one.z, *one.slope, *one.blame, *one.delta, one.targets, one.terms]
    for place, buffer in enumerate(buffers):
        assert buffer.flags.c_contiguous
        assert np.shares_memory(buffer, one.memory)
        assert not any(np.shares_memory(buffer, other) for other in buffers[place + 1 :])
    assert np.shares_memory(one.block, one.targets)
    assert np.shares_memory(one.block, one.a[0])
    assert one.memory.ctypes.data % 64 == 0


def test_a_batch_can_be_put_as_one_block() -> None:
    one, other = prepared(), prepared()
    block = np.vstack([one.targets, one.a[0], np.ones((1, BATCH))])
    other.block[...] = 0.0
    other.block[...] = block
    for each in (one, other):
        run([*each.forward_steps, *each.backward_steps])
    assert one.memory.tobytes() == other.memory.tobytes()


def test_running_again_gives_the_same_bits() -> None:
    one = prepared()
    run([*one.forward_steps, *one.backward_steps])
    before = (one.memory.tobytes(), one.data_cost(), one.parameters.data_gradient.tobytes())
    run([*one.forward_steps, *one.backward_steps])
    assert (one.memory.tobytes(), one.data_cost(), one.parameters.data_gradient.tobytes()) == before


@pytest.mark.parametrize(("output", "cost"), oracle.PAIRS)
def test_the_forward_cost_is_the_oracles(output: str, cost: str) -> None:
    network = Network((3, 4, 3), ("swish", output), cost)
    one = prepared(network, Training(l1=0.03, l2=0.2))
    net = oracle_of(network, one.parameters.theta)
    batch = one.a[0].T.tolist(), one.targets.T.tolist()
    expected = oracle.cost(net, *batch, 0.03, 0.2)
    assert one.forward_cost() == pytest.approx(expected, rel=1e-13)
    assert float(one.data_cost()) == pytest.approx(oracle.cost(net, *batch), rel=1e-13)
    assert one.parameters.penalty() == pytest.approx(oracle.penalty(net, 0.03, 0.2), rel=1e-13)


@pytest.mark.parametrize("optimizer", MOMENT_COUNTS)
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1)])
def test_parameters_take_a_state_over_and_give_it_back(
    optimizer: str, l1: float, l2: float
) -> None:
    training = Training(optimizer=Optimizer(optimizer), l1=l1, l2=l2)
    parameters = Parameters(NETWORK, training)
    generator = np.random.default_rng(6)
    size, kept = NETWORK.parameter_count, training.optimizer.moment_count
    state = State(generator.normal(size=size), generator.normal(size=(kept, size)), 12)
    parameters.load(state)
    assert parameters.state().same_bits(state)
    assert (parameters.gradient is parameters.data_gradient) is not training.penalised


def test_a_penalty_leaves_the_datas_gradient_alone() -> None:
    plain, penalised = prepared(), prepared(training=Training(l1=0.1, l2=0.2))
    for one in (plain, penalised):
        run([*one.forward_steps, *one.backward_steps, *one.parameters.update_steps])
    data = plain.parameters.data_gradient
    assert penalised.parameters.data_gradient.tobytes() == data.tobytes()
    theta = prepared().parameters.theta
    share = penalised.parameters.gradient - data
    for layer in range(1, NETWORK.depth + 1):
        weights = NETWORK.weights(theta, layer)
        expected = 0.2 * weights + 0.1 * np.sign(weights)
        np.testing.assert_allclose(NETWORK.weights(share, layer), expected, rtol=1e-12, atol=1e-15)
        assert not NETWORK.biases(share, layer).any()


def test_no_penalty_costs_nothing() -> None:
    assert prepared().parameters.penalty() == 0.0


# --- finite or not -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["a", "z", "slope", "blame", "delta"])
@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_any_number_that_is_not_finite_is_seen(kind: str, strange: float) -> None:
    one = prepared()
    run([*one.forward_steps, *one.backward_steps])
    assert one.finite()
    getattr(one, kind)[2][1, 3] = strange
    assert not one.finite()


def test_a_lost_loss_term_is_seen() -> None:
    one = prepared()
    one.terms[0, 0] = np.inf
    assert not one.finite()


def test_the_gaps_between_the_layers_are_no_ones_numbers() -> None:
    one = prepared()
    one.memory[:] = np.nan
    for layers in (one.a, one.z, one.slope, one.blame, one.delta, [one.terms]):
        for layer in layers:
            layer[:] = 0.0
    assert one.finite()


@pytest.mark.parametrize("place", ["theta", "gradient", "moments"])
def test_a_lost_parameter_is_seen(place: str) -> None:
    parameters = Parameters(NETWORK, Training(optimizer=Optimizer("adam"), l2=0.1))
    assert parameters.finite()
    getattr(parameters, place)[..., 3] = np.inf
    assert not parameters.finite()


@pytest.mark.parametrize("name", oracle.HIDDEN)
@pytest.mark.parametrize("z", [np.inf, -np.inf, np.nan])
def test_the_cost_notices_a_z_that_is_not_finite(name: str, z: float) -> None:
    one = prepared(Network((1, 2, 1), (name, "sigmoid"), "mse"), batch=2)
    one.parameters.theta[NETWORK.bias_index(1, 0)] = 0.0
    one.parameters.theta[1] = z
    with np.errstate(all="ignore"):
        assert not np.isfinite(one.forward_cost())


# --- no allocation -------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", MOMENT_COUNTS)
@pytest.mark.parametrize("pair", oracle.PAIRS, ids="-".join)
def test_an_iteration_keeps_no_memory(optimizer: str, pair: tuple[str, str]) -> None:
    network = Network((30, 60, 20), ("swish", pair[0]), pair[1])
    one = prepared(network, Training(optimizer=Optimizer(optimizer), l1=0.1, l2=0.1), batch=40)
    steps = [*one.forward_steps, *one.backward_steps, *one.parameters.update_steps]
    with np.errstate(all="ignore"):
        run(steps)
        tracemalloc.start()
        try:
            run(steps)
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            run(steps)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    # The smallest buffer, the output layer's, has 6,400 bytes; a reduction takes a few hundred for itself.
    assert peak - before < 2_000
