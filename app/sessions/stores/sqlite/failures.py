"""From SQLite's errors to ours."""

from __future__ import annotations

import sqlite3

from app.errors import StoreError, StoreFull, StoreUnavailable

# What a full disk, a quota or a limit on file sizes gives. A quota is reported as a failed write,
# a disk that fills up late as a failed sync.
_FULL = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_READ_ONLY = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_MISTAKES = (sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.IntegrityError)


def is_busy(error: sqlite3.Error) -> bool:
    """Say whether another connection held the lock."""
    return _code(error) & 0xFF in _LOCKED


def translated(error: Exception) -> Exception:
    """Return what to raise for a failure: a StoreError for SQLite's, the rest as it is.

    What says that this program used SQLite wrongly stays as it is, too.
    """
    if not isinstance(error, sqlite3.Error) or isinstance(error, _MISTAKES):
        return error
    failure = _failure(_code(error))
    failure.__cause__ = error
    return failure


def _code(error: sqlite3.Error) -> int:
    """Return the extended error code, 0 when the error did not come from SQLite itself."""
    return getattr(error, "sqlite_errorcode", None) or 0


def _failure(code: int) -> StoreError:
    if code in _FULL:
        return StoreFull(
            "There is no room left to keep your work, so nothing was changed."
            " Looking still works; try again when space has been made."
        )
    primary = code & 0xFF
    if primary in _LOCKED:
        return StoreUnavailable("The saved sessions are in use by another program. Try again soon.")
    if primary in _READ_ONLY:
        return StoreUnavailable("The saved sessions may be read but not written on this server.")
    if primary in _DAMAGED:
        return StoreUnavailable(
            "The file with the saved sessions is damaged, or is not a Glassbox store."
        )
    return StoreUnavailable("The file with the saved sessions cannot be reached just now.")
