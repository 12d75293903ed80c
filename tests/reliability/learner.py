"""A client as the promises demand it: every command has a key of its own and is repeated until it is answered."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

from tests.reliability.raw_http import strictly

SESSIONS: Final = "/api/v1/sessions"
# The server hangs up on an idle connection after a little longer.
IDLE_SECONDS: Final = 3.0
PASSING: Final = frozenset({502, 503, 504})
# What an answer says of the command alone, and the session read again does not.
OF_THE_COMMAND: Final = ("trained", "notices")


class Lost(Exception):
    """The connection ended before a whole answer had come."""


@dataclass(frozen=True)
class Reply:
    """Hold an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Read the body strictly."""
        return strictly(self.body)

    @property
    def revision(self) -> int:
        """Read the ETag."""
        return int(self.headers["etag"].strip('"'))


@dataclass(frozen=True)
class Command:
    """Hold a request that changes something; repeated, it is the same to the last byte."""

    path: str
    body: Any
    revision: int | None = None
    method: str = "POST"
    key: str = field(default_factory=lambda: str(uuid.uuid4()))


class Wire:
    """Keep one connection to a server, opened again when it broke.

    `waiting` is true from when a request has been sent whole until its answer has come whole.
    """

    def __init__(self, port: int, seconds: float = 30.0) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
        self._used = time.monotonic()
        self.waiting = False

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Send a request once.

        Raises:
            Lost: there was no answer, or not a whole one.
        """
        content = None if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if content is not None:
            sent["Content-Type"] = "application/json"
        if time.monotonic() - self._used > IDLE_SECONDS:
            self._connection.close()
        try:
            self._connection.request(method, path, content, sent)
            self.waiting = True
            answer = self._connection.getresponse()
            read = answer.read()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise Lost(repr(error)) from error
        finally:
            self.waiting, self._used = False, time.monotonic()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, named, read)

    def command(self, command: Command) -> Reply:
        """Send a command once."""
        conditions = {"Idempotency_Key": command.key}
        if command.revision is not None:
            conditions["If_Match"] = f'"{command.revision}"'
        return self.request(command.method, command.path, command.body, **conditions)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def __del__(self) -> None:
        # A test that failed on the way leaves its connections open; its own failure says enough.
        self.close()


def persist(
    send: Callable[[], Reply], seconds: float = 20.0, pause: float = 0.02
) -> tuple[Reply, int]:
    """Send until there is an answer that will stay one; return it and how often it was sent."""
    until = time.monotonic() + seconds
    tries = 0
    while True:
        tries += 1
        try:
            reply = send()
        except Lost:
            if time.monotonic() > until:
                raise
        else:
            if reply.status not in PASSING or time.monotonic() > until:
                return reply, tries
        time.sleep(pause)


class Learner:
    """Work on one session: know the last answer, and what was sent and not answered yet."""

    def __init__(self, port: int, spec: Any) -> None:
        self.wire, self.spec = Wire(port), spec
        created = self.wire.command(Command(SESSIONS, spec))
        assert created.status == 201, created.body
        self.answer: dict[str, Any] = created.json()
        self.pending: Command | None = None
        self.acknowledged = 0

    @classmethod
    def at(cls, port: int, path: str) -> Learner:
        """Work on a session that is there already."""
        learner = cls.__new__(cls)
        learner.wire, learner.spec = Wire(port), None
        learner.pending, learner.acknowledged = None, 0
        reply = learner.wire.request("GET", path)
        assert reply.status == 200, reply.body
        learner.answer = reply.json()
        return learner

    @property
    def path(self) -> str:
        """Return the session's address."""
        return f"{SESSIONS}/{self.answer['id']}"

    @property
    def revision(self) -> int:
        """Return the revision last acknowledged."""
        return int(self.answer["revision"])

    def move(self, port: int) -> None:
        """Use another server from now on."""
        self.wire.close()
        self.wire = Wire(port)

    def prepare(self, action: str, body: Any) -> Command:
        """Make the next command."""
        method, path = ("PATCH", self.path) if not action else ("POST", f"{self.path}/{action}")
        self.pending = Command(path, body, self.revision, method)
        return self.pending

    def send(self) -> Reply:
        """Send the pending command once; an answer of 200 is what is known from now on.

        Raises:
            Lost: there was no answer; the command stays pending.
        """
        assert self.pending is not None
        reply = self.wire.command(self.pending)
        if reply.status == 200:
            self.answer = reply.json()
            self.acknowledged += 1
        if reply.status not in PASSING:
            self.pending = None
        return reply

    def command(self, action: str, body: Any) -> Reply:
        """Make a command and send it once."""
        self.prepare(action, body)
        return self.send()

    def read(self) -> dict[str, Any]:
        """Read the session."""
        reply = self.wire.request("GET", self.path)
        assert reply.status == 200, reply.body
        session: dict[str, Any] = reply.json()
        return session


def lasting(session: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer says of the session itself."""
    return {name: value for name, value in session.items() if name not in OF_THE_COMMAND}


def bits(session: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers of a session and where it stands; equal means equal to the last bit.

    JSON writes a float so that it reads back to the same double, and −0.0 as itself.
    """
    kept = {name: session[name] for name in ("position", "values", "batch", "diverged")}
    layers = [
        (layer["weights"], layer["biases"])
        for layer in session["network"]["layers"]
        if "biases" in layer
    ]
    return {**kept, "layers": json.dumps(layers), "text": json.dumps(kept["values"])}
