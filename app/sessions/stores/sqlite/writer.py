"""One thread writes; writes that arrive together share one transaction and one sync.

While one group is being synced the next gathers, so a slow disk makes groups larger, not the
queue longer. Inside the transaction every write has a savepoint and fails alone. A write is
acknowledged after COMMIT has returned, and not before.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from app.sessions.stores.protocol import closed
from app.sessions.stores.sqlite.failures import translated

MOST_IN_A_GROUP = 128

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class _Write:
    """One write, and the promise of its answer."""

    operation: Callable[[sqlite3.Connection], Any]
    promise: Future[Any]

    def fail(self, error: Exception) -> None:
        self.promise.set_exception(translated(error))


@dataclass(frozen=True)
class _Outcome:
    """What a write came to inside a transaction that is not committed yet."""

    value: Any = None
    error: Exception | None = None

    def tell(self, write: _Write) -> None:
        if self.error is None:
            write.promise.set_result(self.value)
        else:
            write.fail(self.error)


class Writer:
    """Run writes in groups on a connection of their own.

    Args:
        connection: Used by this writer's thread alone from now on.
        before: Called before each group; what it raises fails the group.
        after: Called after each group has been answered.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        before: Callable[[], None],
        after: Callable[[sqlite3.Connection], None],
    ) -> None:
        self._connection = connection
        self._before = before
        self._after = after
        self._waiting: deque[_Write] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="glassbox-store-writer")

    def submit(self, operation: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Queue a write.

        Cancelling the promise drops the write if its group has not begun, and is too late
        afterwards.
        """
        promise: Future[T] = Future()
        self._waiting.append(_Write(operation, promise))
        try:
            self._thread.submit(self._write_waiting)
        except RuntimeError as error:
            promise.cancel()
            raise closed() from error
        return promise

    def close(self) -> None:
        """Finish what is queued, then close the connection."""
        self._thread.shutdown()
        self._connection.close()

    def _write_waiting(self) -> None:
        """Write what waits; of several calls that are due the first does the work of all."""
        group = self._take()
        if group:
            self._write(group)
            # The log can be tidied after any later group as well.
            with contextlib.suppress(sqlite3.Error, OSError):
                self._after(self._connection)

    def _take(self) -> list[_Write]:
        group: list[_Write] = []
        while self._waiting and len(group) < MOST_IN_A_GROUP:
            write = self._waiting.popleft()
            if write.promise.set_running_or_notify_cancel():
                group.append(write)
        return group

    def _write(self, group: Sequence[_Write]) -> Exception | None:
        """Write a group and answer it; return why when not even a transaction could begin."""
        try:
            self._before()
            self._roll_back()
            self._connection.execute("BEGIN IMMEDIATE")
        except Exception as error:
            _fail(group, error)
            return error
        try:
            outcomes = [self._attempt(write) for write in group]
            self._connection.execute("COMMIT")
        except Exception as error:
            self._recover(group, error)
        else:
            for write, outcome in zip(group, outcomes, strict=True):
                outcome.tell(write)
        return None

    def _attempt(self, write: _Write) -> _Outcome:
        """Run one write inside the group's transaction."""
        self._connection.execute("SAVEPOINT one_write")
        try:
            outcome = _Outcome(value=write.operation(self._connection))
        except Exception as error:
            if not self._connection.in_transaction:
                raise  # A full disk can make SQLite roll back the whole group.
            self._connection.execute("ROLLBACK TO one_write")
            outcome = _Outcome(error=error)
        self._connection.execute("RELEASE one_write")
        return outcome

    def _recover(self, group: Sequence[_Write], error: Exception) -> None:
        """Undo a failed transaction; several writes get another try, each alone.

        So a large write that finds no room does not take the small ones down with it.
        """
        with contextlib.suppress(sqlite3.Error):
            self._roll_back()
        if len(group) == 1:
            _fail(group, error)
            return
        for place, write in enumerate(group):
            refusal = self._write([write])
            if refusal is not None:
                _fail(group[place + 1 :], refusal)
                return

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _fail(group: Sequence[_Write], error: Exception) -> None:
    for write in group:
        write.fail(error)
