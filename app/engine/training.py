"""How a network is trained, and the state that training carries from one iteration to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from app.engine.arrays import FloatArray, frozen
from app.engine.network import Network

MOMENT_COUNTS = {"sgd": 0, "momentum": 1, "nesterov": 1, "rmsprop": 1, "adam": 2}
"""How many numbers an optimizer remembers for each parameter."""


@dataclass(frozen=True)
class Optimizer:
    """Name an optimizer with its constants; names and defaults are PyTorch's, momentum's 0.9 the usual one."""

    name: str = "sgd"
    momentum: float = 0.9
    alpha: float = 0.99
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    @property
    def moment_count(self) -> int:
        """How many numbers it remembers for each parameter."""
        return MOMENT_COUNTS[self.name]


@dataclass(frozen=True)
class Training:
    """Hold the training settings.

    Args:
        learning_rate: the share of the gradient that a step takes.
        batch_size: observations to an update; None means all.
        shuffle: whether each epoch draws a new order.
        seed: for the order and for the choice of test rows.
        test_fraction: share of the rows kept aside, 0 to below 1.
        optimizer: how a gradient becomes a step.
        l1: weight of Σ|w| in the cost, biases left out.
        l2: weight of ½Σw² in the cost, biases left out.
    """

    learning_rate: float = 0.5
    batch_size: int | None = 1
    shuffle: bool = False
    seed: int = 0
    test_fraction: float = 0.0
    optimizer: Optimizer = field(default_factory=Optimizer)
    l1: float = 0.0
    l2: float = 0.0

    @property
    def penalised(self) -> bool:
        """Whether the cost holds a share for the size of the weights."""
        return self.l1 != 0.0 or self.l2 != 0.0


@dataclass(frozen=True, eq=False)
class State:
    """Hold what one iteration hands to the next.

    Args:
        theta: (P,) all weights and biases, read-only.
        moments: (k, P) what the optimizer remembers, read-only; k = 0, 1 or 2.
        updates: how many updates `moments` has seen (Adam's t).
    """

    theta: FloatArray
    moments: FloatArray
    updates: int = 0

    @classmethod
    def start(cls, theta: FloatArray, optimizer: Optimizer) -> State:
        """Begin with these parameters and an optimizer that remembers nothing yet."""
        return cls(frozen(theta), frozen(np.zeros((optimizer.moment_count, len(theta)))), 0)

    def same_bits(self, other: State) -> bool:
        """Tell whether both states hold the same bits."""
        return (
            self.updates == other.updates
            and self.theta.tobytes() == other.theta.tobytes()
            and self.moments.tobytes() == other.moments.tobytes()
        )


def weight_mask(network: Network) -> FloatArray:
    """Return (P,) ones where a weight stands and zeros where a bias stands."""
    mask = np.ones(network.parameter_count)
    for layer in range(1, network.depth + 1):
        network.biases(mask, layer)[:] = 0.0
    return mask
