"""The sessions in use, kept in memory up to a number of bytes; large ones and those not used for longest go first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from app.sessions.answers import Answers
from app.sessions.bounds import filled
from app.sessions.session import Session

GREEDY = 4
"""A session that fills more than one part in so many gives up its tape before others go: it would push out hundreds of
them, each of which would be read and computed anew at its next click."""

OBJECTS = 4_096
"""A rough figure for what a session's objects fill besides their arrays."""


@dataclass(frozen=True, eq=False)
class Kept:
    """Hold a session with its last answers."""

    session: Session
    answers: Answers

    def weight(self, *, lean: bool = False) -> int:
        """Estimate the bytes it fills; lean, without its tape."""
        session = self.session
        network = session.setup.network
        tape = 8 * (5 * len(session.rows) * sum(network.sizes) + 5 * network.parameter_count)
        return OBJECTS + filled(session) + (0 if lean else tape) + self.answers.size

    def without_tape(self) -> Kept:
        """Return the same, with its tape to be computed anew."""
        return Kept(replace(self.session), self.answers)


class Cache:
    """Keep sessions by id, at most so many bytes of them, and at least one."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, tuple[Kept, int]] = OrderedDict()
        self._lean: set[str] = set()
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
        # A tape computed for one request is not kept by being looked at.
        return found[0].without_tape() if name in self._lean else found[0]

    def put(self, kept: Kept) -> None:
        """Keep a session as the one used last."""
        name, weight = kept.session.id, kept.weight()
        self.drop(name)
        self._kept[name] = kept, weight
        self._total += weight
        while self._total > self._most and self._let_go():
            pass

    def _let_go(self) -> bool:
        """Make room; tell whether there was anything to let go."""
        for name, (kept, weight) in self._kept.items():
            if weight > self._most // GREEDY and name not in self._lean:
                lean = kept.weight(lean=True)
                self._kept[name] = kept.without_tape(), lean
                self._lean.add(name)
                self._total += lean - weight
                return True
        if len(self._kept) > 1:
            self.drop(next(iter(self._kept)))
            return True
        return False

    def drop(self, name: str) -> None:
        """Let a session go, if it is here."""
        found = self._kept.pop(name, None)
        if found is not None:
            self._total -= found[1]
            self._lean.discard(name)
