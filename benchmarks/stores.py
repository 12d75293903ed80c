"""Measure the stores: one save after another, reads, and 32 writers at once.

    python -m benchmarks.stores [DIRECTORY]

The directory decides which disk is measured. "one at a time" is what a plain connection that
commits each save would give 32 writers; the group commit stands beside it.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.sessions.stores import Record, Store, open_store

_PART = bytes(range(256)) * 16
_WRITERS = 32
_LATER = 2e9


async def _times(count: int, call: Callable[[int], Awaitable[object]]) -> list[float]:
    """Return how long each call took, in milliseconds, sorted."""
    taken = []
    for number in range(count):
        start = time.perf_counter()
        await call(number)
        taken.append((time.perf_counter() - start) * 1e3)
    return sorted(taken)


async def _together(store: Store, commands: int) -> float:
    """Return the saves a second of 32 writers, each on a session of its own."""

    async def write(name: str) -> None:
        for at in range(commands):
            await store.save(name, at, at + 1, _LATER, {"head": _PART})

    start = time.perf_counter()
    await asyncio.gather(*[write(f"s{number}") for number in range(_WRITERS)])
    return _WRITERS * commands / (time.perf_counter() - start)


async def measure(url: str) -> str:
    """Measure one store; return a line of figures."""
    store = open_store(url)
    for name in ["alone", *(f"s{number}" for number in range(_WRITERS))]:
        await store.create(Record(name, f"f-{name}", 0, _LATER, 0.0, {"head": _PART}))
    saves = await _times(2000, lambda at: store.save("alone", at, at + 1, _LATER, {"head": _PART}))
    loads = await _times(2000, lambda _: store.load("alone"))
    rate = await _together(store, 300)
    await store.close()
    return (
        f"save p50 {statistics.median(saves):.3f} ms, p99 {saves[-20]:.3f} ms;"
        f" load p50 {statistics.median(loads):.3f} ms;"
        f" one at a time {1e3 / statistics.mean(saves):,.0f} saves/s,"
        f" {_WRITERS} writers {rate:,.0f} saves/s"
    )


def main() -> None:
    """Measure every store."""
    directory = sys.argv[1] if len(sys.argv) > 1 else None
    print("memory:", asyncio.run(measure("memory:")))
    with tempfile.TemporaryDirectory(dir=directory) as made:
        print("sqlite:", asyncio.run(measure(f"sqlite:{Path(made) / 'sessions.db'}")))


if __name__ == "__main__":
    main()
