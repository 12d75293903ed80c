"""How a number is displayed, and with how many digits, so that what is displayed adds up.

The learner chooses `digits`, the decimals of an ordinary number: with 2, −0.42 and 1234.57. A number that is exactly
a shorter decimal is displayed as that: 0.5, 1. A small number keeps two significant digits: 0.00031. Below 0.00001 and
from a million on it becomes 3.1 × 10⁻⁶. The minus is U+2212.

A learner who redoes a formula with the displayed numbers must find the displayed result. So the operands, and only if
that is not enough the result too, are given more digits, one at a time, until the formula worked out exactly on the
displayed operands rounds to the displayed result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext

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
    """Say with how many more digits than the learner's choice a formula is displayed.

    Args:
        digits: the learner's choice.
        operands: more digits for the operands.
        result: more digits for the result.
        adds_up: false when not even full doubles give the displayed result, as after a heavy cancellation.
    """

    digits: int = DIGITS
    operands: int = 0
    result: int = 0
    adds_up: bool = True

    @property
    def is_full(self) -> bool:
        """Whether the result is displayed with all its digits."""
        return self.digits + self.result >= MOST_DIGITS

    def finer(self) -> Precision:
        """Return the same with one more digit."""
        return replace(self, operands=self.operands + 1, result=self.result + 1)

    def confuses(self, value: float, other: float) -> bool:
        """Tell whether a result and another number would be displayed as equal."""
        shown, beside = (
            rounded(in_full(number), self.digits, self.result) for number in (value, other)
        )
        return shown == beside

    def operand(self, value: float) -> str:
        """Display an operand."""
        return display(value, self.digits, self.operands)

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


def in_words(value: float) -> str:
    """Write a number with all the digits of its double."""
    return display(value, MOST_DIGITS)


def agree(expression: Node, value: float, digits: int, least: int = 0) -> Precision:
    """Find the fewest digits with which the displayed operands give the displayed result.

    Args:
        expression: the formula as it is displayed.
        value: what it gives.
        digits: the learner's choice.
        least: so many more digits the result has in any case.
    """
    full = MOST_DIGITS - digits
    with localcontext(PAPER):
        result = in_full(value)
        for more in (*range(least, min(least + 4, full)), max(least, full - 1)):
            place = _last_place(result, digits, more)
            for extra in range(more, full + 1):
                found = _attempt(expression, digits, extra)
                if found is not None and _same(found, result, place):
                    return Precision(digits, extra, more)
    return Precision(digits, full, full, adds_up=False)


def agree_evenly(expression: Node, value: float, digits: int, least: int) -> Precision:
    """Like `agree`, but with as many digits for the result as for the operands where that works.

    So a weight can be compared with what it was before.
    """
    with localcontext(PAPER):
        result = in_full(value)
        for more in range(least, min(least + 3, MOST_DIGITS - digits)):
            found = _attempt(expression, digits, more)
            if found is not None and _same(found, result, _last_place(result, digits, more)):
                return Precision(digits, more, more)
    return agree(expression, value, digits, least)


def _attempt(expression: Node, digits: int, extra: int) -> Decimal | None:
    paper: Arithmetic[Decimal] = decimals(lambda value: rounded(in_full(value), digits, extra))
    try:
        found = calculate(expression, paper)
    except (ArithmeticError, ValueError):
        return None
    return found if found.is_finite() else None


def _same(found: Decimal, result: Decimal, place: int) -> bool:
    if result == 0:
        return found == 0
    return _round(found, place) == _round(result, place)
