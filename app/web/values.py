"""The numbers of a session as the wire shows them: rows are observations, and what has not happened is null."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from app.engine.arrays import FloatArray
from app.engine.tape import Tape
from app.sessions.session import Session

MOST_NUMBERS = 4_000
"""Above this many activations in a batch only the observation in focus is sent, unless all are asked for."""

Grid = list[list[float | None]]


def shown_observations(session: Session, most: int | None = None) -> list[int]:
    """Return which observations of the batch an answer lists: all of a small one, else a stretch around the focus.

    Args:
        session: the session.
        most: how many numbers of a large batch are listed; None for its observation in focus alone.
    """
    rows, sizes = len(session.rows), session.setup.network.sizes
    if rows * sum(sizes) <= MOST_NUMBERS:
        return list(range(rows))
    # Of each neuron a, and of each after the input z, slope, blame and delta too.
    each = sum(sizes) + 4 * sum(sizes[1:])
    listed = 1 if most is None else min(rows, max(1, most // each))
    first = min(max(0, session.focus - listed // 2), rows - listed)
    return list(range(first, first + listed))


def values(session: Session, shown: list[int]) -> dict[str, Any]:
    """Return everything computed so far, by layer from 0."""
    tape, ends, event = session.tape, session.setup.events.phase_ends, session.shown
    layers = range(1, session.setup.network.depth + 1)
    found: dict[str, Any] = {"a": [tape.inputs[:, shown].T.tolist()]}
    for name, phase, kind in _BY_NEURON:
        arrays = getattr(tape, name)
        columns = [_neurons(tape, event, phase, kind, layer, arrays, shown) for layer in layers]
        found[name] = [*found.get(name, [None]), *columns]
    found["blame"] = [None, *(_blame(tape, event, layer, shown) for layer in layers)]
    found["blame_terms"] = [
        None,
        *(_blame_terms(session, event, layer) for layer in layers[:-1]),
        None,
    ]
    found["weight_gradients"] = [
        None,
        *(
            _come(tape, event, layer, tape.network.weights(tape.gradient, layer))
            for layer in layers
        ),
    ]
    found["gradient_terms"] = _gradient_terms(session, event)
    found["bias_gradients"] = [None, *(_bias_gradients(tape, event, layer) for layer in layers)]
    terms = max(0, min(event - ends["forward"], len(tape.terms)))
    found["loss_terms"] = _masked(tape.terms[:, shown], terms)
    found["losses"] = tape.losses[shown].tolist() if event >= ends["cost"] - 1 else None
    cost_known = event >= ends["cost"]
    found["penalty"] = tape.penalty if cost_known else None
    found["cost"] = tape.cost if cost_known else None
    return {**found, **_previous(session)}


_BY_NEURON = (
    ("a", "forward", "activation"),
    ("z", "forward", "bias"),
    ("slope", "backward", "slope"),
    ("delta", "backward", "delta"),
)


def _masked(array: FloatArray, known: int) -> Grid | None:
    """Turn (n, B) into B rows, the neurons from `known` on null; None when nothing is known."""
    if known <= 0:
        return None
    rows: Grid = array[:known].T.tolist()
    absent: list[float | None] = [None] * (len(array) - known)
    return [row + absent for row in rows] if absent else rows


def _known(tape: Tape, event: int, phase: str, kind: str, layer: int, index: int = -1) -> int:
    """Count the neurons of a layer whose event of this kind has happened; they happen in order."""
    size, number = tape.network.sizes[layer], tape.events.number
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        at = number(phase, kind, layer, middle, index)
        if at is not None and at <= event:
            low = middle + 1
        else:
            high = middle
    return low


def _neurons(
    tape: Tape,
    event: int,
    phase: str,
    kind: str,
    layer: int,
    arrays: tuple[FloatArray, ...],
    shown: list[int],
) -> Grid | None:
    return _masked(arrays[layer][:, shown], _known(tape, event, phase, kind, layer))


def _blame(tape: Tape, event: int, layer: int, shown: list[int]) -> Grid | None:
    if layer == tape.network.depth:
        known = _known(tape, event, "backward", "loss_derivative", layer)
    else:
        last = tape.network.sizes[layer + 1] - 1
        known = _known(tape, event, "backward", "blame", layer, last)
    return _masked(tape.blame[layer][:, shown], known)


def _blame_terms(session: Session, event: int, layer: int) -> Grid | None:
    """Return w·delta for every connection out of a layer, (n_l, n_(l+1)), of the observation in focus."""
    tape, targets = session.tape, session.setup.network.sizes[layer + 1]
    begun = [
        _known_of_neuron(tape, event, layer, neuron, targets)
        for neuron in range(tape.network.sizes[layer])
    ]
    if not any(begun):
        return None
    weights = tape.network.weights(tape.state.theta, layer + 1)
    with np.errstate(all="ignore"):
        rows: Grid = (weights * tape.delta[layer + 1][:, session.focus, None]).T.tolist()
    return [
        row[:known] + [None] * (targets - known) for row, known in zip(rows, begun, strict=True)
    ]


def _known_of_neuron(tape: Tape, event: int, layer: int, neuron: int, targets: int) -> int:
    first = tape.events.number("backward", "blame", layer, neuron, 0)
    return 0 if first is None else max(0, min(event - first + 1, targets))


def _gradient_terms(session: Session, event: int) -> list[Grid | None] | None:
    """Return delta·a of the observation in focus, by layer; None where no gradient is more than that."""
    tape, focus = session.tape, session.focus
    if tape.batch == 1 and not tape.training.penalised:
        return None
    terms: list[Grid | None] = [None]
    for layer in range(1, tape.network.depth + 1):
        with np.errstate(all="ignore"):
            products = np.outer(tape.delta[layer][:, focus], tape.a[layer - 1][:, focus])
        terms.append(_come(tape, event, layer, products))
    return terms


def _come(tape: Tape, event: int, layer: int, array: FloatArray) -> Grid | None:
    """Turn what belongs to a layer's weights, (n_l, n_(l-1)), into rows; null where no gradient has come yet."""
    sources = tape.network.sizes[layer - 1]
    whole = _known(tape, event, "backward", "gradient", layer, sources - 1)
    first = tape.events.number("backward", "gradient", layer, whole, 0)
    begun = max(0, event - first + 1) if first is not None and whole < len(array) else 0
    if whole == 0 and begun == 0:
        return None
    rows: Grid = array.tolist()
    for neuron in range(whole, len(rows)):
        known = begun if neuron == whole else 0
        rows[neuron] = rows[neuron][:known] + [None] * (sources - known)
    return rows


def _bias_gradients(tape: Tape, event: int, layer: int) -> list[float | None] | None:
    known = _known(tape, event, "backward", "bias_gradient", layer)
    row = _masked(tape.network.biases(tape.gradient, layer)[:, None], known)
    return None if row is None else row[0]


def _previous(session: Session) -> dict[str, Any]:
    """Return the parameters before the update, once it has begun, and the cost after it, once done."""
    network, tape, event = session.setup.network, session.tape, session.shown
    if event <= session.setup.events.phase_ends["backward"]:
        return {"previous_weights": None, "previous_biases": None, "cost_after": None}
    layers = range(1, network.depth + 1)
    theta = tape.state.theta
    after = tape.cost_after if event == session.setup.events.count else None
    return {
        "previous_weights": [None, *(network.weights(theta, one).tolist() for one in layers)],
        "previous_biases": [None, *(network.biases(theta, one).tolist() for one in layers)],
        # One that is not finite is told as a notice.
        "cost_after": after if after is not None and isfinite(after) else None,
    }
