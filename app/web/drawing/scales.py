"""From a value to a width or a strength. The diagram draws with it and the legend prints it."""

from __future__ import annotations

import math
from collections.abc import Iterable

Span = tuple[float, float]

WEIGHT: Span = (1.0, 6.0)
BLAME: Span = (1.5, 8.0)
GRADIENT: Span = (2.0, 11.0)
"""The widths, in pixels, of the smallest and the largest value."""
FILL: Span = (0.08, 0.52)
"""The opacities of a neuron's fill; never so strong that its number cannot be read."""

DASHES = "9 3"
"""A negative weight is dashed: its sign is told twice."""


def domain(values: Iterable[float], least: float = 0.0) -> float:
    """Round the largest size up to 1, 2 or 5 times a power of ten, so that scales change seldom."""
    largest = max((abs(value) for value in values), default=0.0)
    largest = max(largest, least)
    if largest == 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    step = next((s for s in (1, 2, 5) if largest <= s * power * (1 + 1e-12)), 10)
    return float(f"{step * power:.1g}")


def share(value: float, top: float) -> float:
    """Return how far a value is along its scale, 0 to 1."""
    return min(1.0, abs(value) / top)


def along(span: Span, value: float, top: float) -> float:
    """Return the width or strength of a value on a scale that ends at `top`."""
    return span[0] + (span[1] - span[0]) * share(value, top)


def weight_colour(value: float) -> str:
    """Return the colour of a weight's sign."""
    return "weight-negative" if value < 0 else "weight-positive"
