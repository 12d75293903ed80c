"""Every limit of the settings: what lies at its edge is accepted, one beyond is refused and changes nothing.

Each is looked at in a real server. Where the default takes long, the server is started with a small one
by the environment variable that docs/settings.md names, which shows that it is heeded, too.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from math import inf, nextafter
from pathlib import Path
from typing import Any, Final

import pytest

from app.settings import PREFIX, Settings
from tests.conftest import ROOT
from tests.figures import Figures
from tests.reliability.edges import INPUTS, SMALL, TARGETS, Place, Refusal
from tests.reliability.learner import SESSIONS, Reply, Wire
from tests.reliability.nursery import Nursery
from tests.reliability.raw_http import Answer, RawWire, request
from tests.reliability.workload import LARGE

Start = Callable[..., Place]
Look = Callable[[Start], None]

# What a server is told to do, and bounds nothing.
CHOICES: Final = frozenset(
    ("host", "port", "store", "allowed_hosts", "embed_hosts", "trusted_proxies", "access_log")
)
# Limits that other tests look at, at the edge and beyond, in these files.
ELSEWHERE: Final = {
    "store_bytes": "tests/reliability/shut_disk.py",
    "shutdown_seconds": "tests/web/test_middleware.py",
    "cache_bytes": "tests/sessions/test_service.py",
}
TABLE: Final[dict[str, Look]] = {}
SHOWN: Final = set[str]()

# The deadlines are by the clock.
pytestmark = pytest.mark.alone


def limit(*names: str) -> Callable[[Look], Look]:
    """Put what follows into the table, under the settings it looks at."""

    def put(look: Look) -> Look:
        TABLE.update(dict.fromkeys(names, look))
        return look

    return put


def both_ways(place: Place, refusal: Refusal, edge: Any, beyond: Any) -> None:
    """Begin a session, and change another, at the edge; be refused one beyond."""
    place.begin(edge)
    path = place.begin()
    place.refuses(refusal, "POST", SESSIONS, beyond)
    place.keeps_state(refusal, path, "", beyond)
    reply = place.command(path, "", edge)
    assert (reply.status, reply.revision) == (200, 2), reply.body


def shape(*sizes: int) -> dict[str, Any]:
    """Ask for a network of these layers, the input first, on data that fit."""
    inputs, *layers = sizes
    data = {"inputs": [[0.5] * inputs], "targets": [[0.5] * layers[-1]]}
    return {"data": data, "network": {"layers": [{"size": size} for size in layers]}}


@limit("max_layers")
def layers(start: Start) -> None:
    refusal = Refusal(422, "invalid-input", "/network/layers", "10 layers")
    both_ways(start(), refusal, shape(*[2] * 11), shape(*[2] * 12))
    refusal = Refusal(422, "invalid-input", "/network/layers", "3 layers")
    both_ways(start(max_layers="3"), refusal, shape(2, 2, 2, 1), shape(2, 2, 2, 2, 1))


@limit("max_layer_neurons")
def neurons(start: Start) -> None:
    place = start()
    refusal = Refusal(422, "invalid-input", "/network/layers/0/size", "128 neurons")
    both_ways(place, refusal, shape(2, 128, 1), shape(2, 129, 1))
    refusal = Refusal(413, "too-large", "/data/inputs/0", "at most 128")
    both_ways(place, refusal, shape(128, 1), shape(129, 1))


@limit("max_parameters")
def parameters(start: Start) -> None:
    # 99 · 99 + 99 + 99 + 1 and 98 · 100 + 100 + 100 + 1.
    refusal = Refusal(422, "invalid-input", "/network/layers", "10,000 are allowed")
    both_ways(start(), refusal, shape(99, 99, 1), shape(98, 100, 1))


def rows(count: int, columns: int) -> dict[str, Any]:
    """Ask for so many rows of so many columns, the last of them the target."""
    data = {"inputs": [[0] * (columns - 1)] * count, "targets": [[0]] * count}
    return {"data": data, "network": {"layers": [{"size": 1}]}}


@limit("max_observations")
def observations(start: Start) -> None:
    refusal = Refusal(413, "too-large", "/data/inputs", "at most 20,000")
    both_ways(start(), refusal, rows(20_000, 2), rows(20_001, 2))


@limit("max_cells")
def cells(start: Start) -> None:
    refusal = Refusal(413, "too-large", "/data", "at most 77")
    both_ways(start(max_cells="77"), refusal, rows(7, 11), rows(6, 13))


@limit("max_number")
def numbers(start: Start) -> None:
    place, most, beyond = start(), 1e6, nextafter(1e6, inf)

    def refusal(pointer: str) -> Refusal:
        return Refusal(422, "invalid-input", pointer, "from −1,000,000 to 1,000,000")

    for sign in (1, -1):
        for pointer, holds in GIVEN.items():
            place.begin(holds(sign * most))
            place.refuses(refusal(pointer), "POST", SESSIONS, holds(sign * beyond))
        path = place.begin()
        for address in ("w[1][0][0]", "b[1][0]", "a[0][0][1]", "y[0][0]"):
            too_far = {"values": {address: sign * beyond}}
            place.keeps_state(refusal(f"/values/{address}"), path, "", too_far)
            assert place.command(path, "", {"values": {address: sign * most}}).status == 200
        shock = {"address": "w[1][0][0]", "by": sign * 2 * most}
        assert place.command(path, "shock", shock).status == 200
        far = Refusal(422, "invalid-input", "/by", "from −2,000,000 to 2,000,000")
        place.keeps_state(far, path, "shock", shock | {"by": sign * nextafter(2 * most, inf)})
        predict = {"inputs": [[0.0, sign * most]]}
        assert place.command(path, "predict", predict).status == 200
        predict = {"inputs": [[0.0, sign * beyond]]}
        place.keeps_state(refusal("/inputs/0"), path, "predict", predict)


def _weights(number: float) -> dict[str, Any]:
    first = {"size": 2, "weights": [[0.0, number], [0.0, 0.0]]}
    return {**SMALL, "network": {"layers": [first, {"size": 1}]}}


def _biases(number: float) -> dict[str, Any]:
    return {**SMALL, "network": {"layers": [{"size": 2, "biases": [0.0, number]}, {"size": 1}]}}


def _inputs(number: float) -> dict[str, Any]:
    return {**SMALL, "data": {"inputs": [[0.0, number], *INPUTS[1:]], "targets": TARGETS}}


def _targets(number: float) -> dict[str, Any]:
    return {**SMALL, "data": {"inputs": INPUTS, "targets": [[number], *TARGETS[1:]]}}


GIVEN: Final = {
    "/network/layers/0/weights": _weights,
    "/network/layers/0/biases": _biases,
    "/data/inputs/0/1": _inputs,
    "/data/targets/0/0": _targets,
}


@limit("max_learning_rate")
def learning_rate(start: Start) -> None:
    refusal = Refusal(422, "invalid-input", "/training/learning_rate", "at most 100.")

    def rate(number: float) -> Any:
        return {"training": {"learning_rate": number}}

    both_ways(start(), refusal, rate(100.0), rate(nextafter(100.0, inf)))


@limit("max_seed")
def seed(start: Start) -> None:
    place, most = start(), 2**53 - 1
    for part in ("network", "training"):
        refusal = Refusal(422, "invalid-input", f"/{part}/seed", "9,007,199,254,740,991")
        both_ways(place, refusal, {part: {"seed": most}}, {part: {"seed": most + 1}})


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


@pytest.fixture
def start(nursery: Nursery, tmp_path: Path) -> Iterator[Start]:
    """Start servers, each with a store of its own."""
    places: list[Place] = []

    def begin(**limits: str) -> Place:
        folder = tmp_path / str(len(places))
        folder.mkdir()
        places.append(Place.start(nursery, folder, **limits))
        return places[-1]

    yield begin
    for place in places:
        place.wire.close()
        place.server.kill()
        assert "Traceback" not in place.server.log()


LOOKS: Final = list(dict.fromkeys(TABLE.values()))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: str(look.__name__))
def test_a_limit_at_its_edge_and_one_beyond(look: Look, start: Start) -> None:
    look(start)
    SHOWN.update(name for name, its in TABLE.items() if its is look)


def test_every_setting_that_is_a_limit_is_looked_at(figures: Figures) -> None:
    assert not TABLE.keys() & ELSEWHERE.keys()
    assert not CHOICES & (TABLE.keys() | ELSEWHERE.keys())
    assert TABLE.keys() | ELSEWHERE.keys() | CHOICES == Settings.model_fields.keys()
    for name, path in ELSEWHERE.items():
        text = (ROOT / path).read_text(encoding="utf-8")
        assert f"{name}=" in text or f"{PREFIX}{name.upper()}" in text, name
    figures(
        "limits",
        f"{len(SHOWN)} of {len(TABLE)} settings, each accepted at its edge and refused one beyond "
        f"by a real server, nothing changed; {len(ELSEWHERE)} more in tests of their own",
    )
