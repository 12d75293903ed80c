"""P3: acknowledged means on disk. The sync lies before the 200, and a power cut right after it loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from app.sessions.parts import session_of
from app.sessions.stores.sqlite import SqliteStore
from tests.conftest import PREFIX, ROOT, START_SECONDS
from tests.figures import Figures
from tests.reliability.learner import Learner

COMMANDS: Final = 50
CALLS: Final = "pwrite64,pwritev,write,fsync,fdatasync,sync_file_range,ftruncate,sendto,sendmsg"
WRITE: Final = re.compile(r"pwrite64\(\d+<(?P<path>[^>]*)>, .*, (?P<size>\d+), (?P<at>\d+)\) = \d+")
SYNC: Final = re.compile(r"(?:fsync|fdatasync)\(\d+<(?P<path>[^>]*)>\) = 0")
ANSWER: Final = re.compile(r'(?:sendto|sendmsg|write)\(.*"HTTP/1\.1 (?P<status>\d+)')


@dataclass(frozen=True)
class Moment:
    """Hold how things stood when an answer was sent, in bytes of the log."""

    status: int
    written: int
    synced: int
    to_the_file: int


@dataclass
class Trace:
    """Follow what a server did: how much of the log is written, how much of it is on disk.

    Args:
        log: SQLite's write-ahead log.
    """

    log: str
    written: int = 0
    synced: int = 0
    syncs: int = 0
    to_the_file: int = 0
    answers: list[Moment] = field(default_factory=list)

    def read(self, lines: Iterator[str]) -> None:
        """Take each call in when it ended, an answer when it began."""
        begun: dict[str, str] = {}
        for line in lines:
            thread, _, call = line.strip().partition(" ")
            call = call.strip()
            resumed = re.fullmatch(r"<\.\.\. \w+ resumed>(.*)", call)
            if resumed:
                self._ended(begun.pop(thread) + resumed[1])
                continue
            if answer := ANSWER.match(call):
                status = int(answer["status"])
                moment = Moment(status, self.written, self.synced, self.to_the_file)
                self.answers.append(moment)
            if call.endswith("<unfinished ...>"):
                begun[thread] = call.removesuffix("<unfinished ...>").rstrip()
            else:
                self._ended(call)

    def _ended(self, call: str) -> None:
        if write := WRITE.match(call):
            if write["path"] == self.log:
                self.written = max(self.written, int(write["at"]) + int(write["size"]))
            elif write["path"] == self.log.removesuffix("-wal"):
                self.to_the_file += 1
        sync = SYNC.match(call)
        if sync and sync["path"] == self.log:
            self.synced = self.written
            self.syncs += 1


def have_strace() -> str | None:
    """Find strace, or fetch it where that is allowed."""
    if not shutil.which("strace") and shutil.which("apt-get") and os.getuid() == 0:
        command = ["apt-get", "install", "-y", "-qq", "strace"]
        subprocess.run(command, capture_output=True, timeout=120, check=False)
    return shutil.which("strace")


@contextlib.contextmanager
def traced_server(folder: Path, store: Path) -> Iterator[int]:
    """Run a server under strace, its calls going to `folder`/calls; give its port."""
    strace = have_strace()
    if strace is None:
        pytest.skip("P3 IS NOT SHOWN HERE: strace is not installed and cannot be.")
    calls, said = folder / "calls", (folder / "said").open("w+")
    tracer = subprocess.Popen(
        [
            *(strace, "-f", "--seccomp-bpf", "-y", "-s", "24", "-o", str(calls)),
            *("-e", f"trace={CALLS}", "-e", "signal=none", "--", sys.executable, "-m", "app"),
            *("--port", "0", "--store", f"sqlite:{store}"),
        ],
        cwd=ROOT,
        env={name: text for name, text in os.environ.items() if not name.startswith(PREFIX)},
        stdout=subprocess.PIPE,
        stderr=said,
        text=True,
    )
    assert tracer.stdout is not None
    with tracer.stdout:
        try:
            ready, _, _ = select.select([tracer.stdout], [], [], START_SECONDS)
            line = tracer.stdout.readline() if ready else ""
            if not line.startswith("Glassbox is at"):
                tracer.kill()
                said.seek(0)
                pytest.skip(f"P3 IS NOT SHOWN HERE: {said.read().strip()}")
            yield int(line.strip().rpartition(":")[2])
        finally:
            # Killed, so that it cannot tidy up the log.
            children = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children")
            for child in children.read_text().split() if tracer.poll() is None else ():
                os.kill(int(child), signal.SIGKILL)
            tracer.wait(10)
            said.close()


def cut(path: Path, size: int, folder: Path) -> Path:
    """Copy the file and so much of its log: what a disk holds that lost all that was not synced."""
    folder.mkdir()
    kept = folder / path.name
    shutil.copy(path, kept)
    with path.with_name(path.name + "-wal").open("rb") as log:
        kept.with_name(kept.name + "-wal").write_bytes(log.read(size))
    return kept


def look(path: Path) -> tuple[int, int]:
    """Open the file as a server would; return the revision and the event of its one session."""

    async def load(name: str) -> tuple[int, int]:
        store = SqliteStore(path)
        record = await store.load(name)
        await store.close()
        assert record is not None
        session = session_of(record)
        return session.revision, session.position.event

    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (name,) = connection.execute("SELECT id FROM sessions").fetchone()
    return asyncio.run(load(name))


def test_every_acknowledged_command_was_synced_before_its_answer(
    tmp_path: Path, figures: Figures
) -> None:
    path = tmp_path / "sessions.db"
    began = time.monotonic()
    positions: list[int] = []
    with traced_server(tmp_path, path) as port:
        learner = Learner(port, {})
        for _ in range(COMMANDS):
            assert learner.command("step", {"by": "term"}).status == 200
            positions.append(learner.answer["position"]["event"])
        learner.wire.close()
    trace = Trace(f"{path}-wal")
    with (tmp_path / "calls").open(errors="replace") as lines:
        trace.read(lines)
    started = next(one for one in trace.answers if one.status == 201)
    answers = [one for one in trace.answers if one.status == 200]
    assert len(answers) == COMMANDS
    # All is still in the log, so the file and a piece of the log are what a disk would hold.
    assert {one.to_the_file for one in answers} == {started.to_the_file}
    chance, torn = random.Random(3), 0
    for number, (before, now) in enumerate(pairwise([started, *answers])):
        # Something was written for the command, and all of it is on disk.
        assert now.synced == now.written > before.written
        state = number + 2, positions[number]
        assert look(cut(path, now.synced, tmp_path / f"cut-{number}")) == state
        # The cut may come while the next is being written: a torn end does not count.
        middle = chance.randrange(before.synced, now.synced)
        found = look(cut(path, middle, tmp_path / f"torn-{number}"))
        assert found == (number + 1, positions[number - 1] if number else 0)
        torn += 1
    figures(
        "P3",
        f"{len(answers)} answers of 200, each after its sync ({trace.syncs} syncs of the log, "
        f"{trace.synced // 1024:,} KiB); {COMMANDS} power cuts at the last sync open whole, at the "
        f"revision acknowledged, and {torn} in the middle of a write at the one before; "
        f"{time.monotonic() - began:.0f} s",
    )
