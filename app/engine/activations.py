"""The activation functions and their slopes, each as prepared calls on given buffers.

Every activation offers the same two things: `forward(z, a)` gives the steps that fill `a` from `z`, and
`slope(z, a, out)` the steps that fill `out` with f'(z). Definitions and constants are PyTorch's.
`softmax` couples the neurons of its layer, so it has no slope of its own: see `softmax_delta`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from app.engine.arrays import FloatArray, Step, aligned_zeros, constant

LARGEST_EXPONENT = 709.0
LEAKY_SLOPE = 0.01


@dataclass(frozen=True)
class Activation:
    """Name an activation with the steps that compute it and its slope."""

    name: str
    forward: Callable[[FloatArray, FloatArray], list[Step]]
    slope: Callable[[FloatArray, FloatArray, FloatArray], list[Step]]


def _sigmoid(z: FloatArray, a: FloatArray) -> list[Step]:
    # e^709 is the last finite power: bounded there, the tail keeps its relative precision and nothing overflows.
    one, most = constant(1.0), constant(LARGEST_EXPONENT)
    return [
        partial(np.negative, z, a),
        partial(np.minimum, a, most, out=a),
        partial(np.exp, a, a),
        partial(np.add, a, one, a),
        partial(np.reciprocal, a, a),
    ]


def _sigmoid_slope(z: FloatArray, a: FloatArray, out: FloatArray) -> list[Step]:
    return [partial(np.subtract, constant(1.0), a, out), partial(np.multiply, out, a, out)]


def _tanh(z: FloatArray, a: FloatArray) -> list[Step]:
    return [partial(np.tanh, z, a)]


def _tanh_slope(z: FloatArray, a: FloatArray, out: FloatArray) -> list[Step]:
    return [partial(np.multiply, a, a, out), partial(np.subtract, constant(1.0), out, out)]


def _relu(z: FloatArray, a: FloatArray) -> list[Step]:
    return [partial(np.maximum, z, constant(0.0), out=a)]


def _relu_slope(z: FloatArray, a: FloatArray, out: FloatArray) -> list[Step]:
    return [partial(np.heaviside, z, constant(0.0), out)]


def _leaky_relu(z: FloatArray, a: FloatArray) -> list[Step]:
    return [partial(np.multiply, z, constant(LEAKY_SLOPE), a), partial(np.maximum, z, a, out=a)]


def _leaky_relu_slope(z: FloatArray, a: FloatArray, out: FloatArray) -> list[Step]:
    return [
        partial(np.heaviside, z, constant(0.0), out),
        partial(np.maximum, out, constant(LEAKY_SLOPE), out=out),
    ]


def _elu(z: FloatArray, a: FloatArray) -> list[Step]:
    zero, positive = constant(0.0), np.zeros_like(z)
    return [
        partial(np.maximum, z, zero, out=positive),
        partial(np.minimum, z, zero, out=a),
        partial(np.expm1, a, a),
        partial(np.add, a, positive, a),
    ]


def _elu_slope(z: FloatArray, a: FloatArray, out: FloatArray) -> list[Step]:
    return [partial(np.minimum, z, constant(0.0), out=out), partial(np.exp, out, out)]


def _softplus(z: FloatArray, a: FloatArray) -> list[Step]:
    positive = np.zeros_like(z)
    return [
        partial(np.maximum, z, constant(0.0), out=positive),
        partial(np.absolute, z, a),
        partial(np.negative, a, a),
        partial(np.exp, a, a),
        partial(np.log1p, a, a),
        partial(np.add, a, positive, a),
    ]


def _softplus_slope(z: FloatArray, a: FloatArray, out: FloatArray) -> list[Step]:
    return _sigmoid(z, out)


def _bounded(z: FloatArray, bounded: FloatArray) -> Step:
    # Below −709 the sigmoid stays at its smallest, 1e−308: so must z, or their product would grow again.
    return partial(np.maximum, z, constant(-LARGEST_EXPONENT), out=bounded)


def _swish(z: FloatArray, a: FloatArray) -> list[Step]:
    bounded = np.zeros_like(z)
    return [*_sigmoid(z, a), _bounded(z, bounded), partial(np.multiply, a, bounded, a)]


def _swish_slope(z: FloatArray, a: FloatArray, out: FloatArray) -> list[Step]:
    # f' = s·(1 + z·(1 − s)) with s = sigmoid(z)
    one, s, bounded = constant(1.0), np.zeros_like(z), np.zeros_like(z)
    return [
        *_sigmoid(z, s),
        _bounded(z, bounded),
        partial(np.subtract, one, s, out),
        partial(np.multiply, out, bounded, out),
        partial(np.add, out, one, out),
        partial(np.multiply, out, s, out),
    ]


def _linear(z: FloatArray, a: FloatArray) -> list[Step]:
    return [partial(np.copyto, a, z)]


def _linear_slope(z: FloatArray, a: FloatArray, out: FloatArray) -> list[Step]:
    return [partial(out.fill, 1.0)]


def _softmax(z: FloatArray, a: FloatArray) -> list[Step]:
    return softmax_of_shifted(z, a, a, np.zeros((1, z.shape[1])))


def softmax_of_shifted(
    z: FloatArray, a: FloatArray, shifted: FloatArray, total: FloatArray
) -> list[Step]:
    """Fill `a` with the softmax of `z`, `shifted` with z − max z, and `total` (1, B) with Σ e^shifted."""
    spread = np.zeros_like(a)
    return [
        partial(np.maximum.reduce, z, 0, None, total, True),
        # A row meets a matrix by a copy: left to itself, NumPy takes new memory for it at each call.
        partial(np.copyto, shifted, total),
        partial(np.subtract, z, shifted, shifted),
        partial(np.exp, shifted, a),
        _sum_of_rows(a, total),
        partial(np.copyto, spread, total),
        partial(np.divide, a, spread, a),
    ]


def _no_slope(z: FloatArray, a: FloatArray, out: FloatArray) -> list[Step]:
    return []


def _sum_of_rows(numbers: FloatArray, out: FloatArray) -> Step:
    """Fill `out` (1, B) with the sums over the neurons of `numbers` (n, B)."""
    # At this size a product costs a third of a reduction.
    return partial(np.ones((1, len(numbers))).dot, numbers, out)


def sum_of_others(numbers: FloatArray, out: FloatArray) -> Step:
    """Fill `out` with Σ over k ≠ j of `numbers`, both (n, B), without taking a number from a sum it dominates."""
    n = len(numbers)
    everyone_else = aligned_zeros(n * n).reshape(n, n)
    everyone_else[:] = 1.0 - np.eye(n)
    return partial(everyone_else.dot, numbers, out)


def softmax_delta(a: FloatArray, blame: FloatArray, delta: FloatArray) -> list[Step]:
    """Fill `delta` with a·(g − Σ a·g), the softmax's Jacobian applied to g = `blame`, all (n, B).

    Computed as a·(g·Σ' a − Σ' a·g), where Σ' leaves out the neuron itself: near a = 1 both sides of the plain
    difference are huge and almost equal when g holds a 1/(1 − a).
    """
    rest, others = np.zeros_like(a), np.zeros_like(a)
    return [
        sum_of_others(a, rest),
        partial(np.multiply, a, blame, delta),
        sum_of_others(delta, others),
        partial(np.multiply, rest, blame, delta),
        partial(np.subtract, delta, others, delta),
        partial(np.multiply, delta, a, delta),
    ]


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        activation.name: activation
        for activation in (
            Activation("sigmoid", _sigmoid, _sigmoid_slope),
            Activation("tanh", _tanh, _tanh_slope),
            Activation("relu", _relu, _relu_slope),
            Activation("leaky_relu", _leaky_relu, _leaky_relu_slope),
            Activation("elu", _elu, _elu_slope),
            Activation("softplus", _softplus, _softplus_slope),
            Activation("swish", _swish, _swish_slope),
            Activation("linear", _linear, _linear_slope),
            Activation("softmax", _softmax, _no_slope),
        )
    }
)
