"""What every store of sessions promises.

A store keeps bytes and compares revisions. It knows no clock and no meaning: whether a session
has expired, what a part holds and how many sessions are too many is the service's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.errors import Conflict, NotFound, StoreUnavailable


@dataclass(frozen=True)
class Record:
    """A session as a store keeps it.

    Args:
        id: The secret name; whoever knows it may change the session.
        follow_id: The second name, which lets others read.
        revision: How often the session has changed.
        expires_at: When it may be swept away, in seconds since the epoch.
        created_at: When it began, in seconds since the epoch.
        parts: Named blobs, such as "head", "history" or "checkpoint:000120".
    """

    id: str
    follow_id: str
    revision: int
    expires_at: float
    created_at: float
    parts: Mapping[str, bytes]


class Store(Protocol):
    """Keep sessions; every method either happens whole or not at all.

    A call that returned is kept: on disk for a store that has one. A call that was cancelled may
    or may not have happened, so whoever cached the session reads it again. Every method may raise
    StoreUnavailable, every writing one StoreFull.
    """

    async def create(self, record: Record, key: str | None = None) -> str:
        """Keep a new session.

        The key is forgotten together with its session. The earlier session may have passed its
        `expires_at` without having been swept: look before trusting it.

        Args:
            record: The session; its two names must be new.
            key: The idempotency key of this creation.

        Returns:
            The session's id; when `key` was used before, the earlier id, and nothing is stored.

        Raises:
            Conflict: One of the names is taken.
        """

    async def created(self, key: str) -> str | None:
        """Return the id of the session that this key created."""

    async def load(self, session_id: str) -> Record | None:
        """Return the session with all its parts as of one moment; a follow id finds nothing."""

    async def revision(self, session_id: str) -> int | None:
        """Return the revision alone, to learn cheaply whether a cached session is current."""

    async def resolve(self, follow_id: str) -> str | None:
        """Return the id of the session that this read-only id follows."""

    async def save(
        self,
        session_id: str,
        expected_revision: int,
        revision: int,
        expires_at: float,
        changed: Mapping[str, bytes | None],
    ) -> None:
        """Change a session if it is still at the expected revision.

        With `revision` equal to `expected_revision` and no parts it only moves `expires_at`.

        Args:
            session_id: The session.
            expected_revision: What the caller last saw.
            revision: The revision from now on.
            expires_at: The expiry from now on, in seconds since the epoch.
            changed: The parts to write; None deletes one. Parts not named stay as they are.

        Raises:
            StaleRevision: Someone else changed it first; says the current revision.
            NotFound: There is no such session.
        """

    async def delete(self, session_id: str) -> bool:
        """Remove a session with all its parts; say whether it was there."""

    async def expire(self, now: float, limit: int) -> int:
        """Remove at most `limit` sessions with `expires_at` <= `now`, oldest first; count them."""

    async def count(self) -> int:
        """Count the sessions, expired ones that were not swept yet included."""

    async def ready(self) -> None:
        """Return when the store can serve, raise StoreUnavailable when it cannot."""

    async def close(self) -> None:
        """Finish what was begun and let go; closing twice is fine."""


def absent() -> NotFound:
    """Say that a session is not there."""
    return NotFound("This session is not here any more. Start a new one.")


def taken() -> Conflict:
    """Say that a session of that name is there already."""
    return Conflict("There is a session with this name already. Start it under another one.")


def closed() -> StoreUnavailable:
    """Say that the store was closed."""
    return StoreUnavailable("The store is closed: the server is stopping.")
