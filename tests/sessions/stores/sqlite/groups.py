"""Make writes arrive together."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.sessions.stores.sqlite import SqliteStore


@asynccontextmanager
async def hold_the_writer(store: SqliteStore) -> AsyncIterator[None]:
    """Keep the writer's thread busy inside; what is submitted meanwhile becomes one group."""
    busy, go_on = threading.Event(), threading.Event()

    def wait(connection: sqlite3.Connection) -> None:
        busy.set()
        go_on.wait(10)

    holding = store._writer.submit(wait)
    holding.add_done_callback(lambda _: busy.set())  # even if it fails
    await asyncio.to_thread(busy.wait, 10)
    try:
        yield
    finally:
        go_on.set()
        await asyncio.gather(asyncio.wrap_future(holding), return_exceptions=True)
