"""Data posted as lists of numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.data.dataset import About, Dataset, dataset_of
from app.data.encoding import as_they_are
from app.data.limits import Limits, numbers_go
from app.engine.arrays import FloatArray
from app.errors import Fault, InvalidInput, TooLarge

FAULTS_SHOWN = 20

ABOUT = About(
    "",
    "Your data",
    "The rows you typed in or sent, fed to the network as they are.",
    "Your own",
    "",
)


def dataset_from_values(
    inputs: Sequence[Sequence[float]],
    targets: Sequence[Sequence[float]],
    input_names: Sequence[str] | None = None,
    target_names: Sequence[str] | None = None,
    *,
    limits: Limits | None = None,
    pointer: str = "/data",
) -> Dataset:
    """Make a data set of rows of numbers, fed as they are.

    Args:
        inputs: N rows of m numbers.
        targets: N rows of n numbers.
        input_names: m different names; x1, x2, … if not given.
        target_names: n different names; y1, y2, … if not given.
        limits: what is taken at most.
        pointer: where the data stand in the request.

    Raises:
        InvalidInput: the rows do not make a table, a number is not finite, or names do not fit.
        TooLarge: there are too many rows, columns or cells.
    """
    limits = limits or Limits()
    x = _table(inputs, limits, f"{pointer}/inputs")
    y = _table(targets, limits, f"{pointer}/targets")
    if len(x) != len(y):
        raise InvalidInput.at(
            f"{pointer}/targets",
            f"Every row of inputs needs its targets: there are {len(x):,} and {len(y):,} rows.",
        )
    if x.size + y.size > limits.cells:
        raise TooLarge.at(
            pointer, f"There are {x.size + y.size:,} cells; at most {limits.cells:,} are taken."
        )
    x_names = _names(input_names, "x", x.shape[1], limits, f"{pointer}/input_names")
    y_names = _names(target_names, "y", y.shape[1], limits, f"{pointer}/target_names")
    return dataset_of(
        ABOUT, as_they_are(x_names, x), as_they_are(y_names, y), classes=_classes(y, y_names)
    )


def _table(rows: Sequence[Sequence[float]], limits: Limits, pointer: str) -> FloatArray:
    if not rows or not rows[0]:
        raise InvalidInput.at(pointer, "There has to be at least one row with one number.")
    if len(rows) > limits.rows:
        raise TooLarge.at(pointer, f"There are {len(rows):,} rows; at most {limits.rows:,}.")
    width = len(rows[0])
    if width > limits.neurons:
        raise TooLarge.at(
            f"{pointer}/0", f"A row has {width:,} numbers; at most {limits.neurons:,}."
        )
    faults: list[Fault] = []
    for place, row in enumerate(rows):
        faults += _row_faults(row, width, limits, f"{pointer}/{place}")
        if len(faults) >= FAULTS_SHOWN:
            break
    if faults:
        raise InvalidInput(faults[0].detail, faults[:FAULTS_SHOWN])
    return np.array(rows, dtype=np.float64)


def _row_faults(row: Sequence[float], width: int, limits: Limits, pointer: str) -> list[Fault]:
    if len(row) != width:
        detail = f"Every row needs {width:,} numbers like the first; this one has {len(row):,}."
        return [Fault(pointer, detail)]
    # Written so that NaN fails too.
    return [
        Fault(f"{pointer}/{place}", numbers_go(limits.number))
        for place, number in enumerate(row)
        if not abs(number) <= limits.number
    ]


def _names(
    names: Sequence[str] | None, letter: str, width: int, limits: Limits, pointer: str
) -> list[str]:
    if names is None:
        return [f"{letter}{place}" for place in range(1, width + 1)]
    if len(names) != width:
        raise InvalidInput.at(
            pointer, f"There are {len(names):,} names for {width:,} columns; each needs one."
        )
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InvalidInput.at(f"{pointer}/{place}", f"The name “{name[:60]}” is used twice.")
        if not name.strip() or not name.isprintable() or len(name) > limits.name_characters:
            raise InvalidInput.at(
                f"{pointer}/{place}",
                f"A name has 1 to {limits.name_characters} letters, digits or signs.",
            )
    return list(names)


def _classes(targets: FloatArray, names: Sequence[str]) -> tuple[str, ...]:
    """Tell whether the targets are classes: a single 0 or 1, or one 1 among zeros in every row."""
    if not np.isin(targets, (0.0, 1.0)).all():
        return ()
    if len(names) == 1:
        return (f"not {names[0]}", names[0])
    return tuple(names) if bool(np.all(targets.sum(axis=1) == 1.0)) else ()
