"""A learner with pencil and paper: works a displayed formula out from its text alone, in decimals.

It shares nothing with the code it checks but the text on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

CONTEXT = Context(prec=60)
_MINUS = "−"
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


_NUMBER = r"(−?(?:\d[\d.]*(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))(?![\d⁻⁰¹²³⁴⁵⁶⁷⁸⁹])"
_MOVES = re.compile(
    rf"(raises|lowers) (?:the sum|its blame) by {_NUMBER}, from {_NUMBER} to {_NUMBER}\b"
)
_BIAS = re.compile(
    rf"add up to {_NUMBER}\. The neuron's own bias, {_NUMBER}, (?:raises|lowers) that to {_NUMBER}\b"
)
_SQUARE = re.compile(
    rf"difference \(prediction − actual\) is {_NUMBER}\. Squared, that costs {_NUMBER}\b"
)


class _E:
    """The number e, known by its powers."""

    def __pow__(self, power: Decimal | int) -> Decimal:
        return Decimal(power).exp()


def _sigmoid(z: Decimal) -> Decimal:
    return 1 / (1 + (-z).exp())


def _sign(x: Decimal) -> Decimal:
    return Decimal((x > 0) - (x < 0))


_FUNCTIONS = {
    "D": Decimal,
    "E": _E(),
    "sigmoid": _sigmoid,
    "tanh": lambda z: (z.exp() - (-z).exp()) / (z.exp() + (-z).exp()),
    "relu": lambda z: max(z, Decimal(0)),
    "root": Decimal.sqrt,
    "ln": Decimal.ln,
    "max": max,
    "min": min,
    "abs": abs,
    "sign": _sign,
    "step": lambda z: Decimal(int(z > 0)),
    "softplus": lambda z: (1 + z.exp()).ln(),
    "logsumexp": lambda *zs: sum(z.exp() for z in zs).ln(),
    "linear": lambda z: z,
}


def number(text: str) -> Decimal:
    """Read a displayed number."""
    text = text.replace(_MINUS, "-")
    match = re.fullmatch(r"(-?)(?:([\d.]+) × )?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    if match:
        return Decimal(f"{match[1]}{match[2] or 1}e{match[3].translate(_RAISED)}")
    return Decimal(text)


def work_out(text: str) -> Decimal:
    """Work out a formula with numbers."""
    text = re.sub(r"\(\d+ more: (.*?)\)", r"\1", text)
    text = re.sub(r"\|(.*?)\|", r"abs(\1)", text)
    text = text.replace("½", "0.5").replace("σ", "sigmoid").replace("√", "root")
    text = re.sub(r"([\d.]+) × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", _scientific, text)
    text = re.sub(r"(?<![\d.)])10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: _scientific(["", "1", m[1]]), text)
    text = re.sub(r"\be(?=[²³⁰¹⁴⁵⁶⁷⁸⁹])", "E", text)
    text = re.sub(r"([²³⁰¹⁴⁵⁶⁷⁸⁹]+)", lambda m: f"**{m[1].translate(_RAISED)}", text)
    text = re.sub(r"\be\^", "E**", text)
    text = text.replace(_MINUS, "-").replace("·", "*")
    text = re.sub(r"(?<![\w.\"])(\d+(?:\.\d+)?(?:e-?\d+)?)(?![\w\"])", r'D("\1")', text)
    text = re.sub(r'\*\*D\("(\d+)"\)', r"**\1", text)
    with localcontext(CONTEXT):
        return +Decimal(eval(text, {"__builtins__": {}}, _FUNCTIONS))


def _scientific(match: re.Match[str] | list[str]) -> str:
    return f"{match[1]}e{match[2].translate(_RAISED)}"


def adds_up(substituted: str, digits: int) -> bool:
    """Tell whether the last formula before the result gives the result, within half its last digit."""
    *formulas, result = substituted.split(" = ")
    if not formulas:
        return True
    found, shown = work_out(formulas[-1]), number(result)
    return abs(found - shown) <= _half_unit(result, shown, digits)


def _half_unit(result: str, shown: Decimal, digits: int) -> Decimal:
    exponent = shown.as_tuple().exponent
    assert isinstance(exponent, int)
    if "×" in result or "10⁻" in result:
        return Decimal(5).scaleb(min(exponent, shown.adjusted() - max(digits - 1, 1)) - 1)
    # A result that is exactly shorter than the learner's digits stands for those digits too.
    return Decimal(5).scaleb(min(exponent, -digits) - 1)


@dataclass(frozen=True)
class Told:
    """Hold what a sentence says of some numbers: what a learner finds, and what is written."""

    found: Decimal
    shown: str

    @property
    def adds_up(self) -> bool:
        """Whether what is found rounds to what is written, at its last digit."""
        written = number(self.shown)
        place = written.as_tuple().exponent
        assert isinstance(place, int)
        return abs(self.found - written) <= Decimal(5).scaleb(place - 1)


_PENALTY = re.compile(
    rf"gives {_NUMBER}\. The penalty on large weights \(λ\) adds {_NUMBER}, so .*, ∂C/∂W, is {_NUMBER}\b"
)
_BLAME = re.compile(rf"Blame {_NUMBER} times slope {_NUMBER} is .*?: {_NUMBER}\b")
_ERROR = re.compile(
    rf" {_NUMBER}\. Times the slope of its curve, {_NUMBER}, that is its error δ: {_NUMBER}\b"
)
_GRADIENT = re.compile(
    rf"the sum Z {_NUMBER} times as much\. Times the neuron's error \({_NUMBER}\), that gives (?:[^:.]*: )?{_NUMBER}\b"
)
_RATE = re.compile(
    rf"by {_NUMBER}\. If it rose .* (?:rise|fall) {_NUMBER} times .*The (2) comes from the square\.\)$"
)


def sums_of(sentence: str) -> Iterator[Told]:
    """Read out of a sentence whatever numbers it puts together, and put them together again in decimals."""
    for way, change, before, after in _MOVES.findall(sentence):
        sign = 1 if way == "raises" else -1
        yield Told(number(before) + sign * number(change), after)
    for before, bias, after in (*_BIAS.findall(sentence), *_PENALTY.findall(sentence)):
        yield Told(number(before) + number(bias), after)
    for one, other, product in (
        *_BLAME.findall(sentence),
        *_ERROR.findall(sentence),
        *_GRADIENT.findall(sentence),
    ):
        yield Told(number(one) * number(other), product)
    for difference, rate, two in _RATE.findall(sentence):
        yield Told(number(two) * number(difference), rate)
    for difference, square in _SQUARE.findall(sentence):
        yield Told(number(difference) ** 2, square)
