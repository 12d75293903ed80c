"""The optimizers' update formulas, as PyTorch writes them, each as prepared calls on flat vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np

from app.engine.arrays import FloatArray, Step, constant
from app.engine.training import Training


def _descend(
    theta: FloatArray, direction: FloatArray, rate: FloatArray, move: FloatArray
) -> list[Step]:
    return [partial(np.multiply, direction, rate, move), partial(np.subtract, theta, move, theta)]


class Update:
    """Prepare the steps that move `theta` against `gradient`.

    Args:
        training: the settings.
        theta: (P,) changed in place.
        gradient: (P,) of the whole cost, only read.
        moments: (k, P) changed in place.
    """

    def __init__(
        self, training: Training, theta: FloatArray, gradient: FloatArray, moments: FloatArray
    ) -> None:
        self.updates = 0
        self._training = training
        self._theta, self._gradient, self._moments = theta, gradient, moments
        self._move, self._scratch = np.zeros_like(theta), np.zeros_like(theta)
        self._rate = constant(training.learning_rate)
        self._correction = constant(1.0)
        self.steps: list[Step] = BUILDERS[training.optimizer.name](self)

    def _sgd(self) -> list[Step]:
        return _descend(self._theta, self._gradient, self._rate, self._move)

    def _velocity(self) -> list[Step]:
        # v ← μ·v + g
        v, mu = self._moments[0], constant(self._training.optimizer.momentum)
        return [partial(np.multiply, v, mu, v), partial(np.add, v, self._gradient, v)]

    def _momentum(self) -> list[Step]:
        return [
            *self._velocity(),
            *_descend(self._theta, self._moments[0], self._rate, self._move),
        ]

    def _nesterov(self) -> list[Step]:
        # w ← w − η·(g + μ·v), with the new v
        look, mu = self._scratch, constant(self._training.optimizer.momentum)
        return [
            *self._velocity(),
            partial(np.multiply, self._moments[0], mu, look),
            partial(np.add, look, self._gradient, look),
            *_descend(self._theta, look, self._rate, self._move),
        ]

    def _mean_square(self, s: FloatArray, decay: float) -> list[Step]:
        # s ← decay·s + (1 − decay)·g²
        square = self._scratch
        return [
            partial(np.multiply, self._gradient, self._gradient, square),
            partial(np.multiply, square, constant(1.0 - decay), square),
            partial(np.multiply, s, constant(decay), s),
            partial(np.add, s, square, s),
        ]

    def _rmsprop(self) -> list[Step]:
        # w ← w − η·g / (√s + ε)
        s, optimizer, root = self._moments[0], self._training.optimizer, self._scratch
        return [
            *self._mean_square(s, optimizer.alpha),
            partial(np.sqrt, s, root),
            partial(np.add, root, constant(optimizer.epsilon), root),
            partial(np.divide, self._gradient, root, root),
            *_descend(self._theta, root, self._rate, self._move),
        ]

    def _count(self) -> None:
        # Adam starts from zeros; these two factors undo the lean towards zero of the first updates.
        optimizer, self.updates = self._training.optimizer, self.updates + 1
        self._rate[()] = self._training.learning_rate / (1.0 - optimizer.beta1**self.updates)
        self._correction[()] = (1.0 - optimizer.beta2**self.updates) ** 0.5

    def _adam(self) -> list[Step]:
        # w ← w − η/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
        m, v = self._moments
        optimizer, scratch = self._training.optimizer, self._scratch
        return [
            self._count,
            partial(np.multiply, m, constant(optimizer.beta1), m),
            partial(np.multiply, self._gradient, constant(1.0 - optimizer.beta1), scratch),
            partial(np.add, m, scratch, m),
            *self._mean_square(v, optimizer.beta2),
            partial(np.sqrt, v, scratch),
            partial(np.divide, scratch, self._correction, scratch),
            partial(np.add, scratch, constant(optimizer.epsilon), scratch),
            partial(np.divide, m, scratch, scratch),
            *_descend(self._theta, scratch, self._rate, self._move),
        ]


BUILDERS: Mapping[str, Callable[[Update], list[Step]]] = MappingProxyType(
    {
        "sgd": Update._sgd,
        "momentum": Update._momentum,
        "nesterov": Update._nesterov,
        "rmsprop": Update._rmsprop,
        "adam": Update._adam,
    }
)
