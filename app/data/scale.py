"""How a column that a person reads becomes a column that the network is fed, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.engine.arrays import FloatArray

Kind = Literal["none", "standardised", "coded", "one-hot", "range"]

MOST_DIGITS = 15


@dataclass(frozen=True)
class Scale:
    """Turn a column's readings into the numbers the network is fed.

    A *reading* is the measured number or, where `coding` lists categories, the category's place
    in that list.

    Args:
        kind: "none" feeds the reading itself; "standardised" (x − mean) / sd; "range"
            (x − low) / (high − low); "coded" one number for each category; "one-hot" 1 for this
            column's category, 0 for the others.
        unit: of the reading, such as "mm".
        mean: of the readings.
        sd: the population's standard deviation, √(Σ(x − mean)² / N), so that the standardised
            column has variance 1 (a sample's would divide by N − 1).
        low: the reading that becomes 0.
        high: the reading that becomes 1.
        coding: each category with the number it becomes.
    """

    kind: Kind = "none"
    unit: str = ""
    mean: float = 0.0
    sd: float = 1.0
    low: float = 0.0
    high: float = 1.0
    coding: tuple[tuple[str, float], ...] = ()

    def apply(self, readings: FloatArray) -> FloatArray:
        """Return the numbers fed for these readings."""
        if self.coding:
            return np.array([number for _, number in self.coding])[readings.astype(np.int64)]
        shift, width = self._line()
        return (readings - shift) / width

    def read(self, reading: float) -> str:
        """Write a reading as a person reads it: "39.1 mm" or "male"."""
        if self.coding:
            return self.coding[int(reading)][0]
        return self._with_unit(plain(reading, MOST_DIGITS))

    def text(self, fed: float) -> str:
        """Write what a number fed to the network, or given by it, stands for: "39.1 mm"."""
        if self.coding:
            return self._category(fed)
        shift, width = self._line()
        return self._with_unit(plain(fed * width + shift, 6))

    def sentence(self, reading: float) -> str:
        """Tell how a reading became the number that is fed, so that it can be followed by hand."""
        if self.kind == "coded":
            return "Categories become numbers: " + self._codes() + "."
        if self.kind == "one-hot":
            return self._one_hot_sentence(int(reading))
        if self.kind == "none":
            return f"{self.read(reading)} is fed as it is."
        return self._line_sentence(reading)

    def _line(self) -> tuple[float, float]:
        if self.kind == "standardised":
            return self.mean, self.sd
        if self.kind == "range":
            return self.low, self.high - self.low
        return 0.0, 1.0

    def _with_unit(self, number: str) -> str:
        return f"{number} {self.unit}" if self.unit else number

    def _codes(self) -> str:
        return ", ".join(f"{name} is {plain(number, 6)}" for name, number in self.coding)

    def _own_category(self) -> str:
        return next(name for name, number in self.coding if number == 1.0)

    def _category(self, fed: float) -> str:
        if self.kind == "one-hot":
            own = self._own_category()
            return {1.0: own, 0.0: f"not {own}"}.get(fed, f"partly {own}")
        exact = [name for name, number in self.coding if number == fed]
        return exact[0] if exact else "between " + " and ".join(name for name, _ in self.coding)

    def _one_hot_sentence(self, reading: int) -> str:
        own, here = self._own_category(), self.coding[reading][0]
        if here == own:
            return f"1, because this one is {own}."
        return f"0, because this one is {here}, not {own}."

    def _line_sentence(self, reading: float) -> str:
        start = {
            "standardised": "How many standard deviations from the mean?",
            "range": "How far along the range?",
        }[self.kind]
        x, shift, width, fed = _shown(reading, *self._line())
        return f"{start} ({x} − {_bracketed(shift)}) ÷ {width} = {fed}."


def plain(number: float, digits: int) -> str:
    """Write a number with at most so many significant digits and a true minus sign."""
    return _minus(f"{float(f'{number:.{digits}g}') + 0.0:.15g}")


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _shown(reading: float, shift: float, width: float) -> tuple[str, str, str, str]:
    """Shorten the operands of (x − shift) ÷ width as far as they still give the shown result."""
    result = _hundredths((reading - shift) / width)

    def shortened(digits: int) -> str:
        short_shift, short_width = (float(f"{part:.{digits}g}") for part in (shift, width))
        return _hundredths((reading - short_shift) / short_width)

    enough = (digits for digits in range(4, MOST_DIGITS) if shortened(digits) == result)
    digits = next(enough, MOST_DIGITS)
    return plain(reading, MOST_DIGITS), plain(shift, digits), plain(width, digits), result


def _hundredths(number: float) -> str:
    # Adding 0.0 turns a rounded −0.0 into 0.0.
    return _minus(f"{round(number, 2) + 0.0:.2f}")
