"""Take the networks of the oracle, of the strategies and of PyTorch's golden file to the engine and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from app.engine.arrays import FloatArray
from app.engine.network import Network
from app.engine.tape import Tape
from app.engine.training import Optimizer, State, Training
from tests.oracle import Matrix, OracleNetwork, Vector
from tests.strategies import Case


def network_of(sizes: Sequence[int], activations: Sequence[str], cost: str) -> Network:
    return Network(tuple(sizes), tuple(activations), cost)


def flat(weights: Iterable[Matrix], biases: Iterable[Vector]) -> FloatArray:
    """Lay the oracle's lists out as the engine's flat vector, one number after the other."""
    numbers: list[float] = []
    for matrix, vector in zip(weights, biases, strict=True):
        for row, bias in zip(matrix, vector, strict=True):
            numbers += [*row, bias]
    return np.array(numbers)


def lists(network: Network, vector: FloatArray) -> tuple[list[Matrix], list[Vector]]:
    """Take a flat vector apart into the oracle's lists."""
    layers = range(1, network.depth + 1)
    weights = [network.weights(vector, layer).tolist() for layer in layers]
    return weights, [network.biases(vector, layer).tolist() for layer in layers]


def oracle_of(network: Network, theta: FloatArray) -> OracleNetwork:
    weights, biases = lists(network, theta)
    return OracleNetwork(
        list(network.sizes), list(network.activations), network.cost, weights, biases
    )


def training_of(source: Case | dict[str, Any]) -> Training:
    """Take the settings of a case, or of a golden network, for batches of all observations."""
    fields = source if isinstance(source, dict) else vars(source)
    return Training(
        learning_rate=fields["learning_rate"],
        batch_size=None,
        optimizer=Optimizer(fields["optimizer"]),
        l1=fields["l1"],
        l2=fields["l2"],
    )


def first_tape(source: Case | dict[str, Any]) -> Tape:
    """Record the first iteration of a case or of a golden network."""
    fields = source if isinstance(source, dict) else vars(source)
    network = network_of(fields["sizes"], fields["activations"], fields["cost"])
    training = training_of(source)
    start = State.start(flat(fields["weights"], fields["biases"]), training.optimizer)
    inputs, targets = np.array(fields["inputs"]), np.array(fields["targets"])
    return Tape.record(network, training, start, inputs, targets)


def next_tape(tape: Tape) -> Tape:
    """Record the next iteration on the same batch."""
    return Tape.record(tape.network, tape.training, tape.after, tape.inputs.T, tape.targets.T)


def gap(got: Any, expected: Any) -> float:
    """Return the largest difference of two equally shaped arrays, relative where the expected number is above 1."""
    one, other = arrays(got, expected)
    return float(np.max(np.abs(one - other) / np.maximum(1.0, np.abs(other)), initial=0.0))


def whole_gap(got: Any, expected: Any) -> float:
    """Return the largest difference, relative to the largest expected number where that is above 1.

    It is the measure for sums whose terms may cancel: they are as exact as their largest terms.
    """
    one, other = arrays(got, expected)
    return float(np.max(np.abs(one - other), initial=0.0) / np.max(np.abs(other), initial=1.0))


def arrays(got: Any, expected: Any) -> tuple[FloatArray, FloatArray]:
    one, other = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    assert one.shape == other.shape
    return one, other
