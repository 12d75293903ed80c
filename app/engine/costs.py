"""The costs: a loss term for each output and observation, and its derivative.

`terms(z, a, y, out)` gives the steps that fill `out` with the loss terms, `derivative(a, y, out, B)` the steps that
fill it with ∂C/∂a of the batch's cost (the 1/B is in it). The cost of a batch is the sum of all terms over B.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from app.engine.arrays import FloatArray, Step, constant


@dataclass(frozen=True)
class Cost:
    """Name a cost with the steps of its terms and of its derivative."""

    name: str
    terms: Callable[[FloatArray, FloatArray, FloatArray, FloatArray], list[Step]]
    derivative: Callable[[FloatArray, FloatArray, FloatArray], list[Step]]


def _squares(factor: float) -> Cost:
    def terms(z: FloatArray, a: FloatArray, y: FloatArray, out: FloatArray) -> list[Step]:
        steps: list[Step] = [partial(np.subtract, a, y, out), partial(np.multiply, out, out, out)]
        if factor != 1.0:
            steps.append(partial(np.multiply, out, constant(factor), out))
        return steps

    def derivative(a: FloatArray, y: FloatArray, out: FloatArray) -> list[Step]:
        scale = constant(2.0 * factor / a.shape[1])
        return [partial(np.subtract, a, y, out), partial(np.multiply, out, scale, out)]

    return Cost("mse" if factor == 1.0 else "half_squared_error", terms, derivative)


def _bce_terms(z: FloatArray, a: FloatArray, y: FloatArray, out: FloatArray) -> list[Step]:
    # −[y ln a + (1 − y) ln(1 − a)], with 0·ln 0 = 0
    def fill() -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            hit = np.where(y == 0.0, 0.0, y * np.log(a))
            miss = np.where(y == 1.0, 0.0, (1.0 - y) * np.log1p(-a))
        np.negative(hit + miss, out)

    return [fill]


def _bce_derivative(a: FloatArray, y: FloatArray, out: FloatArray) -> list[Step]:
    # (a − y) / (a (1 − a)) / B
    product = np.zeros_like(a)
    return [
        partial(np.subtract, constant(1.0), a, product),
        partial(np.multiply, product, a, product),
        partial(np.subtract, a, y, out),
        partial(np.divide, out, product, out),
        partial(np.multiply, out, constant(1.0 / a.shape[1]), out),
    ]


def bce_terms_of_sigmoid(
    z: FloatArray, a: FloatArray, y: FloatArray, out: FloatArray
) -> list[Step]:
    """Fill `out` with the binary cross-entropy of sigmoid(z): max(z, 0) − z·y + ln(1 + e^−|z|), exact in the tails."""
    scratch = np.zeros_like(z)
    return [
        partial(np.absolute, z, out),
        partial(np.negative, out, out),
        partial(np.exp, out, out),
        partial(np.log1p, out, out),
        partial(np.maximum, z, constant(0.0), scratch),
        partial(np.add, out, scratch, out),
        partial(np.multiply, z, y, scratch),
        partial(np.subtract, out, scratch, out),
    ]


def _ce_terms(z: FloatArray, a: FloatArray, y: FloatArray, out: FloatArray) -> list[Step]:
    # −y·ln softmax(z) = y·(ln Σ e^(z − max) − (z − max)): no logarithm of a vanishing number
    row = (1, z.shape[1])
    largest, total, powers = np.zeros(row), np.zeros(row), np.zeros_like(z)
    return [
        partial(np.maximum.reduce, z, 0, None, largest, True),
        partial(np.subtract, z, largest, out),
        partial(np.exp, out, powers),
        partial(np.add.reduce, powers, 0, None, total, True),
        partial(np.log, total, total),
        partial(np.subtract, total, out, out),
        partial(np.multiply, out, y, out),
    ]


def joined_delta(a: FloatArray, y: FloatArray, out: FloatArray) -> list[Step]:
    """Fill `out` with (a − y)/B: the joined rule of sigmoid or softmax with its cross-entropy."""
    return [
        partial(np.subtract, a, y, out),
        partial(np.multiply, out, constant(1.0 / a.shape[1]), out),
    ]


COSTS: Mapping[str, Cost] = MappingProxyType(
    {
        cost.name: cost
        for cost in (
            _squares(1.0),
            _squares(0.5),
            Cost("binary_cross_entropy", _bce_terms, _bce_derivative),
            Cost("cross_entropy", _ce_terms, joined_delta),
        )
    }
)
