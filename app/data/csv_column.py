"""One column of a learner's table, read cell by cell and kept small: numbers or words."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

import numpy as np
import numpy.typing as npt

from app.data.limits import Limits
from app.engine.arrays import FloatArray

ColumnKind = Literal["number", "category", "text", "empty"]

MISSING = frozenset({"", "na", "n/a", "nan", "null", "?"})
NO_CATEGORY = -1


@dataclass(frozen=True, eq=False)
class Column:
    """Hold a column of a table.

    Args:
        name: tidied and unique in its table.
        kind: "number"; "category" for at most so many different words; "text" for more; "empty".
        numbers: (N,) NaN where missing; only for "number", else of length 0.
        categories: the different values, sorted, if they are few enough; also of a number column.
        places: (N,) int16 places in `categories`, −1 where missing; of length 0 without categories.
        missing: how many cells are missing.
        odd: line and content of the first cell that is not a number, if any.
    """

    name: str
    kind: ColumnKind
    numbers: FloatArray
    categories: tuple[str, ...]
    places: npt.NDArray[np.int16]
    missing: int
    odd: tuple[int, str] | None

    def problem(self) -> str | None:
        """Say why the network cannot use this column, if it cannot."""
        if self.kind == "empty":
            return f"“{self.name}” has no values."
        if self.kind == "text" and self.odd is not None:
            line, cell = self.odd
            return (
                f"“{self.name}” is neither numbers nor a few categories: "
                f"line {line:,} says “{cell}”, and there are too many different words."
            )
        return None


class ColumnReader:
    """Take a column's cells one by one.

    Which kind of column it is shows only at the end, so numbers and categories are followed side by
    side, and whichever becomes impossible is dropped at once. A cell costs ten bytes, however long.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self._limits, self._most = limits, limits.table_number
        self._numbers: array[float] | None = array("d")
        self._places: array[int] | None = array("h")
        self._categories: dict[str, int] = {}
        self._missing = 0
        self._odd: tuple[int, str] | None = None

    def add(self, cell: str, line: int) -> None:
        """Take the next cell, stripped."""
        if self._places is None and self._numbers is not None:
            # A number in a column of numbers, as nearly all of a large file's cells are.
            number = number_in(cell)
            if number is not None and -self._most <= number <= self._most:
                self._numbers.append(number)
                return
        if not cell.isprintable():
            cell = _printable(cell)
        missing = cell.lower() in MISSING
        self._missing += missing
        if self._numbers is not None:
            self._add_number(self._numbers, cell, line, missing)
        if self._places is not None:
            self._add_category(self._places, cell, missing)

    def _add_number(self, numbers: array[float], cell: str, line: int, missing: bool) -> None:
        number = nan if missing else number_in(cell)
        if number is None or abs(number) > self._most:
            self._numbers, self._odd = None, (line, tidy(cell, self._limits.name_characters))
        else:
            numbers.append(number)

    def _add_category(self, places: array[int], cell: str, missing: bool) -> None:
        place = NO_CATEGORY if missing else self._categories.get(cell)
        if place is None:
            place = self._categories.setdefault(cell, len(self._categories))
            too_many = place >= self._limits.categories
            if too_many or len(cell) > self._limits.name_characters:
                self._places, self._categories = None, {}
        places.append(place)

    def column(self, rows: int) -> Column:
        """Return the whole column of so many rows."""
        key = float if self._numbers is not None else str
        order = sorted(self._categories, key=key)
        rank = np.zeros(len(order) + 1, dtype=np.int16)
        rank[[self._categories[name] for name in order]] = np.arange(len(order))
        rank[-1] = NO_CATEGORY
        places = np.frombuffer(self._places or b"", dtype=np.int16)
        return Column(
            self.name,
            self._kind(rows),
            # The cells where they were gathered, not a copy of them.
            np.frombuffer(self._numbers or b"", dtype=np.float64),
            tuple(order),
            rank[places],
            self._missing,
            self._odd,
        )

    def _kind(self, rows: int) -> ColumnKind:
        if self._missing == rows:
            return "empty"
        if self._numbers is not None:
            return "number"
        return "text" if self._places is None else "category"


def number_in(cell: str) -> float | None:
    """Return the finite number a cell holds, or None; Python's own 1_000 is not one."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if isfinite(number) and "_" not in cell else None


def tidy(text: str, most: int) -> str:
    """Make text fit for a label: printable, single spaces, not too long."""
    words = _printable(text)
    return words if len(words) <= most else words[: most - 1] + "…"


def _printable(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
