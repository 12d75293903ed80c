"""A stranger neither reads, changes nor finds a session, another site's page cannot act, who follows only watches."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import pytest

from tests.figures import Figures
from tests.reliability.asking import Ask, Asking
from tests.reliability.learner import SESSIONS, Wire
from tests.reliability.nursery import Nursery, Server
from tests.reliability.openapi_bodies import Route, routes
from tests.reliability.raw_http import Answer, RawWire, check_shape, request

# What differs between two answers to the same question.
OWN: Final = frozenset({"x-request-id", "date"})
# Less than a second, in days.
SOON: Final = "0.00001"
FOLLOWED: Final = ("id", "read_only")
OTHER_SITES: Final[tuple[dict[str, str], ...]] = (
    {"sec_fetch_site": "cross-site", "origin": "http://evil.example"},
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site", "origin": "http://localhost:9"},
    {"origin": "http://evil.example"},
    {"origin": "http://localhost:9"},
    {"origin": "https://evil.example:443"},
    {"origin": "null"},
    {"origin": "file://"},
    {"origin": "http://localhost.evil.example"},
    {"origin": "http://127.0.0.1.evil.example"},
)
# What a form, or a script without asking first, may send to another site.
SIMPLE: Final = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
)
REBOUND: Final = (b"evil.example", b"evil.example:80", b"localhost.evil.example", b"192.168.1.5")


@dataclass
class Desk:
    """Hold a server, a session on it with its two names, and what it was when all began."""

    server: Server
    wire: RawWire
    asking: Asking
    routes: list[Route]
    session: dict[str, Any]

    @property
    def path(self) -> str:
        """Return the session's address."""
        return f"{SESSIONS}/{self.session['id']}"

    def send(self, ask: Ask, host: bytes = b"localhost") -> Answer:
        """Send a request and hold its answer to the promises of every answer."""
        answer = self.wire.ask(ask.raw(host))
        assert answer is not None, ask
        check_shape(answer, ask.target)
        return answer

    def ask(self, route: Route, name: str) -> Ask:
        """Make a request that would be fine, but for the name in it."""
        return self.asking.ask(route, {**self.asking.names(self.session["id"]), "session_id": name})

    def seen(self) -> dict[str, Any]:
        """Read the session as its owner."""
        reply = self.asking.wire.request("GET", self.path)
        assert reply.status == 200
        found: dict[str, Any] = reply.json()
        return found

    def on_session(self) -> list[Route]:
        """List the routes of a session, the one that ends it last."""
        found = [one for one in self.routes if "{session_id}" in one.path]
        return sorted(found, key=lambda one: one.method == "DELETE")


@pytest.fixture(scope="module")
def desk(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Start a server with a session on it, which has come some way, and which no test changes."""
    folder = tmp_path_factory.mktemp("desk")
    server = nursery.start("--store", f"sqlite:{folder}/sessions.db")
    with RawWire(server.port) as wire, closing(Wire(server.port)) as friendly:
        document = friendly.request("GET", "/openapi.json").json()
        asking = Asking(document, friendly)
        made = Desk(server, wire, asking, routes(document), asking.session())
        made.session = made.seen()
        yield made
    server.kill()


def plain(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    """Return an answer without what differs each time."""
    return answer.status, {n: v for n, v in answer.headers.items() if n not in OWN}, answer.body


def near(name: str) -> list[str]:
    """List names that are nearly a session's."""
    middle = len(name) // 2
    other = "B" if name[middle] != "B" else "C"
    tried = [
        name[:-1],
        name[:middle],
        name[:6],
        name + "A",
        name[:middle] + other + name[middle + 1 :],
        name.swapcase(),
        name.upper(),
        name.lower(),
        name[::-1],
        f"%20{name}",
        f"{name}%00",
        f"{name}%0a",
        f"{name}%2f",
        f"{name[:-1]}%25",
        f"{name[:-1]}_",
        f"{name[:-1]}*",
        "%25",
        "_" * len(name),
        "*",
        "%2e%2e",
        "null",
        "undefined",
        "'%20OR%201=1--",
        "A" * 32,
    ]
    # One in sixty-four ends in such a letter by itself.
    return [one for one in tried if one != name]


def secrets_of(desk: Desk) -> list[bytes]:
    return [desk.session["id"].encode(), desk.session["follow_id"].encode()]


def test_without_the_id_a_session_is_neither_read_nor_changed_nor_found(
    desk: Desk, figures: Figures
) -> None:
    asked, tried, statuses = 0, set[str](), Counter[int]()
    for route in desk.on_session():
        # Never given to anyone, and as long as a real one.
        nothing = plain(desk.send(desk.ask(route, "A" * 32)))
        assert nothing[0] == 404, (route, nothing)
        for name in [*near(desk.session["id"]), *near(desk.session["follow_id"])]:
            answer = desk.send(desk.ask(route, name))
            # Some names make another address of it, at which there is nothing either.
            assert plain(answer) == nothing or (
                answer.status in (404, 405) and re.search("%2f|%2e", name)
            ), (route, name, answer)
            assert not any(secret in answer.body for secret in secrets_of(desk))
            tried.add(name)
            asked += 1
            statuses[answer.status] += 1
    assert desk.seen() == desk.session
    figures(
        "S1",
        f"{asked:,} requests of a stranger with {len(tried)} names near a session's, over "
        f"{len(desk.on_session())} routes: "
        + ", ".join(f"{n:,} of {status}" for status, n in sorted(statuses.items()))
        + "; nothing read, nothing changed",
    )


LISTINGS: Final = (
    f"{SESSIONS}", f"{SESSIONS}/", f"{SESSIONS}?limit=10", f"{SESSIONS}/*", f"{SESSIONS}?id=%25",
    f"{SESSIONS}/all", f"{SESSIONS}//", "/api/v1/", "/api/v1", "/api/v1/followers", "/s", "/s/",
    "/static/", "/static/..", "/docs/files/", "/admin", "/metrics", "/debug", "/server-status", "/.env",
    "/sessions.db", "/static/../sessions.db", "/static/%2e%2e/sessions.db", "/readyz", "/healthz", "/",
    "/s/anything", "/openapi.json", "/docs", "/robots.txt", "/sitemap.xml", "/favicon.ico",
)  # fmt: skip


def test_nothing_lists_sessions(desk: Desk, figures: Figures) -> None:
    asked = 0
    catalogue = [one for one in desk.routes if "{" not in one.path and one.method == "GET"]
    for target in [*LISTINGS, *(one.path for one in catalogue)]:
        for method in ("GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "SEARCH"):
            answer = desk.send(Ask(method, target.encode(), target))
            assert not any(secret in answer.body for secret in secrets_of(desk)), target
            assert not any(secret.decode() in str(answer.headers) for secret in secrets_of(desk))
            asked += 1
    started = [desk.asking.session()["id"] for _ in range(8)]
    assert len({name[:6] for name in started}) == len(started)
    figures("S1", f"{asked} attempts to list sessions: no name of one in any answer")


def test_a_session_that_has_ended_is_as_one_that_never_was(
    nursery: Nursery, desk: Desk, figures: Figures
) -> None:
    hasty = nursery.start("--store", "memory:", env={"GLASSBOX_IDLE_DAYS": SOON})
    with RawWire(hasty.port) as wire, closing(Wire(hasty.port)) as friendly:
        asking = Asking(desk.asking.document, friendly)
        old, ended = (friendly.request("POST", SESSIONS, {}).json() for _ in range(2))
        reply = friendly.request("DELETE", f"{SESSIONS}/{ended['id']}")
        time.sleep(float(SOON) * 86_400 + 0.1)
        # Whether it has expired or could be ended in time, it is gone.
        assert reply.status in (204, 404)
        names = [one[kind] for one in (old, ended) for kind in ("id", "follow_id")]
        for route in desk.on_session():
            known = desk.asking.names(desk.session["id"])
            answers = []
            for name in ["A" * 32, *names]:
                ask = asking.ask(route, {**known, "session_id": name})
                answer = wire.ask(ask.with_body(desk.ask(route, name).body).raw())
                assert answer is not None
                answers.append(plain(answer))
            assert all(one == answers[0] for one in answers), route
            assert answers[0][0] == 404
    hasty.kill()
    figures(
        "S1",
        f"deleted, expired, never there: the same answer to the byte over {len(desk.on_session())} "
        "routes, by either name",
    )


def test_a_page_of_another_site_cannot_act(desk: Desk, figures: Figures) -> None:
    asked, before = 0, sessions_on(desk)
    for route in desk.routes:
        ask = desk.ask(route, desk.session["id"])
        for said in OTHER_SITES:
            answer = desk.send(ask.having(**said))
            asked += 1
            # A link may lead here; what it leads to, the other page may not read.
            assert (answer.status == 403) == ask.changes, (ask, said, answer)
            for name in answer.headers:
                assert not name.startswith("access-control-")
            asked += preflight(desk, ask, said)
        for host in REBOUND:
            rebound = ask.having(origin=f"http://{host.decode()}", sec_fetch_site="same-origin")
            assert desk.send(rebound, host).status == 421
            asked += 1
    assert desk.seen() == desk.session
    assert sessions_on(desk) == before
    figures(
        "S2",
        f"{asked:,} requests as a page of another site over {len(desk.routes)} routes: nothing changed, "
        "nothing started, no leave to read",
    )


def preflight(desk: Desk, ask: Ask, said: dict[str, str]) -> int:
    """Ask beforehand, as a browser does, whether a request would be welcome: no."""
    wish = {
        "access_control_request_method": ask.method,
        "access_control_request_headers": "content-type,if-match",
        "access_control_request_private_network": "true",
    }
    answer = desk.send(Ask("OPTIONS", ask.target, ask.path).having(**said, **wish))
    assert answer.status == 405
    assert not any(name.startswith("access-control-") for name in answer.headers)
    return 1


def test_what_a_form_can_send_is_not_read(desk: Desk, figures: Figures) -> None:
    asked, before = 0, sessions_on(desk)
    for route in desk.routes:
        ask = desk.ask(route, desk.session["id"])
        if ask.body is None:
            continue
        for kind in SIMPLE:
            for body in (ask.raw().rpartition(b"\r\n\r\n")[2], b'{"by":"term","x":"=', b"a=b"):
                form = ask.with_body(body).having(content_type=kind)
                # From a browser so old that it does not say where a form comes from.
                assert desk.send(form).status == 415, form
                asked += 1
    assert desk.seen() == desk.session
    assert sessions_on(desk) == before
    figures("S2", f"{asked} bodies as a form can send them: none was read")


def sessions_on(desk: Desk) -> int:
    """Count the sessions that the server's log saw start."""
    until = time.monotonic() + 5
    path = b"/healthz?"
    while time.monotonic() < until:
        number = desk.wire.ask(request(b"GET", path))
        assert number is not None
        log = desk.server.log()
        if number.headers["x-request-id"] in log:
            break
        time.sleep(0.02)
    started = len(re.findall(r'"path": "/api/v1/sessions(?:/import)?", "status": 201', log))
    assert started
    return started


def test_who_follows_reads_everything_and_changes_nothing(desk: Desk, figures: Figures) -> None:
    follow, counts = desk.session["follow_id"], Counter[str]()
    for route in desk.on_session():
        ask = desk.ask(route, desk.session["id"])
        theirs = desk.ask(route, follow).with_body(ask.body)
        if reads(desk, route):
            mine, answer = desk.send(ask), desk.send(theirs)
            assert mine.status == answer.status == 200, (route, answer.body)
            assert shared(answer) == shared(mine), route
            counts["read"] += 1
        else:
            answer = desk.send(theirs)
            assert answer.status == 403, (route, answer.body)
            for name in ("if_match", "idempotency_key"):
                assert desk.send(theirs.having(**{name: '"1"'})).status == 403
            counts["refused"] += 1
        assert secrets_of(desk)[0] not in answer.body
        assert desk.session["id"] not in str(answer.headers)
        assert desk.seen() == desk.session
    figures(
        "S3",
        f"by the id for watching: {counts['read']} routes read as the owner does, {counts['refused']} "
        "refused, and the id itself is in no answer",
    )
    assert counts["read"] > 8
    assert counts["refused"] > 10


def reads(desk: Desk, route: Route) -> bool:
    """Tell whether a route only looks: it takes no key to be repeated under, and ends nothing."""
    operation = desk.asking.document["paths"][route.path][route.method.lower()]
    names = {one["name"].lower() for one in operation.get("parameters", ())}
    return "idempotency-key" not in names and route.method != "DELETE"


def shared(answer: Answer) -> Any:
    """Return what the owner and who follows must see alike."""
    if answer.headers["content-type"] != "application/json":
        return answer.body
    return {name: value for name, value in answer.json().items() if name not in FOLLOWED}


def test_the_log_names_no_session(desk: Desk, figures: Figures) -> None:
    # What others wrote may hold what they tried: the beginning of a name, for instance.
    before = len(desk.server.log())
    for route in desk.on_session():
        for name in (desk.session["id"], desk.session["follow_id"]):
            ask = desk.ask(route, name)
            desk.send(ask.having(referer=f"http://localhost/s/{name}"))
            for spelled in (f"/s/{name}", f"/S/{name}?x={name}", f"/{name}", f"//{name}/{name}"):
                desk.send(Ask("GET", spelled.encode(), spelled))
    sessions_on(desk)
    log, longest = desk.server.log()[before:], 0
    for name in (desk.session["id"], desk.session["follow_id"]):
        found = max(n for n in range(len(name) + 1) if name[:n] in log)
        longest = max(longest, found)
        assert all(name[n : n + 8] not in log for n in range(len(name) - 8))
    assert longest == 6
    figures("S1", f"the log of it all holds {longest} letters of a name, and no more")
