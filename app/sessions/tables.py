"""A learner's own data in a session's document, both ways: readings are written, and what is fed follows from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from app.data.dataset import About, Dataset
from app.data.limits import numbers_go
from app.data.scale import Scale
from app.engine.arrays import FloatArray, sealed
from app.errors import Fault, InvalidInput, TooLarge
from app.sessions.document import MOST_MEASURED, ColumnPart, TablePart
from app.settings import Settings

SET = "="
"""Stands before a number that was set by hand, which is fed as it is."""

_LETTERS = re.compile(r"[-+.0-9e= ]*")


def write_table(dataset: Dataset) -> dict[str, Any]:
    """Return a learner's own data as the document says them."""
    about = asdict(dataset.about)
    about.pop("id")
    counted = np.array_equal(dataset.row_numbers, np.arange(1, dataset.observations + 1))
    return {
        **about,
        "inputs": _columns(dataset.input_names, dataset.scaling),
        "targets": _columns(dataset.target_names, dataset.target_scaling),
        "classes": list(dataset.classes),
        "rows": [_row(dataset, row) for row in range(dataset.observations)],
        "row_numbers": None if counted else dataset.row_numbers.tolist(),
        "dropped": dataset.dropped,
    }


def _columns(names: Sequence[str], scaling: Sequence[Scale]) -> list[dict[str, Any]]:
    plain = asdict(Scale())
    return [
        {"name": name, "kind": scale.kind, **_without(asdict(scale), plain)}
        for name, scale in zip(names, scaling, strict=True)
    ]


def _without(said: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != "kind" and value != usual[name]}


def _row(dataset: Dataset, row: int) -> str:
    readings = [*dataset.readings[row].tolist(), *dataset.target_readings[row].tolist()]
    fed = [*dataset.inputs[row].tolist(), *dataset.targets[row].tolist()]
    return " ".join(
        SET + _written(number) if isnan(reading) else _written(reading)
        for reading, number in zip(readings, fed, strict=True)
    )


def _written(number: float) -> str:
    return repr(number).removesuffix(".0")


def read_table(table: TablePart, settings: Settings, pointer: str) -> Dataset:
    """Make the data set that a document's table says.

    Raises:
        InvalidInput: its parts do not fit together; points at the place.
        TooLarge: there are too many rows, columns or cells.
    """
    m, n = len(table.inputs), len(table.targets)
    _check_size(len(table.rows), m, n, settings, pointer)
    _check_sides(table, pointer)
    scaling = [_scale(column, f"{pointer}/inputs/{at}") for at, column in enumerate(table.inputs)]
    targets = [_scale(column, f"{pointer}/targets/{at}") for at, column in enumerate(table.targets)]
    numbers = _Numbers.sized(len(table.rows), m), _Numbers.sized(len(table.rows), n)
    _fill(numbers, table.rows, pointer)
    fed = numbers[0].fed(scaling, settings, pointer), numbers[1].fed(targets, settings, pointer)
    counted = table.row_numbers or range(1, len(table.rows) + 1)
    row_numbers = np.array(counted, dtype=np.int64)
    row_numbers.flags.writeable = False
    picture = None if table.picture is None else (table.picture[0], table.picture[1])
    return Dataset(
        About(
            "", table.title, table.summary, table.source, table.licence, table.made_up,
            table.row_noun, picture,
        ),
        tuple(column.name for column in table.inputs),
        tuple(column.name for column in table.targets),
        sealed(fed[0]),
        sealed(fed[1]),
        sealed(numbers[0].readings()),
        sealed(numbers[1].readings()),
        tuple(scaling),
        tuple(targets),
        tuple(table.classes),
        row_numbers,
        table.dropped,
    )  # fmt: skip


def _check_size(rows: int, m: int, n: int, settings: Settings, pointer: str) -> None:
    if rows > settings.max_observations:
        most = settings.max_observations
        raise TooLarge.at(f"{pointer}/rows", f"There are {rows:,} rows; at most {most:,}.")
    most = settings.max_layer_neurons
    for name, width in (("inputs", m), ("targets", n)):
        if width > most:
            raise TooLarge.at(
                f"{pointer}/{name}", f"There are {width:,} columns; at most {most:,}."
            )
    cells, most = rows * (m + n), settings.max_cells
    if cells > most:
        raise TooLarge.at(pointer, f"There are {cells:,} cells; at most {most:,} are taken.")


def _check_sides(table: TablePart, pointer: str) -> None:
    """Check what else must be as many as the rows or the columns."""
    m, n = len(table.inputs), len(table.targets)
    if table.row_numbers is not None and len(table.row_numbers) != len(table.rows):
        raise InvalidInput.at(f"{pointer}/row_numbers", "Every row needs its number.")
    if len(table.classes) not in (0, 2 if n == 1 else n):
        raise InvalidInput.at(
            f"{pointer}/classes", "There is a class for each target, or two for a single one."
        )
    if table.picture is not None and table.picture[0] * table.picture[1] != m:
        raise InvalidInput.at(f"{pointer}/picture", f"Its sides must give {m} pixels.")


def _scale(column: ColumnPart, pointer: str) -> Scale:
    scale = Scale(
        column.kind, column.unit, column.mean, column.sd, column.low, column.high,
        tuple(column.coding),
    )  # fmt: skip
    if scale.kind == "standardised" and not scale.sd > 0:
        raise InvalidInput.at(f"{pointer}/sd", "A standard deviation is more than 0.")
    if scale.kind == "range" and scale.low == scale.high:
        raise InvalidInput.at(f"{pointer}/high", "A range has two different ends.")
    worded, coding = scale.kind in ("coded", "one-hot"), scale.coding
    if worded != bool(coding):
        raise InvalidInput.at(f"{pointer}/coding", "Only a column of categories has a coding.")
    if scale.kind == "one-hot" and [number for _, number in coding].count(1.0) != 1:
        raise InvalidInput.at(f"{pointer}/coding", "One category of the column is its own: 1.")
    return scale


@dataclass(frozen=True, eq=False)
class _Numbers:
    """Hold the numbers (N, k) of some columns as they stand in the rows, and which of them were set by hand."""

    said: FloatArray
    by_hand: npt.NDArray[np.bool_]

    @classmethod
    def sized(cls, rows: int, width: int) -> _Numbers:
        return cls(np.empty((rows, width)), np.zeros((rows, width), dtype=np.bool_))

    def fed(self, scaling: Sequence[Scale], settings: Settings, pointer: str) -> FloatArray:
        """Return the numbers fed (N, k): what was set by hand as it is, readings scaled."""
        fed = np.empty_like(self.said)
        for k, scale in enumerate(scaling):
            said, hand = self.said[:, k], self.by_hand[:, k]
            readings = np.where(hand, 0.0, said)
            _check_readings(readings, scale, settings, pointer)
            with np.errstate(all="ignore"):
                fed[:, k] = np.where(hand, said, scale.apply(readings))
        limit = numbers_go(settings.max_number)
        # Written so that NaN fails too.
        _refuse(~(np.abs(fed) <= settings.max_number).all(axis=1), limit, pointer)
        return fed

    def readings(self) -> FloatArray:
        """Return the readings (N, k), NaN where a number was set by hand; it is not asked for its numbers again."""
        self.said[self.by_hand] = np.nan
        return self.said


def _fill(numbers: tuple[_Numbers, _Numbers], rows: Sequence[str], pointer: str) -> None:
    """Read each row's inputs and targets."""
    m = numbers[0].said.shape[1]
    width = m + numbers[1].said.shape[1]
    for at, row in enumerate(rows):
        cells = row.split(" ")
        try:
            if len(cells) != width or not _LETTERS.fullmatch(row):
                raise ValueError
            said = [float(cell.removeprefix(SET)) for cell in cells]
        except ValueError:
            detail = f"A row has {width:,} numbers, with a space between each two."
            raise InvalidInput.at(f"{pointer}/rows/{at}", detail) from None
        numbers[0].said[at], numbers[1].said[at] = said[:m], said[m:]
        if SET in row:
            by_hand = [cell.startswith(SET) for cell in cells]
            numbers[0].by_hand[at], numbers[1].by_hand[at] = by_hand[:m], by_hand[m:]


def _check_readings(readings: FloatArray, scale: Scale, settings: Settings, pointer: str) -> None:
    most = max(MOST_MEASURED, settings.max_number)
    _refuse(np.abs(readings) > most, f"Readings go from −{most:,.0f} to {most:,.0f}.", pointer)
    if scale.coding:
        unknown = (readings % 1 != 0) | (readings < 0) | (readings >= len(scale.coding))
        _refuse(unknown, "A category is told by its place in the list, from 0.", pointer)


def _refuse(wrong: npt.ArrayLike, detail: str, pointer: str) -> None:
    """Point at the first rows (N,) in which something is wrong."""
    rows = np.flatnonzero(wrong)[:20]
    if len(rows):
        raise InvalidInput(detail, [Fault(f"{pointer}/rows/{row}", detail) for row in rows])
