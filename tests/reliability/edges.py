"""A server with a small limit, and what is asked of it at the limit's edge and one beyond."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.reliability.learner import SESSIONS, Reply, Wire
from tests.reliability.nursery import Nursery, Server
from tests.reliability.raw_http import Answer, check_problem

INPUTS: Final = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
TARGETS: Final = [[0.0], [1.0], [1.0]]
# A small session, so that every limit is looked at alone.
SMALL: Final[Mapping[str, Any]] = {
    "data": {"inputs": INPUTS, "targets": TARGETS},
    "network": {"layers": [{"size": 2}, {"size": 1}], "cost": "half_squared_error"},
}


@dataclass(frozen=True)
class Refusal:
    """Hold how a limit refuses: the status, the kind of problem, where it points, and the number it names.

    A kind is empty where the status says it all; a pointer is None where there is no body to point into.
    """

    status: int
    kind: str
    pointer: str | None
    names: str

    def check(self, reply: Reply | Answer) -> None:
        """Hold an answer to it, and to the one shape."""
        check_problem(Answer(reply.status, dict(reply.headers), reply.body))
        problem = reply.json()
        assert reply.status == self.status, problem
        kind = f"urn:glassbox:problem:{self.kind}" if self.kind else "about:blank"
        assert problem["type"] == kind
        pointers = [fault["pointer"] for fault in problem.get("errors", ())]
        assert pointers == ([] if self.pointer is None else [self.pointer])
        assert self.names in problem["detail"], problem["detail"]


@dataclass(frozen=True)
class Place:
    """Hold a server, the file of its store, and a connection to it."""

    server: Server
    path: Path
    wire: Wire

    @classmethod
    def start(cls, nursery: Nursery, folder: Path, **limits: str) -> Place:
        """Start a server with limits of its own, named as in `max_layers="3"`."""
        env = {f"GLASSBOX_{name.upper()}": value for name, value in limits.items()}
        path = folder / "sessions.db"
        server = nursery.start("--store", f"sqlite:{path}", env=env)
        return cls(server, path, Wire(server.port))

    def stored(self) -> list[tuple[str, int]]:
        """List the sessions in the store and their revisions, without asking the server."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT id, revision FROM sessions ORDER BY id").fetchall()

    def begin(self, body: Any = SMALL) -> str:
        """Start a session; return its path."""
        reply = self.wire.request("POST", SESSIONS, body)
        assert reply.status == 201, reply.body
        return f"{SESSIONS}/{reply.json()['id']}"

    def command(self, path: str, action: str, body: Any) -> Reply:
        """Send a command, or an edit where the action is empty."""
        method, place = ("POST", f"{path}/{action}") if action else ("PATCH", path)
        return self.wire.request(method, place, body)

    def refuses(self, refusal: Refusal, method: str, path: str, body: Any = None) -> None:
        """See a request refused, and every session as it was, to the last one and its revision."""
        before = self.stored()
        refusal.check(self.wire.request(method, path, body))
        assert self.stored() == before

    def keeps_state(self, refusal: Refusal, path: str, action: str, body: Any) -> None:
        """See a command refused, and its session the same in all it says."""
        before = self.wire.request("GET", path).json()
        method, place = ("POST", f"{path}/{action}") if action else ("PATCH", path)
        self.refuses(refusal, method, place, body)
        assert self.wire.request("GET", path).json() == before


Start = Callable[..., Place]
Look = Callable[[Start], None]
TABLE: Final[dict[str, Look]] = {}


def limit(*names: str) -> Callable[[Look], Look]:
    """Put what follows into the table, under the settings it looks at."""

    def put(look: Look) -> Look:
        TABLE.update(dict.fromkeys(names, look))
        return look

    return put


def shape(*sizes: int) -> dict[str, Any]:
    """Ask for a network of these layers, the input first, on data that fit."""
    inputs, *layers = sizes
    data = {"inputs": [[0.5] * inputs], "targets": [[0.5] * layers[-1]]}
    return {"data": data, "network": {"layers": [{"size": size} for size in layers]}}
