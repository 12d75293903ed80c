"""Opening connections the way the promises need them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.errors import StoreUnavailable
from app.sessions.stores.sqlite.failures import is_busy

# The write-ahead log is copied back into the file after so many pages (4 MiB) ...
_CHECKPOINT_PAGES = 1000
# ... and cut back to this when it has grown further.
LOG_BYTES = 8 * 1024 * 1024

_PRAGMAS = (
    # Before the first page is written, so that the file can give space back.
    "PRAGMA auto_vacuum = INCREMENTAL",
    "PRAGMA journal_mode = WAL",
    # One sync for each commit; on a Mac one that reaches the disk itself.
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}",
    f"PRAGMA journal_size_limit = {LOG_BYTES}",
    # Deleting must not write every freed page, or sweeping would need the space it frees.
    "PRAGMA secure_delete = FAST",
    # Savepoints are kept in memory, so that a full disk does not stop them.
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)

T = TypeVar("T")


def connect(
    path: Path, busy_seconds: float, factory: type[sqlite3.Connection]
) -> sqlite3.Connection:
    """Open a connection for one thread to use at a time.

    Args:
        path: An absolute path, so that no name means something special to SQLite.
        busy_seconds: How long a statement waits for another process's lock.
        factory: The class of the connection.
    """
    connection = sqlite3.connect(
        path,
        timeout=0,  # until it is set up, where SQLite's waits and ours would multiply
        isolation_level=None,
        check_same_thread=False,
        factory=factory,
    )
    try:
        patiently(lambda: _configure(connection), busy_seconds)
        wait_for_locks(connection, busy_seconds)
    except BaseException:
        connection.close()
        raise
    return connection


def patiently(action: Callable[[], T], seconds: float, pause: float = 0.02) -> T:
    """Repeat an action while another process holds the lock.

    SQLite does not wait by itself when two processes create the same file at once.
    """
    for _ in range(int(seconds / pause)):
        try:
            return action()
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
            time.sleep(pause)
    return action()


def wait_for_locks(connection: sqlite3.Connection, seconds: float) -> None:
    """Set how long a statement waits for another process's lock."""
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def limit_bytes(connection: sqlite3.Connection, max_bytes: int | None) -> None:
    """Bound the file's size; None takes the bound away. A file is never cut by this."""
    page = connection.execute("PRAGMA page_size").fetchone()[0]
    pages = 0xFFFFFFFE if max_bytes is None else max(1, max_bytes // page)
    connection.execute(f"PRAGMA max_page_count = {pages}")


def _configure(connection: sqlite3.Connection) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        raise StoreUnavailable(
            "SQLite cannot keep its write-ahead log here. Choose a file on a local disk."
        )
