"""The gradient check: backpropagation's derivatives beside central differences of the cost.

A central difference, (C(w + h) − C(w − h)) / 2h, knows nothing of the chain rule: it only runs the forward pass twice.
Where both agree, backpropagation is right.

Source:
    The step: Press et al., Numerical Recipes, 3rd ed., 5.7: the cube root of the doubles' precision, about 6·10⁻⁶,
    times the size of what is moved; a larger step cuts the curve's corner, a smaller one drowns in rounding.
    The relative error and the kinks: Stanford CS231n, Neural Networks Part 3, "Gradient checks".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from app.engine.addresses import Address
from app.engine.network import Network
from app.engine.passes import Parameters, Pass
from app.engine.tape import Tape
from app.errors import Conflict, InvalidInput

STEP = float(np.cbrt(np.finfo(np.float64).eps))
BoolArray: TypeAlias = npt.NDArray[np.bool_]

KINKED = frozenset({"relu", "leaky_relu", "elu"})
"""Activations whose slope, or the slope's slope, jumps at z = 0."""

SMALLEST_SLOPE = 1e-4
"""Rounding gives the difference an error of about 1e-11 of the cost, so a slope is never measured against less than
this share of the cost, or of 1: below it the rounding would look like a mistake."""


@dataclass(frozen=True)
class Row:
    """Hold one parameter's derivative by both ways.

    Args:
        address: w[l][j][i] or b[l][j].
        backprop: the tape's derivative of the whole cost, penalties included.
        numeric: the central difference.
        relative_error: |backprop − numeric| over the larger of them, and at least over SMALLEST_SLOPE.
        kink: whether the two costs lie on different sides of a kink of an activation or of |w|, so that their
            difference is the slope of neither side.
    """

    address: Address
    backprop: float
    numeric: float
    relative_error: float
    kink: bool


@dataclass(frozen=True)
class GradientCheck:
    """Hold the rows that were checked.

    Args:
        parameters: how many the network has.
    """

    rows: tuple[Row, ...]
    parameters: int

    @property
    def largest(self) -> float:
        """The largest relative error of the rows without a kink; 0 if there are none."""
        return max((row.relative_error for row in self.rows if not row.kink), default=0.0)

    @property
    def kinks(self) -> int:
        """How many rows lie across a kink."""
        return sum(row.kink for row in self.rows)

    @property
    def complete(self) -> bool:
        """Whether every parameter was checked."""
        return len(self.rows) == self.parameters


def parameter_addresses(network: Network) -> Iterator[Address]:
    """Give the address of every weight and bias, in the order of the flat vector."""
    for layer in range(1, network.depth + 1):
        for neuron in range(network.sizes[layer]):
            for source in range(network.sizes[layer - 1]):
                yield Address("w", (layer, neuron, source))
            yield Address("b", (layer, neuron))


def gradient_check(
    tape: Tape,
    step: float = STEP,
    addresses: Iterable[Address] | None = None,
    out_of_time: Callable[[], bool] = lambda: False,
) -> GradientCheck:
    """Compare backpropagation with central differences.

    Args:
        tape: the iteration whose batch and parameters are used; it is not changed.
        step: h for a parameter up to 1 in size, in proportion to larger ones.
        addresses: the parameters to check; None means all.
        out_of_time: asked after each parameter; once it says yes, the rest is left out.

    Raises:
        InvalidInput: an address that is no weight or bias of this network.
        Conflict: a number is not finite, so there is nothing to compare.
    """
    rows = []
    for row in rows_of(tape, step, addresses):
        rows.append(row)
        if out_of_time():
            break
    return GradientCheck(tuple(rows), tape.network.parameter_count)


def rows_of(
    tape: Tape, step: float = STEP, addresses: Iterable[Address] | None = None
) -> Iterator[Row]:
    """Check one parameter after the other, each when it is asked for."""
    differences = CentralDifferences(tape, step)
    for address in parameter_addresses(tape.network) if addresses is None else addresses:
        yield differences.row(address)


class CentralDifferences:
    """Hold a copy of the tape's parameters and batch to move one parameter at a time."""

    def __init__(self, tape: Tape, step: float) -> None:
        self._tape, self._step = tape, step
        self._parameters = Parameters(tape.network, tape.training)
        self._parameters.load(tape.state)
        self._pass = Pass(tape.network, self._parameters, tape.batch)
        self._pass.put(tape.inputs, tape.targets)
        self._floor = SMALLEST_SLOPE * max(1.0, abs(tape.cost))
        names = enumerate(tape.network.activations, start=1)
        self._kinked = [self._pass.z[layer] for layer, name in names if name in KINKED]

    def row(self, address: Address) -> Row:
        """Check one weight or bias."""
        if address.kind not in ("w", "b"):
            raise InvalidInput(
                f"{address} is no weight and no bias, so it has no gradient to check."
            )
        self._tape.value(address)  # refuses what this network does not have
        backprop = self._tape.value(Address("d" + address.kind, address.path))
        network = self._tape.network
        index = (network.weight_index if address.kind == "w" else network.bias_index)(*address.path)
        numeric, kink = self._difference(index, penalised=address.kind == "w")
        if not (isfinite(backprop) and isfinite(numeric)):
            raise Conflict(
                "The numbers have grown too large here for the gradients to be compared."
            )
        scale = max(abs(backprop), abs(numeric), self._floor)
        return Row(address, backprop, numeric, abs(backprop - numeric) / scale, kink)

    def _difference(self, index: int, penalised: bool) -> tuple[float, bool]:
        """Return the central difference along one parameter, and whether it lies across a kink."""
        theta, here = self._parameters.theta, float(self._parameters.theta[index])
        reach = self._step * max(1.0, abs(here))
        above, below = here + reach, here - reach
        theta[index] = above
        upper, upper_sides = self._cost()
        theta[index] = below
        lower, lower_sides = self._cost()
        theta[index] = here
        kink = any(map(_differ, upper_sides, lower_sides))
        # At exactly 0 the two halves of |w| balance to the slope 0 that backpropagation takes there.
        if penalised and self._tape.training.l1 != 0.0 and below < 0.0 < above and here != 0.0:
            kink = True
        # The doubles next to w ± h, not h itself, were used.
        return (upper - lower) / (above - below), kink

    def _cost(self) -> tuple[float, list[BoolArray]]:
        with np.errstate(all="ignore"):
            return self._pass.forward_cost(), [z > 0.0 for z in self._kinked]


def _differ(one: BoolArray, other: BoolArray) -> bool:
    return bool((one != other).any())
