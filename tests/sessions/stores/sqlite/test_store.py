from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.errors import StoreError, StoreFull, StoreUnavailable
from app.sessions.stores.sqlite import SqliteStore
from app.sessions.stores.sqlite.connecting import LOG_BYTES
from tests.sessions.stores.records import LATER, everything, record
from tests.sessions.stores.sqlite.groups import hold_the_writer


def test_a_restart_finds_everything(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        await store.create(record("a", head=b"1", trunk=os.urandom(70_000)), key="once")
        await store.create(record("b", expires_at=0.1 + 0.2))
        await store.save("a", 0, 1, LATER + 0.5, {"head": b"2"})
        before = await everything(store, "ab")
        await store.close()
        again = SqliteStore(tmp_path / "s.db")
        assert await everything(again, "ab") == before
        assert await again.create(record("c"), key="once") == "a"
        await again.close()

    asyncio.run(play())


def test_nothing_but_the_file_stays_after_closing(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "s.db")
    asyncio.run(store.create(record("a")))
    asyncio.run(store.close())
    assert [path.name for path in tmp_path.iterdir()] == ["s.db"]


def test_only_its_owner_may_read_the_files(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "new" / "deep" / "s.db")
        await store.create(record("a"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
        assert modes.pop("new") == modes.pop("deep") == 0o700
        assert modes == {"s.db": 0o600, "s.db-wal": 0o600, "s.db-shm": 0o600}
        await store.close()

    asyncio.run(play())


def test_a_read_does_not_wait_behind_a_write(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        await store.create(record("a"))
        async with hold_the_writer(store):
            writing = asyncio.ensure_future(store.save("a", 0, 1, LATER, {"head": b"new"}))
            await asyncio.sleep(0)
            assert await store.load("a") == record("a")
            assert not writing.done()
        await writing
        assert await store.revision("a") == 1
        await store.close()

    asyncio.run(play())


async def fill(store: SqliteStore) -> int:
    """Save session a until there is no room; return how often that went well."""
    for saved in itertools.count():
        try:
            await store.save("a", saved, saved + 1, LATER, {f"p{saved}": os.urandom(9_000)})
        except StoreFull:
            break
    return saved


def test_a_full_store_reads_on_and_works_again_with_more_room(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db", max_bytes=400_000)
        await store.create(record("a"))
        await store.create(record("old", expires_at=1.0, head=bytes(50_000)))
        saved = await fill(store)
        assert 10 < saved < 60
        loaded = await store.load("a")
        assert loaded is not None
        assert (loaded.revision, len(loaded.parts)) == (saved, saved + 1)
        await store.ready()
        with pytest.raises(StoreFull):
            await store.create(record("b", head=bytes(90_000)))
        assert await store.load("b") is None
        # Sweeping makes room, and so does a larger bound.
        assert await store.expire(2.0, 10) == 1
        await store.save("a", saved, saved + 1, LATER, {"more": os.urandom(9_000)})
        await store.limit_bytes(None)
        await store.create(record("b", head=bytes(500_000)))
        await store.close()

    asyncio.run(play())


# The limit stands for a full disk or quota. It holds for a whole process, hence the child.
_FILL = """
import asyncio, os, pathlib, resource, sys
from app.sessions.stores.sqlite import SqliteStore
from tests.sessions.stores.records import LATER, record
from tests.sessions.stores.sqlite.test_store import fill

async def main():
    store = SqliteStore(pathlib.Path(sys.argv[1]))
    await store.create(record("a"))
    infinite = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, infinite))
    saved = await fill(store)
    loaded = await store.load("a")
    assert (loaded.revision, len(loaded.parts)) == (saved, saved + 1) and saved > 5
    resource.setrlimit(resource.RLIMIT_FSIZE, (infinite, infinite))
    await store.save("a", saved, saved + 1, LATER, {"more": os.urandom(300_000)})
    await store.close()
    print(saved + 1)

asyncio.run(main())
"""


def test_a_full_disk_stops_writes_until_there_is_space(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", _FILL, str(tmp_path / "s.db")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    store = SqliteStore(tmp_path / "s.db")
    assert asyncio.run(store.revision("a")) == int(child.stdout)
    asyncio.run(store.close())


def test_the_files_stay_bounded_as_sessions_come_and_go(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        sizes = []
        for wave in range(6):
            for number in range(60):
                await store.create(record(f"{wave}-{number}", expires_at=1.0, head=bytes(50_000)))
            while await store.expire(1.0, 25):
                pass
            for _ in range(8):
                await store.expire(1.0, 25)
            sizes.append((tmp_path / "s.db").stat().st_size)
            assert (tmp_path / "s.db-wal").stat().st_size <= LOG_BYTES
        await store.close()
        assert max(sizes) < 4_000_000
        assert (tmp_path / "s.db").stat().st_size < 200_000

    asyncio.run(play())


def test_a_log_that_a_reader_held_up_is_cut_afterwards(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        await store.create(record("a"))
        other = sqlite3.connect(tmp_path / "s.db", isolation_level=None)
        other.execute("BEGIN")
        other.execute("SELECT * FROM sessions").fetchall()
        log = tmp_path / "s.db-wal"
        at = 0
        while log.stat().st_size < 2 * LOG_BYTES:
            await store.save("a", at, at + 1, LATER, {"head": os.urandom(1_000_000)})
            at += 1
        other.execute("ROLLBACK")
        other.close()
        await store.save("a", at, at + 1, LATER, {})
        await store.ready()  # the log is cut after the save was answered
        await asyncio.wrap_future(store._writer.submit(lambda connection: None))
        assert log.stat().st_size <= LOG_BYTES
        busy = await asyncio.wrap_future(
            store._writer.submit(lambda c: c.execute("PRAGMA busy_timeout").fetchone()[0])
        )
        assert busy == 5000
        await store.close()

    asyncio.run(play())


def test_a_file_that_was_deleted_or_replaced_takes_no_writes(tmp_path: Path) -> None:
    async def play() -> None:
        path, away = tmp_path / "s.db", tmp_path / "away.db"
        store = SqliteStore(path)
        await store.create(record("a"))
        path.rename(away)
        with pytest.raises(StoreUnavailable, match="moved or deleted"):
            await store.save("a", 0, 1, LATER, {})
        path.touch()
        with pytest.raises(StoreUnavailable, match="moved or deleted"):
            await store.ready()
        away.replace(path)
        await store.save("a", 0, 1, LATER, {})
        await store.ready()
        await store.close()

    asyncio.run(play())


def test_a_file_another_program_locks_is_waited_for_but_not_for_ever(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db", busy_seconds=0.5)
        await store.create(record("a"))
        other = sqlite3.connect(tmp_path / "s.db", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="in use by another program"):
            await store.save("a", 0, 1, LATER, {})
        with pytest.raises(StoreUnavailable):
            await store.ready()
        assert await store.load("a") == record("a")
        saving = asyncio.ensure_future(store.save("a", 0, 1, LATER, {}))
        await asyncio.sleep(0.05)
        other.execute("COMMIT")
        await saving
        other.close()
        await store.close()

    asyncio.run(play())


def test_a_damaged_file_is_reported_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(b"This is no database at all. " * 1000)
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match=r"s\.db cannot be opened\. .*damaged"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_damage_found_while_reading_is_reported(tmp_path: Path) -> None:
    async def play() -> None:
        path = tmp_path / "s.db"
        store = SqliteStore(path)
        for number in range(50):
            await store.create(record(f"s{number}", head=bytes(3_000)))
        await store.close()
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(4096 * 6)
            file.write(b"\xff" * (size - 4096 * 6))
        store = SqliteStore(path)
        with pytest.raises(StoreUnavailable, match="damaged"):
            await asyncio.gather(*[store.load(f"s{number}") for number in range(50)])
        await store.close()

    asyncio.run(play())


def test_a_path_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "s.db", tmp_path):
        with pytest.raises(StoreUnavailable, match=f"{path} cannot be opened") as caught:
            SqliteStore(path)
        assert isinstance(caught.value, StoreError)
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        SqliteStore(tmp_path / ("x" * 300))


def test_two_stores_share_one_file(tmp_path: Path) -> None:
    async def play() -> None:
        one, two = SqliteStore(tmp_path / "s.db"), SqliteStore(tmp_path / "s.db")
        await one.create(record("a"), key="once")
        assert await two.create(record("b"), key="once") == "a"
        await two.save("a", 0, 1, LATER, {"head": b"two"})
        assert await one.revision("a") == 1
        await two.close()
        await one.save("a", 1, 2, LATER, {"head": b"one"})
        await one.close()

    asyncio.run(play())


def test_eight_may_create_the_same_file_at_once(tmp_path: Path) -> None:
    for attempt in range(5):
        path = tmp_path / str(attempt) / "s.db"
        start, stores, failures = threading.Barrier(8), list[SqliteStore](), list[Exception]()

        def create(
            path: Path = path,
            start: threading.Barrier = start,
            stores: list[SqliteStore] = stores,
            failures: list[Exception] = failures,
        ) -> None:
            start.wait()
            try:
                stores.append(SqliteStore(path))
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=create) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        asyncio.run(stores[0].create(record("a")))
        assert all(asyncio.run(store.count()) == 1 for store in stores)
        for store in stores:
            asyncio.run(store.close())


def test_a_failed_vacuum_does_not_undo_a_sweep(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db")
        await store.create(record("a", expires_at=1.0))

        def deny(action: int, name: str | None, *rest: str | None) -> int:
            return sqlite3.SQLITE_DENY if name == "incremental_vacuum" else sqlite3.SQLITE_OK

        store._writer._connection.set_authorizer(deny)
        assert await store.expire(1.0, 10) == 1
        store._writer._connection.set_authorizer(None)
        assert await store.count() == 0
        await store.close()

    asyncio.run(play())
