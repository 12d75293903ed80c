"""The sessions in use, kept in memory up to a number of bytes; large ones and those not used for longest go first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from app.sessions.answers import Answers
from app.sessions.bounds import filled
from app.sessions.session import Session

GREEDY = 4
"""A session that fills more than one part in so many is the first to go: it would push out hundreds of others, each of
which would be read and computed anew at its next click."""

OBJECTS = 4_096
"""A rough figure for what a session's objects fill besides their arrays."""


@dataclass(frozen=True, eq=False)
class Kept:
    """Hold a session with its last answers."""

    session: Session
    answers: Answers

    def weight(self) -> int:
        """Estimate the bytes it fills."""
        session = self.session
        network = session.setup.network
        tape = 8 * (5 * len(session.rows) * sum(network.sizes) + 5 * network.parameter_count)
        return OBJECTS + filled(session) + tape + self.answers.size


class Cache:
    """Keep sessions by id, at most so many bytes of them, and at least one."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, tuple[Kept, int]] = OrderedDict()
        self._total = 0

    @property
    def total(self) -> int:
        """The bytes kept, as estimated."""
        return self._total

    def get(self, name: str) -> Kept | None:
        """Return a session, which is the one used last then, or None."""
        found = self._kept.get(name)
        if found is None:
            return None
        self._kept.move_to_end(name)
        return found[0]

    def put(self, kept: Kept) -> None:
        """Keep a session as the one used last."""
        name, weight = kept.session.id, kept.weight()
        self.drop(name)
        self._kept[name] = kept, weight
        self._total += weight
        while self._total > self._most and len(self._kept) > 1:
            self.drop(self._next_to_go())

    def _next_to_go(self) -> str:
        greedy = (name for name, (_, one) in self._kept.items() if one > self._most // GREEDY)
        return next(greedy, next(iter(self._kept)))

    def drop(self, name: str) -> None:
        """Let a session go, if it is here."""
        found = self._kept.pop(name, None)
        if found is not None:
            self._total -= found[1]
