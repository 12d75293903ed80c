"""The costs: a loss term for each output and observation, and the derivative.

A cost is prepared on the output layer's buffers. `terms` fills the loss terms and comes first: `derivative` may read
what it leaves behind. The cost is the sum of all terms over B. `derivative` fills ∂C/∂a of the batch's cost (the 1/B
is in it) or, where two rules are joined, the delta itself. cross_entropy has most of the softmax's work to do, so it
does all of it: it takes z and fills a.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from app.engine.activations import softmax_of_shifted, sum_of_others
from app.engine.arrays import FloatArray, Step, constant


@dataclass(frozen=True)
class Output:
    """Hold the output layer's buffers, each (n_L, B): z, a, targets y, `result` for the derivative, `terms`."""

    z: FloatArray
    a: FloatArray
    y: FloatArray
    result: FloatArray
    terms: FloatArray


@dataclass(frozen=True)
class PreparedCost:
    """Hold a cost's steps on given buffers."""

    terms: list[Step]
    derivative: list[Step]


def _squares(out: Output, slope: float) -> PreparedCost:
    difference = np.zeros_like(out.a)
    return PreparedCost(
        [
            partial(np.subtract, out.a, out.y, difference),
            partial(np.multiply, difference, difference, out.terms),
        ],
        [partial(np.multiply, difference, constant(slope / out.a.shape[1]), out.result)],
    )


def _mse(out: Output) -> PreparedCost:
    # (a − y)², without ½: its derivative has a 2
    return _squares(out, 2.0)


def _half_squared_error(out: Output) -> PreparedCost:
    whole = _squares(out, 1.0)
    halve = partial(np.multiply, out.terms, constant(0.5), out.terms)
    return PreparedCost([*whole.terms, halve], whole.derivative)


def _joined_delta(out: Output) -> list[Step]:
    # (a − y)/B: the joined rule of sigmoid or softmax with its cross-entropy
    return [
        partial(np.subtract, out.a, out.y, out.result),
        partial(np.multiply, out.result, constant(1.0 / out.a.shape[1]), out.result),
    ]


def _binary_cross_entropy_of_softmax(out: Output) -> PreparedCost:
    # −[y ln a + (1 − y) ln(1 − a)], with 0·ln 0 = 0; its derivative is (a − y) / (a (1 − a)) / B, with 0/0 = 0.
    # What a softmax leaves to the others is summed up from them: 1 − a would lose its digits near a = 1.
    a, y, terms = out.a, out.y, out.terms
    rest, hit, missing, slope = (np.zeros_like(a) for _ in range(4))
    absent, certain, right = (np.zeros_like(a, dtype=bool) for _ in range(3))
    fill: list[Step] = [
        sum_of_others(a, rest),
        partial(np.equal, y, constant(0.0), absent),
        partial(np.equal, y, constant(1.0), certain),
        partial(np.log, a, hit),
        partial(np.multiply, hit, y, hit),
        partial(np.copyto, hit, 0.0, where=absent),
        partial(np.log, rest, terms),
        partial(np.subtract, constant(1.0), y, missing),
        partial(np.multiply, terms, missing, terms),
        partial(np.copyto, terms, 0.0, where=certain),
        partial(np.add, terms, hit, terms),
        partial(np.negative, terms, terms),
    ]
    derivative: list[Step] = [
        partial(np.multiply, rest, a, slope),
        partial(np.subtract, a, y, out.result),
        partial(np.divide, out.result, slope, out.result),
        partial(np.equal, a, y, right),
        partial(np.copyto, out.result, 0.0, where=right),
        partial(np.multiply, out.result, constant(1.0 / a.shape[1]), out.result),
    ]
    return PreparedCost(fill, derivative)


def _binary_cross_entropy_of_sigmoid(out: Output) -> PreparedCost:
    """Prepare max(z, 0) − z·y + ln(1 + e^−|z|), exact in the tails, and the joined delta."""
    z, y, terms = out.z, out.y, out.terms
    positive, product = np.zeros_like(z), np.zeros_like(z)
    fill: list[Step] = [
        partial(np.absolute, z, terms),
        partial(np.negative, terms, terms),
        partial(np.exp, terms, terms),
        partial(np.log1p, terms, terms),
        partial(np.maximum, z, constant(0.0), out=positive),
        partial(np.multiply, z, y, product),
        partial(np.subtract, positive, product, positive),
        partial(np.add, terms, positive, terms),
    ]
    return PreparedCost(fill, _joined_delta(out))


def _cross_entropy_of_softmax(out: Output) -> PreparedCost:
    # −y·ln softmax(z) = y·(ln Σ e^(z − max) − (z − max)): no logarithm of a vanishing number
    terms, total, spread = out.terms, np.zeros((1, out.z.shape[1])), np.zeros_like(out.z)
    fill: list[Step] = [
        *softmax_of_shifted(out.z, out.a, terms, total),
        partial(np.log, total, total),
        partial(np.copyto, spread, total),
        partial(np.subtract, spread, terms, terms),
        partial(np.multiply, terms, out.y, terms),
    ]
    return PreparedCost(fill, _joined_delta(out))


COSTS: Mapping[str, Callable[[Output], PreparedCost]] = MappingProxyType(
    {
        "mse": _mse,
        "half_squared_error": _half_squared_error,
        "binary_cross_entropy": _binary_cross_entropy_of_softmax,
        "cross_entropy": _cross_entropy_of_softmax,
    }
)


FILLS_ACTIVATIONS = frozenset({"cross_entropy"})
"""Costs whose terms come with the output layer's activations."""


def prepare_cost(name: str, joined: bool, out: Output) -> PreparedCost:
    """Prepare a cost; `joined` says that its derivative goes straight to delta."""
    if joined and name == "binary_cross_entropy":
        return _binary_cross_entropy_of_sigmoid(out)
    return COSTS[name](out)
