"""The first weights: drawn from a seeded generator; biases start at zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from app.engine.arrays import FloatArray
from app.engine.network import Network

Draw = Callable[[np.random.Generator, int, int], FloatArray]


def _uniform(bound: Callable[[int, int], float]) -> Draw:
    def draw(generator: np.random.Generator, fan_in: int, fan_out: int) -> FloatArray:
        limit = bound(fan_in, fan_out)
        return generator.uniform(-limit, limit, (fan_out, fan_in))

    return draw


def _normal(deviation: Callable[[int, int], float]) -> Draw:
    def draw(generator: np.random.Generator, fan_in: int, fan_out: int) -> FloatArray:
        return generator.normal(0.0, deviation(fan_in, fan_out), (fan_out, fan_in))

    return draw


def _zeros(generator: np.random.Generator, fan_in: int, fan_out: int) -> FloatArray:
    return np.zeros((fan_out, fan_in))


INITIALIZERS: Mapping[str, Draw] = MappingProxyType(
    {
        "xavier_uniform": _uniform(lambda n_in, n_out: (6.0 / (n_in + n_out)) ** 0.5),
        "xavier_normal": _normal(lambda n_in, n_out: (2.0 / (n_in + n_out)) ** 0.5),
        "he_uniform": _uniform(lambda n_in, n_out: (6.0 / n_in) ** 0.5),
        "he_normal": _normal(lambda n_in, n_out: (2.0 / n_in) ** 0.5),
        "uniform": _uniform(lambda n_in, n_out: 1.0),
        "normal": _normal(lambda n_in, n_out: 1.0),
        "zeros": _zeros,
    }
)


def initialize(network: Network, name: str, seed: int) -> FloatArray:
    """Draw the first parameters of a network.

    Each layer draws from a generator of its own, so that changing one layer leaves the others' weights as they were.

    Args:
        network: the shape.
        name: one of INITIALIZERS; `uniform` is U(−1, 1), `normal` is N(0, 1).
        seed: 0 to 2^53 − 1.

    Returns:
        The flat vector (P,), biases zero.
    """
    theta = np.zeros(network.parameter_count)
    for layer in range(1, network.depth + 1):
        generator = np.random.default_rng([seed, layer])
        fan_in, fan_out = network.sizes[layer - 1], network.sizes[layer]
        network.weights(theta, layer)[:] = INITIALIZERS[name](generator, fan_in, fan_out)
    return theta
