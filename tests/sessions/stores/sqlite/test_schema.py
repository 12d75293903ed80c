from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import StoreError, StoreUnavailable
from app.sessions.stores.sqlite import SqliteStore
from app.sessions.stores.sqlite.schema import STEPS, prepare, version
from tests.sessions.stores.records import record


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(tmp_path / "s.db", isolation_level=None)
    yield opened
    opened.close()


def test_an_empty_file_gets_the_present_tables(connection: sqlite3.Connection) -> None:
    assert version(connection) == 0
    prepare(connection)
    assert version(connection) == len(STEPS)
    before = connection.execute("SELECT sql FROM sqlite_master").fetchall()
    prepare(connection)
    assert connection.execute("SELECT sql FROM sqlite_master").fetchall() == before


def test_an_older_file_takes_the_missing_steps_only(connection: sqlite3.Connection) -> None:
    prepare(connection)
    connection.execute("INSERT INTO sessions VALUES ('a', 'f', NULL, 3, 0.0, 1.0)")
    later = (*STEPS, ("ALTER TABLE sessions ADD COLUMN title TEXT",), ("CREATE TABLE more (x)",))
    prepare(connection, later)
    assert version(connection) == len(later)
    row = connection.execute("SELECT id, revision, title FROM sessions").fetchone()
    assert row == ("a", 3, None)


def test_a_step_that_fails_leaves_the_file_as_it_was(connection: sqlite3.Connection) -> None:
    prepare(connection)
    before = connection.execute("SELECT sql FROM sqlite_master").fetchall()
    with pytest.raises(sqlite3.OperationalError):
        prepare(connection, (*STEPS, ("CREATE TABLE more (x)", "nonsense")))
    assert connection.execute("SELECT sql FROM sqlite_master").fetchall() == before
    assert version(connection) == len(STEPS)
    with pytest.raises(sqlite3.OperationalError):
        prepare(connection, (*STEPS, ("ROLLBACK", "nonsense")))
    assert not connection.in_transaction


def test_a_newer_file_is_a_clear_problem(tmp_path: Path) -> None:
    asyncio.run(SqliteStore(tmp_path / "s.db").close())
    connection = sqlite3.connect(tmp_path / "s.db")
    connection.execute("UPDATE meta SET value = 99 WHERE name = 'schema'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match=r"A newer Glassbox wrote this store \(format 99"):
        SqliteStore(tmp_path / "s.db")


@pytest.mark.parametrize(
    "table",
    [
        "CREATE TABLE sessions (id)",
        "CREATE TABLE meta (name, value)",
        "CREATE TABLE meta (name, value); CREATE TABLE sessions (id)",
    ],
)
def test_another_programs_database_is_left_alone(tmp_path: Path, table: str) -> None:
    connection = sqlite3.connect(tmp_path / "s.db")
    connection.executescript(table)
    connection.close()
    with pytest.raises(StoreUnavailable, match="another program"):
        SqliteStore(tmp_path / "s.db")


# What version 1 wrote, word for word: it must open for ever.
_VERSION_1 = """
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value NOT NULL);
CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL, follow_id TEXT NOT NULL UNIQUE, creation_key TEXT UNIQUE,
    revision INTEGER NOT NULL, created_at REAL NOT NULL, expires_at REAL NOT NULL);
CREATE INDEX sessions_by_expiry ON sessions (expires_at, id);
CREATE TABLE parts (
    session_id TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (session_id, name));
INSERT INTO meta VALUES ('schema', 1);
INSERT INTO sessions VALUES ('a', 'follow-a', 'once', 0, 1700000000.125, 2000000000.0);
INSERT INTO parts VALUES ('a', 'head', X'0102');
"""


def test_a_file_of_version_1_opens(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "s.db")
    connection.executescript(_VERSION_1)
    connection.close()

    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        assert await store.load("a") == record("a", head=b"\x01\x02")
        assert await store.create(record("b"), key="once") == "a"
        await store.close()

    asyncio.run(play())
