"""The store's operations as SQL; each runs inside a transaction someone else began."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from types import MappingProxyType

from app.errors import StaleRevision
from app.sessions.stores.protocol import Record, absent, taken

# How many free pages one sweep gives back to the disk (2 MiB).
_VACUUM_PAGES = 512

_PUT = (
    "INSERT INTO parts (session_id, name, value) VALUES (?, ?, {})"
    " ON CONFLICT (session_id, name) DO UPDATE SET value = excluded.value"
)
_LARGE = 2**20

_EXPIRED = "SELECT id FROM sessions WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?"


def create(connection: sqlite3.Connection, record: Record, key: str | None) -> str:
    """Insert a session, or return the id of the one this key created."""
    earlier = None if key is None else created(connection, key)
    if earlier is not None:
        return earlier
    names = (record.id, record.follow_id)
    if connection.execute("SELECT 1 FROM sessions WHERE id = ? OR follow_id = ?", names).fetchone():
        raise taken()
    connection.execute(
        "INSERT INTO sessions (id, follow_id, creation_key, revision, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*names, key, record.revision, record.created_at, record.expires_at),
    )
    _put(connection, record.id, record.parts)
    return record.id


def created(connection: sqlite3.Connection, key: str) -> str | None:
    """Read the id of the session that a key created."""
    row = connection.execute("SELECT id FROM sessions WHERE creation_key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def load(connection: sqlite3.Connection, session_id: str) -> Record | None:
    """Read a session with all its parts."""
    row = connection.execute(
        "SELECT follow_id, revision, expires_at, created_at FROM sessions WHERE id = ?",
        (session_id,),
    ).fetchone()
    if row is None:
        return None
    parts = connection.execute(
        "SELECT name, value FROM parts WHERE session_id = ?", (session_id,)
    ).fetchall()
    follow_id, at_revision, expires_at, created_at = row
    frozen = MappingProxyType(dict(parts))
    return Record(session_id, follow_id, at_revision, expires_at, created_at, frozen)


def revision(connection: sqlite3.Connection, session_id: str) -> int | None:
    """Read a session's revision."""
    row = connection.execute("SELECT revision FROM sessions WHERE id = ?", (session_id,)).fetchone()
    return None if row is None else int(row[0])


def resolve(connection: sqlite3.Connection, follow_id: str) -> str | None:
    """Read the id behind a read-only one."""
    row = connection.execute("SELECT id FROM sessions WHERE follow_id = ?", (follow_id,)).fetchone()
    return None if row is None else str(row[0])


def save(
    connection: sqlite3.Connection,
    session_id: str,
    *,
    expected_revision: int,
    new_revision: int,
    expires_at: float,
    changed: Mapping[str, bytes | None],
) -> None:
    """Compare and set."""
    updated = connection.execute(
        "UPDATE sessions SET revision = ?, expires_at = ? WHERE id = ? AND revision = ?",
        (new_revision, expires_at, session_id, expected_revision),
    ).rowcount
    if not updated:
        current = revision(connection, session_id)
        raise absent() if current is None else StaleRevision(current)
    _put(connection, session_id, changed)


def delete(connection: sqlite3.Connection, session_id: str) -> bool:
    """Delete a session and its parts."""
    connection.execute("DELETE FROM parts WHERE session_id = ?", (session_id,))
    return connection.execute("DELETE FROM sessions WHERE id = ?", (session_id,)).rowcount > 0


def expire(connection: sqlite3.Connection, now: float, limit: int) -> int:
    """Delete the oldest expired sessions and their parts."""
    # To SQLite a negative limit would be none.
    oldest = (now, max(limit, 0))
    connection.execute(f"DELETE FROM parts WHERE session_id IN ({_EXPIRED})", oldest)
    return connection.execute(f"DELETE FROM sessions WHERE id IN ({_EXPIRED})", oldest).rowcount


def give_back(connection: sqlite3.Connection) -> None:
    """Return some free pages to the disk."""
    free = int(connection.execute("PRAGMA freelist_count").fetchone()[0])
    for _ in range(min(free, _VACUUM_PAGES)):
        # SQLite frees one page a step, and Python takes one step of what yields no columns.
        connection.execute("PRAGMA incremental_vacuum(1)")


def count(connection: sqlite3.Connection) -> int:
    """Count the sessions."""
    return int(connection.execute("SELECT count(*) FROM sessions").fetchone()[0])


def probe(connection: sqlite3.Connection) -> None:
    """Read something."""
    connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()


def _put(
    connection: sqlite3.Connection, session_id: str, parts: Mapping[str, bytes | None]
) -> None:
    for name, value in parts.items():
        if value is None:
            connection.execute(
                "DELETE FROM parts WHERE session_id = ? AND name = ?", (session_id, name)
            )
        elif len(value) < _LARGE:
            connection.execute(_PUT.format("?"), (session_id, name, value))
        else:
            _put_large(connection, (session_id, name), value)


def _put_large(connection: sqlite3.Connection, place: tuple[str, str], value: bytes) -> None:
    """Write a value into the room made for it: in a statement it would be copied twice."""
    connection.execute(_PUT.format("zeroblob(?)"), (*place, len(value)))
    found = connection.execute("SELECT rowid FROM parts WHERE session_id = ? AND name = ?", place)
    with connection.blobopen("parts", "value", found.fetchone()[0]) as blob:
        blob.write(value)
