"""One column of a learner's table, read cell by cell and kept small: numbers or words."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
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
    """Take a column's cells, block by block.

    Which kind of column it is shows only at the end, so numbers and categories are followed side by
    side, and whichever becomes impossible is dropped at once. A cell costs ten bytes, however long.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self._limits, self._most = limits, limits.table_number
        self._numbers: array[float] | None = array("d")
        self._places: array[int] | None = array("h")
        # Each category and each way to say "missing" met so far: its place, and it as a number.
        self._known: dict[str, tuple[int, float]] = {}
        self._missing = 0
        self._odd: tuple[int, str] | None = None

    def extend(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        """Take the next cells, and the line each is on."""
        if self._numbers is None and self._places is None:
            self._missing += sum(_printable(cell).lower() in MISSING for cell in cells)
        elif not self._took_numbers(cells):
            for cell, line in zip(cells, lines, strict=True):
                self._add(cell.strip(), line)

    def _took_numbers(self, cells: Sequence[str]) -> bool:
        """Take the cells at once if the column and they are nothing but numbers.

        Nearly all of a large file is so, and this is five times as quick as one by one.
        """
        if self._places is not None or self._numbers is None or "_" in "".join(cells):
            return False
        try:
            numbers = array("d", map(float, cells))
        except ValueError:
            return False
        if not np.all(np.abs(numbers) <= self._most):
            return False
        self._numbers.extend(numbers)
        return True

    def _add(self, cell: str, line: int) -> None:
        place, number = self._known.get(cell) or self._learned(cell, line)
        if place == NO_CATEGORY:
            self._missing += 1
        if self._numbers is not None:
            self._numbers.append(number)
        if self._places is not None:
            self._places.append(place)

    def _learned(self, cell: str, line: int) -> tuple[int, float]:
        word = _printable(cell)
        if word in self._known:
            return self._known[word]
        missing = word.lower() in MISSING
        learned = (NO_CATEGORY, nan) if missing else (self._place(word), self._number(word, line))
        if missing or self._places is not None:
            self._known[word] = learned
        return learned

    def _number(self, word: str, line: int) -> float:
        if self._numbers is not None:
            number = number_in(word)
            if number is not None and abs(number) <= self._most:
                return number
            self._numbers, self._odd = None, (line, tidy(word, self._limits.name_characters))
        return nan

    def _place(self, word: str) -> int:
        if self._places is None:
            return 0
        place = len(self._categories())
        if place >= self._limits.categories or len(word) > self._limits.name_characters:
            self._places = None
            self._known = {w: known for w, known in self._known.items() if w.lower() in MISSING}
        return place

    def _categories(self) -> dict[str, int]:
        return {word: place for word, (place, _) in self._known.items() if place != NO_CATEGORY}

    def column(self, rows: int) -> Column:
        """Return the whole column of so many rows."""
        categories = self._categories()
        order = sorted(categories, key=float if self._numbers is not None else str)
        rank = np.zeros(len(order) + 1, dtype=np.int16)
        rank[[categories[name] for name in order]] = np.arange(len(order))
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
    words = " ".join(_printable(text).split())
    return words if len(words) <= most else words[: most - 1] + "…"


def _printable(text: str) -> str:
    if text.isprintable():
        return text.strip()
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
