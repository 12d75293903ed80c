"""The ways a column of readings becomes one or more columns for the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.data.scale import Scale
from app.engine.arrays import FloatArray


@dataclass(frozen=True, eq=False)
class Columns:
    """Hold some columns side by side: their names, what a person reads and how it is fed.

    Args:
        names: one for each column.
        readings: (N, k) numbers, or places in the scale's `coding`.
        scaling: one for each column.
    """

    names: tuple[str, ...]
    readings: FloatArray
    scaling: tuple[Scale, ...]

    @property
    def fed(self) -> FloatArray:
        """The numbers (N, k) that the network is fed."""
        columns = [scale.apply(self.readings[:, k]) for k, scale in enumerate(self.scaling)]
        return np.column_stack(columns)


def beside(parts: Sequence[Columns]) -> Columns:
    """Put groups of columns side by side."""
    return Columns(
        tuple(name for part in parts for name in part.names),
        np.hstack([part.readings for part in parts]),
        tuple(scale for part in parts for scale in part.scaling),
    )


def as_they_are(names: Sequence[str], readings: npt.ArrayLike) -> Columns:
    """Feed readings (N, k) unchanged."""
    return Columns(tuple(names), np.asarray(readings, dtype=np.float64), (Scale(),) * len(names))


def standardised(name: str, readings: FloatArray, unit: str = "") -> Columns:
    """Feed how many standard deviations each reading lies from the mean; readings must differ."""
    mean, sd = float(readings.mean()), float(readings.std())
    return Columns((name,), readings[:, None], (Scale("standardised", unit, mean=mean, sd=sd),))


def ranged(
    names: Sequence[str], readings: FloatArray, low: float, high: float, unit: str = ""
) -> Columns:
    """Feed readings (N, k) so that `low` becomes 0 and `high` becomes 1."""
    scale = Scale("range", unit, low=low, high=high)
    return Columns(tuple(names), readings, (scale,) * len(names))


def coded(name: str, places: npt.ArrayLike, coding: Sequence[tuple[str, float]]) -> Columns:
    """Feed one number for each category.

    Args:
        name: the column's.
        places: (N,) places in `coding`.
        coding: each category with its number.
    """
    readings = np.asarray(places, dtype=np.float64)[:, None]
    return Columns((name,), readings, (Scale("coded", coding=tuple(coding)),))


def one_hot(names: Sequence[str], places: npt.ArrayLike, categories: Sequence[str]) -> Columns:
    """Feed a column for each category: 1 where it is the row's own, 0 elsewhere.

    Args:
        names: one for each category.
        places: (N,) places in `categories`.
        categories: as a person reads them.
    """
    readings = np.repeat(np.asarray(places, dtype=np.float64)[:, None], len(categories), axis=1)
    scaling = tuple(
        Scale("one-hot", coding=tuple((other, float(other == own)) for other in categories))
        for own in categories
    )
    return Columns(tuple(names), readings, scaling)
