"""What is trained: the same network, data and settings for everyone who takes part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from app.data.bundled import bundled
from app.engine.arrays import FloatArray
from app.engine.initializers import initialize
from app.engine.network import Network
from app.engine.passes import Parameters, Pass
from app.engine.training import Optimizer, State, Training


@dataclass(frozen=True)
class Job:
    """Hold one training task, by plain gradient descent in the rows' order.

    Args:
        inputs: (N, m); targets: (N, n).
        batch: rows to an update; N is a multiple of it.
    """

    title: str
    network: Network
    inputs: FloatArray
    targets: FloatArray
    batch: int
    rate: float

    @property
    def training(self) -> Training:
        return Training(learning_rate=self.rate, batch_size=self.batch)

    @property
    def theta(self) -> FloatArray:
        """The parameters that everyone starts from, (P,)."""
        return initialize(self.network, "xavier_uniform", seed=1)

    def cost(self, theta: FloatArray) -> float:
        """Return the cost of all rows."""
        parameters = Parameters(self.network, self.training)
        parameters.load(State.start(theta, Optimizer()))
        one = Pass(self.network, parameters, len(self.inputs))
        one.put(self.inputs.T, self.targets.T)
        return one.forward_cost()


class Contestant(Protocol):
    """Train one job in one way."""

    def advance(self, updates: int) -> None:
        """Go on for so many updates."""

    def theta(self) -> FloatArray:
        """Return the parameters as one flat vector, (P,)."""


def _bundled(title: str, identifier: str, network: Network, batch: int, rate: float) -> Job:
    dataset = bundled(identifier)
    rows = len(dataset.inputs) // batch * batch
    return Job(title, network, dataset.inputs[:rows], dataset.targets[:rows], batch, rate)


def _quadrants() -> Job:
    points = np.random.default_rng(0).uniform(-1.0, 1.0, (500, 2))
    side = np.sign(points[:, :1] * points[:, 1:])
    network = Network((2, 4, 2, 1), ("tanh",) * 3, "mse")
    return Job("2-4-2-1 tanh, batch 10", network, points, side, 10, 0.03)


def jobs() -> list[Job]:
    """Return all of them; the first two are the ones with a promise."""
    iris = Network((4, 8, 8, 3), ("tanh", "tanh", "softmax"), "cross_entropy")
    digits = Network((64, 30, 10), ("tanh", "softmax"), "cross_entropy")
    article = Network((5, 2, 2, 5), ("sigmoid",) * 3, "mse")
    return [
        _quadrants(),
        _bundled("4-8-8-3 iris, full batch", "iris", iris, 150, 0.1),
        _bundled("5-2-2-5 penguins, one by one", "penguin-colonies", article, 1, 0.1),
        _bundled("64-30-10 digits, batch 10", "digits", digits, 10, 0.1),
    ]
