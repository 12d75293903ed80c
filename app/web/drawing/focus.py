"""What a drawing lights: the current event, the operands of its formula, and the terms that came before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from app.engine.addresses import Address
from app.engine.events import Event
from app.engine.network import Network
from app.explain.explanation import Explanation

Key: TypeAlias = tuple[int, ...]
"""(layer, neuron) names a neuron, (layer, neuron, source) the connection into it."""


def part_name(key: Key) -> str:
    """Write a key as the page does: "n:1:0", "c:1:0:3"."""
    return ":".join(("n" if len(key) == 2 else "c", *map(str, key)))


@dataclass(frozen=True)
class Focus:
    """Tell which parts are bright.

    Args:
        everything: whether nothing is dimmed, as before the first event and after the last.
        lit: the current event and its operands.
        recent: what it adds to.
    """

    everything: bool = True
    lit: frozenset[Key] = frozenset()
    recent: frozenset[Key] = frozenset()

    def strength(self, key: Key) -> str:
        """Return "plain", "lit", "recent" or "dim"."""
        if self.everything:
            return "plain"
        return "lit" if key in self.lit else "recent" if key in self.recent else "dim"


def focus_of(network: Network, event: Event | None, explanation: Explanation | None) -> Focus:
    """Light what an event's explanation speaks of."""
    if event is None or explanation is None:
        return Focus()
    addresses = [explanation.address, *(one.address for one in explanation.operands)]
    lit = {key for key in (part_of(network, address) for address in addresses) if key}
    acting = neuron_of(event)
    if acting is None:
        lit |= {(network.depth, output) for output in range(network.sizes[-1])}
    else:
        lit.add(acting)
    return Focus(False, frozenset(lit), frozenset(_recent(network, event)))


def neuron_of(event: Event) -> Key | None:
    """Return the neuron that an event happens in; a loss in its output, the cost in none."""
    if event.kind == "cost":
        return None
    return event.layer, event.index if event.kind == "loss" else event.neuron


def part_of(network: Network, address: Address) -> Key | None:
    """Return the part that a number belongs to; None for what belongs to no single one."""
    layer, neuron, source, target = (address.get(letter) for letter in "ljik")
    if neuron is None:
        return None
    layer = network.depth if layer is None else layer
    if target is not None:
        return layer + 1, target, neuron
    return (layer, neuron) if source is None else (layer, neuron, source)


def _recent(network: Network, event: Event) -> set[Key]:
    """Return the connections that an event adds to, with the neurons at their other ends."""
    layer, neuron = event.layer, event.neuron
    if event.kind == "blame" or (event.kind in ("slope", "delta") and layer < network.depth):
        last = event.index if event.kind == "blame" else network.sizes[layer + 1]
        back: set[Key] = {(layer + 1, target, neuron) for target in range(last)}
        return back | {(layer + 1, target) for target in range(last)}
    if event.kind in ("product", "activation"):
        last = event.index if event.kind == "product" else network.sizes[layer - 1]
        into: set[Key] = {(layer, neuron, source) for source in range(last)}
        return into | {(layer - 1, source) for source in range(last)}
    if event.kind in ("gradient", "new_weight", "moment"):
        return {(layer, neuron, source) for source in range(event.index)} | {
            (layer - 1, event.index)
        }
    return set()
