"""P18: the security headers and the one shape of problem are on every answer of every status of every route."""

from __future__ import annotations

import re
import signal
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from tests.conftest import ROOT
from tests.figures import Figures
from tests.reliability.asking import JSON, Ask, Asking
from tests.reliability.faulty_app import HEADER, SECRET
from tests.reliability.learner import Wire
from tests.reliability.nursery import Nursery, Server
from tests.reliability.openapi_bodies import Route, routes
from tests.reliability.raw_http import Answer, RawWire, check_shape, request

# Without the API's: pages, files, probes, and addresses at which there is nothing.
PAGES: Final = (
    "/", "/?embed", "/s/abc", "/static/js/main.js", "/static/css/tokens.css", "/favicon.ico", "/docs",
    "/docs/files/swagger-ui.css", "/openapi.json", "/healthz", "/readyz", "/static/nothing",
    "/docs/files/nothing", "/nowhere", "/api/", "/api/v1/nowhere", "/api/v2/sessions", "/s/", "/docs/",
)  # fmt: skip
GOOD: Final = frozenset({200, 201, 204, 304})
PROBLEMS: Final = frozenset(
    {400, 403, 404, 405, 408, 409, 412, 413, 415, 421, 422, 429, 431, 500, 503, 507}
)
# What the server is to be impatient about, so that the test is not patient for long.
IMPATIENT: Final = {
    "GLASSBOX_BODY_SECONDS": "1",
    "GLASSBOX_HEADER_SECONDS": "1",
    "GLASSBOX_REQUEST_SECONDS": "2",
    "GLASSBOX_MAX_SESSIONS": "1000000",
}
EVIL: Final = {"sec_fetch_site": "cross-site", "origin": "http://evil.example"}
AT_ONCE: Final = 64


@dataclass
class Seen:
    """Remember which statuses were seen of which route, each answer held to the promise.

    Args:
        pairs: By method and route, the statuses.
        numbers: The requests' numbers that the answers told.
    """

    pairs: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    numbers: list[str] = field(default_factory=list)

    def note(self, ask: Ask, answer: Answer | None, *wanted: int) -> Answer:
        """Hold an answer to the promise and remember its status, which is one of those wanted."""
        assert answer is not None, ask
        where = (ask.method, ask.target, answer.status, answer.body[:300])
        assert answer.status in wanted, where
        try:
            check_shape(answer, ask.target)
        except (AssertionError, KeyError) as fault:
            fault.add_note(repr(where))
            raise
        assert SECRET.encode() not in answer.body
        assert b"Traceback" not in answer.body
        self.pairs[ask.method, ask.path].add(answer.status)
        if number := answer.headers.get("x-request-id"):
            self.numbers.append(number)
        return answer

    @property
    def statuses(self) -> set[int]:
        """All statuses seen."""
        return set().union(*self.pairs.values())

    @property
    def count(self) -> int:
        """How many pairs of route and status."""
        return sum(map(len, self.pairs.values()))


@dataclass
class Walk:
    """Walk all routes of one server."""

    server: Server
    seen: Seen
    asking: Asking
    wire: RawWire

    def send(self, ask: Ask, *wanted: int, host: bytes = b"localhost") -> Answer:
        """Send one request and note its answer."""
        return self.seen.note(ask, self.wire.ask(ask.raw(host)), *wanted)

    def send_together(self, asks: Iterable[Ask], raws: Iterable[bytes], *wanted: int) -> None:
        """Send requests that take their time, many at once."""

        def one(raw: bytes) -> Answer | None:
            with RawWire(self.server.port) as wire:
                return wire.ask(raw)

        asks, raws = list(asks), list(raws)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for ask, answer in zip(asks, pool.map(one, raws), strict=True):
                self.seen.note(ask, answer, *wanted)

    def fine(self, route: Route) -> Ask:
        """Find a request to a route that is fine, send it, and return one like it."""
        for ask in self.asking.guesses(route):
            answer = self.wire.ask(ask.raw())
            assert answer is not None
            assert answer.status < 500, (ask, answer.body)
            if answer.status < 300:
                self.seen.note(ask, answer, 200, 201, 204)
                # It may have moved or ended its session; whoever asks again asks another.
                return self.asking.ask(route, self.asking.names(self.asking.session()["id"]))
        raise AssertionError(f"{route.method} {route.path}: no request was fine")


def surround(walk: Walk, ask: Ask) -> None:
    """Ask for what the layers around every route answer, whatever the route."""
    walk.send(ask, 421, host=b"evil.example")
    walk.send(ask.having(x_large="x" * 17_000), 431)
    walk.send(Ask("BREW", ask.target, ask.path), 404, 405)
    walk.send(Ask("OPTIONS", ask.target, ask.path).having(**EVIL), 404, 405)
    walk.send(ask.having(**{HEADER: "broken"}), 500)
    walk.send(ask.having(host="of another name"), 400)
    if ask.changes:
        walk.send(ask.having(**EVIL), 403)
        walk.send(ask.with_body(None).having(content_length="999999999"), 413)
    else:
        head = Ask("HEAD", ask.target, ask.path)
        assert not walk.send(head, 200, 404, 405).body
        walk.send(ask.having(if_none_match="*"), 200, 304, 404, 405)
        walk.send(head.having(if_none_match="*"), 200, 304, 404, 405)


def refuse(walk: Walk, ask: Ask, route: Route) -> None:
    """Ask a route of the API for what its own rules refuse."""
    asking, names = walk.asking, re.findall(r"\{(\w+)\}", route.path)
    known = asking.names(asking.session()["id"])
    for name in names:
        nothing = asking.ask(route, {**known, name: "nothing-of-this-name"})
        walk.send(nothing, *((422,) if name in ("address", "moment") else (404,)))
    if route.body is not None:
        walk.send(ask.with_body(b"{}").having(content_type="text/plain"), 415)
        walk.send(ask.with_body({"no such key": 1}), 422)
        walk.send(ask.with_body(b"{" + b" " * 5 * 2**20), 413)
    if "session_id" in names:
        for way, status in (("full", 507), ("unavailable", 503), ("broken", 500)):
            walk.send(ask.having(**{HEADER: f"store {way}"}), status)
    if takes(asking, route, "if-match"):
        walk.send(ask.having(if_match="nonsense"), 422)
        # What starts a session finds none that could have moved on.
        walk.send(ask.having(if_match='"999"'), 412 if "session_id" in names else 201)
    if takes(asking, route, "idempotency-key"):
        repeat(walk, ask)
    if "session_id" in names and (
        takes(asking, route, "idempotency-key") or ask.method == "DELETE"
    ):
        follow = asking.session()["follow_id"]
        walk.send(asking.ask(route, {**known, "session_id": follow}), 403)
    if takes(asking, route, "digits"):
        mark = b"&" if b"?" in ask.target else b"?"
        many = ask.target + mark + b"digits=99"
        walk.send(Ask(ask.method, many, ask.path, ask.body), 422)


def repeat(walk: Walk, ask: Ask) -> None:
    """Use a key for one command and then for another."""
    start = b"/api/v1/sessions"
    session = b"/".join(ask.target.split(b"/")[:5]) + b"/step"
    first = session if "{session_id}" in ask.path else start
    key = {"idempotency_key": f"a key for {ask.path}"}
    begun = walk.wire.ask(Ask("POST", first + b"?digits=3", ask.path, {}).having(**key).raw())
    assert begun is not None
    assert begun.status in (200, 201), begun.body
    walk.send(ask.having(**key), 409)


def takes(asking: Asking, route: Route, name: str) -> bool:
    """Tell whether a route has a parameter."""
    operation = asking.document["paths"][route.path][route.method.lower()]
    return any(one["name"].lower() == name for one in operation.get("parameters", ()))


def late(walk: Walk, asks: list[Ask]) -> None:
    """Ask for what comes to who takes, or is kept, too long: 408 and 503."""
    slow = [ask for ask in asks if ask.path.startswith("/api/v1/") or ask.path in PAGES[:11]]
    walk.send_together(slow, (ask.having(**{HEADER: "slow"}).raw() for ask in slow), 503)
    changing = [ask for ask in asks if ask.changes]
    walk.send_together(changing, map(half, changing), 408)
    begun = [Ask("GET", ask.target, ask.path) for ask in asks[:3]]
    raws = (b"GET " + ask.target + b" HTTP/1.1\r\nHost: local" for ask in begun)
    walk.send_together(begun, raws, 408)


def half(ask: Ask) -> bytes:
    """Write a request whose body never ends."""
    sent = [JSON, (b"Content-Length", b"50"), *ask.headers]
    return request(ask.method.encode(), ask.target, b'{"by"', sent)


def too_often(nursery: Nursery, seen: Seen, asks: list[Ask]) -> None:
    """Ask a server with rates so often that it refuses: 429."""
    server = nursery.start("--store", "memory:", env={"GLASSBOX_REQUESTS_PER_MINUTE": "1"})
    with RawWire(server.port) as wire:
        wire.ask(request(b"GET", b"/api/v1/presets"))
        for ask in asks:
            if ask.path.startswith("/api/"):
                seen.note(ask, wire.ask(ask.raw()), 429)
    server.kill()


def stopping(nursery: Nursery, seen: Seen, asks: list[Ask]) -> None:
    """Have requests under way while the server stops: 503 with the headers, not a broken connection."""
    server = nursery.start("--store", "memory:", env={"GLASSBOX_SHUTDOWN_SECONDS": "1"})

    def wait(ask: Ask) -> Answer | None:
        with RawWire(server.port) as wire:
            return wire.ask(half(ask))

    with ThreadPoolExecutor(len(asks)) as pool:
        answers = [pool.submit(wait, ask) for ask in asks]
        time.sleep(0.5)
        server.send(signal.SIGTERM)
        for ask, answer in zip(asks, answers, strict=True):
            seen.note(ask, answer.result(20), 503)
    assert server.wait(10) == -signal.SIGTERM
    assert "Traceback" not in server.log()


def pages() -> Iterator[Ask]:
    for target in PAGES:
        yield Ask("GET", target.encode(), target)


def check_log(server: Server, seen: Seen, asking: Asking) -> None:
    """Hold the log to tell every request by its number, no whole id, and what the client was not told."""
    log = server.log()
    assert len(set(seen.numbers)) == len(seen.numbers)
    assert SECRET in log
    assert all(name not in log for name in asking.ids)
    # As JSON writes it: the first six letters and an ellipsis.
    assert f"/sessions/{asking.ids[0][:6]}\\u2026/" in log


def documented() -> set[int]:
    """Return the statuses of problems that docs/errors.md lists."""
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    return {int(status) for status in re.findall(r"^\|(?:.*\|)? (\d{3}) \|", page, re.MULTILINE)}


def test_every_answer_of_every_status(nursery: Nursery, figures: Figures) -> None:
    began, seen = time.monotonic(), Seen()
    alter = "tests.reliability.faulty_app:arm"
    server = nursery.start("--store", "memory:", env=IMPATIENT, alter=alter)
    asks: list[Ask] = []
    with RawWire(server.port) as wire, closing(Wire(server.port)) as friendly:
        document = friendly.request("GET", "/openapi.json").json()
        walk = Walk(server, seen, Asking(document, friendly), wire)
        for route in routes(document):
            asks.append(ask := walk.fine(route))
            surround(walk, ask)
            refuse(walk, ask, route)
        for ask in pages():
            asks.append(ask)
            walk.send(ask, 200, 404)
            surround(walk, ask)
            for method in ("POST", "DELETE"):
                walk.send(Ask(method, ask.target, ask.path), 404, 405)
        walk.send(Ask("GET", b"/readyz", "/readyz").having(**{HEADER: "store unavailable"}), 503)
        late(walk, asks)
        check_log(server, seen, walk.asking)
    server.kill()
    too_often(nursery, seen, asks)
    changing = [ask for ask in asks if ask.changes]
    stopping(nursery, seen, changing)

    figures(
        "P18",
        f"{seen.count} pairs of route and status over {len(seen.pairs)} methods and routes, "
        f"{len(seen.statuses)} statuses, each with all headers and the one shape; "
        f"{time.monotonic() - began:.0f} s",
    )
    figures("P18", "statuses: " + " ".join(map(str, sorted(seen.statuses))))
    assert seen.statuses == GOOD | PROBLEMS
    assert documented() == PROBLEMS
    assert {ask.path for ask in asks} >= {*document["paths"], *PAGES}
    for ask in asks:
        surely = {400, 421, 431, 500}
        surely |= {403, 408, 413, 503} if ask.changes else set()
        surely |= {429, 503} if ask.path.startswith("/api/v1/sessions") else set()
        surely |= {404, 507} if "{session_id}" in ask.path else set()
        surely |= {415, 422} if ask.body is not None else set()
        assert seen.pairs[ask.method, ask.path] >= surely, ask
        assert seen.pairs["BREW", ask.path] <= {404, 405}
