"""The event at which an iteration's numbers stop being finite."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from app.engine.events import Event, EventMap, Segment
from app.engine.network import Network


def first_overflow(
    network: Network, events: EventMap, segment: Segment, overflowed: Callable[[int], bool]
) -> int | None:
    """Return the first event of a segment whose number, or sum so far, is not finite; None if all are.

    A sum that has overflowed stays so. So one look at its end stands for all its terms, of which a large network
    has tens of thousands, and the term at which it overflowed is found by halving.
    """
    first = segment.start + 1
    while first <= segment.end:
        last = first + _terms_left(network, events.at(first))
        if overflowed(last):
            return first + bisect_left(range(first, last), True, key=overflowed)
        first = last + 1
    return None


def _terms_left(network: Network, event: Event) -> int:
    """Count the events after this one that add to the same sum."""
    others = {"product": event.layer - 1, "blame": event.layer + 1}.get(event.kind)
    return 0 if others is None else network.sizes[others] - 1 - event.index
