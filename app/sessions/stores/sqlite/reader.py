"""One thread reads, so that a read never waits behind a sync."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from app.sessions.stores.protocol import closed
from app.sessions.stores.sqlite.failures import translated

T = TypeVar("T")


class Reader:
    """Run readings on a connection of their own.

    Each begins its own transaction, so it sees every write that was acknowledged before it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._connection.execute("PRAGMA query_only = ON")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="glassbox-store-reader")

    def submit(self, operation: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Queue a reading; it sees one moment of the store."""
        try:
            return self._thread.submit(self._read, operation)
        except RuntimeError as error:
            raise closed() from error

    def close(self) -> None:
        """Finish what is queued, then close the connection."""
        self._thread.shutdown()
        self._connection.close()

    def _read(self, operation: Callable[[sqlite3.Connection], T]) -> T:
        try:
            self._end()
            self._connection.execute("BEGIN")
            return operation(self._connection)
        except sqlite3.Error as error:
            failure = translated(error)
            if failure is error:
                raise
            raise failure from error
        finally:
            with contextlib.suppress(sqlite3.Error):
                self._end()

    def _end(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
