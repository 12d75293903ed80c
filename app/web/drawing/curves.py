"""The small curve inside a neuron: its activation function, and where (z, a) lies on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

import numpy as np

from app.engine.activations import ACTIVATIONS
from app.engine.arrays import run
from app.web.drawing.geometry import Box

REACH = 5.0
"""The curve is drawn for z from −5 to 5; what lies outside stays on the rim."""
SAMPLES = 32

_RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "sigmoid": (0.0, 1.0),
        "tanh": (-1.0, 1.0),
        "relu": (-0.6, REACH),
        "leaky_relu": (-0.6, REACH),
        "elu": (-1.0, REACH),
        "softplus": (0.0, REACH),
        "swish": (-0.6, REACH),
        "linear": (-REACH, REACH),
    }
)
"""The lowest and the highest activation drawn. softmax looks at its whole layer, so it has no curve of its own."""


@dataclass(frozen=True)
class Curve:
    """Draw an activation function in a box."""

    name: str
    box: Box

    def point(self, z: float, a: float) -> tuple[float, float]:
        """Return where (z, a) lies."""
        low, high = _RANGES[self.name]
        across, up = _within((z + REACH) / (2 * REACH)), _within((a - low) / (high - low))
        return self.box.x + across * self.box.width, self.box.y + (1 - up) * self.box.height

    def path(self) -> str:
        """Return the curve as the data of a path."""
        return _path(self)


def has_curve(name: str) -> bool:
    """Tell whether an activation is a curve: a depends on the neuron's own z alone."""
    return name in _RANGES


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))


@cache
def _samples(name: str) -> tuple[tuple[float, float], ...]:
    z = np.linspace(-REACH, REACH, SAMPLES + 1).reshape(1, -1)
    a = np.empty_like(z)
    run(ACTIVATIONS[name].forward(z, a))
    return tuple(zip(z[0].tolist(), a[0].tolist(), strict=True))


@lru_cache(maxsize=64)
def _path(curve: Curve) -> str:
    points = (curve.point(z, a) for z, a in _samples(curve.name))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
