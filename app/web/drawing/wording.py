"""Writes the numbers of a neuron."""

from __future__ import annotations

from app.explain.arithmetic import in_full
from app.explain.digits import DIGITS, MOST_DIGITS, display, rounded
from app.web.drawing.scene import Neuron


def value_text(known: Neuron, backward: bool) -> str:
    """Write what a neuron holds: its activation, before that its weighted sum, before that the sum so far."""
    if known.a is not None:
        return display(known.a)
    if known.running is not None and not backward:
        return f"Σ {display(known.running)}"
    return "" if known.z is None else f"z {display(known.z)}"


def error_text(known: Neuron, backward: bool) -> str:
    """Write a neuron's error, before that the blame so far; nothing outside the backward pass."""
    if not backward:
        return ""
    if known.delta is not None:
        return f"δ {display(known.delta)}"
    return "" if known.running is None else f"Σ {display(known.running)}"


def bias_text(known: Neuron, narrow: bool) -> str:
    """Write a neuron's bias, once it is updated from what to what."""
    if known.bias is None:
        return ""
    if known.old_bias is not None and not narrow:
        return " → ".join(apart(known.old_bias, known.bias))
    return f"{'b' if narrow else 'bias'} {display(known.bias)}"


def apart(before: float, after: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to see that they differ."""
    old, new = in_full(before), in_full(after)
    digits = DIGITS
    while digits < MOST_DIGITS and rounded(old, digits) == rounded(new, digits) and old != new:
        digits += 1
    return display(before, digits), display(after, digits)
