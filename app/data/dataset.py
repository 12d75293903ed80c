"""A data set: what the network is fed, and what a person reads instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.data.encoding import Columns
from app.data.scale import Scale
from app.engine.arrays import FloatArray, IntArray, sealed


@dataclass(frozen=True)
class About:
    """Say what a data set is and where it comes from.

    Args:
        id: a bundled set's; "" for a learner's own data.
        title: a few words.
        summary: a sentence or two for a learner.
        source: who measured it, or how it was made up.
        licence: under which it may be passed on; "" for a learner's own.
        made_up: whether the numbers were invented for teaching.
        row_noun: what one row is, such as "penguin".
        picture: (height, width) where the inputs are the pixels of a picture.
    """

    id: str
    title: str
    summary: str
    source: str
    licence: str
    made_up: bool = False
    row_noun: str = "row"
    picture: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False)
class Dataset:
    """Hold observations as rows, encoded and scaled, with the way back to what a person reads.

    Args:
        about: what it is.
        input_names: m names.
        target_names: n names.
        inputs: (N, m) float64, read-only: what the network is fed.
        targets: (N, n) float64, read-only: what it should answer.
        readings: (N, m) as measured; see `Scale` for what a reading is.
        target_readings: (N, n) likewise.
        scaling: for each input, how its reading became the number fed.
        target_scaling: likewise for each target.
        classes: names of the classes where the targets tell classes apart: one for each target,
            or two ("it is not", "it is") for a single target; () otherwise.
        row_numbers: (N,) the number each row goes by.
        dropped: rows left out because something was missing.
    """

    about: About
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    inputs: FloatArray
    targets: FloatArray
    readings: FloatArray
    target_readings: FloatArray
    scaling: tuple[Scale, ...]
    target_scaling: tuple[Scale, ...]
    classes: tuple[str, ...]
    row_numbers: IntArray
    dropped: int = 0

    def __post_init__(self) -> None:
        rows, m, n = len(self.inputs), len(self.input_names), len(self.target_names)
        fits = (
            self.inputs.shape == self.readings.shape == (rows, m)
            and self.targets.shape == self.target_readings.shape == (rows, n)
            and (len(self.scaling), len(self.target_scaling)) == (m, n)
            and self.row_numbers.shape == (rows,)
            and len(self.classes) in (0, 2 if n == 1 else n)
            and min(rows, m, n) > 0
        )
        if not fits:
            raise ValueError("the parts of this data set do not fit together")

    @property
    def id(self) -> str:
        """A bundled set's id; "" for a learner's own data."""
        return self.about.id

    @property
    def title(self) -> str:
        """A few words."""
        return self.about.title

    @property
    def observations(self) -> int:
        """N, the number of rows."""
        return len(self.inputs)

    def row_label(self, row: int) -> str:
        """Name a row for a person: "penguin 17"."""
        return f"{self.about.row_noun} {self.row_numbers[row]}"

    def raw(self, row: int) -> tuple[str, ...]:
        """Write what was measured, one text for each input: "39.1 mm", "male"."""
        return _read(self.scaling, self.readings[row], self.inputs[row])

    def raw_targets(self, row: int) -> tuple[str, ...]:
        """Write what was observed, one text for each target."""
        return _read(self.target_scaling, self.target_readings[row], self.targets[row])

    def class_of(self, row: int) -> str | None:
        """Name the class a row belongs to, or None where there are no classes."""
        if not self.classes:
            return None
        return self.classes[int(chosen_classes(self.targets[row : row + 1])[0])]


def _read(scaling: Sequence[Scale], readings: FloatArray, fed: FloatArray) -> tuple[str, ...]:
    return tuple(
        scale.text(float(number)) if np.isnan(reading) else scale.read(float(reading))
        for scale, reading, number in zip(scaling, readings, fed, strict=True)
    )


def with_numbers(
    dataset: Dataset,
    inputs: Mapping[tuple[int, int], float],
    targets: Mapping[tuple[int, int], float],
) -> Dataset:
    """Return a copy in which single fed numbers were changed by hand, by (row, column).

    Nothing was measured there, so its reading is not a number and is written from what is fed.
    """
    arrays = {
        name: getattr(dataset, name).copy()
        for name in ("inputs", "readings", "targets", "target_readings")
    }
    for place, number in inputs.items():
        arrays["inputs"][place], arrays["readings"][place] = number, np.nan
    for place, number in targets.items():
        arrays["targets"][place], arrays["target_readings"][place] = number, np.nan
    for array in arrays.values():
        array.flags.writeable = False
    mark = ", edited"
    title = dataset.title.removesuffix(mark) + mark
    return replace(dataset, about=replace(dataset.about, id="", title=title), **arrays)


def dataset_of(
    about: About,
    inputs: Columns,
    targets: Columns,
    *,
    classes: Sequence[str] = (),
    row_numbers: IntArray | None = None,
    dropped: int = 0,
) -> Dataset:
    """Make a data set of input and target columns, which are its own then; rows count from 1 if not said otherwise."""
    numbers = np.arange(1, len(inputs.readings) + 1) if row_numbers is None else row_numbers.copy()
    numbers.flags.writeable = False
    return Dataset(
        about,
        inputs.names,
        targets.names,
        sealed(inputs.fed),
        sealed(targets.fed),
        sealed(inputs.readings),
        sealed(targets.readings),
        inputs.scaling,
        targets.scaling,
        tuple(classes),
        numbers,
        dropped,
    )


def chosen_classes(outputs: FloatArray) -> IntArray:
    """Return the place (N,) of the class that outputs or targets (N, n) choose.

    The largest of several wins, the first among equals; a single one chooses class 1 from 0.5 on.
    """
    if outputs.shape[1] == 1:
        return (outputs[:, 0] >= 0.5).astype(np.int64)
    places: IntArray = np.argmax(outputs, axis=1).astype(np.int64)
    return places


def confusion(outputs: FloatArray, targets: FloatArray) -> IntArray:
    """Count (actual class, predicted class) as a (k, k) table.

    Args:
        outputs: (N, n) of the network.
        targets: (N, n).
    """
    count = max(2, targets.shape[1])
    table = np.zeros((count, count), dtype=np.int64)
    np.add.at(table, (chosen_classes(targets), chosen_classes(outputs)), 1)
    return table


def accuracy(outputs: FloatArray, targets: FloatArray) -> float:
    """Return the share of rows, 0 to 1, whose predicted class is the actual one."""
    return float(np.mean(chosen_classes(outputs) == chosen_classes(targets)))
