"""A store in this process: fast, and gone with it."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from app.errors import StaleRevision
from app.sessions.stores.protocol import Record, absent, closed, taken


class MemoryStore:
    """Keep sessions in dictionaries.

    No method awaits anything, so on one event loop each happens whole.
    """

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._followed: dict[str, str] = {}
        self._created: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._open = True

    async def create(self, record: Record, key: str | None = None) -> str:
        """Keep a new session, or return the one this key created."""
        self._check_open()
        if key is not None and key in self._created:
            return self._created[key]
        if record.id in self._records or record.follow_id in self._followed:
            raise taken()
        self._records[record.id] = replace(record, parts=MappingProxyType(dict(record.parts)))
        self._followed[record.follow_id] = record.id
        if key is not None:
            self._created[key] = record.id
            self._keys[record.id] = key
        return record.id

    async def created(self, key: str) -> str | None:
        """Return the id of the session that this key created."""
        self._check_open()
        return self._created.get(key)

    async def load(self, session_id: str) -> Record | None:
        """Return the session with all its parts."""
        self._check_open()
        return self._records.get(session_id)

    async def revision(self, session_id: str) -> int | None:
        """Return the session's revision."""
        record = await self.load(session_id)
        return None if record is None else record.revision

    async def resolve(self, follow_id: str) -> str | None:
        """Return the id that this read-only id follows."""
        self._check_open()
        return self._followed.get(follow_id)

    async def save(
        self,
        session_id: str,
        expected_revision: int,
        revision: int,
        expires_at: float,
        changed: Mapping[str, bytes | None],
    ) -> None:
        """Change a session if it is still at the expected revision."""
        record = await self.load(session_id)
        if record is None:
            raise absent()
        if record.revision != expected_revision:
            raise StaleRevision(record.revision)
        merged = {**record.parts, **changed}
        parts = {name: value for name, value in merged.items() if value is not None}
        self._records[session_id] = replace(
            record, revision=revision, expires_at=expires_at, parts=MappingProxyType(parts)
        )

    async def delete(self, session_id: str) -> bool:
        """Remove a session; say whether it was there."""
        self._check_open()
        record = self._records.pop(session_id, None)
        if record is None:
            return False
        del self._followed[record.follow_id]
        self._created.pop(self._keys.pop(session_id, ""), None)
        return True

    async def expire(self, now: float, limit: int) -> int:
        """Remove at most `limit` expired sessions, oldest first."""
        self._check_open()
        expired = ((r.expires_at, r.id) for r in self._records.values() if r.expires_at <= now)
        oldest = heapq.nsmallest(limit, expired)
        for _, session_id in oldest:
            await self.delete(session_id)
        return len(oldest)

    async def count(self) -> int:
        """Count the sessions."""
        self._check_open()
        return len(self._records)

    async def ready(self) -> None:
        """Return unless the store is closed."""
        self._check_open()

    async def close(self) -> None:
        """Forget everything."""
        self._open = False
        for table in (self._records, self._followed, self._created, self._keys):
            table.clear()

    def _check_open(self) -> None:
        if not self._open:
            raise closed()
