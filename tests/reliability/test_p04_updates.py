"""P4: no update is lost, whatever the store and however many write at once."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.figures import Figures
from tests.reliability.learner import Command, Learner, Wire, bits
from tests.reliability.nursery import Nursery

CLIENTS = 32
COMMANDS = 40
LONGEST_PAUSE = 0.2


@dataclass
class Client:
    """Step a session that all the others step too.

    Args:
        port: The server it asks.
        path: The session's address.
        number: Among the clients.
    """

    port: int
    path: str
    number: int
    accepted: list[int] = field(default_factory=list)
    terms: int = 0
    conflicts: int = 0
    repeated: int = 0

    def work(self, commands: int) -> None:
        """Step until so many commands were accepted."""
        wire, chance, known = Wire(self.port), random.Random(self.number), 1
        while len(self.accepted) < commands:
            count = chance.randint(1, 3)
            command = Command(f"{self.path}/step", {"by": "term", "count": count}, known)
            reply = wire.command(command)
            if reply.status == 200:
                assert reply.revision == known + 1
                self.accepted.append(reply.revision)
                self.terms += count
                if chance.random() < 0.1:
                    again = wire.command(command)
                    assert (again.status, again.body) == (200, reply.body)
                    self.repeated += 1
            else:
                assert reply.status == 412, (reply.status, reply.body)
                assert reply.json()["current"] > known
                self.conflicts += 1
            known = reply.revision
            # Whoever was told the revision tries again at once, but not for ever in step with others.
            if reply.status == 200 or self.conflicts % 3 == 0:
                time.sleep(chance.random() * LONGEST_PAUSE)
        wire.close()


@pytest.mark.parametrize("servers", ["memory", "sqlite", "two servers on one file"])
def test_accepted_commands_make_the_revision(
    nursery: Nursery, tmp_path: Path, figures: Figures, servers: str
) -> None:
    store = "memory:" if servers == "memory" else f"sqlite:{tmp_path}/sessions.db"
    running = [nursery.start("--store", store) for _ in range(1 + servers.startswith("two"))]
    learner, model = Learner(running[0].port, {}), Learner(running[0].port, {})
    ports = [server.port for server in running]
    clients = [Client(ports[n % len(ports)], learner.path, n) for n in range(CLIENTS)]
    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda client: client.work(COMMANDS), clients))
    seconds = time.monotonic() - began
    accepted = sorted(revision for client in clients for revision in client.accepted)
    assert accepted == list(range(2, CLIENTS * COMMANDS + 2))
    for port in ports:
        learner.move(port)
        found = learner.read()
        assert found["revision"] == accepted[-1]
        left = sum(client.terms for client in clients)
        assert found["position"]["event"] + 151 * found["position"]["iteration"] == left
    while left:
        assert model.command("step", {"by": "term", "count": min(left, 1_000)}).status == 200
        left -= min(left, 1_000)
    assert bits(found) == bits(model.answer)
    conflicts = sum(client.conflicts for client in clients)
    figures(
        "P4",
        f"{servers}: {CLIENTS} clients, {len(accepted):,} commands accepted, final revision "
        f"1 + {accepted[-1] - 1:,}, {conflicts:,} stale ones told by 412, "
        f"{sum(client.repeated for client in clients)} repeated in vain, 0 lost; {seconds:.0f} s",
    )
    assert conflicts > CLIENTS
    learner.wire.close()
    model.wire.close()
    for server in running:
        server.kill()
