from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.errors import StoreUnavailable
from app.sessions.stores.sqlite.connecting import connect, limit_bytes, patiently
from tests.sessions.stores.sqlite.faults import failure


def ask(connection: sqlite3.Connection, pragma: str) -> object:
    return connection.execute(f"PRAGMA {pragma}").fetchone()[0]


def test_a_connection_keeps_the_promises(tmp_path: Path) -> None:
    connection = connect(tmp_path / "s.db", 5.0, sqlite3.Connection)
    assert ask(connection, "journal_mode") == "wal"
    assert ask(connection, "synchronous") == 2  # FULL
    assert ask(connection, "auto_vacuum") == 2  # INCREMENTAL
    assert ask(connection, "busy_timeout") == 5000
    assert ask(connection, "fullfsync") == 1
    assert ask(connection, "temp_store") == 2  # MEMORY
    assert ask(connection, "journal_size_limit") == 8 * 1024 * 1024
    assert connection.isolation_level is None
    connection.close()


def test_a_place_without_a_log_is_refused(tmp_path: Path) -> None:
    class NoLog(sqlite3.Connection):
        def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
            return super().execute(sql.replace("= WAL", "= MEMORY"))

    with pytest.raises(StoreUnavailable, match="local disk"):
        connect(tmp_path / "s.db", 5.0, NoLog)


def test_the_size_is_counted_in_pages(tmp_path: Path) -> None:
    connection = connect(tmp_path / "s.db", 5.0, sqlite3.Connection)
    limit_bytes(connection, 4096 * 7 + 4095)
    assert ask(connection, "max_page_count") == 7
    limit_bytes(connection, 0)
    assert ask(connection, "max_page_count") == ask(connection, "page_count")
    limit_bytes(connection, None)
    assert ask(connection, "max_page_count") == 0xFFFFFFFE
    connection.close()


def test_patience_waits_for_a_lock_and_for_nothing_else() -> None:
    answers: list[Exception | str] = [failure(sqlite3.SQLITE_BUSY), "done"]

    def act() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert patiently(act, 1.0, pause=0.001) == "done"
    answers[:] = [failure(sqlite3.SQLITE_IOERR), "not reached"]
    with pytest.raises(sqlite3.OperationalError):
        patiently(act, 1.0, pause=0.001)
    assert answers == ["not reached"]
    answers[:] = [failure(sqlite3.SQLITE_BUSY) for _ in range(20)]
    with pytest.raises(sqlite3.OperationalError):
        patiently(act, 0.005, pause=0.001)
    assert len(answers) == 14
