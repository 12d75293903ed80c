"""The few array habits the engine keeps: float64, read-only once shared, aligned where it computes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]

Step: TypeAlias = Callable[[], object]
"""One prepared NumPy call: everything it reads and writes is already bound to it."""

ALIGNMENT = 64
LARGE_RESULT = 20_000


def frozen(array: npt.ArrayLike) -> FloatArray:
    """Return a read-only, contiguous float64 copy."""
    copy = np.array(array, dtype=np.float64, order="C")
    copy.flags.writeable = False
    return copy


def sealed(array: FloatArray) -> FloatArray:
    """Make an array that nobody else holds read-only; it is copied only where it is not contiguous."""
    whole = np.ascontiguousarray(array)
    whole.flags.writeable = False
    return whole


def aligned_zeros(size: int) -> FloatArray:
    """Return `size` zeros on a 64-byte boundary, so that equal work meets equal memory and gives equal bits."""
    raw = np.zeros(size + ALIGNMENT // 8, dtype=np.float64)
    offset = (-raw.ctypes.data % ALIGNMENT) // 8
    return raw[offset : offset + size]


def constant(value: float) -> FloatArray:
    """Return a 0-d array: a Python float would double the price of a small ufunc call."""
    return np.array(value, dtype=np.float64)


def product(left: FloatArray, right: FloatArray, result: FloatArray) -> Step:
    """Prepare a matrix product.

    `dot` is quicker to call, but clears its result before it lets go of the interpreter: of fresh memory that
    takes so long that others would wait. Both give the same work to BLAS, and get the same bits.
    """
    if result.size > LARGE_RESULT:
        return partial(np.matmul, left, right, result)
    return partial(left.dot, right, result)


def run(steps: list[Step]) -> None:
    """Run prepared calls in order."""
    for step in steps:
        step()
