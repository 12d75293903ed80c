"""A process that writes to a store until it is killed, or until it is done.

Usage: child.py PATH NAME SESSIONS COMMANDS. Before each save it prints what it is about to do,
after each what was acknowledged. Every part of a session holds the revision that wrote it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from app.errors import StaleRevision
from app.sessions.stores.sqlite import SqliteStore
from tests.sessions.stores.records import LATER


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def parts_of(revision: int) -> dict[str, bytes | None]:
    number = b"%d" % revision
    large = (number + b" ") * (1 + revision % 1500)
    return {"head": number, "trunk": large, f"checkpoint:{revision % 7}": number}


async def write(store: SqliteStore, session: str, commands: int) -> None:
    at = await store.revision(session) or 0
    accepted = 0
    while accepted < commands:
        say("try", session, at + 1)
        try:
            await store.save(session, at, at + 1, LATER, parts_of(at + 1))
        except StaleRevision as stale:
            at = stale.current
        else:
            at += 1
            accepted += 1
            say("done", session, at)


async def main(path: str, sessions: str, writers: int, commands: int) -> None:
    store = SqliteStore(Path(path))
    say("ready")
    names = sessions.split(",")
    await asyncio.gather(
        *[write(store, names[number % len(names)], commands) for number in range(writers)]
    )
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
