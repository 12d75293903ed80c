"""The costs: a loss term for each output and observation, their total, and the derivative.

A cost is prepared on the output layer's buffers. `prepare` comes first and fills what the others
read; the cost, the sum of all terms over B, is then `total() * share`. `derivative` fills ∂C/∂a of the
batch's cost (the 1/B is in it) or, where two rules are joined, the delta itself. `terms` fills the loss
terms one by one: only the tape wants them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

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
    """Hold a cost's steps on given buffers; `total` is one product of two vectors, bound to them."""

    prepare: list[Step]
    total: Callable[[], Any]
    share: float
    derivative: list[Step]
    terms: list[Step]


def _squares(factor: float) -> Callable[[Output], PreparedCost]:
    def build(out: Output) -> PreparedCost:
        difference, batch = np.zeros_like(out.a), out.a.shape[1]
        flat, share = difference.reshape(-1), factor / batch
        terms: list[Step] = [partial(np.multiply, difference, difference, out.terms)]
        if factor != 1.0:
            terms.append(partial(np.multiply, out.terms, constant(factor), out.terms))
        return PreparedCost(
            prepare=[partial(np.subtract, out.a, out.y, difference)],
            total=partial(flat.dot, flat),
            share=share,
            derivative=[partial(np.multiply, difference, constant(2.0 * share), out.result)],
            terms=terms,
        )

    return build


def _of_terms(terms: list[Step], derivative: list[Step], out: Output) -> PreparedCost:
    flat = out.terms.reshape(-1)
    total = partial(flat.dot, np.ones_like(flat))
    return PreparedCost(terms, total, 1.0 / out.a.shape[1], derivative, [])


def _joined_delta(out: Output) -> list[Step]:
    # (a − y)/B: the joined rule of sigmoid or softmax with its cross-entropy
    return [
        partial(np.subtract, out.a, out.y, out.result),
        partial(np.multiply, out.result, constant(1.0 / out.a.shape[1]), out.result),
    ]


def _binary_cross_entropy(out: Output) -> PreparedCost:
    # −[y ln a + (1 − y) ln(1 − a)], with 0·ln 0 = 0; its derivative is (a − y) / (a (1 − a)) / B
    a, y, terms = out.a, out.y, out.terms
    one, hit, slope = constant(1.0), np.zeros_like(a), np.zeros_like(a)
    absent, certain, rest = (
        np.zeros_like(a, dtype=bool),
        np.zeros_like(a, dtype=bool),
        np.zeros_like(a),
    )
    fill: list[Step] = [
        partial(np.equal, y, constant(0.0), absent),
        partial(np.equal, y, one, certain),
        partial(np.log, a, hit),
        partial(np.multiply, hit, y, hit),
        partial(np.copyto, hit, 0.0, where=absent),
        partial(np.negative, a, terms),
        partial(np.log1p, terms, terms),
        partial(np.subtract, one, y, rest),
        partial(np.multiply, terms, rest, terms),
        partial(np.copyto, terms, 0.0, where=certain),
        partial(np.add, terms, hit, terms),
        partial(np.negative, terms, terms),
    ]
    derivative: list[Step] = [
        partial(np.subtract, one, a, slope),
        partial(np.multiply, slope, a, slope),
        partial(np.subtract, a, y, out.result),
        partial(np.divide, out.result, slope, out.result),
        partial(np.multiply, out.result, constant(1.0 / a.shape[1]), out.result),
    ]
    return _of_terms(fill, derivative, out)


def binary_cross_entropy_of_sigmoid(out: Output) -> PreparedCost:
    """Prepare max(z, 0) − z·y + ln(1 + e^−|z|), exact in the tails, and the joined delta."""
    z, y, terms, scratch = out.z, out.y, out.terms, np.zeros_like(out.z)
    fill: list[Step] = [
        partial(np.absolute, z, terms),
        partial(np.negative, terms, terms),
        partial(np.exp, terms, terms),
        partial(np.log1p, terms, terms),
        partial(np.maximum, z, constant(0.0), out=scratch),
        partial(np.add, terms, scratch, terms),
        partial(np.multiply, z, y, scratch),
        partial(np.subtract, terms, scratch, terms),
    ]
    return _of_terms(fill, _joined_delta(out), out)


def _cross_entropy(out: Output) -> PreparedCost:
    # −y·ln softmax(z) = y·(ln Σ e^(z − max) − (z − max)): no logarithm of a vanishing number
    z, terms, row = out.z, out.terms, (1, out.z.shape[1])
    largest, total, powers = np.zeros(row), np.zeros(row), np.zeros_like(z)
    fill: list[Step] = [
        partial(np.maximum.reduce, z, 0, None, largest, True),
        partial(np.subtract, z, largest, terms),
        partial(np.exp, terms, powers),
        partial(np.add.reduce, powers, 0, None, total, True),
        partial(np.log, total, total),
        partial(np.subtract, total, terms, terms),
        partial(np.multiply, terms, out.y, terms),
    ]
    return _of_terms(fill, _joined_delta(out), out)


COSTS: Mapping[str, Callable[[Output], PreparedCost]] = MappingProxyType(
    {
        "mse": _squares(1.0),
        "half_squared_error": _squares(0.5),
        "binary_cross_entropy": _binary_cross_entropy,
        "cross_entropy": _cross_entropy,
    }
)


def prepare_cost(name: str, joined: bool, out: Output) -> PreparedCost:
    """Prepare a cost; `joined` says that its derivative goes straight to delta."""
    if joined and name == "binary_cross_entropy":
        return binary_cross_entropy_of_sigmoid(out)
    return COSTS[name](out)
