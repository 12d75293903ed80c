"""Which layers and neurons go on after an edit, and the weights and biases they take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.engine.arrays import FloatArray
from app.engine.network import Network
from app.errors import InvalidInput
from app.sessions.spec import LayerEdit

Places = tuple[int, ...]


@dataclass(frozen=True)
class Origin:
    """Hold where a layer comes from.

    Args:
        layer: the layer it was before the edit.
        neurons: for its first neurons, the places they had there; the others are new.
        sources: the same for the layer before it, as far as the weights between the two go on.
    """

    layer: int
    neurons: Places
    sources: Places


Origins = tuple[Origin | None, ...]
"""One for each layer after the input; None for a new one."""


def origins_of(old: Network, new: Network, layers: Sequence[LayerEdit]) -> Origins:
    """Tell where each layer of the new network comes from.

    Args:
        old, new: the network before the edit and after it.
        layers: what was asked for; empty where nothing was said of layers.

    Raises:
        InvalidInput: `was` or `keep` name what is not there, or twice; points at it.
    """
    if any(layer.was is not None for layer in layers):
        return _said(old, new, layers)
    origins: list[Origin | None] = [None] * new.depth
    for before, after in _alike(old, new):
        neurons = _first(old.sizes[before], new.sizes[after])
        sources = _first(old.sizes[before - 1], new.sizes[after - 1])
        origins[after - 1] = Origin(before, neurons, sources)
    return tuple(origins)


def _first(before: int, after: int) -> Places:
    return tuple(range(min(before, after)))


def _said(old: Network, new: Network, layers: Sequence[LayerEdit]) -> Origins:
    origins: list[Origin | None] = []
    above, sources = 0, _first(old.sizes[0], new.sizes[0])
    for place, layer in enumerate(layers):
        if not layer.was:
            origins.append(None)
            above, sources = -1, ()
            continue
        seen = [origin.layer for origin in origins if origin is not None]
        neurons = _checked(old, layer, f"/network/layers/{place}", seen)
        origins.append(Origin(layer.was, neurons, sources if above == layer.was - 1 else ()))
        above, sources = layer.was, neurons
    return tuple(origins)


def _checked(old: Network, layer: LayerEdit, pointer: str, seen: list[int]) -> Places:
    """Return the neurons that go on in a layer."""
    was = layer.was or 0
    if was > old.depth or was in seen:
        raise InvalidInput.at(
            f"{pointer}/was",
            f"This is a present layer, 1 to {old.depth}, each once; or 0, a new one.",
        )
    there, kept = old.sizes[was], layer.keep
    if kept is None:
        return _first(there, layer.size)
    if len(kept) > layer.size or len(set(kept)) < len(kept) or max(kept, default=0) >= there:
        raise InvalidInput.at(
            f"{pointer}/keep",
            f"These are neurons of that layer, 0 to {there - 1}, each once, and at most {layer.size}.",
        )
    return tuple(kept)


def _alike(old: Network, new: Network) -> list[tuple[int, int]]:
    """Pair layers by their sizes, from the front and from the back."""
    if old.depth == new.depth:
        return [(layer, layer) for layer in range(1, old.depth + 1)]
    least, front = min(old.depth, new.depth), 0
    while front < least and old.sizes[: front + 2] == new.sizes[: front + 2]:
        front += 1
    tail = 0
    while tail < least - front and old.sizes[-tail - 2 :] == new.sizes[-tail - 2 :]:
        tail += 1
    pairs = [(layer, layer) for layer in range(1, front + 1)]
    return pairs + [(old.depth - back, new.depth - back) for back in range(tail)]


def carry_over(
    old: Network,
    new: Network,
    theta: FloatArray,
    drawn: FloatArray,
    layers: Sequence[LayerEdit],
    origins: Origins,
) -> None:
    """Copy every bias whose neuron, and every weight whose two neurons go on, unless it was given.

    Args:
        old, theta: the network before the edit and its parameters.
        new, drawn: the network after it and its parameters, to copy into.
        layers, origins: what was asked for, and where each layer comes from.
    """
    for layer, origin in enumerate(origins, start=1):
        if origin is None:
            continue
        given = layers[layer - 1] if layers else None
        rows, columns = list(origin.neurons), list(origin.sources)
        if given is None or given.weights is None:
            block = old.weights(theta, origin.layer)[np.ix_(rows, columns)]
            new.weights(drawn, layer)[: len(rows), : len(columns)] = block
        if given is None or given.biases is None:
            new.biases(drawn, layer)[: len(rows)] = old.biases(theta, origin.layer)[rows]


def goes_on(new: Network, origins: Origins) -> bool:
    """Tell whether every number of the new network was there before."""
    return all(
        origin is not None
        and (len(origin.neurons), len(origin.sources)) == (new.sizes[layer], new.sizes[layer - 1])
        for layer, origin in enumerate(origins, start=1)
    )


def stays(old: Network, new: Network, origins: Origins) -> bool:
    """Tell whether every number stands where it stood, and none has come or gone."""
    return old.sizes == new.sizes and origins == tuple(
        Origin(layer, tuple(range(old.sizes[layer])), tuple(range(old.sizes[layer - 1])))
        for layer in range(1, old.depth + 1)
    )
