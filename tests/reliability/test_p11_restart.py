"""P11: told to stop, the server is out within 6 s, and nobody who repeats loses a step."""

from __future__ import annotations

import random
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.figures import Figures
from tests.reliability.learner import Learner, bits, lasting, persist
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
)

pytestmark = pytest.mark.alone

MOST_SECONDS = 6.0


def long_training(chance: random.Random) -> tuple[str, Any]:
    """Draw a command that takes all the time a request has."""
    return "train", {"iterations": 100_000, "budget_ms": 250}


CLASS: tuple[tuple[dict[str, Any], Draw], ...] = (
    *[(ARTICLE, steps)] * 2,
    *[(SHUFFLED, steps)] * 2,
    *[(ARTICLE, edits)] * 2,
    (LARGE, few_steps),
    (LARGE, long_training),
)


class Class:
    """Let learners work through restarts, each command repeated until it is answered.

    Args:
        port: Of the server, which comes back at the same one.
    """

    def __init__(self, port: int) -> None:
        self.over = Event()
        self.counts: Counter[str] = Counter()
        self.learners = [(Learner(port, spec), draw) for spec, draw in CLASS]

    def study(self, place: int) -> Counter[str]:
        """Work until the class is over; return how often a command was repeated."""
        learner, draw = self.learners[place]
        chance, counts = random.Random(place), Counter[str]()
        while not self.over.is_set():
            learner.prepare(*draw(chance))
            before = learner.revision
            reply, tries = persist(learner.send)
            assert reply.status in (200, 409), (reply.status, reply.body)
            assert learner.revision == before + (reply.status == 200)
            counts["commands"] += 1
            counts["repeated"] += tries > 1
        return counts


@contextmanager
def bad_company(port: int) -> Iterator[None]:
    """Hold three connections: one says nothing, one half a header, one a body that never ends."""
    said = (
        b"",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ",
        b"POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
    )
    held = [socket.create_connection(("127.0.0.1", port)) for _ in said]
    for connection, text in zip(held, said, strict=True):
        connection.sendall(text)
    time.sleep(0.1)
    yield
    for connection in held:
        connection.close()


@pytest.mark.parametrize("restarts", [10, pytest.param(100, marks=pytest.mark.long)])
def test_a_restart_under_load_loses_nothing(
    nursery: Nursery, tmp_path: Path, figures: Figures, restarts: int
) -> None:
    store = "--store", f"sqlite:{tmp_path}/sessions.db"
    server = nursery.start(*store)
    port, chance = server.port, random.Random(11)
    school, counts, times = Class(port), Counter[str](), list[float]()
    with ThreadPoolExecutor(len(CLASS)) as pool:
        studies = [pool.submit(school.study, place) for place in range(len(CLASS))]
        try:
            for number in range(restarts):
                time.sleep(0.2 + chance.random() * 0.3)
                if number % 5 == 4:
                    with bad_company(port):
                        times.append(stop(server))
                    counts["with bad company"] += 1
                else:
                    times.append(stop(server))
                assert "Traceback" not in server.log()
                server = nursery.start("--port", str(port), *store)
            time.sleep(0.3)
        finally:
            school.over.set()
        for study in studies:
            counts += study.result(30)
    acknowledged = 0
    for learner, draw in school.learners:
        assert learner.revision == 1 + learner.acknowledged
        assert lasting(learner.read()) == lasting(learner.answer)
        acknowledged += learner.acknowledged
        if draw is steps:
            position = learner.answer["position"]
            fresh = Learner(port, learner.spec)
            replayed = bring(fresh, position["iteration"], position["event"])
            assert bits(replayed) == bits(learner.answer)
    server.kill()
    figures(
        "P11",
        f"{restarts} restarts under load, {counts['with bad company']} of them with requests that never "
        f"end: out after {sorted(times)[len(times) // 2]:.2f} s in the middle, {max(times):.2f} s at "
        f"most; {acknowledged:,} commands acknowledged, {counts['repeated']} repeated across a restart, "
        f"0 lost, 0 applied twice",
    )
    assert counts["repeated"] >= restarts
    assert max(times) < MOST_SECONDS


def stop(server: Server) -> float:
    """Tell a server to stop; return how long it took."""
    began = time.monotonic()
    server.send(signal.SIGTERM)
    assert server.wait(2 * MOST_SECONDS) == -signal.SIGTERM
    return time.monotonic() - began
