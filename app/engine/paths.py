"""All the ways from one weight to the cost: the chain rule written out, one product for each way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from app.engine.addresses import Address
from app.engine.tape import Tape
from app.errors import InvalidInput

MOST_WAYS = 20_000
"""More ways than this are counted, not walked."""


@dataclass(frozen=True)
class Way:
    """Hold one way: the neurons it passes, layer by layer, the factors met, and their product."""

    neurons: tuple[int, ...]
    factors: tuple[tuple[Address, float], ...]
    product: float


@dataclass(frozen=True)
class Ways:
    """Hold the ways of one weight or bias for one observation.

    Args:
        count: how many ways there are.
        strongest: those with the largest products, largest first.
        rest: the sum of the others' products.
        total: the sum of all, which is delta·a for this observation.
        backprop: the whole batch's ∂C/∂w without penalties, the sum of the observations' totals.
        gradient: ∂C/∂w as the update takes it, with the penalties.
    """

    address: Address
    observation: int
    count: int
    strongest: tuple[Way, ...]
    rest: float
    total: float
    backprop: float
    gradient: float

    @property
    def others(self) -> float:
        """Return what the batch's other observations add."""
        return self.backprop - self.total

    @property
    def penalty(self) -> float:
        """Return what the penalties add."""
        return self.gradient - self.backprop


def ways(tape: Tape, address: Address, observation: int, most: int = 50) -> Ways:
    """Walk every way from a weight or a bias to the cost.

    Each hop multiplies by the slope of the neuron it leaves and the weight it takes; the last factor is the
    output's delta.

    Raises:
        InvalidInput: no weight or bias, no such observation, or so many ways that nobody could read them.
    """
    if address.kind not in ("w", "b"):
        raise InvalidInput("Only a weight w[l][j][i] or a bias b[l][j] has ways to the cost.")
    gradient = Address("data_dw" if address.kind == "w" else "db", address.path)
    backprop = tape.value(gradient)
    whole = tape.value(Address(f"d{address.kind}", address.path))
    layer, neuron = address.path[0], address.path[1]
    count = prod(tape.network.sizes[layer + 1 :])
    total = _total(tape, address, observation)
    if count > MOST_WAYS:
        raise InvalidInput(
            f"There are {count:,} ways from here to the cost: too many to list. "
            "Choose a weight closer to the output, or a smaller network."
        )
    start: list[tuple[Address, float]] = []
    if address.kind == "w":
        source = Address("a", (layer - 1, observation, address.path[2]))
        start.append((source, tape.value(source)))
    found = sorted(
        _walk(tape, layer, neuron, observation, start), key=lambda way: -abs(way.product)
    )
    rest = sum(way.product for way in found[most:])
    strongest = tuple(found[:most])
    return Ways(address, observation, count, strongest, rest, total, backprop, whole)


def _walk(
    tape: Tape, layer: int, neuron: int, observation: int, begun: list[tuple[Address, float]]
) -> Iterator[Way]:
    if layer == tape.network.depth:
        delta = float(tape.delta[layer][neuron, observation])
        factors = (*begun, (Address("delta", (layer, observation, neuron)), delta))
        yield Way((neuron,), factors, prod(value for _, value in factors))
        return
    slope = float(tape.slope[layer][neuron, observation])
    leaves = [*begun, (Address("slope", (layer, observation, neuron)), slope)]
    weights = tape.network.weights(tape.state.theta, layer + 1)[:, neuron].tolist()
    for target, weight in enumerate(weights):
        hop = [*leaves, (Address("w", (layer + 1, target, neuron)), weight)]
        for way in _walk(tape, layer + 1, target, observation, hop):
            yield Way((neuron, *way.neurons), way.factors, way.product)


def _total(tape: Tape, address: Address, observation: int) -> float:
    layer, neuron = address.path[0], address.path[1]
    delta = tape.value(Address("delta", (layer, observation, neuron)))
    if address.kind == "b":
        return delta
    return delta * tape.value(Address("a", (layer - 1, observation, address.path[2])))
