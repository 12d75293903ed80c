"""P8: when the disk is full, writing is a 507, reading goes on, nothing breaks, and room is all it takes."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.figures import Figures
from tests.reliability.learner import SESSIONS, Command, Learner, Reply, Wire, bits, lasting
from tests.reliability.nursery import Nursery
from tests.reliability.shut_disk import DISKS, Disk
from tests.reliability.test_p01_kill import whole
from tests.reliability.workload import ARTICLE, SHUFFLED, edits

REFUSALS = 10
MOST_TRIES = 3_000
LOOKS = (
    "", "/events", "/history", "/explain/w[1][0][0]", "/gradient-check", "/diagram.svg", "/link",
    "/export/json",
)  # fmt: skip


def is_full(reply: Reply) -> bool:
    """Say whether an answer is the one problem that a full store gives."""
    if reply.status != 507:
        return False
    problem = reply.json()
    assert reply.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "urn:glassbox:problem:store-full"
    assert problem["title"] == "The store is full"
    assert "Looking still works" in problem["detail"]
    return True


class Run:
    """Fill a disk, look around, make room and go on.

    Args:
        disk: The disk.
        nursery: For the server that comes after.
    """

    def __init__(self, disk: Disk, nursery: Nursery) -> None:
        self.disk, self.nursery = disk, nursery
        self.counts: Counter[str] = Counter()
        port = disk.server.port
        self.learners = [Learner(port, ARTICLE), Learner(port, SHUFFLED)]
        self.accepted: list[list[tuple[str, Any]]] = [[], []]
        self.refused: dict[int, tuple[Command, tuple[str, Any]]] = {}
        self.wire = Wire(port)
        self.start = Command(SESSIONS, ARTICLE)
        self.chance = random.Random(8)

    def fill(self) -> None:
        """Work until both learners and a newcomer were refused often enough."""
        refused = [0, 0]
        while min(refused) < REFUSALS:
            assert self.counts["tried"] < MOST_TRIES
            for place in (0, 1):
                refused[place] += not self.step(place)
        for _ in range(REFUSALS):
            reply = self.wire.command(self.start)
            if reply.status == 201:
                self.start = Command(SESSIONS, ARTICLE)
            else:
                assert is_full(reply), reply.body
                self.counts["starts refused"] += 1
        assert self.counts["starts refused"]

    def step(self, place: int) -> bool:
        """Try one command; say whether it was accepted, and see that a refused one did nothing."""
        learner = self.learners[place]
        before = learner.answer
        action, body = edits(self.chance)
        self.counts["tried"] += 1
        command = learner.prepare(action, body)
        reply = learner.send()
        if reply.status == 200:
            self.accepted[place].append((action, body))
            return True
        if reply.status == 409:
            return True
        assert is_full(reply), (reply.status, reply.body)
        self.counts["refused"] += 1
        self.refused[place] = command, (action, body)
        assert lasting(learner.read()) == lasting(before)
        return False

    def look(self) -> None:
        """Read in every way."""
        for learner in self.learners:
            for address in LOOKS:
                reply = self.wire.request("GET", learner.path + address)
                # What is not built yet, or not computed yet, is no matter of the disk.
                assert reply.status in (200, 404, 409), (address, reply.status, reply.body)
                self.counts["looked"] += reply.status == 200
        for address in ("/healthz", "/", "/api/v1/presets", "/openapi.json"):
            assert self.wire.request("GET", address).status == 200
            self.counts["looked"] += 1

    def go_on(self) -> None:
        """Repeat what was refused, with its key, and work on."""
        again = self.wire.command(self.start)
        assert again.status == 201, again.body
        for place, (command, action) in self.refused.items():
            learner = self.learners[place]
            if command.revision == learner.revision:
                learner.pending = command
                assert learner.send().status == 200
                self.accepted[place].append(action)
                self.counts["repeated"] += 1
        for _ in range(5):
            for place in (0, 1):
                assert self.step(place)
                self.counts["after"] += 1

    def come_back(self) -> None:
        """Kill the server: what it acknowledged is there, equal to the same work on an empty disk."""
        self.disk.server.kill()
        assert whole(self.disk.path)
        server = self.nursery.start("--store", f"sqlite:{self.disk.path}")
        calm = self.nursery.start("--store", "memory:")
        for learner, accepted in zip(self.learners, self.accepted, strict=True):
            learner.move(server.port)
            found = learner.read()
            assert lasting(found) == lasting(learner.answer)
            model = Learner(calm.port, learner.spec)
            for action, body in accepted:
                assert model.command(action, body).status == 200
            assert bits(found) == bits(model.answer)
        server.kill()
        calm.kill()


@pytest.mark.parametrize("cause", DISKS)
def test_a_full_disk_stops_writing_alone(
    nursery: Nursery, tmp_path: Path, figures: Figures, cause: str
) -> None:
    began = time.monotonic()
    try:
        with DISKS[cause](nursery, tmp_path) as disk:
            run = Run(disk, nursery)
            run.fill()
            run.look()
            disk.make_room()
            run.go_on()
            run.come_back()
    except PermissionError as error:
        figures("P8", f"{cause}: NOT SHOWN HERE, {error}")
        pytest.skip(f"P8 IS NOT SHOWN by {cause}: {error}")
    counts = run.counts
    figures(
        "P8",
        f"{cause}: {counts['tried']} commands tried, {counts['refused']} answered 507, "
        f"{counts['starts refused']} starts too, none of them half done; meanwhile "
        f"{counts['looked']} looks answered; once room was made {counts['repeated']} were repeated and "
        f"{counts['after']} followed; "
        f"{time.monotonic() - began:.0f} s",
    )
