"""P19: a file cannot hurt: each is a clear problem or a working session, within a second and little memory."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from tests.figures import Figures
from tests.reliability import hostile_files
from tests.reliability.hostile_files import SESSIONS, File
from tests.reliability.learner import Learner
from tests.reliability.nursery import Nursery, Server
from tests.reliability.processes import MIB, forget_peak, held_by
from tests.reliability.raw_http import Answer, RawWire, check_shape, request

pytestmark = pytest.mark.alone

MOST_MEMORY: Final = 32 * MIB
# Of computing: the clock of a busy machine tells more of its other work.
MOST_SECONDS: Final = 1.0
JSON: Final = (b"Content-Type", b"application/json")
# What a learner does with a file that opened; 409 says that it does not fit the moment.
USES: Final = (
    ("step", b'{"by": "pass"}'), ("train", b'{"iterations": 2}'), ("back", b'{"by": "term"}'),
    ("goto", b'{"iteration": 0, "event": 0}'), ("undo", b"{}"),
)  # fmt: skip


@dataclass
class Tally:
    """Count what files came to; times in seconds, memory in bytes."""

    files: int = 0
    worked: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    busiest: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")

    def told(self, what: str) -> str:
        statuses = ", ".join(f"{n:,} of {status}" for status, n in sorted(self.statuses.items()))
        return (
            f"{self.files:,} {what}: {statuses}; {self.worked:,} sessions worked; "
            f"at most {self.busiest[0]:.2f} s of computing ({self.busiest[1]}), "
            f"{self.slowest[0]:.2f} s by the clock, memory {self.largest[0] / MIB:+.1f} MiB ({self.largest[1]})"
        )


@pytest.fixture
def origin(nursery: Nursery) -> Iterator[Learner]:
    """Work on a session of a learner's own file, with a past and with moments of an optimizer."""
    server = nursery.start("--store", "memory:")
    body = {
        "data": {"csv": "a,b,c\n1.5,x,2\n2,y,1\n-3,x,4\n0.25,y,3\n", "input_columns": ["a", "b"],
                 "target_columns": ["c"]},
        "network": {"layers": [{"size": 2, "activation": "tanh"}, {"size": 1}]},
        "training": {"batch_size": 2, "optimizer": {"name": "adam"}, "shuffle": True},
    }  # fmt: skip
    learner = Learner(server.port, body)
    for action, said in (
        ("train", {"iterations": 1_500}), ("", {"values": {"a[0][0][0]": 0.5}}),
        ("train", {"iterations": 3}), ("step", {"by": "layer"}),
    ):  # fmt: skip
        assert learner.command(action, said).status == 200
    yield learner
    server.kill()


def exported(learner: Learner) -> dict[str, Any]:
    document: dict[str, Any] = learner.wire.request("GET", f"{learner.path}/export/json").json()
    assert len(document["branches"]) == len(document["data"]) == 2
    assert document["checkpoints"]
    return document


@dataclass
class Desk:
    """Send files to a server that keeps its sessions on the disk, and watch it."""

    server: Server
    wire: RawWire

    def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        answer = self.wire.ask(
            request(method.encode(), path.encode(), body, [JSON] if method == "POST" else [])
        )
        assert answer is not None
        return answer

    def use(self, started: Answer) -> None:
        """Hold a session that was started to working: it answers, and no answer is a fault."""
        place = started.headers["location"]
        for action, body in USES:
            answer = self.ask("POST", f"{place}/{action}", body)
            assert answer.status in (200, 409, 422), (action, answer.body[:300])
            check_shape(answer)
        assert self.ask("GET", f"{place}/export/json").status in (200, 422)
        assert self.ask("DELETE", place).status == 204

    def seconds(self) -> float:
        """Return the time the server has computed for."""
        fields = (
            Path(f"/proc/{self.server.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
        )
        ticks = sum(map(int, fields.split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def take(self, file: File, tally: Tally) -> None:
        """Send a file, hold its answer to the promise, and count."""
        before = held_by(self.server.pid).resident
        forget_peak(self.server.pid)
        computed, began = self.seconds(), time.monotonic()
        answer = self.ask(file.method, file.path, file.body)
        took, computed = time.monotonic() - began, self.seconds() - computed
        # What a working session holds is no harm done: its cells, as read and as fed.
        grown = held_by(self.server.pid).peak - before - 16 * file.cells
        assert answer.status in file.answers, (file.name, answer.status, answer.body[:300])
        check_shape(answer)
        assert computed < MOST_SECONDS, file.name
        assert grown < MOST_MEMORY, (file.name, grown / MIB)
        tally.files += 1
        tally.statuses[answer.status] += 1
        tally.slowest = max(tally.slowest, (took, file.name))
        tally.busiest = max(tally.busiest, (computed, file.name))
        tally.largest = max(tally.largest, (grown, file.name))
        if answer.status == 201:
            tally.worked += 1
            self.use(answer)


@contextmanager
def laid(nursery: Nursery, folder: Path, origin: Learner) -> Iterator[Desk]:
    """Start a server, and go once through what reads files, so that its code is in memory."""
    server = nursery.start("--store", f"sqlite:{folder}/{time.monotonic_ns()}.db")
    with RawWire(server.port) as wire:
        desk = Desk(server, wire)
        link = origin.wire.request("GET", f"{origin.path}/link").json()["moment"]
        file = origin.wire.request("GET", f"{origin.path}/export/json").body
        for path, body in (
            (SESSIONS, hostile_files.csv("first", hostile_files.GOOD, ()).body),
            (hostile_files.IMPORT, file),
            (SESSIONS, b'{"moment": "' + link.encode() + b'"}'),
        ):
            answer = desk.ask("POST", path, body)
            assert answer.status == 201, answer.body
            desk.use(answer)
        yield desk
    log = server.log()
    server.kill()
    assert "Traceback" not in log
    assert '"status": 5' not in log


def one_after_another(
    nursery: Nursery, folder: Path, origin: Learner, files: Iterable[File]
) -> Tally:
    """Send all files to one server."""
    tally = Tally()
    with laid(nursery, folder, origin) as desk:
        for file in files:
            desk.take(file, tally)
    return tally


def each_alone(nursery: Nursery, folder: Path, origin: Learner, files: Iterable[File]) -> Tally:
    """Send each file to a server of its own: what an earlier one left unused would hide what this one takes."""
    tally = Tally()
    for file in files:
        with laid(nursery, folder, origin) as desk:
            desk.take(file, tally)
    return tally


def test_csv_files(nursery: Nursery, tmp_path: Path, figures: Figures, origin: Learner) -> None:
    small = one_after_another(nursery, tmp_path, origin, hostile_files.small_csv_files())
    large = each_alone(nursery, tmp_path, origin, hostile_files.large_csv_files())
    figures("P19", small.told("small CSV files"))
    figures("P19", large.told("CSV files of megabytes"))
    assert small.worked >= 10
    assert large.worked == 5


def test_session_files(nursery: Nursery, tmp_path: Path, figures: Figures, origin: Learner) -> None:
    document = exported(origin)
    small = one_after_another(nursery, tmp_path, origin, hostile_files.told_otherwise(document))
    large = each_alone(nursery, tmp_path, origin, hostile_files.large_session_files(document))
    figures("P19", small.told("files of no session"))
    figures("P19", large.told("session files of megabytes"))
    assert small.worked == 1
    assert large.worked == 2


@pytest.mark.parametrize("count", [600, pytest.param(20_000, marks=pytest.mark.long)])
def test_session_files_that_were_tampered_with(
    nursery: Nursery, tmp_path: Path, figures: Figures, origin: Learner, count: int
) -> None:
    files = hostile_files.tampered(exported(origin), count)
    tally = one_after_another(nursery, tmp_path, origin, files)
    figures("P19", tally.told("session files tampered with"))
    assert 0.02 * count < tally.worked < 0.5 * count


def test_links(nursery: Nursery, tmp_path: Path, figures: Figures, origin: Learner) -> None:
    link = origin.wire.request("GET", f"{origin.path}/link").json()["moment"]
    tally = one_after_another(nursery, tmp_path, origin, hostile_files.links(link.encode()))
    figures("P19", tally.told("links"))
    assert tally.worked >= 1
