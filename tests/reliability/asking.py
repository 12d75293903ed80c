"""How to get an answer of a given status from every route: the requests, and the routes of the description."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import quote

from tests.reliability.learner import SESSIONS, Wire
from tests.reliability.malformed import GOOD
from tests.reliability.openapi_bodies import Plausible, Route
from tests.reliability.raw_http import request

JSON: Final = (b"Content-Type", b"application/json")
READING: Final = frozenset({"GET", "HEAD"})
# By these a fresh session comes to moments at which, between them, every command fits.
MOMENTS: Final[tuple[tuple[tuple[str, str, Any], ...], ...]] = (
    (("POST", "/forward", {"by": "pass"}), ("POST", "/backward", {"by": "pass"})),
    (),
    (("POST", "/forward", {"by": "pass"}),),
    (("PATCH", "", {"training": {"learning_rate": 0.2}}),),
    (("PATCH", "", {"training": {"learning_rate": 0.2}}), ("POST", "/undo", {})),
)
# What cannot be guessed from the description, being right at some moments alone.
BODIES: Final[Mapping[str, Any]] = {"goto": {"iteration": 0, "event": 0}}
MOST_GUESSES: Final = 40


@dataclass(frozen=True)
class Ask:
    """Hold a request to a route.

    Args:
        method, target: As they are sent.
        path: The route as the description writes it, or the target.
        body: JSON, or None.
        headers: Further headers.
    """

    method: str
    target: bytes
    path: str
    body: Any = None
    headers: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def changes(self) -> bool:
        """Whether a browser would think it changes something."""
        return self.method not in READING

    def raw(self, host: bytes = b"localhost") -> bytes:
        """Write it down; a body that is bytes already is sent as it is."""
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        given = {name.lower() for name, _ in self.headers}
        kind = () if self.body is None or b"content-type" in given else (JSON,)
        sent = b"" if self.body is None else body
        return request(self.method.encode(), self.target, sent, (*kind, *self.headers), host=host)

    def having(self, **headers: str) -> Ask:
        """Add headers, written as in `if_match`."""
        more = tuple(
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        )
        return Ask(self.method, self.target, self.path, self.body, (*self.headers, *more))

    def with_body(self, body: Any) -> Ask:
        """Send another body."""
        return Ask(self.method, self.target, self.path, body, self.headers)


@dataclass
class Asking:
    """Make requests for the routes of a description, on sessions of their own.

    Args:
        document: The description.
        wire: To the server.
        ids: The sessions started, and the names that let one follow them.
    """

    document: Mapping[str, Any]
    wire: Wire
    random: Random = field(default_factory=lambda: Random(18))
    ids: list[str] = field(default_factory=list)
    _moment: str = ""

    def session(self, moment: int = 0) -> dict[str, Any]:
        """Start a session and bring it to one of the moments."""
        made: dict[str, Any] = self.wire.request("POST", SESSIONS, {}).json()
        for method, command, body in MOMENTS[moment]:
            reply = self.wire.request(method, f"{SESSIONS}/{made['id']}{command}", body)
            assert reply.status == 200, reply.body
        self.ids += [made["id"], made["follow_id"]]
        return made

    def names(self, session_id: str) -> dict[str, str]:
        """Return what may stand for the names in an address."""
        if not self._moment:
            link = self.wire.request("GET", f"{SESSIONS}/{session_id}/link")
            self._moment = link.json()["moment"]
        return {
            "session_id": session_id,
            "address": "w[1][0][0]",
            "preset_id": "article",
            "dataset_id": "xor",
            "moment": self._moment,
            "format": "json",
        }

    def ask(self, route: Route, names: Mapping[str, str]) -> Ask:
        """Make a request that may well be fine."""
        path = route.path
        for name, value in names.items():
            path = path.replace("{" + name + "}", value)
        assert "{" not in path, f"{route.path}: tell `names` what may stand there"
        plausible = Plausible(self.document, self.random)
        operation = self.document["paths"][route.path][route.method.lower()]
        query = "&".join(
            f"{one['name']}={quote(str(plausible.value(one['schema'])))}"
            for one in operation.get("parameters", ())
            if one["in"] == "query" and one.get("required")
        )
        target = f"{path}?{query}" if query else path
        return Ask(route.method, target.encode(), route.path, self._body(route, plausible))

    def _body(self, route: Route, plausible: Plausible) -> Any:
        if route.body is None:
            return None
        known = GOOD.get(f"{route.method} {route.path}", ())
        last = route.path.rpartition("/")[2]
        return BODIES.get(last) or (known[0] if known else plausible.value(route.body))

    def guesses(self, route: Route) -> Iterator[Ask]:
        """Make requests until one is fine, each to a session at another moment."""
        for number in range(MOST_GUESSES):
            session = self.session(number % len(MOMENTS))
            yield self.ask(route, self.names(session["id"]))
