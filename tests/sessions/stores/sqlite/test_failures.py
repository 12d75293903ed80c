from __future__ import annotations

import sqlite3

import pytest

from app.errors import StoreFull, StoreUnavailable
from app.sessions.stores.sqlite.failures import is_busy, translated
from tests.sessions.stores.sqlite.faults import failure


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (sqlite3.SQLITE_FULL, StoreFull, "no room left"),
        (sqlite3.SQLITE_IOERR, StoreFull, "no room left"),
        (sqlite3.SQLITE_IOERR_WRITE, StoreFull, "no room left"),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreFull, "no room left"),
        (sqlite3.SQLITE_IOERR_SHMSIZE, StoreFull, "no room left"),
        (sqlite3.SQLITE_IOERR_READ, StoreUnavailable, "cannot be reached"),
        (sqlite3.SQLITE_CANTOPEN, StoreUnavailable, "cannot be reached"),
        (sqlite3.SQLITE_BUSY, StoreUnavailable, "in use"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreUnavailable, "in use"),
        (sqlite3.SQLITE_LOCKED, StoreUnavailable, "in use"),
        (sqlite3.SQLITE_READONLY, StoreUnavailable, "not written"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, StoreUnavailable, "not written"),
        (sqlite3.SQLITE_CORRUPT, StoreUnavailable, "damaged"),
        (sqlite3.SQLITE_NOTADB, StoreUnavailable, "damaged"),
    ],
)
def test_a_failure_becomes_a_sentence(code: int, kind: type[Exception], words: str) -> None:
    error = failure(code)
    made = translated(error)
    assert type(made) is kind
    assert words in str(made)
    assert made.__cause__ is error


def test_an_error_without_a_code_is_unavailability() -> None:
    assert type(translated(sqlite3.OperationalError("odd"))) is StoreUnavailable


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        sqlite3.ProgrammingError("x"),
        sqlite3.InterfaceError("x"),
        sqlite3.IntegrityError("x"),
    ],
)
def test_mistakes_in_the_program_stay_what_they_are(error: Exception) -> None:
    assert translated(error) is error


def test_busy_is_told_from_the_rest() -> None:
    assert is_busy(failure(sqlite3.SQLITE_BUSY_RECOVERY))
    assert not is_busy(failure(sqlite3.SQLITE_FULL))
    assert not is_busy(sqlite3.OperationalError("odd"))
