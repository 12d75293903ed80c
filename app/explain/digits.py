"""How a number is displayed, and with how many digits, so that what is displayed adds up.

The learner chooses `digits`, the decimals of an ordinary number: with 2, −0.42 and 1234.57. A number that is exactly
a shorter decimal is displayed as that: 0.5, 1. A small number keeps two significant digits: 0.00031. Below 0.00001 and
from a million on it becomes 3.1 × 10⁻⁶. The minus is U+2212.

A learner who redoes a formula with the displayed numbers must find the displayed result. So the operands, and only if
that is not enough the result too, are given more digits, one at a time, until the formula worked out exactly on the
displayed operands rounds to the displayed result. The same goes for what the sentence beside it tells: from 0.36 by
0.16 to 0.52.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal, TypeAlias

from app.explain.arithmetic import PAPER, Arithmetic, decimals, in_full
from app.explain.expression import Node, calculate

DIGITS = 2
MOST_DIGITS = 17
"""As many as a double has; from here on every number is displayed in full."""

SMALLEST, LARGEST = Decimal("1e-5"), Decimal("1e6")
MINUS = "−"
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True)
class Precision:
    """Say with how many more digits than the learner's choice numbers are displayed.

    Args:
        digits: the learner's choice.
        operands: more digits for the operands.
        told: more digits for what a sentence tells on the way: a running sum, and what is added to it.
        result: more digits for the result.
        adds_up: false when not even full doubles give the displayed result, as after a heavy cancellation.
    """

    digits: int = DIGITS
    operands: int = 0
    told: int = 0
    result: int = 0
    adds_up: bool = True

    @property
    def is_full(self) -> bool:
        """Whether the operands are displayed with all their digits."""
        return self.digits + self.operands >= MOST_DIGITS

    def finer(self) -> Precision:
        """Return the same with one more digit."""
        return Precision(self.digits, self.operands + 1, self.told + 1, self.result + 1)

    def confuses(self, value: float, other: float) -> bool:
        """Tell whether a result and another number would be displayed as equal."""
        shown, beside = (
            rounded(in_full(number), self.digits, self.result) for number in (value, other)
        )
        return shown == beside

    def operand(self, value: float) -> str:
        """Display an operand."""
        return display(value, self.digits, self.operands)

    def on_the_way(self, value: float) -> str:
        """Display what is told on the way to the result."""
        return display(value, self.digits, self.told)

    def outcome(self, value: float) -> str:
        """Display the result."""
        return display(value, self.digits, self.result)


def rounded(value: Decimal, digits: int, extra: int = 0) -> Decimal:
    """Round a number to what is displayed of it."""
    if value == 0 or digits + extra >= MOST_DIGITS:
        return value
    return _round(value, _last_place(value, digits, extra))


def _last_place(value: Decimal, digits: int, extra: int) -> int:
    """Return the power of ten of the last digit displayed."""
    first, significant = value.adjusted(), min(digits, 2)
    if SMALLEST <= abs(value) < LARGEST:
        place = min(-digits, first - significant + 1) - extra
    else:
        place = first - max(digits - 1, 1) - extra
    exponent = value.as_tuple().exponent
    if digits + extra >= MOST_DIGITS and isinstance(exponent, int):
        return min(place, exponent)
    return place


def _round(value: Decimal, place: int) -> Decimal:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= place:
        return value
    return value.quantize(Decimal(1).scaleb(place), rounding=ROUND_HALF_UP, context=PAPER)


def display(value: float, digits: int = DIGITS, extra: int = 0) -> str:
    """Write a number for a learner."""
    exact = in_full(value)
    if exact == 0:
        return "0"
    size = abs(rounded(exact, digits, extra))
    text = f"{size:f}" if SMALLEST <= abs(exact) < LARGEST else _scientific(size)
    return MINUS + text if exact < 0 else text


def _scientific(size: Decimal) -> str:
    exponent = size.adjusted()
    power = f"10{str(exponent).translate(_SUPERSCRIPTS)}"
    mantissa = f"{size.scaleb(-exponent, PAPER):f}"
    return power if mantissa == "1" else f"{mantissa} × {power}"


def alike(one: str, other: str) -> bool:
    """Tell whether two displayed numbers look the same but for zeros at the end, as 0.5 and 0.50."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_words(value: float) -> str:
    """Write a number with all the digits of its double."""
    return display(value, MOST_DIGITS)


Kind: TypeAlias = Literal["operands", "told", "result"]


@dataclass(frozen=True)
class Claim:
    """Hold what a learner may work out again: some arithmetic on displayed numbers, and the displayed number it gives.

    Args:
        work: the arithmetic; `number` reads a number as an operand, `told` as one told on the way.
        value: what it gives.
        kind: with whose digits that is displayed.
    """

    work: Callable[[Arithmetic[Decimal]], Decimal]
    value: float
    kind: Kind = "result"

    def holds(self, precision: Precision) -> bool:
        """Tell whether the displayed numbers give the displayed value."""
        with localcontext(PAPER):
            found, value = self._worked_out(precision), in_full(self.value)
            if found is None or value == 0:
                return found == value
            extra: int = getattr(precision, self.kind)
            place = _last_place(value, precision.digits, extra)
            return _round(found, place) == _round(value, place)

    def _worked_out(self, precision: Precision) -> Decimal | None:
        def read(extra: int) -> Callable[[float], Decimal]:
            return lambda value: rounded(in_full(value), precision.digits, extra)

        try:
            found = self.work(decimals(read(precision.operands), read(precision.told)))
        except (ArithmeticError, ValueError):
            return None
        return found if found.is_finite() else None


def claim(expression: Node, value: float, kind: Kind = "result") -> Claim:
    """Claim that a formula gives a value."""
    return Claim(lambda on: calculate(expression, on), value, kind)


def agree(
    claims: Sequence[Claim], digits: int, least: int = 0, *, evenly: bool = False
) -> Precision:
    """Find the fewest digits with which all claims hold.

    Args:
        claims: what is displayed and told together, the cheapest to work out first.
        digits: the learner's choice.
        least: so many more digits all have in any case.
        evenly: try first as many digits for the result as for the others, so that a weight can be compared with
            what it was before, and a sum with what it grows to.
    """
    on_the_way = any(one.kind == "told" for one in claims)
    for operands, told, result in _tries(digits, least, evenly, on_the_way):
        precision = Precision(digits, operands, told, result)
        if all(one.holds(precision) for one in claims):
            return precision
    full = MOST_DIGITS - digits
    return Precision(digits, full, full, full, adds_up=False)


def _tries(
    digits: int, least: int, evenly: bool, on_the_way: bool
) -> Iterator[tuple[int, int, int]]:
    """Yield how many more digits operands, what is told on the way, and result may have."""
    full = MOST_DIGITS - digits
    for most in range(least, min(least + 3, full)) if evenly else ():
        yield most, most, most
        if on_the_way:
            yield from _uneven(least, most)
    for told in (*range(least, min(least + 6, full)), max(full - 1, least)):
        # A sum much smaller than its last term needs that with more digits than it has itself.
        for result in range(max(least, told - 5) if on_the_way else told, told + 1):
            yield from ((operands, told, result) for operands in range(told, full + 1))


def _uneven(least: int, most: int) -> Iterator[tuple[int, int, int]]:
    for told in range(most, least - 1, -1):
        yield from ((most, told, result) for result in range(min(told, most - 1), least - 1, -1))
