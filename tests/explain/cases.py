"""Small networks to explain: every activation, cost, optimizer, penalty and batch size occurs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from app.engine.addresses import PATHS, Address, parse
from app.engine.network import Network
from app.engine.tape import Tape
from app.engine.training import Optimizer, State, Training
from app.errors import InvalidInput
from app.explain.events import explain
from app.explain.explanation import Explanation
from app.explain.names import Names

ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "swish", "linear")
OPTIMIZERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam")
PENALTIES = ((0.0, 0.0), (0.01, 0.0), (0.0, 0.02), (0.01, 0.02))
OUTPUTS = (
    ("sigmoid", "mse"),
    ("sigmoid", "half_squared_error"),
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
    ("softmax", "binary_cross_entropy"),
    ("softmax", "mse"),
    *((activation, "mse") for activation in ACTIVATIONS[1:]),
)
NAMES = Names(
    ("bill length", "sex"),
    ("Adelie", "Gentoo", "Chinstrap"),
    (True, False),
    "penguin",
    (("39.1 mm", "male"),),
)


@dataclass(frozen=True)
class Case:
    """Name what a tape is made with."""

    hidden: str = "sigmoid"
    output: str = "sigmoid"
    cost: str = "mse"
    optimizer: str = "sgd"
    penalty: tuple[float, float] = (0.0, 0.0)
    batch: int = 1
    sizes: tuple[int, ...] = (2, 2, 3)

    def __str__(self) -> str:
        l1, l2 = self.penalty
        return f"{self.hidden}-{self.output}-{self.cost}-{self.optimizer}-{l1}-{l2}-{self.batch}"


def _cases() -> Iterator[Case]:
    """Yield each output with each cost, for one observation and for three, and go round the rest beside them.

    Five optimizers and four penalties go round in twenty steps, so each meets each, and both batches.
    """
    # Not from sigmoid on: ELU would leave a softmax so certain that 1 − a has lost its digits.
    hidden = itertools.cycle((*ACTIVATIONS[1:], ACTIVATIONS[0]))
    optimizers, penalties = itertools.cycle(OPTIMIZERS), itertools.cycle(PENALTIES)
    for batch, (output, cost) in itertools.product((1, 3), OUTPUTS):
        yield Case(next(hidden), output, cost, next(optimizers), next(penalties), batch)


CASES = tuple(_cases())


@cache
def tape_of(case: Case, seed: int = 3, iterations: int = 2) -> Tape:
    """Record the last of a few iterations, so that an optimizer has something to remember."""
    network = Network(case.sizes, (*[case.hidden] * (len(case.sizes) - 2), case.output), case.cost)
    l1, l2 = case.penalty
    training = Training(
        learning_rate=0.1, batch_size=None, optimizer=Optimizer(case.optimizer), l1=l1, l2=l2
    )
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(case.batch, case.sizes[0]))
    classes = generator.integers(case.sizes[-1], size=case.batch)
    targets = np.eye(case.sizes[-1])[classes]
    state = State.start(generator.normal(size=network.parameter_count), training.optimizer)
    for _ in range(iterations - 1):
        state = Tape.record(network, training, state, inputs, targets).after
    return Tape.record(network, training, state, inputs, targets)


def addresses(tape: Tape) -> Iterator[Address]:
    """Yield the address of every number of a tape."""
    widest = max(tape.network.sizes)
    limits = {"l": tape.network.depth + 1, "b": tape.batch, "m": 2}
    for kind, letters in PATHS.items():
        for path in itertools.product(*(range(limits.get(letter, widest)) for letter in letters)):
            address = Address(kind, path)
            if _exists(tape, address):
                yield address


def _exists(tape: Tape, address: Address) -> bool:
    try:
        tape.value(address)
    except InvalidInput:
        return False
    return True


def tape_with(
    layers: list[list[list[float]]],
    activations: tuple[str, ...],
    cost: str,
    inputs: list[list[float]],
    targets: list[list[float]],
    training: Training | None = None,
) -> Tape:
    """Record a network written by hand: for each layer a row a neuron, its weights and then its bias."""
    sizes = (len(layers[0][0]) - 1, *(len(layer) for layer in layers))
    training = training or Training()
    theta = np.concatenate([np.array(layer).ravel() for layer in layers])
    state = State.start(theta, training.optimizer)
    network = Network(sizes, activations, cost)
    return Tape.record(network, training, state, np.array(inputs), np.array(targets))


def one_neuron(
    activation: str,
    x: float,
    weight: float = 1.0,
    bias: float = 0.0,
    target: float = 0.0,
    cost: str = "mse",
    training: Training | None = None,
) -> Tape:
    """Record one input, one neuron of this activation, and a linear output that passes it on."""
    layers = [[[weight, bias]], [[1.0, 0.0]]]
    return tape_with(layers, (activation, "linear"), cost, [[x]], [[target]], training)


def output_neuron(
    activation: str, cost: str, x: float, target: float, training: Training | None = None
) -> Tape:
    """Record one input which an output neuron takes as its z."""
    return tape_with([[[1.0, 0.0]]], (activation,), cost, [[x]], [[target]], training)


def said(tape: Tape, address: str, names: Names | None = None) -> str:
    """Return the sentence of a number, everything being known."""
    return explained(tape, address, names).sentence


def explained(tape: Tape, address: str, names: Names | None = None) -> Explanation:
    """Explain a number, everything being known."""
    return explain(tape, parse(address), tape.events.count, names=names)
