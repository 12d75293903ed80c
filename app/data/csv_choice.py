"""Chosen columns of a learner's table as a data set: complete rows only, encoded and scaled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.data.csv_column import NO_CATEGORY, Column
from app.data.csv_table import Table
from app.data.dataset import About, Dataset, dataset_of
from app.data.encoding import Columns, beside, coded, one_hot, ranged, standardised
from app.data.limits import Limits
from app.engine.arrays import FloatArray
from app.errors import InvalidInput, TooLarge

BoolArray = npt.NDArray[np.bool_]

ABOUT = About(
    "",
    "Your table",
    "The columns you chose of your own table.",
    "Your own file",
    "",
    row_noun="line",
)


@dataclass(frozen=True, eq=False)
class Chosen:
    """Hold a chosen column, and where the request chose it."""

    column: Column
    pointer: str
    worded: bool

    @property
    def present(self) -> BoolArray:
        """Which rows (N,) have a value."""
        present: BoolArray = ~np.isnan(self.column.numbers)
        if self.worded:
            present = self.column.places != NO_CATEGORY
        return present

    def refuse(self, detail: str) -> InvalidInput:
        """Point at this choice."""
        return InvalidInput.at(self.pointer, detail)


def to_dataset(
    table: Table,
    input_columns: Sequence[str],
    target_columns: Sequence[str],
    *,
    categories: Collection[str] = (),
    pointer: str = "",
) -> Dataset:
    """Make a data set of the chosen columns.

    Input numbers are standardised; two categories become −1 and +1, more become one column each.
    Target numbers are brought to 0 to 1; categories become one output each. Rows with a missing cell
    among the chosen are left out and counted.

    Args:
        table: the file.
        input_columns: names.
        target_columns: names.
        categories: names of number columns to be read as categories instead, such as a digit.
        pointer: where the choice stands in the request.

    Raises:
        InvalidInput: a column cannot be used; the sentence says why.
        TooLarge: the choice needs more inputs, outputs or cells than there may be.
    """
    inputs = _choices(table, input_columns, categories, f"{pointer}/input_columns")
    targets = _choices(table, target_columns, categories, f"{pointer}/target_columns")
    _refuse_twice([*inputs, *targets])
    kept = np.logical_and.reduce([choice.present for choice in [*inputs, *targets]])
    rows = int(kept.sum())
    if rows < 2:
        raise InvalidInput.at(
            f"{pointer}/input_columns",
            f"At least two rows need a value in every chosen column; there are {rows}.",
        )
    _refuse_too_wide(inputs, targets, rows, table.limits)
    only = targets[0] if len(targets) == 1 and targets[0].worded else None
    return dataset_of(
        ABOUT,
        beside([_input(choice, kept) for choice in inputs]),
        beside([_target(choice, kept, alone=only is not None) for choice in targets]),
        classes=only.column.categories if only else (),
        row_numbers=table.lines[kept],
        dropped=len(kept) - rows,
    )


def _choices(
    table: Table, names: Sequence[str], categories: Collection[str], pointer: str
) -> list[Chosen]:
    if not names:
        raise InvalidInput.at(pointer, "Choose at least one column.")
    return [
        _choice(table, name, name in categories, f"{pointer}/{place}")
        for place, name in enumerate(names)
    ]


def _choice(table: Table, name: str, as_category: bool, pointer: str) -> Chosen:
    column = table.column(name)
    if column is None:
        raise InvalidInput.at(pointer, f"There is no column “{name[:60]}” in the table.")
    problem = column.problem()
    if as_category and not column.categories:
        problem = f"“{name}” has too many different values to be read as categories."
    if problem:
        raise InvalidInput.at(pointer, problem)
    return Chosen(column, pointer, as_category or column.kind == "category")


def _refuse_twice(choices: list[Chosen]) -> None:
    seen: set[str] = set()
    for choice in choices:
        if choice.column.name in seen:
            raise choice.refuse(f"“{choice.column.name}” is chosen twice.")
        seen.add(choice.column.name)


def _refuse_too_wide(
    inputs: list[Chosen], targets: list[Chosen], rows: int, limits: Limits
) -> None:
    widths = [sum(_input_width(choice) for choice in inputs)]
    widths += [sum(len(choice.column.categories) if choice.worded else 1 for choice in targets)]
    for width, choice, kind in zip(
        widths, (inputs[0], targets[0]), ("inputs", "outputs"), strict=True
    ):
        if width > limits.neurons:
            raise TooLarge.at(
                choice.pointer.rpartition("/")[0],
                f"These columns need {width:,} {kind}; a network has at most {limits.neurons:,}.",
            )
    if rows * sum(widths) > limits.cells:
        raise TooLarge.at(
            inputs[0].pointer.rpartition("/")[0],
            f"These columns need {rows * sum(widths):,} cells; at most {limits.cells:,} are taken.",
        )


def _input_width(choice: Chosen) -> int:
    count = len(choice.column.categories)
    return count if choice.worded and count > 2 else 1


def _input(choice: Chosen, kept: BoolArray) -> Columns:
    name, categories = choice.column.name, choice.column.categories
    if not choice.worded:
        return standardised(name, _numbers(choice, kept))
    places = _places(choice, kept)
    if len(categories) == 2:
        return coded(name, places, tuple(zip(categories, (-1.0, 1.0), strict=True)))
    return one_hot([f"{name} = {category}" for category in categories], places, categories)


def _target(choice: Chosen, kept: BoolArray, *, alone: bool) -> Columns:
    name, categories = choice.column.name, choice.column.categories
    if not choice.worded:
        numbers = _numbers(choice, kept)
        return ranged([name], numbers[:, None], float(numbers.min()), float(numbers.max()))
    names = categories if alone else [f"{name} = {category}" for category in categories]
    return one_hot(names, _places(choice, kept), categories)


def _numbers(choice: Chosen, kept: BoolArray) -> FloatArray:
    numbers = choice.column.numbers[kept]
    if not numbers.std() > 0.0 or numbers.min() == numbers.max():
        raise choice.refuse(_says_the_same(choice))
    return numbers


def _places(choice: Chosen, kept: BoolArray) -> npt.NDArray[np.int16]:
    places = choice.column.places[kept]
    if places.min() == places.max():
        raise choice.refuse(_says_the_same(choice))
    return places


def _says_the_same(choice: Chosen) -> str:
    return f"“{choice.column.name}” is the same in every row kept, so it tells them nothing apart."
