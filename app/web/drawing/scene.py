"""From a session to what a drawing shows. Picks numbers, never makes any, and none before its event."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.addresses import Address
from app.engine.events import Event
from app.engine.network import Network
from app.engine.once import once
from app.engine.tape import Tape
from app.sessions.session import Session


@dataclass(frozen=True)
class Neuron:
    """Hold what is known of a neuron; None for what is not computed yet.

    Args:
        running: the sum that grows in it at this event.
        share: how much of that sum's terms are in, 0 to 1.
        old_bias: the bias before its update, once it has been updated.
    """

    z: float | None
    a: float | None
    delta: float | None
    bias: float | None
    old_bias: float | None
    running: float | None = None
    share: float = 0.0


@dataclass(frozen=True)
class Connection:
    """Hold what is known of a connection; None for what is not computed yet.

    Args:
        weight: as it is now.
        old_weight: before its update, once it has been updated.
        blame: weight × error, what flows back through it.
    """

    weight: float
    old_weight: float | None
    gradient: float | None
    blame: float | None


@dataclass(frozen=True, eq=False)
class Scene:
    """Read a session at its position, for the observation in focus."""

    session: Session

    @once
    def tape(self) -> Tape:
        """The present iteration."""
        return self.session.tape

    @property
    def network(self) -> Network:
        """The network."""
        return self.session.setup.network

    @property
    def depth(self) -> int:
        """The last layer's number."""
        return self.network.depth

    @once
    def shown(self) -> int:
        """The last event whose number is shown."""
        return self.session.shown

    @once
    def event(self) -> Event | None:
        """The event that has just happened; None before the first."""
        return self.tape.events.at(self.shown) if self.shown else None

    @property
    def phase(self) -> str:
        """The phase: ready, forward, cost, backward, update or done."""
        return self.tape.events.phase_at(self.shown)

    @property
    def backward(self) -> bool:
        """Whether errors are what is being looked at."""
        return self.phase == "backward"

    @property
    def observation(self) -> int:
        """The observation in focus, by its place in the batch."""
        return self.session.focus

    def value(self, kind: str, *path: int) -> float | None:
        """Return the number at an address, or None while its event has not happened."""
        address = Address(kind, path)
        if self.tape.event_number(address) > self.shown:
            return None
        return self.tape.value(address)

    def neuron(self, layer: int, neuron: int) -> Neuron:
        """Return what is known of a neuron of a layer after the input."""
        at = (layer, self.observation, neuron)
        new, old = self.value("new_b", layer, neuron), self.value("b", layer, neuron)
        running, share = self._running(layer, neuron)
        return Neuron(
            z=self.value("z", *at),
            a=self.value("a", *at),
            delta=self.value("delta", *at),
            bias=old if new is None else new,
            old_bias=None if new is None else old,
            running=running,
            share=share,
        )

    def activation(self, layer: int, neuron: int) -> float | None:
        """Return what a neuron sends, once it is known; an input at once."""
        return self.value("a", layer, self.observation, neuron)

    def connection(self, layer: int, neuron: int, source: int) -> Connection:
        """Return what is known of the connection into a neuron of a layer."""
        at = (layer, neuron, source)
        new, old = self.value("new_w", *at), self.value("w", *at)
        assert old is not None
        carried = (layer - 1, self.observation, source, neuron)
        return Connection(
            weight=old if new is None else new,
            old_weight=None if new is None else old,
            gradient=self.value("dw", *at),
            blame=self.value("blame_term", *carried) if layer > 1 else None,
        )

    def _running(self, layer: int, neuron: int) -> tuple[float | None, float]:
        event = self.event
        if event is None or (event.layer, event.neuron) != (layer, neuron):
            return None, 0.0
        seen = slice(self.observation, self.observation + 1)
        sums = self.tape.running(event, seen)
        if sums is None:
            return None, 0.0
        terms = self.network.sizes[layer + 1 if event.kind == "blame" else layer - 1]
        return float(sums[0]), (event.index + 1) / terms
