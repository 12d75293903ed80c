"""Whichever call into SQLite fails, the old state or the new one is there, and work goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.errors import StoreError
from app.sessions.stores import Store
from app.sessions.stores.memory import MemoryStore
from app.sessions.stores.sqlite import SqliteStore
from tests.figures import Figures
from tests.sessions.stores.records import LATER, everything, record
from tests.sessions.stores.sqlite.faults import Script
from tests.sessions.stores.sqlite.groups import hold_the_writer

NAMES = "abc"

Step = Callable[[Store, int], Awaitable[object]]

# Each step gets the revision which the model says session a has.
STEPS: tuple[Step, ...] = (
    lambda store, at: store.create(record("a", head=b"0", trunk=b"t" * 9000), key="once"),
    lambda store, at: store.create(record("b", expires_at=5.0)),
    lambda store, at: store.save("a", at, at + 1, LATER, {"head": b"1", "more": b"m" * 5000}),
    lambda store, at: store.load("a"),
    lambda store, at: store.ready(),
    lambda store, at: store.create(record("c", expires_at=6.0)),
    lambda store, at: store.save("a", at, at + 1, LATER, {"head": b"2", "more": None}),
    lambda store, at: store.expire(5.5, 10),
    lambda store, at: store.delete("c"),
    lambda store, at: store.save("a", at, at + 1, LATER, {"head": b"3"}),
)


def open_twice(path: Path, script: Script) -> SqliteStore:
    """Open the store; when the fault lies in the opening, the next try must do."""
    try:
        return SqliteStore(path, factory=script.connection())
    except StoreError:
        assert script.reached
        return SqliteStore(path, factory=script.connection())


async def play(path: Path, script: Script) -> None:
    store, model = open_twice(path, script), MemoryStore()
    for step in STEPS:
        at = await model.revision("a") or 0
        old = await everything(model, NAMES)
        await step(model, at)
        try:
            await step(store, at)
        except StoreError:
            assert script.reached
            if await look(store, script) == old:
                await step(store, at)
        assert await look(store, script) == await everything(model, NAMES)
    await store.close()
    reopened = SqliteStore(path)
    assert await everything(reopened, NAMES) == await everything(model, NAMES)
    await reopened.close()
    assert whole(path)


async def look(store: Store, script: Script) -> dict[str, object]:
    """See everything, without the looking being part of the script."""
    script.paused = True
    seen = await everything(store, NAMES)
    script.paused = False
    return seen


def whole(path: Path) -> bool:
    connection = sqlite3.connect(path)
    rows = connection.execute("PRAGMA integrity_check").fetchall()
    orphans = connection.execute(
        "SELECT count(*) FROM parts WHERE session_id NOT IN (SELECT id FROM sessions)"
    ).fetchone()[0]
    connection.close()
    return rows == [("ok",)] and orphans == 0


@pytest.mark.parametrize(
    ("after", "code"), [(False, sqlite3.SQLITE_FULL), (True, sqlite3.SQLITE_IOERR_READ)]
)
def test_every_call_may_fail(tmp_path: Path, figures: Figures, after: bool, code: int) -> None:
    quiet = Script()
    asyncio.run(play(tmp_path / "quiet.db", quiet))
    assert len(quiet.executed) > 100
    for number in range(1, len(quiet.executed) + 1):
        script = Script(fail_at=number, after=after, code=code)
        asyncio.run(play(tmp_path / f"{number}.db", script))
        assert script.reached, number
    when = "after" if after else "before"
    figures("P9", f"SQLite alone: {number} calls, each failed {when} it was done: 0 torn states")


async def play_a_group(path: Path, script: Script) -> None:
    """Save eight sessions in one group; what was acknowledged is there, nothing is half there."""
    names = [f"s{number}" for number in range(8)]
    first = SqliteStore(path)
    for name in names:
        await first.create(record(name, head=b"0", trunk=b"0"))
    await first.close()
    script.paused = True
    store = SqliteStore(path, factory=script.connection())
    async with hold_the_writer(store):
        script.paused = False
        saves = [
            asyncio.ensure_future(store.save(name, 0, 1, LATER, {"head": b"1", "trunk": b"1"}))
            for name in names
        ]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*saves, return_exceptions=True)
    script.paused = True
    for name, answer in zip(names, answers, strict=True):
        loaded = await store.load(name)
        assert loaded is not None
        value = b"%d" % loaded.revision
        assert loaded.parts == {"head": value, "trunk": value}
        assert loaded.revision == 1 or answer is not None
        assert answer is None or script.after or isinstance(answer, StoreError)
    await store.close()
    assert whole(path)


@pytest.mark.parametrize("after", [False, True])
def test_every_call_of_a_group_may_fail(tmp_path: Path, figures: Figures, after: bool) -> None:
    quiet = Script()
    asyncio.run(play_a_group(tmp_path / "quiet.db", quiet))
    assert quiet.ran("UPDATE") == 8
    for number in range(1, len(quiet.executed) + 1):
        script = Script(fail_at=number, after=after, code=sqlite3.SQLITE_FULL)
        asyncio.run(play_a_group(tmp_path / f"{number}.db", script))
        assert script.reached, number
    when = "after" if after else "before"
    figures(
        "P9", f"eight saves in one group: {number} calls, each failed {when} it was done: 0 torn"
    )
