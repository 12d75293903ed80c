"""The store: sessions in one SQLite file, written by one thread and read by another."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from app.errors import StoreError, StoreUnavailable
from app.sessions.stores.protocol import Record
from app.sessions.stores.sqlite import statements
from app.sessions.stores.sqlite.connecting import LOG_BYTES, connect, limit_bytes, wait_for_locks
from app.sessions.stores.sqlite.failures import translated
from app.sessions.stores.sqlite.files import Presence, make_private
from app.sessions.stores.sqlite.reader import Reader
from app.sessions.stores.sqlite.schema import prepare
from app.sessions.stores.sqlite.writer import Writer

T = TypeVar("T")


class SqliteStore:
    """Keep sessions in a SQLite file; several processes may share it.

    Args:
        path: The file; it and its directory are created, private, when missing.
        max_bytes: How large the file may grow, the log beside it apart; None for no bound.
        busy_seconds: How long to wait for another process's lock.
        factory: The class of the connections.

    Raises:
        StoreError: The file cannot be used; says why.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_bytes: int | None = None,
        busy_seconds: float = 5.0,
        factory: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> None:
        path = path.absolute()
        with _opening(path), contextlib.ExitStack() as undo:
            make_private(path)
            writing = connect(path, busy_seconds, factory)
            undo.callback(writing.close)
            prepare(writing)
            limit_bytes(writing, max_bytes)
            reading = connect(path, busy_seconds, factory)
            undo.callback(reading.close)
            presence = Presence(path)
            self._reader = Reader(reading)
            undo.pop_all()
        log = path.with_name(path.name + "-wal")
        self._writer = Writer(writing, presence.check, partial(_trim, log, busy_seconds))

    async def create(self, record: Record, key: str | None = None) -> str:
        """Keep a new session, or return the one this key created."""
        return await self._write(lambda c: statements.create(c, record, key))

    async def created(self, key: str) -> str | None:
        """Return the id of the session that this key created."""
        return await self._read(lambda c: statements.created(c, key))

    async def load(self, session_id: str) -> Record | None:
        """Return the session with all its parts."""
        return await self._read(lambda c: statements.load(c, session_id))

    async def revision(self, session_id: str) -> int | None:
        """Return the session's revision."""
        return await self._read(lambda c: statements.revision(c, session_id))

    async def resolve(self, follow_id: str) -> str | None:
        """Return the id that this read-only id follows."""
        return await self._read(lambda c: statements.resolve(c, follow_id))

    async def save(
        self,
        session_id: str,
        expected_revision: int,
        revision: int,
        expires_at: float,
        changed: Mapping[str, bytes | None],
    ) -> None:
        """Change a session if it is still at the expected revision."""
        parts = dict(changed)
        await self._write(
            lambda c: statements.save(
                c,
                session_id,
                expected_revision=expected_revision,
                new_revision=revision,
                expires_at=expires_at,
                changed=parts,
            )
        )

    async def delete(self, session_id: str) -> bool:
        """Remove a session; say whether it was there."""
        return await self._write(lambda c: statements.delete(c, session_id))

    async def expire(self, now: float, limit: int) -> int:
        """Remove at most `limit` expired sessions, then give some space back to the disk."""
        removed = await self._write(lambda c: statements.expire(c, now, limit))
        # The sessions are gone already; the space can be given back by the next sweep as well.
        with contextlib.suppress(StoreError):
            await self._write(statements.give_back)
        return removed

    async def count(self) -> int:
        """Count the sessions."""
        return await self._read(statements.count)

    async def ready(self) -> None:
        """Read, and take the lock for writing; nothing is written."""
        await self._read(statements.probe)
        await self._write(statements.probe)

    async def limit_bytes(self, max_bytes: int | None) -> None:
        """Change how large the file may grow."""
        await self._write(lambda c: limit_bytes(c, max_bytes))

    async def close(self) -> None:
        """Finish what is queued and close the file."""
        await asyncio.to_thread(self._reader.close)
        await asyncio.to_thread(self._writer.close)

    async def _read(self, operation: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.wrap_future(self._reader.submit(operation))

    async def _write(self, operation: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(operation))


@contextlib.contextmanager
def _opening(path: Path) -> Iterator[None]:
    """Name the file in whatever goes wrong; whoever starts the server reads it."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise StoreUnavailable(f"The store {path} cannot be opened: {reason}.") from error
    except sqlite3.Error as error:
        failure = translated(error)
        kind = type(failure) if isinstance(failure, StoreError) else StoreError
        raise kind(f"The store {path} cannot be opened. {failure}") from error
    except StoreError as error:
        raise type(error)(f"The store {path} cannot be opened. {error.detail}") from error


def _trim(log: Path, busy_seconds: float, connection: sqlite3.Connection) -> None:
    """Empty a log that readers kept SQLite from reusing, if nobody is reading just now."""
    if log.stat().st_size <= LOG_BYTES:
        return
    wait_for_locks(connection, 0)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        wait_for_locks(connection, busy_seconds)
