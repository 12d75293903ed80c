"""The errors Glassbox raises on purpose, as one tree.

GlassboxError                what went wrong, in a sentence a learner can act on
├── InvalidInput             422  the input cannot be used; `faults` point at each place
│   └── TooLarge             413  the body or file is over the limit
├── ReadOnly                 403  this link lets one watch, not change
├── NotFound                 404  there is no such thing here (any more)
├── Conflict                 409  the command does not fit the present moment
│   └── NotComputedYet       409  this number's event has not happened
├── StaleRevision            412  someone else changed the session first
├── TooSlow                  503  the answer would take longer than one request may
├── Busy                     503  too much work is waiting; try again soon
└── StoreError               503  the store failed
    ├── StoreUnavailable     503  the store cannot be reached
    └── StoreFull            507  the disk, or the store's limit, is full
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One place in the input that is wrong: a JSON pointer and what is wrong there."""

    pointer: str
    detail: str


class GlassboxError(Exception):
    """Say what went wrong and what to do about it."""

    status = 500
    title = "Something went wrong"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidInput(GlassboxError):
    """The input cannot be used; nothing was changed."""

    status = 422
    title = "The input cannot be used"

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.faults = tuple(faults)

    @classmethod
    def at(cls, pointer: str, detail: str) -> InvalidInput:
        """Point at one fault."""
        return cls(detail, [Fault(pointer, detail)])


class TooLarge(InvalidInput):
    """The body or file is larger than the limit."""

    status = 413
    title = "The input is too large"


class ReadOnly(GlassboxError):
    """The id at hand lets one watch the session, not change it."""

    status = 403
    title = "This link is for watching"


class NotFound(GlassboxError):
    """There is no such thing here, or not any more."""

    status = 404
    title = "Not found"


class Conflict(GlassboxError):
    """The command does not fit the present moment; `detail` says what comes next."""

    status = 409
    title = "That does not fit here"


class NotComputedYet(Conflict):
    """The number asked for has not been computed at this position."""

    title = "Not computed yet"

    def __init__(self, detail: str, event: int | None = None) -> None:
        super().__init__(detail)
        self.event = event
        """The event it comes with, where there is one."""


class StaleRevision(GlassboxError):
    """The session was changed since the caller last saw it."""

    status = 412
    title = "The session has moved on"

    def __init__(self, current: int) -> None:
        super().__init__(f"The session is at revision {current} now. Read it again, then repeat.")
        self.current = current


class TooSlow(GlassboxError):
    """The answer would take longer than one request may."""

    status = 503
    title = "That takes too long for one request"


class Busy(GlassboxError):
    """Too much work is waiting."""

    status = 503
    title = "The server is busy"

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class StoreError(GlassboxError):
    """The store failed; nothing was changed."""

    status = 503
    title = "The store failed"


class StoreUnavailable(StoreError):
    """The store cannot be reached."""

    title = "The store cannot be reached"


class StoreFull(StoreError):
    """The disk, or the store's limit, is full; reading still works."""

    status = 507
    title = "The store is full"
