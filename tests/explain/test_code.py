"""Every NumPy line is run: it must give what the tape holds."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from app.engine.events import EventMap
from app.engine.initializers import initialize
from app.engine.network import Network
from app.engine.tape import Tape
from app.engine.training import Optimizer, State, Training
from app.explain.code import AUTOGRAD, code_of

HIDDEN = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "swish", "linear")
OUTPUTS = (
    ("sigmoid", "mse"),
    ("linear", "half_squared_error"),
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
    ("softmax", "mse"),
)


def taped(hidden: str, output: str, cost: str, optimizer: str) -> Tape:
    network = Network((3, 4, 2), (hidden, output), cost)
    training = Training(learning_rate=0.1, optimizer=Optimizer(optimizer), l1=0.01, l2=0.02)
    generator = np.random.default_rng(5)
    inputs, targets = generator.normal(size=(3, 3)), np.eye(2)[[0, 1, 1]]
    state = State.start(initialize(network, "xavier_uniform", 1), training.optimizer)
    # A second iteration, so that what the optimizer remembers is not zero.
    state = Tape.record(network, training, state, inputs, targets).after
    return Tape.record(network, training, state, inputs, targets)


def scene(tape: Tape) -> dict[str, Any]:
    layers, size = range(1, tape.network.depth + 1), tape.network.parameter_count
    parameters = {
        letter: [None, *(np.array(view(tape.state.theta, layer)) for layer in layers)]
        for letter, view in (("W", tape.network.weights), ("b", column(tape.network)))
    }
    moments = [*tape.state.moments, np.zeros(size), np.zeros(size)]
    remembered = {
        f"{name}_{letter}": [None, *(np.array(view(moments[k], layer)) for layer in layers)]
        for k, name in enumerate("mv")
        for letter, view in (("W", tape.network.weights), ("b", column(tape.network)))
    }
    blank = {
        name: [None] * (len(layers) + 1) for name in ("z", "slope", "blame", "delta", "dW", "db")
    }
    a = [tape.a[0], *([None] * len(layers))]
    numbers = {"y": tape.targets, "B": tape.batch, "np": np, "t": tape.state.updates + 1}
    return {**parameters, **remembered, **blank, **numbers, "a": a, "old": {}}


def column(network: Network) -> Any:
    return lambda flat, layer: network.biases(flat, layer)[:, None]


def run_all(tape: Tape) -> dict[str, Any]:
    names = scene(tape)
    done: set[str] = set()
    for number in range(1, tape.events.count + 1):
        line = code_of(tape.network, tape.training, tape.events.at(number)).numpy
        if line not in done:
            done.add(line)
            exec(line, names)
    return names


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam"])
@pytest.mark.parametrize(("output", "cost"), OUTPUTS)
def test_the_lines_run_to_what_the_tape_holds(output: str, cost: str, optimizer: str) -> None:
    for hidden in HIDDEN:
        tape = taped(hidden, output, cost, optimizer)
        names = run_all(tape)
        for layer in range(1, tape.network.depth + 1):
            weights, biases = tape.network.weights, tape.network.biases
            np.testing.assert_allclose(names["a"][layer], tape.a[layer], rtol=1e-12)
            np.testing.assert_allclose(names["delta"][layer], tape.delta[layer], 1e-9, 1e-14)
            np.testing.assert_allclose(
                names["dW"][layer], weights(tape.gradient, layer), 1e-9, 1e-14
            )
            # A gradient that is nothing but rounding says nothing once it is divided by its own size.
            sure = np.abs(weights(tape.gradient, layer)) > 1e-9
            after = weights(tape.after.theta, layer)
            np.testing.assert_allclose(names["W"][layer][sure], after[sure], 1e-9)
            sure = np.abs(biases(tape.gradient, layer)) > 1e-9
            after = biases(tape.after.theta, layer)
            np.testing.assert_allclose(names["b"][layer][sure, 0], after[sure], 1e-9, 1e-12)
        assert names["C"] == pytest.approx(tape.cost, rel=1e-12)


def test_every_event_has_a_line_of_pytorch() -> None:
    tape = taped("tanh", "softmax", "cross_entropy", "adam")
    for number in range(1, tape.events.count + 1):
        event = tape.events.at(number)
        line = code_of(tape.network, tape.training, event).pytorch
        assert (line == AUTOGRAD) == (event.phase == "backward")
        assert "{" not in line


def test_the_cost_names_the_penalties_there_are() -> None:
    network = Network((3, 4, 2), ("tanh", "sigmoid"), "mse")
    event = next(
        one
        for one in map(EventMap.of(network, Training()).at, itertools.count(1))
        if one.kind == "cost"
    )
    lines = {
        (l1, l2): code_of(network, Training(l1=l1, l2=l2), event).numpy
        for l1, l2 in itertools.product((0.0, 0.5), repeat=2)
    }
    assert lines[0.0, 0.0] == "C = loss.sum() / B"
    assert lines[0.5, 0.0] == "C = loss.sum() / B + 0.5 * sum(abs(w).sum() for w in W[1:])"
    assert lines[0.0, 0.5] == "C = loss.sum() / B + 0.25 * sum((w ** 2).sum() for w in W[1:])"
