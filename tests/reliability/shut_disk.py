"""Three ways in which there can be no room left, each with its way to make room again."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.learner import SESSIONS, Command, Wire
from tests.reliability.nursery import Nursery, Server

KIB = 1024


@dataclass(frozen=True)
class Disk:
    """Hold a server whose disk is about to fill up, where its file lies, and how to make room."""

    server: Server
    path: Path
    make_room: Callable[[], None]


def limit_files(most: int) -> None:
    """Let no file of this process grow beyond so many bytes; called in the server."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


@contextmanager
def file_size_limit(nursery: Nursery, folder: Path) -> Iterator[Disk]:
    """Forbid the server's files to grow; a quota works like this."""
    path = folder / "sessions.db"
    alter = "tests.reliability.shut_disk:limit_files"
    server = nursery.start("--store", f"sqlite:{path}", alter=alter, given=[500 * KIB])
    infinite = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    yield Disk(
        server, path, lambda: _ignore(resource.prlimit(server.pid, resource.RLIMIT_FSIZE, infinite))
    )


@contextmanager
def store_bytes(nursery: Nursery, folder: Path) -> Iterator[Disk]:
    """Bound the store by its setting; sessions that nobody needs make room."""
    path = folder / "sessions.db"
    env = {"GLASSBOX_STORE_BYTES": str(600 * KIB)}
    server = nursery.start("--store", f"sqlite:{path}", env=env)
    wire = Wire(server.port)
    rows = [[float(row * column) for column in range(30)] for row in range(40)]
    spec = {
        "data": {"inputs": rows, "targets": [[row[1]] for row in rows]},
        "network": {"layers": [{"size": 1, "activation": "linear"}]},
    }
    ballast = [wire.command(Command(SESSIONS, spec)).headers["location"] for _ in range(8)]

    def make_room() -> None:
        for session in ballast:
            assert wire.request("DELETE", session).status == 204
        wire.close()

    yield Disk(server, path, make_room)


@contextmanager
def full_disk(nursery: Nursery, folder: Path) -> Iterator[Disk]:
    """Mount a disk of two megabytes, most of it taken by something else.

    Raises:
        PermissionError: only an administrator may mount disks.
    """
    place = folder / "disk"
    place.mkdir()
    _run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place))
    server = None
    try:
        ballast = place / "ballast"
        ballast.write_bytes(b"x" * 1200 * KIB)
        server = nursery.start("--store", f"sqlite:{place}/sessions.db")
        yield Disk(server, place / "sessions.db", ballast.unlink)
    finally:
        for left in nursery.running():
            left.kill()
        _run("umount", str(place))


def _run(*command: str) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise PermissionError(ran.stderr.strip())


def _ignore(_: object) -> None:
    """Return nothing."""


DISKS = {
    "the setting": store_bytes,
    "a limit on file sizes": file_size_limit,
    "a full disk": full_disk,
}
