"""Two ways to work out a formula: in doubles, as the computer does, and in decimals, as one does on paper.

The functions are written so that neither their tails overflow nor small arguments lose their precision: a formula
that is shown must give the number that is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Generic, TypeVar

Number = TypeVar("Number", float, Decimal)

PAPER = Context(prec=50, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Digits enough for a product of two doubles, and a range that no power of e leaves."""

TINY = Decimal("1e-20")
FURTHEST = Decimal(1_000_000)
LEAKY_SLOPE = 0.01


class Arithmetic(Generic[Number]):
    """Hold the operations of one kind of number.

    Args:
        number: read a value of the tape; on paper that is the number as it is displayed.
        told: read one that is told on the way to the result.
        exact: read a number of the formula itself, which is always displayed in full.
        exp, ln, sqrt: the usual functions.
        expm1: e^x − 1, exact near zero.
        log1p: ln(1 + x), exact near zero.
    """

    def __init__(
        self,
        number: Callable[[float], Number],
        told: Callable[[float], Number],
        exact: Callable[[float], Number],
        exp: Callable[[Number], Number],
        ln: Callable[[Number], Number],
        sqrt: Callable[[Number], Number],
        expm1: Callable[[Number], Number],
        log1p: Callable[[Number], Number],
    ) -> None:
        self.number: Callable[[float], Number] = number
        self.told: Callable[[float], Number] = told
        self.exact: Callable[[float], Number] = exact
        self.exp: Callable[[Number], Number] = exp
        self.ln: Callable[[Number], Number] = ln
        self._expm1: Callable[[Number], Number] = expm1
        self._log1p: Callable[[Number], Number] = log1p
        self.functions: Mapping[str, Callable[..., Number]] = {
            "exp": exp,
            "ln": ln,
            "sqrt": sqrt,
            "abs": abs,
            "max": max,
            "sign": self.sign,
            "sigmoid": self.sigmoid,
            "tanh": self.tanh,
            "relu": lambda z: max(z, z * 0),
            "leaky_relu": lambda z: max(z, z * exact(LEAKY_SLOPE)),
            "elu": lambda z: z if z > 0 else expm1(z),
            "softplus": self.softplus,
            "swish": lambda z: z * self.sigmoid(z),
            "linear": lambda z: z,
            "softmax": self.softmax,
            "log_sum": self.log_sum,
            "min": min,
            "step": lambda z: self.exact(1.0 if z > 0 else 0.0),
        }

    def sign(self, x: Number) -> Number:
        """Return −1, 0 or 1."""
        return self.exact((x > 0) - (x < 0))

    def sigmoid(self, z: Number) -> Number:
        """Return 1/(1 + e^−z) without overflow."""
        if z >= 0:
            return 1 / (1 + self.exp(-z))
        power = self.exp(z)
        return power / (1 + power)

    def tanh(self, z: Number) -> Number:
        """Return (e^z − e^−z)/(e^z + e^−z) without overflow."""
        twice = self._expm1(-2 * abs(z))
        size = -twice / (2 + twice)
        return size if z >= 0 else -size

    def softplus(self, z: Number) -> Number:
        """Return ln(1 + e^z) without overflow."""
        tail = self._log1p(self.exp(-abs(z)))
        return tail + z if z > 0 else tail

    def softmax(self, *all_z: Number) -> Number:
        """Return the first one's share of Σ e^z; the others follow it, itself included."""
        largest = max(all_z)
        powers = [self.exp(z - largest) for z in all_z]
        return powers[0] / sum(powers[1:], start=largest * 0)

    def log_sum(self, *all_z: Number) -> Number:
        """Return ln Σ e^z without overflow."""
        largest = max(all_z)
        return largest + self.ln(sum((self.exp(z - largest) for z in all_z), start=largest * 0))


DOUBLES: Arithmetic[float] = Arithmetic(
    float, float, float, math.exp, math.log, math.sqrt, math.expm1, math.log1p
)


def decimals(
    number: Callable[[float], Decimal], told: Callable[[float], Decimal]
) -> Arithmetic[Decimal]:
    """Return the arithmetic of decimals whose leaves are read by these two; work under the context PAPER."""
    return Arithmetic(number, told, in_full, _exp, Decimal.ln, Decimal.sqrt, _expm1, _log1p)


def in_full(value: float) -> Decimal:
    """Read a double as the shortest decimal that stands for it."""
    return Decimal(repr(float(value))).normalize(PAPER)


def _exp(x: Decimal) -> Decimal:
    # A power this far out is shown as not adding up anyway; unbounded it would cost seconds.
    return max(min(x, FURTHEST), -FURTHEST).exp()


def _expm1(x: Decimal) -> Decimal:
    return x + x * x / 2 if abs(x) < TINY else _exp(x) - 1


def _log1p(x: Decimal) -> Decimal:
    return x - x * x / 2 if abs(x) < TINY else (1 + x).ln()
