"""Clients that would hurt the others: slow sockets, the largest network, training without end.

A process of its own, `python -m tests.reliability.bad_company PORT`: it says when it begins, ends with its
standard input, and then says what it did.
"""

from __future__ import annotations

import json
import os
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from threading import Event, Lock, Thread
from typing import Any, Final

from tests.reliability.learner import SESSIONS, Command, Lost, Wire

SLOW_SOCKETS: Final = 50
# 8,970 parameters on 1,797 observations, all of them in each batch.
LARGEST: Final[dict[str, Any]] = {
    "preset": "digits",
    "network": {
        "layers": [{"size": 64}, {"size": 64}, {"size": 10, "activation": "softmax"}],
        "cost": "cross_entropy",
    },
    "training": {"batch_size": None},
}
ASKED: Final = (
    "",
    "?observations=all",
    "/events?from=1&count=200",
    "/explain/w[2][0][0]?absent=tell",
    "/explain/dw[1][0][0]?absent=tell",
    "/diagram.svg",
    "/gradient-check",
)
HEAD: Final = b"HTTP/1.1\r\nHost: 127.0.0.1\r\n"
# How a socket that drips begins: silent, half a header, half a body, large answers that are not read.
DRIPS: Final = (
    b"",
    b"GET / " + HEAD,
    b"POST /api/v1/sessions "
    + HEAD
    + b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n[",
    (b"GET /docs/files/swagger-ui-bundle.js " + HEAD + b"\r\n") * 20 + b"GET /",
)


class Company:
    """Do all of it until told to stop, and count."""

    def __init__(self, port: int) -> None:
        self.port, self.over = port, Event()
        self.counts: Counter[str] = Counter()
        self._lock = Lock()

    def count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def begin(self) -> list[Thread]:
        """Start every thread and return when each has been answered once."""
        works: list[Callable[[], Iterator[None]]] = [self.drip, self.large, self.large, self.train]
        ready = [Event() for _ in works]
        threads = [Thread(target=self._work, args=pair) for pair in zip(works, ready, strict=True)]
        for thread in threads:
            thread.start()
        for event in ready:
            event.wait(60)
        return threads

    def _work(self, work: Callable[[], Iterator[None]], ready: Event) -> None:
        for _ in work():
            ready.set()
            if self.over.is_set():
                return

    def drip(self) -> Iterator[None]:
        """Keep sockets open, each a byte at a time: headers, bodies, answers nobody reads."""
        sockets: list[socket.socket] = []
        while True:
            while len(sockets) < SLOW_SOCKETS:
                connection = socket.create_connection(("127.0.0.1", self.port))
                connection.settimeout(1)
                connection.sendall(DRIPS[self.counts["slow sockets"] % len(DRIPS)])
                sockets.append(connection)
                self.count("slow sockets")
            for connection in list(sockets):
                try:
                    connection.sendall(b"x")
                except OSError:
                    connection.close()
                    sockets.remove(connection)
            yield
            time.sleep(0.05)

    def large(self) -> Iterator[None]:
        """Ask all that is dear of the largest network, as fast as it is answered."""
        wire = Wire(self.port)
        path, chance = self._session(wire, LARGEST), random.Random(self.port)
        while True:
            if chance.random() < 0.5:
                by = chance.choice(["term", "layer", "pass", "iteration"])
                step = Command(f"{path}/step", {"by": by})
                self._send(partial(wire.command, step), "commands")
            else:
                asked = path + chance.choice(ASKED)
                self._send(partial(wire.request, "GET", asked), "questions")
            yield

    def train(self) -> Iterator[None]:
        """Train without end, each request with all the time it may have."""
        wire = Wire(self.port)
        path = self._session(wire, LARGEST)
        while True:
            training = Command(f"{path}/train", {"iterations": 100_000})
            self._send(partial(wire.command, training), "trainings")
            yield

    def _session(self, wire: Wire, body: Any) -> str:
        created = wire.command(Command(SESSIONS, body))
        assert created.status == 201, created.body
        return f"{SESSIONS}/{created.json()['id']}"

    def _send(self, send: Callable[[], Any], what: str) -> None:
        try:
            status = send().status
        except Lost:
            self.count("lost")
            return
        self.count(what)
        if status >= 400:
            self.count(f"{what} answered {status}")


def main(port: int) -> None:
    """Be bad company until the standard input ends."""
    # The others' processor is theirs: what is measured is the server, not who is served first by the system.
    os.nice(19)
    company = Company(port)
    threads = company.begin()
    print("begun", flush=True)
    sys.stdin.read()
    company.over.set()
    for thread in threads:
        thread.join(20)
    print(json.dumps(company.counts), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
