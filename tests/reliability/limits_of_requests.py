"""How much one may ask, how often, and how long it lasts: each limit at its edge and one beyond."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any, Final

import pytest

from tests.reliability.edges import SMALL, Place, Refusal, Start, limit, shape
from tests.reliability.learner import SESSIONS, Reply, Wire
from tests.reliability.raw_http import Answer, RawWire, request
from tests.reliability.workload import LARGE


def padded(body: Any, size: int) -> bytes:
    """Write JSON with spaces before it, so that it has so many bytes and the last of them count."""
    return json.dumps(body).encode().rjust(size)


def send(place: Place, path: str, body: bytes) -> Answer:
    """Post a body as it is."""
    with RawWire(place.server.port) as wire:
        kind = (b"Content-Type", b"application/json")
        answer = wire.ask(request(b"POST", path.encode(), body, (kind,)))
    assert answer is not None
    return answer


@limit("json_bytes")
def json_body(start: Start) -> None:
    for said, limits, most in (
        ("256 KiB", {}, 2**18),
        ("1,000 bytes", {"json_bytes": "1000"}, 1_000),
    ):
        place = start(**limits)
        path = place.begin()
        stepped = send(place, f"{path}/step", padded({"by": "term"}, most))
        assert stepped.json()["position"]["event"] == 1
        before = place.stored()
        refusal = Refusal(413, "too-large", None, said)
        refusal.check(send(place, f"{path}/step", padded({"by": "term"}, most + 1)))
        assert place.stored() == before


@limit("upload_bytes")
def upload(start: Start) -> None:
    place = start()
    document = place.wire.request("GET", f"{place.begin()}/export/json").json()
    imports = f"{SESSIONS}/import"
    assert send(place, imports, padded(document, 2**22)).status == 201
    before = place.stored()
    assert len(before) == 2
    Refusal(413, "too-large", None, "4 MiB").check(
        send(place, imports, padded(document, 2**22 + 1))
    )
    assert place.stored() == before


@limit("header_bytes")
def headers(start: Start) -> None:
    place = start(header_bytes="2048")
    path, refusal = place.begin(), Refusal(431, "", None, "2,048 bytes")
    before = place.stored()
    # As the limit counts them: names, values and four bytes each, and the address.
    used = len("Host") + len("localhost") + 4 + len("X") + 4 + len(f"{path}/step")
    with RawWire(place.server.port) as wire:
        for extra in (1, 0):
            filler = b"x" * (2_048 - used + extra)
            answer = wire.ask(request(b"POST", f"{path}/step".encode(), b"", ((b"X", filler),)))
            assert answer is not None
            if extra:
                refusal.check(answer)
                assert place.stored() == before
            else:
                assert answer.status == 200, answer.body
        # And while they still arrive, before their end is seen.
        answer = wire.ask(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 4_096)
        assert answer is not None
        refusal.check(answer)


def in_two_parts(place: Place, raw: bytes, cut: int, pause: float) -> tuple[Answer, float]:
    """Send a request in two parts; return the answer, and how long after the first part it came."""
    with closing(socket.create_connection(("127.0.0.1", place.server.port), 20)) as connection:
        began = time.monotonic()
        connection.sendall(raw[:cut])
        if pause:
            time.sleep(pause)
            connection.sendall(raw[cut:])
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
        took = time.monotonic() - began
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    named = dict(line.lower().split(": ", 1) for line in lines)
    return Answer(int(first.split()[1]), named, body), took


@limit("header_seconds", "body_seconds")
def slow_senders(start: Start) -> None:
    place = start(header_seconds="1", body_seconds="1")
    path = place.begin()
    closing_ = ((b"Content-Type", b"application/json"), (b"Connection", b"close"))
    raw = request(b"POST", f"{path}/step".encode(), b'{"by": "term"}', closing_)
    for cut in (20, len(raw) - 4):
        before = place.stored()
        answer, took = in_two_parts(place, raw, cut, 0)
        Refusal(408, "", None, "within 1 s").check(answer)
        assert took >= 1
        assert place.stored() == before
        # Half of the time is still in time.
        assert in_two_parts(place, raw, cut, 0.5)[0].status == 200


@limit("keep_alive_seconds")
def keep_alive(start: Start) -> None:
    place = start(keep_alive_seconds="1")
    kept: list[socket.socket] = []
    with closing(HTTPConnection("127.0.0.1", place.server.port, timeout=20)) as connection:
        for _ in range(2):
            asked = time.monotonic()
            connection.request("GET", "/healthz")
            kept.append(connection.sock)
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (200, b'{"status":"ok"}')
            time.sleep(0.4)
        # One connection served both. Now the server hangs up, not sooner than it says.
        assert kept[0] is kept[1]
        assert kept[0].recv(65_536) == b""
        assert time.monotonic() - asked >= 1


@limit("request_seconds")
def request_time(start: Start) -> None:
    place = start(request_seconds="0.5")
    path = place.begin()
    endless = {"iterations": 10_000_000, "until_cost": -1.0}
    refusal = Refusal(503, "too-slow", None, "0.5 s")
    place.keeps_state(refusal, path, "train", endless)
    assert place.command(path, "train", endless | {"budget_ms": 100}).status == 200


@limit("compute_milliseconds")
def compute_time(start: Start) -> None:
    place = start(compute_milliseconds="100")
    path = place.begin()
    done = place.command(path, "train", {"iterations": 3}).json()
    assert (done["trained"]["done"], done["trained"]["iterations"]) == (True, 3)
    began = time.monotonic()
    part = place.command(path, "train", {"iterations": 10_000_000}).json()
    assert time.monotonic() - began >= 0.1
    # It is cut off, and says how far it came: so far the session is now.
    came = part["trained"]["iterations"]
    assert (part["trained"]["done"], part["trained"]["stopped"]) == (False, "budget")
    assert 0 < came < 10_000_000
    assert part["history"]["iterations"] == came + 3
    assert place.wire.request("GET", path).json()["history"]["iterations"] == came + 3


@limit("compute_threads", "compute_queue")
def crowds(start: Start) -> None:
    for threads in (1, 2):
        place = start(compute_threads=str(threads), compute_queue="1")
        paths = [place.begin(LARGE) for _ in range(threads + 2)]

        def train(path: str, place: Place = place) -> Reply:
            with closing(Wire(place.server.port)) as wire:
                return wire.request(
                    "POST", f"{path}/train", {"epochs": 1_000_000, "budget_ms": 800}
                )

        began = time.monotonic()
        with ThreadPoolExecutor(len(paths)) as pool:
            replies = list(pool.map(train, paths))
        took = time.monotonic() - began
        assert sorted(reply.status for reply in replies) == [200] * (threads + 1) + [503]
        # So many at once and one more waits until a thread is free.
        assert took >= 1.6
        refused = next(reply for reply in replies if reply.status == 503)
        Refusal(503, "busy", None, "queue of 1").check(refused)
        assert int(refused.headers["retry-after"]) == 1
        revisions = sorted(revision for _, revision in place.stored())
        assert revisions == [1] + [2] * (threads + 1)


@limit("events_per_answer")
def events(start: Start) -> None:
    wide = shape(2, 40, 2)
    for most, limits in ((200, {}), (3, {"events_per_answer": "3"})):
        place = start(**limits)
        path = place.begin(wide)
        assert place.command(path, "step", {"by": "iteration"}).status == 200
        listed = place.wire.request("GET", f"{path}/events?count={most}").json()["events"]
        assert len(listed) == most
        refusal = Refusal(422, "invalid-input", "/query/count", f"at most {most} events")
        place.refuses(refusal, "GET", f"{path}/events?count={most + 1}")


@limit("numbers_per_answer")
def numbers_of_an_answer(start: Start) -> None:
    place = start(numbers_per_answer="9")
    path = place.begin()
    predicted = place.command(path, "predict", {"inputs": [[0.0, 1.0]] * 9})
    assert len(predicted.json()["outputs"]) == 9
    refusal = Refusal(422, "invalid-input", "/inputs", "At most 9 rows")
    place.keeps_state(refusal, path, "predict", {"inputs": [[0.0, 1.0]] * 10})


@limit("history_points")
def history(start: Start) -> None:
    place = start(history_points="7")
    path = place.begin()
    place.command(path, "train", {"iterations": 20})
    for asked, given in ((6, 6), (7, 7), (8, 7)):
        curve = place.wire.request("GET", f"{path}/history?points={asked}").json()
        # Thinned, and it says how long the whole of it is.
        assert (len(curve["costs"]), curve["finished"]) == (given, 20)


@limit("requests_per_minute")
def requests_a_minute(start: Start) -> None:
    place = start(requests_per_minute="3")
    path = place.begin()
    for _ in range(2):
        assert place.command(path, "step", {}).status == 200
    refusal = Refusal(429, "", None, "3 requests a minute")
    place.refuses(refusal, "POST", f"{path}/step", {})
    assert place.wire.request("GET", "/healthz").status == 200


@limit("new_sessions_per_hour")
def sessions_an_hour(start: Start) -> None:
    place = start(new_sessions_per_hour="2")
    path, _ = place.begin(), place.begin()
    place.refuses(Refusal(429, "", None, "2 new sessions an hour"), "POST", SESSIONS, SMALL)
    assert place.command(path, "step", {}).status == 200


@limit("max_sessions")
def sessions(start: Start) -> None:
    place = start(max_sessions="2")
    path, _ = place.begin(), place.begin()
    place.refuses(Refusal(507, "store-full", None, "the most is 2"), "POST", SESSIONS, SMALL)
    assert place.command(path, "step", {}).status == 200
    assert place.wire.request("DELETE", path).status == 204
    place.begin()


@limit("undo_edits")
def undo(start: Start) -> None:
    # By the default of 200 it is the same, and takes long.
    place = start(undo_edits="3")
    path = place.begin()
    for edit in range(4):
        reply = place.command(path, "", {"training": {"learning_rate": edit / 8}})
    assert reply.json()["history"]["undo"] == 3
    for _ in range(3):
        reply = place.command(path, "undo", {})
        assert reply.status == 200
    # What lies one beyond the limit is there to stay.
    assert reply.json()["training"]["learning_rate"] == 0
    place.keeps_state(Refusal(409, "conflict", None, "the last 3 are kept"), path, "undo", {})


DAY: Final = 86_400


@limit("idle_days", "lifetime_days")
def lifetimes(start: Start) -> None:
    idle, life = 1.5, 3.0
    place = start(idle_days=str(idle / DAY), lifetime_days=str(life / DAY))
    left, used = place.begin(), place.begin()
    made = place.wire.request("GET", left).json()
    assert made["expires_at"] - made["created_at"] == pytest.approx(idle, abs=1e-3)
    created = place.wire.request("GET", used).json()["created_at"]
    age, reply = 0.0, place.command(used, "step", {"by": "term"})
    while reply.status == 200 and age < 2 * life:
        last = age
        time.sleep(0.1)
        age = time.time() - created
        reply = place.command(used, "step", {"by": "term"})
    gone = Refusal(404, "not-found", None, "no such session, or not any more")
    gone.check(reply)
    gone.check(place.wire.request("GET", left))
    # Used, it outlived the idle time, and ended with its life and not before.
    assert idle < last <= life <= time.time() - created
