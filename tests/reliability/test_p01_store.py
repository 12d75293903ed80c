"""Other processes on the same file: killed in the middle, or writing at the same time."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from pathlib import Path

from app.sessions.stores.sqlite import SqliteStore
from tests.figures import Figures
from tests.reliability.test_p09_sqlite import whole
from tests.sessions.stores.records import record
from tests.sessions.stores.sqlite.child import parts_of

NAMES = [f"s{number}" for number in range(6)]


def start(path: Path, names: list[str], writers: int, commands: int) -> subprocess.Popen[str]:
    module = "tests.sessions.stores.sqlite.child"
    arguments = [str(path), ",".join(names), str(writers), str(commands)]
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True
    )


def create(path: Path, names: list[str]) -> None:
    async def play() -> None:
        store = SqliteStore(path)
        for name in names:
            await store.create(record(name, head=b"0", trunk=b"0 "))
        await store.close()

    asyncio.run(play())


def latest(said: list[list[str]], word: str) -> dict[str, int]:
    return {words[1]: int(words[2]) for words in said if words[0] == word and len(words) == 3}


async def check(path: Path, said: list[list[str]]) -> None:
    """Compare the file with what the killed process said, before anyone writes again."""
    store = SqliteStore(path)
    done, tried = latest(said, "done"), latest(said, "try")
    for name in tried:
        loaded = await store.load(name)
        assert loaded is not None
        # Everything acknowledged is there, and at most the one that was being written.
        assert done.get(name, 0) <= loaded.revision <= tried[name]
        if loaded.revision:
            expected = parts_of(loaded.revision)
            assert {part: loaded.parts[part] for part in expected} == expected
        for part, value in loaded.parts.items():
            if part.startswith("checkpoint:"):
                assert loaded.revision - 7 < int(value) <= loaded.revision
    await store.close()


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, figures: Figures) -> None:
    path = tmp_path / "s.db"
    create(path, NAMES)
    chance, in_the_middle = random.Random(7), 0
    for _ in range(10):
        child = start(path, NAMES, len(NAMES), 10**9)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        reading = [child.stdout.readline() for _ in range(chance.randrange(50, 400))]
        time.sleep(chance.random() * 0.01)
        child.kill()
        reading += child.stdout.read().splitlines()
        child.wait()
        child.stdout.close()
        said = [line.split() for line in reading]
        assert latest(said, "done")
        in_the_middle += latest(said, "done") != latest(said, "try")
        asyncio.run(check(path, said))
        assert whole(path)
    assert in_the_middle >= 8
    figures(
        "P1", f"SQLite alone: 10 kills, {in_the_middle} in the middle of a save: 0 lost, 0 torn"
    )


def test_two_processes_lose_no_update(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    create(path, ["a"])
    children = [start(path, ["a"], 8, 40) for _ in range(2)]
    outputs = [child.communicate(timeout=60)[0] for child in children]
    assert [child.returncode for child in children] == [0, 0]
    accepted = [line.split()[2] for text in outputs for line in text.splitlines() if "done" in line]
    assert len(accepted) == 2 * 8 * 40
    assert sorted(map(int, accepted)) == list(range(1, len(accepted) + 1))
    store = SqliteStore(path)
    loaded = asyncio.run(store.load("a"))
    assert loaded is not None
    assert loaded.revision == len(accepted)
    assert loaded.parts["head"] == b"%d" % len(accepted)
    asyncio.run(store.close())
