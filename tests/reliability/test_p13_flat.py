"""P13: learners come and go: memory, files and disk stay as they are, and the expired leave a few at a time."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import pytest

from tests.figures import Figures
from tests.reliability.learner import Learner, Wire
from tests.reliability.nursery import Nursery, Server
from tests.reliability.processes import MIB, Held, held_by
from tests.reliability.workload import ARTICLE, SHUFFLED, edits, work

DAY: Final = 86_400
IDLE_DAYS: Final = 7
MOST_SWEPT: Final = 100
LEARNERS: Final = 20
# Who comes a quarter of the idle time after the others finds those of five waves ago gone.
WAVE_DAYS: Final = IDLE_DAYS / 4
SETTLED: Final = 5
MOST_GROWTH: Final = 4 * MIB
SPECS: Final = (ARTICLE, SHUFFLED, {"preset": "xor"})


@dataclass
class Place:
    """Know a server with a clock that can be moved on."""

    server: Server
    folder: Path
    ahead: float = 0.0

    @classmethod
    def start(cls, nursery: Nursery, folder: Path, **env: str) -> Place:
        """Start it, with its files in a folder."""
        (folder / "ahead").write_text("0")
        (folder / "swept").write_text("")
        server = nursery.start(
            "--store",
            f"sqlite:{folder}/sessions.db",
            env=env,
            alter="tests.reliability.moved_clock:arm",
            given=[str(folder / "ahead"), str(folder / "swept")],
        )
        return cls(server, folder)

    def wait(self, days: float) -> None:
        """Let days pass, and then everything that has expired be swept away."""
        self.ahead += days * DAY
        moved = self.folder / "moved"
        moved.write_text(str(self.ahead))
        # Whoever reads it meanwhile reads the old or the new time, and not half of one.
        moved.rename(self.folder / "ahead")
        seen, until = len(self.swept()), time.monotonic() + 60
        while time.monotonic() < until:
            later = self.swept()[seen + 1 :]
            if later and later[-1] == 0:
                return
            time.sleep(0.02)
        raise AssertionError("expired sessions are not swept away")

    def swept(self) -> list[int]:
        """List how many sessions each sweep has removed."""
        return [int(line) for line in (self.folder / "swept").read_text().split()]

    def sessions(self) -> int:
        """Count the sessions in the store's file."""
        return self._read("SELECT count(*) FROM sessions")

    def pages(self) -> int:
        """Count the pages that the store's file has, the free ones included."""
        return self._read("PRAGMA page_count")

    def _read(self, query: str) -> int:
        with closing(sqlite3.connect(self.folder / "sessions.db")) as connection:
            return int(connection.execute(query).fetchone()[0])

    def disk(self) -> int:
        """Return how many bytes the store fills, its log included."""
        return sum(path.stat().st_size for path in self.folder.glob("sessions.db*"))


def come_and_go(place: Place, chance: random.Random, counts: Counter[str]) -> None:
    """Let a wave of learners work; half of them end their sessions, the others just leave."""
    for number in range(LEARNERS):
        learner = Learner(place.server.port, SPECS[number % len(SPECS)])
        with closing(learner.wire):
            for _ in range(4):
                work(learner, edits, chance)
            learner.read()
            if number % 2:
                assert learner.wire.request("DELETE", learner.path).status == 204
        counts["came"] += 1
        counts["left"] += number % 2 == 0


@pytest.mark.parametrize("waves", [12, pytest.param(200, marks=pytest.mark.long)])
def test_memory_files_and_disk_stay_as_they_are(
    nursery: Nursery, tmp_path: Path, figures: Figures, waves: int
) -> None:
    # So small that it is full before the counting begins.
    place = Place.start(nursery, tmp_path, GLASSBOX_CACHE_BYTES=str(2 * MIB))
    chance, counts = random.Random(13), Counter[str]()
    held: list[Held] = []
    disk: list[int] = []
    for _ in range(waves):
        come_and_go(place, chance, counts)
        place.wait(WAVE_DAYS)
        held.append(held_by(place.server.pid))
        disk.append(place.disk())
    kept = place.sessions()
    assert "Traceback" not in place.server.log()
    place.server.kill()
    early, late = held[SETTLED : SETTLED + 3], held[-3:]
    growth = median(one.resident for one in late) - median(one.resident for one in early)
    figures(
        "P13",
        f"{counts['came']} learners in {waves} waves, {counts['left']} of them never came back: "
        f"memory {median(one.resident for one in late) / MIB:.0f} MiB, {growth / MIB:+.1f} MiB since the "
        f"{SETTLED + 1}th wave; {held[-1].files} files open, {held[-1].threads} threads; "
        f"{kept} sessions kept, {disk[-1] / MIB:.1f} MiB of disk, {max(disk) / MIB:.1f} at most",
    )
    assert growth < MOST_GROWTH
    assert max(one.files for one in late) <= max(one.files for one in early)
    assert max(one.threads for one in late) <= max(one.threads for one in early)
    # Those of the last four waves are not a week old.
    assert kept <= 4 * (LEARNERS - LEARNERS // 2)
    assert max(disk[SETTLED:]) <= 2 * max(disk[:SETTLED])


@pytest.mark.parametrize("sessions", [350, pytest.param(5_000, marks=pytest.mark.long)])
def test_the_expired_leave_a_few_at_a_time(
    nursery: Nursery, tmp_path: Path, figures: Figures, sessions: int
) -> None:
    place = Place.start(nursery, tmp_path)
    wire = Wire(place.server.port)
    for _ in range(sessions):
        left = wire.request("POST", "/api/v1/sessions", {"preset": "xor"})
        assert left.status == 201
    path = f"/api/v1/sessions/{left.json()['id']}"
    full = place.pages()
    place.wait(IDLE_DAYS - 1)
    assert place.sessions() == sessions
    # Who comes back in time stays.
    assert wire.request("POST", f"{path}/step", {"by": "term"}).status == 200
    before = len(place.swept())
    place.wait(1.5)
    batches = [count for count in place.swept()[before:] if count]
    assert place.sessions() == 1
    assert wire.request("GET", path).status == 200
    place.wait(IDLE_DAYS)
    assert wire.request("GET", path).status == 404
    assert place.sessions() == 0
    again = Learner(place.server.port, ARTICLE)
    assert again.command("step", {"by": "pass"}).status == 200
    pages = place.pages()
    place.server.kill()
    figures(
        "P13",
        f"{sessions} sessions expired at once: gone in {len(batches)} sweeps of at most {max(batches)}, "
        f"the one that came back stayed; the file has {pages:,} pages, and had {full:,}",
    )
    assert sum(batches) == sessions - 1
    assert max(batches) <= MOST_SWEPT
    assert len(batches) >= sessions // MOST_SWEPT
    assert pages < full / 2
