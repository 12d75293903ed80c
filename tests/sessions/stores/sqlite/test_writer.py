from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from app.errors import NotFound, StaleRevision, StoreFull, StoreUnavailable
from app.sessions.stores.sqlite import SqliteStore
from app.sessions.stores.sqlite.writer import MOST_IN_A_GROUP
from tests.sessions.stores.records import LATER, record
from tests.sessions.stores.sqlite.faults import Script, failure
from tests.sessions.stores.sqlite.groups import hold_the_writer


async def open_with(path: Path, sessions: int, script: Script | None = None) -> SqliteStore:
    factory = script.connection() if script else sqlite3.Connection
    store = SqliteStore(path / "s.db", factory=factory)
    await asyncio.gather(*[store.create(record(f"s{n}")) for n in range(sessions)])
    return store


async def save_together(store: SqliteStore, revisions: list[int]) -> list[object]:
    """Save session n as of revisions[n], all in one group."""
    async with hold_the_writer(store):
        saves = [
            asyncio.ensure_future(store.save(f"s{n}", at, at + 1, LATER, {"head": b"new"}))
            for n, at in enumerate(revisions)
        ]
        await asyncio.sleep(0)
    return await asyncio.gather(*saves, return_exceptions=True)


def test_writes_that_arrive_together_share_one_commit(tmp_path: Path) -> None:
    async def play() -> None:
        script = Script()
        store = await open_with(tmp_path, 32, script)
        script.executed.clear()
        assert await save_together(store, [0] * 32) == [None] * 32
        assert script.ran("UPDATE") == 32
        assert script.ran("COMMIT") == 2  # one for the call that held the writer
        await store.close()

    asyncio.run(play())


def test_32_busy_writers_need_far_fewer_commits_than_writes(tmp_path: Path) -> None:
    async def play() -> None:
        script = Script()
        store = await open_with(tmp_path, 32, script)
        script.executed.clear()

        async def write(name: str) -> None:
            for at in range(40):
                await store.save(name, at, at + 1, LATER, {"head": bytes(1000)})

        await asyncio.gather(*[write(f"s{n}") for n in range(32)])
        assert script.ran("UPDATE") == 1280
        assert script.ran("COMMIT") < 640
        await store.close()

    asyncio.run(play())


def test_a_group_has_a_largest_size(tmp_path: Path) -> None:
    async def play() -> None:
        script = Script()
        store = await open_with(tmp_path, 2 * MOST_IN_A_GROUP + 1, script)
        script.executed.clear()
        await save_together(store, [0] * (2 * MOST_IN_A_GROUP + 1))
        assert script.ran("COMMIT") == 1 + 3
        await store.close()

    asyncio.run(play())


def test_a_stale_save_fails_alone_inside_its_group(tmp_path: Path) -> None:
    async def play() -> None:
        store = await open_with(tmp_path, 3)
        answers = await save_together(store, [0, 5, 0, 0])
        assert (answers[0], answers[2]) == (None, None)
        assert isinstance(answers[1], StaleRevision)
        assert isinstance(answers[3], NotFound)
        assert [await store.revision(f"s{n}") for n in range(4)] == [1, 0, 1, None]
        await store.close()

    asyncio.run(play())


def test_a_failing_write_leaves_nothing_of_itself_in_its_group(tmp_path: Path) -> None:
    async def play() -> None:
        store = await open_with(tmp_path, 3)
        async with hold_the_writer(store):
            good = asyncio.ensure_future(store.save("s0", 0, 1, LATER, {"head": b"new"}))
            wrong: dict[str, bytes | None] = {"first": b"1", "second": []}  # type: ignore[dict-item]
            bad = asyncio.ensure_future(store.save("s1", 0, 1, LATER, wrong))
            late = asyncio.ensure_future(store.save("s2", 0, 1, LATER, {"head": b"new"}))
            await asyncio.sleep(0)
        answers = await asyncio.gather(good, bad, late, return_exceptions=True)
        assert (answers[0], answers[2]) == (None, None)
        # A mistake in the program stays visible as one.
        assert isinstance(answers[1], sqlite3.ProgrammingError)
        loaded = await store.load("s1")
        assert loaded == record("s1")
        await store.close()

    asyncio.run(play())


def test_nothing_is_acknowledged_before_the_commit_returned(tmp_path: Path) -> None:
    async def play() -> None:
        store = await open_with(tmp_path, 2)
        committing, go_on = threading.Event(), threading.Event()

        def slow(connection: sqlite3.Connection) -> None:
            committing.set()
            go_on.wait(10)

        async with hold_the_writer(store):
            first = asyncio.ensure_future(store.save("s0", 0, 1, LATER, {}))
            await asyncio.sleep(0)
            last = store._writer.submit(slow)
        await asyncio.to_thread(committing.wait, 10)
        assert not first.done()
        assert await store.revision("s0") == 0  # and nobody sees it early
        go_on.set()
        await first
        await asyncio.wrap_future(last)
        assert await store.revision("s0") == 1
        await store.close()

    asyncio.run(play())


def test_a_write_without_room_does_not_take_its_group_down(tmp_path: Path) -> None:
    async def play() -> None:
        store = await open_with(tmp_path, 3)
        await store.limit_bytes(150_000)
        async with hold_the_writer(store):
            small = asyncio.ensure_future(store.save("s0", 0, 1, LATER, {"head": b"new"}))
            large = asyncio.ensure_future(store.save("s1", 0, 1, LATER, {"head": bytes(999_999)}))
            late = asyncio.ensure_future(store.delete("s2"))
            await asyncio.sleep(0)
        answers = await asyncio.gather(small, large, late, return_exceptions=True)
        assert answers[0] is None
        assert isinstance(answers[1], StoreFull)
        assert answers[2] is True
        assert [await store.revision(f"s{n}") for n in range(3)] == [1, 0, None]
        await store.close()

    asyncio.run(play())


def test_a_group_that_sqlite_rolled_back_is_written_one_by_one(tmp_path: Path) -> None:
    async def play() -> None:
        store = await open_with(tmp_path, 2)

        def lose_everything(connection: sqlite3.Connection) -> None:
            connection.execute("ROLLBACK")
            raise failure(sqlite3.SQLITE_FULL)

        async with hold_the_writer(store):
            first = asyncio.ensure_future(store.save("s0", 0, 1, LATER, {}))
            await asyncio.sleep(0)
            lost = store._writer.submit(lose_everything)
            last = asyncio.ensure_future(store.save("s1", 0, 1, LATER, {}))
            await asyncio.sleep(0)
        await asyncio.gather(first, last)
        with pytest.raises(StoreFull):
            await asyncio.wrap_future(lost)
        assert [await store.revision(f"s{n}") for n in range(2)] == [1, 1]
        await store.close()

    asyncio.run(play())


def test_a_group_gives_up_when_the_lock_is_lost_while_it_recovers(tmp_path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(tmp_path / "s.db", busy_seconds=0.05)
        await asyncio.gather(*[store.create(record(f"s{n}")) for n in range(3)])
        other = sqlite3.connect(tmp_path / "s.db", isolation_level=None, check_same_thread=False)

        def lose_to_another(connection: sqlite3.Connection) -> None:
            connection.execute("ROLLBACK")
            other.execute("BEGIN IMMEDIATE")
            raise failure(sqlite3.SQLITE_FULL)

        async with hold_the_writer(store):
            lost = store._writer.submit(lose_to_another)
            saves = [asyncio.ensure_future(store.save(f"s{n}", 0, 1, LATER, {})) for n in range(3)]
            await asyncio.sleep(0)
        for answer in await asyncio.gather(*saves, return_exceptions=True):
            assert isinstance(answer, StoreUnavailable)
        with pytest.raises(StoreUnavailable):
            await asyncio.wrap_future(lost)
        other.close()
        await store.save("s0", 0, 1, LATER, {})
        await store.close()

    asyncio.run(play())


def test_a_rollback_that_failed_is_made_up_for(tmp_path: Path) -> None:
    async def play() -> None:
        script = Script()
        store = await open_with(tmp_path, 1, script)

        def break_twice(connection: sqlite3.Connection) -> None:
            # Neither the rollback to the savepoint nor the one after it works.
            script.fail_at = len(script.executed) + 1
            connection.set_authorizer(deny_rollback)
            raise failure(sqlite3.SQLITE_IOERR)

        def deny_rollback(action: int, *rest: str | None) -> int:
            return sqlite3.SQLITE_DENY if "ROLLBACK" in rest else sqlite3.SQLITE_OK

        with pytest.raises(StoreFull):
            await asyncio.wrap_future(store._writer.submit(break_twice))
        assert store._writer._connection.in_transaction
        store._writer._connection.set_authorizer(None)
        await store.save("s0", 0, 1, LATER, {})
        assert await store.revision("s0") == 1
        await store.close()

    asyncio.run(play())


def test_a_cancelled_write_harms_nobody(tmp_path: Path) -> None:
    async def play() -> None:
        store = await open_with(tmp_path, 4)
        async with hold_the_writer(store):
            saves = [asyncio.ensure_future(store.save(f"s{n}", 0, 1, LATER, {})) for n in range(4)]
            await asyncio.sleep(0)
            saves[1].cancel()
            await asyncio.sleep(0)
        answers = await asyncio.gather(*saves, return_exceptions=True)
        assert isinstance(answers[1], asyncio.CancelledError)
        assert [await store.revision(f"s{n}") for n in range(4)] == [1, 0, 1, 1]
        await store.close()

    asyncio.run(play())


def test_cancelling_a_write_that_has_begun_is_too_late(tmp_path: Path) -> None:
    async def play() -> None:
        store = await open_with(tmp_path, 2)
        begun, go_on = threading.Event(), threading.Event()

        def slow(connection: sqlite3.Connection) -> None:
            begun.set()
            go_on.wait(10)
            connection.execute("UPDATE sessions SET revision = 7 WHERE id = 's0'")

        writing = asyncio.ensure_future(store._write(slow))
        await asyncio.to_thread(begun.wait, 10)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        go_on.set()
        await store.save("s1", 0, 1, LATER, {})
        assert await store.revision("s0") == 7
        await store.close()

    asyncio.run(play())


def test_an_event_loop_that_went_away_harms_nobody(tmp_path: Path) -> None:
    store = asyncio.run(open_with(tmp_path, 2))

    async def leave_early() -> None:
        async with hold_the_writer(store):
            saving = asyncio.ensure_future(store.save("s0", 0, 1, LATER, {}))
            await asyncio.sleep(0)
        saving.cancel()

    asyncio.run(leave_early())
    asyncio.run(store.save("s1", 0, 1, LATER, {}))
    assert asyncio.run(store.revision("s1")) == 1
    asyncio.run(store.close())


def test_closing_finishes_what_is_queued(tmp_path: Path) -> None:
    async def play() -> None:
        store = await open_with(tmp_path, 50)
        saves = [asyncio.ensure_future(store.save(f"s{n}", 0, 1, LATER, {})) for n in range(50)]
        await asyncio.sleep(0)
        await store.close()
        assert await asyncio.gather(*saves) == [None] * 50
        again = SqliteStore(tmp_path / "s.db")
        assert [await again.revision(f"s{n}") for n in range(50)] == [1] * 50
        await again.close()

    asyncio.run(play())
