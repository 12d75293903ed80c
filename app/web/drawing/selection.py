"""Which neurons and connections of a large network are drawn: the strongest, and those of the current event."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from app.engine.arrays import FloatArray
from app.engine.events import Event
from app.engine.network import Network
from app.web.drawing.focus import Focus, Key, neuron_of
from app.web.drawing.layout import FEW, MANY, Wish
from app.web.drawing.scene import Scene

MOST_CONNECTIONS = 500
FROM_PICTURE = 5
"""So many pixels are joined to each neuron: more lines over a picture would hide it."""


def wishes(scene: Scene) -> list[Wish]:
    """Say what to place of each layer."""
    network, picture = scene.network, scene.session.setup.dataset.about.picture
    found = []
    for layer, size in enumerate(network.sizes):
        pixels = picture if layer == 0 and size > MANY else None
        shown = range(size) if pixels else _shown(scene, layer, size)
        found.append(Wish(size, shown, pixels))
    return found


def _shown(scene: Scene, layer: int, size: int) -> Sequence[int]:
    if size <= MANY:
        return range(size)
    needed = at_work(scene.event, layer)
    order = np.argsort(-_strength(scene, layer), kind="stable").tolist()
    others = [neuron for neuron in order if neuron not in needed]
    return sorted([*needed, *others[: FEW - len(needed)]])


def at_work(event: Event | None, layer: int) -> set[int]:
    """Return the neurons of a layer that an event is about: where it happens, and the connection's other end."""
    acting = None if event is None else neuron_of(event)
    if event is None or acting is None:
        return set()
    other = event.layer + 1 if event.kind == "blame" else event.layer - 1
    found = {acting[1]} if layer == event.layer else {event.index} if layer == other else set()
    return {neuron for neuron in found if neuron >= 0}


def _strength(scene: Scene, layer: int) -> FloatArray:
    """Return how much each neuron of a layer weighs: what goes out of it, at the end what comes in."""
    network, theta = scene.network, scene.tape.state.theta
    if layer == network.depth:
        return np.asarray(np.abs(network.weights(theta, layer)).sum(axis=1))
    return np.asarray(np.abs(network.weights(theta, layer + 1)).sum(axis=0))


def connections(scene: Scene, placed: Sequence[Wish], focus: Focus) -> list[Key]:
    """Choose which connections to draw, layer by layer, neuron by neuron."""
    network = scene.network
    chosen: list[Key] = []
    for layer in range(1, network.depth + 1):
        chosen += _into(scene, layer, placed, focus)
    if len(chosen) <= MOST_CONNECTIONS:
        return chosen
    sizes = {key: _size(scene, key) for key in chosen}
    first = sorted(chosen, key=lambda key: (key not in focus.lit, -sizes[key], key))
    return sorted(first[:MOST_CONNECTIONS])


def _into(scene: Scene, layer: int, placed: Sequence[Wish], focus: Focus) -> list[Key]:
    before, here = placed[layer - 1], placed[layer]
    if before.picture is None:
        return [(layer, *pair) for pair in product(here.shown, before.shown)]
    weights = np.abs(scene.network.weights(scene.tape.state.theta, layer))
    found: list[Key] = []
    for neuron in here.shown:
        strongest = set(np.argsort(-weights[neuron], kind="stable")[:FROM_PICTURE].tolist())
        bright = {key[2] for key in focus.lit if len(key) == 3 and key[:2] == (layer, neuron)}
        found += [(layer, neuron, source) for source in sorted(strongest | bright)]
    return found


def _size(scene: Scene, key: Key) -> float:
    layer, neuron, source = key
    return abs(float(scene.tape.state.theta[scene.network.weight_index(layer, neuron, source)]))


def count(network: Network) -> int:
    """Return how many connections a network has."""
    return network.parameter_count - sum(network.sizes[1:])
