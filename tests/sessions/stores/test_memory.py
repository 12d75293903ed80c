from __future__ import annotations

import asyncio

from app.sessions.stores.memory import MemoryStore
from tests.sessions.stores.records import record


def test_nothing_stays_behind_when_sessions_come_and_go() -> None:
    async def play() -> None:
        store = MemoryStore()
        for number in range(50):
            await store.create(record(f"s{number}"), key=f"k{number}" if number % 2 else None)
            await store.delete(f"s{number}")
        assert [len(table) for table in vars(store).values() if isinstance(table, dict)] == [0] * 4

    asyncio.run(play())
