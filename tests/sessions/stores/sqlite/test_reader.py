from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from app.errors import StoreUnavailable
from app.sessions.stores.sqlite import SqliteStore
from tests.sessions.stores.records import LATER, record
from tests.sessions.stores.sqlite.faults import failure


def test_a_reading_sees_one_moment(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        await store.create(record("a"))
        writer = SqliteStore(tmp_path / "s.db")

        def look_twice(connection: sqlite3.Connection) -> list[int]:
            sql = "SELECT revision FROM sessions"
            first = connection.execute(sql).fetchone()[0]
            asyncio.run(writer.save("a", 0, 1, LATER, {}))
            return [first, connection.execute(sql).fetchone()[0]]

        assert await store._read(look_twice) == [0, 0]
        assert await store.revision("a") == 1
        await writer.close()
        await store.close()

    asyncio.run(play())


def test_a_reading_cannot_write(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        await store.create(record("a"))
        with pytest.raises(StoreUnavailable):
            await store._read(lambda c: c.execute("DELETE FROM sessions"))
        assert await store.count() == 1
        await store.close()

    asyncio.run(play())


def test_a_mistake_in_the_program_stays_visible(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        with pytest.raises(sqlite3.ProgrammingError):
            await store._read(lambda c: c.execute("SELECT ?", ()))
        with pytest.raises(ZeroDivisionError):
            await store._read(lambda c: 1 // 0)
        assert await store.count() == 0
        await store.close()

    asyncio.run(play())


def test_a_reading_that_could_not_end_is_ended_by_the_next(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        await store.create(record("a"))

        def deny_rollback(action: int, *rest: str | None) -> int:
            return sqlite3.SQLITE_DENY if "ROLLBACK" in rest else sqlite3.SQLITE_OK

        def get_stuck(connection: sqlite3.Connection) -> None:
            connection.execute("SELECT * FROM sessions").fetchall()
            connection.set_authorizer(deny_rollback)
            raise failure(sqlite3.SQLITE_IOERR_READ)

        with pytest.raises(StoreUnavailable):
            await store._read(get_stuck)
        assert store._reader._connection.in_transaction
        store._reader._connection.set_authorizer(None)
        await store.save("a", 0, 1, LATER, {})
        assert await store.revision("a") == 1
        await store.close()

    asyncio.run(play())


def test_a_cancelled_reading_harms_nobody(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        await store.create(record("a"))
        readings = [asyncio.ensure_future(store.load("a")) for _ in range(20)]
        await asyncio.sleep(0)
        for reading in readings[::2]:
            reading.cancel()
        await asyncio.gather(*readings, return_exceptions=True)
        assert await store.load("a") == record("a")
        await store.close()

    asyncio.run(play())
