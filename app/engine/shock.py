"""What a small change of one number does to all that follows: the reverberation, and a proof of the gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.engine.addresses import Address
from app.engine.arrays import FloatArray
from app.engine.locate import check_address
from app.engine.passes import Parameters, Pass
from app.engine.tape import Tape
from app.errors import InvalidInput


@dataclass(frozen=True, eq=False)
class Ripple:
    """Hold the weighted sums and activations by layer, (n_l, B), and the cost that one set of numbers gives.

    `z[0]` is unused.
    """

    z: tuple[FloatArray, ...]
    a: tuple[FloatArray, ...]
    cost: float


@dataclass(frozen=True, eq=False)
class Shock:
    """Hold the network before and after one number is changed by ±`by`, the batch and all else as they are.

    Args:
        secant: (C(+) − C(0)) / by.
        central: (C(+) − C(−)) / (2·by), which meets the derivative far sooner.
        derivative: backpropagation's ∂C/∂ of that number.
    """

    address: Address
    by: float
    before: Ripple
    after: Ripple
    opposite: Ripple
    secant: float
    central: float
    derivative: float


def shock(tape: Tape, address: Address, by: float) -> Shock:
    """Change a weight, a bias or an input of the batch by a little, and see what answers.

    Args:
        tape: the iteration; it is not changed.
        address: w[l][j][i], b[l][j] or a[0][b][j].
        by: how much, not 0.

    Raises:
        InvalidInput: no such number, or not one that can be changed.
    """
    check_address(tape.network, tape.training, tape.batch, address)
    if address.kind not in ("w", "b") and not (address.kind == "a" and address.path[0] == 0):
        raise InvalidInput.at(
            "/address",
            "Only a weight w[l][j][i], a bias b[l][j] or an input a[0][b][j] can be nudged.",
        )
    if by == 0.0:
        raise InvalidInput.at("/by", "A nudge of 0 changes nothing. Try 0.01.")
    before, after, opposite = (_ripple(tape, address, step) for step in (0.0, by, -by))
    return Shock(
        address,
        by,
        before,
        after,
        opposite,
        (after.cost - before.cost) / by,
        (after.cost - opposite.cost) / (2.0 * by),
        derivative(tape, address),
    )


def derivative(tape: Tape, address: Address) -> float:
    """Return backpropagation's derivative of the cost by a weight, a bias or an input."""
    if address.kind == "a":
        _, observation, neuron = address.path
        weights = tape.network.weights(tape.state.theta, 1)[:, neuron]
        return float(weights.dot(tape.delta[1][:, observation]))
    return tape.value(Address("d" + address.kind, address.path))


def _ripple(tape: Tape, address: Address, by: float) -> Ripple:
    network, parameters = tape.network, Parameters(tape.network, tape.training)
    parameters.load(tape.state)
    one = Pass(network, parameters, tape.batch)
    one.put(tape.inputs, tape.targets)
    if address.kind == "a":
        _, observation, neuron = address.path
        one.a[0][neuron, observation] += by
    else:
        index = network.weight_index if address.kind == "w" else network.bias_index
        parameters.theta[index(*address.path)] += by
    with np.errstate(all="ignore"):
        cost = one.forward_cost()
    z, a = (tuple(layer.copy() for layer in layers) for layers in (one.z, one.a))
    return Ripple(z, a, cost)
