"""A nudge of one number: what answers, and that the answers come from the same arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.engine.addresses import parse
from app.engine.arrays import frozen
from app.engine.network import Network
from app.engine.shock import derivative, shock
from app.engine.tape import Tape
from app.engine.training import State, Training
from app.errors import InvalidInput

NETWORK = Network((2, 3, 2), ("tanh", "softmax"), "cross_entropy")
BATCH = 3
NUDGED = ["w[1][0][1]", "w[2][1][2]", "b[1][2]", "b[2][0]", "a[0][1][0]", "a[0][2][1]"]


def recorded() -> Tape:
    generator = np.random.default_rng(2)
    training = Training(batch_size=None, l2=0.1)
    state = State.start(generator.normal(size=NETWORK.parameter_count), training.optimizer)
    targets = np.eye(2)[[0, 1, 1]]
    return Tape.record(NETWORK, training, state, generator.normal(size=(BATCH, 2)), targets)


def moved(tape: Tape, text: str, by: float) -> Tape:
    """Record the same iteration with one number changed."""
    address, theta, inputs = parse(text), tape.state.theta.copy(), tape.inputs.T.copy()
    if address.kind == "a":
        inputs[address.path[1], address.path[2]] += by
    elif address.kind == "w":
        theta[NETWORK.weight_index(*address.path)] += by
    else:
        theta[NETWORK.bias_index(*address.path)] += by
    state = State(frozen(theta), tape.state.moments)
    return Tape.record(NETWORK, tape.training, state, inputs, tape.targets.T)


@pytest.mark.parametrize("text", NUDGED)
@pytest.mark.parametrize("by", [0.01, -0.5])
def test_the_answers_are_those_of_a_tape_with_that_number(text: str, by: float) -> None:
    tape = recorded()
    found = shock(tape, parse(text), by)
    ripples = [(found.before, 0.0), (found.after, by), (found.opposite, -by)]
    for ripple, step in ripples:
        expected = moved(tape, text, step)
        assert ripple.cost == expected.cost
        found_layers = zip((*ripple.a, *ripple.z[1:]), (*expected.a, *expected.z[1:]), strict=True)
        for got, wanted in found_layers:
            assert got.tobytes() == wanted.tobytes()
    assert found.secant == (found.after.cost - found.before.cost) / by
    assert found.central == (found.after.cost - found.opposite.cost) / (2 * by)


@pytest.mark.parametrize("text", NUDGED)
def test_the_derivative_is_where_the_secants_lead(text: str) -> None:
    found = shock(recorded(), parse(text), 1e-5)
    assert found.derivative == pytest.approx(found.central, abs=1e-9)
    assert found.derivative == pytest.approx(found.secant, abs=1e-4)
    assert found.derivative != 0.0


def test_a_parameters_derivative_is_the_tapes() -> None:
    tape = recorded()
    assert derivative(tape, parse("w[1][0][1]")) == tape.value(parse("dw[1][0][1]"))
    assert derivative(tape, parse("b[2][1]")) == tape.value(parse("db[2][1]"))


def test_a_nudge_changes_nothing() -> None:
    tape = recorded()
    before = (tape.state.theta.tobytes(), tape.inputs.tobytes(), tape.cost)
    shock(tape, parse("w[1][0][1]"), 0.5)
    assert (tape.state.theta.tobytes(), tape.inputs.tobytes(), tape.cost) == before


@pytest.mark.parametrize("text", ["a[1][0][0]", "cost", "z[1][0][0]", "y[0][0]", "new_w[1][0][0]"])
def test_only_what_is_given_can_be_nudged(text: str) -> None:
    with pytest.raises(InvalidInput, match="can be nudged") as refused:
        shock(recorded(), parse(text), 0.1)
    assert refused.value.faults[0].pointer == "/address"


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="neurons before it"):
        shock(recorded(), parse("w[1][0][2]"), 0.1)


def test_a_nudge_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="changes nothing") as refused:
        shock(recorded(), parse("w[1][0][0]"), 0.0)
    assert refused.value.faults[0].pointer == "/by"


def test_a_nudge_too_far_is_given_as_it_is() -> None:
    assert not math.isfinite(shock(recorded(), parse("w[1][0][0]"), 1e308 * 10).after.cost)
