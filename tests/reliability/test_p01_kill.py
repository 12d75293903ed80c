"""P1: after `kill -9` every acknowledged step is there, at most one more, and never half of one."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest

from tests.figures import Figures
from tests.reliability.learner import Command, Learner, Lost, bits, lasting
from tests.reliability.nursery import Nursery, Server
from tests.reliability.workload import (
    ARTICLE,
    LARGE,
    SHUFFLED,
    Draw,
    bring,
    edits,
    few_steps,
    steps,
    work,
)

LANES = 2
ROUNDS_OF_A_SESSION = 5
LONGEST_LIFE = 0.16
CLASS = ((ARTICLE, steps), (SHUFFLED, steps), (ARTICLE, edits), (LARGE, few_steps))


@dataclass
class Tally:
    """Count what happened."""

    kills: int = 0
    inside: int = 0
    acknowledged: int = 0
    interrupted: int = 0
    kept_unsaid: int = 0
    replayed: int = 0
    restarts: list[float] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.kills += other.kills
        self.inside += other.inside
        self.acknowledged += other.acknowledged
        self.interrupted += other.interrupted
        self.kept_unsaid += other.kept_unsaid
        self.replayed += other.replayed
        self.restarts += other.restarts


class Lane:
    """Kill a server on one file again and again, while a class of learners works.

    Args:
        nursery: Where servers come from.
        path: The file.
        chance: Draws the commands and the moments.
    """

    def __init__(self, nursery: Nursery, path: Path, chance: random.Random) -> None:
        self.nursery, self.path, self.chance = nursery, path, chance
        self.tally = Tally()
        self.ended: list[Learner] = []
        self.learners: list[tuple[Learner, Draw]] = []

    def run(self, rounds: int) -> Tally:
        """Kill so many times, then look at every session there ever was."""
        server = self.start()
        for number in range(rounds):
            if number % ROUNDS_OF_A_SESSION == 0:
                self.ended += [learner for learner, _ in self.learners]
                self.learners = [(Learner(server.port, spec), draw) for spec, draw in CLASS]
            self.kill(server)
            began = time.monotonic()
            server = self.start()
            self.tally.restarts.append(time.monotonic() - began)
            for learner, draw in self.learners:
                self.check(learner, draw, server.port)
        for learner in [*self.ended, *(learner for learner, _ in self.learners)]:
            learner.move(server.port)
            assert lasting(learner.read()) == lasting(learner.answer)
            learner.wire.close()
            self.tally.acknowledged += learner.acknowledged
        server.kill()
        return self.tally

    def start(self) -> Server:
        return self.nursery.start("--store", f"sqlite:{self.path}")

    def kill(self, server: Server) -> None:
        """Let the learners work, and end the server at a random moment."""
        threads = [
            Thread(target=until_lost, args=(*pair, random.Random(self.chance.random())))
            for pair in self.learners
        ]
        for thread in threads:
            thread.start()
        time.sleep(self.chance.random() * LONGEST_LIFE)
        waiting = [in_flight(learner) for learner, _ in self.learners]
        server.kill()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
        self.tally.kills += 1
        cut_off = [
            command is not None and learner.pending is command
            for command, (learner, _) in zip(waiting, self.learners, strict=True)
        ]
        self.tally.inside += any(cut_off)
        self.tally.interrupted += sum(cut_off)

    def check(self, learner: Learner, draw: Draw, port: int) -> None:
        """Compare the session with what was acknowledged, then repeat what was cut off."""
        acknowledged, last = learner.revision, lasting(learner.answer)
        learner.move(port)
        found = lasting(learner.read())
        assert found["revision"] in (acknowledged, acknowledged + 1)
        if found["revision"] == acknowledged:
            assert found == last
        if learner.pending is not None:
            reply = learner.send()
            if reply.status == 409:
                assert found == last
            else:
                assert (reply.status, learner.revision) == (200, acknowledged + 1), reply.body
            if found["revision"] == acknowledged + 1:
                self.tally.kept_unsaid += 1
                assert found == lasting(learner.answer)
        assert lasting(learner.read()) == lasting(learner.answer)
        if draw is not edits:
            self.replay(learner, port)

    def replay(self, learner: Learner, port: int) -> None:
        """Train another session from the start to the same moment: not one bit differs."""
        position = learner.answer["position"]
        fresh = Learner(port, learner.spec)
        replayed = bring(fresh, position["iteration"], position["event"])
        assert bits(replayed) == bits(learner.answer)
        fresh.wire.request("DELETE", fresh.path)
        fresh.wire.close()
        self.tally.replayed += 1


def until_lost(learner: Learner, draw: Draw, chance: random.Random) -> None:
    with contextlib.suppress(Lost):
        while True:
            work(learner, draw, chance)


def in_flight(learner: Learner) -> Command | None:
    """Return the command that was sent whole and is not answered yet."""
    pending = learner.pending
    return pending if learner.wire.waiting else None


def whole(path: Path) -> bool:
    """Say whether SQLite finds no fault in the file, and no part without its session."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        faults = connection.execute("PRAGMA integrity_check").fetchall()
        orphans = connection.execute(
            "SELECT count(*) FROM parts WHERE session_id NOT IN (SELECT id FROM sessions)"
        ).fetchone()[0]
    return faults == [("ok",)] and orphans == 0


@pytest.mark.parametrize("kills", [100, pytest.param(2_000, marks=pytest.mark.long)])
def test_no_kill_loses_a_step(
    nursery: Nursery, tmp_path: Path, figures: Figures, kills: int
) -> None:
    lanes = [
        Lane(nursery, tmp_path / f"lane-{number}.db", random.Random(number))
        for number in range(LANES)
    ]
    total = Tally()
    began = time.monotonic()
    with ThreadPoolExecutor(LANES) as pool:
        for tally in pool.map(lambda lane: lane.run(kills // LANES), lanes):
            total.add(tally)
    assert all(whole(lane.path) for lane in lanes)
    figures(
        "P1",
        f"{total.kills} kills, {total.inside} of them inside a request; "
        f"{total.acknowledged:,} commands acknowledged, 0 lost, 0 torn; "
        f"{total.interrupted} cut off, of which {total.kept_unsaid} were kept; "
        f"{total.replayed} replays equal to the bit; restart "
        f"{sum(total.restarts) / len(total.restarts) * 1e3:.0f} ms; {time.monotonic() - began:.0f} s",
    )
    assert total.kills == kills
    assert total.inside >= 0.8 * kills
    assert total.acknowledged > kills
    # The fault reached both sides of the commit.
    assert 0 < total.kept_unsaid < total.interrupted
