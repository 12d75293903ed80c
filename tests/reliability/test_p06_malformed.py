"""P6: malformed requests, 10,000 over all routes: no answer of 5xx, one shape of problem, memory flat."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import AppServer, StartServer
from tests.figures import Figures
from tests.reliability.learner import SESSIONS, Wire
from tests.reliability.malformed import Corpus, Hostile
from tests.reliability.openapi_bodies import Route, routes
from tests.reliability.processes import MIB, held_by
from tests.reliability.raw_http import RawWire, check_shape, request, target_of

FRESH_AFTER: Final = 100
# Memory is looked at after every code path has been taken once, and its caches are filled.
WARM_AFTER: Final = 3_000
GROWTH: Final = 16 * MIB
ADDRESSES: Final = (b"w[1][0][0]", b"cost", b"a[1][0][0]", b"delta[2][0][1]", b"new_b[1][0]")


def server_faults(server: AppServer) -> list[dict[str, Any]]:
    """List the answers of 5xx in the server's log."""
    return [line for line in server.requests() if line["status"] >= 500]


def fresh_ids(wire: Wire, random: Random) -> dict[str, bytes]:
    """Start a session at some moment; return what the addresses' names may stand for."""
    spec = {"training": {"batch_size": random.choice([1, 3])}}
    made = wire.request("POST", SESSIONS, spec).json()
    steps = {"by": random.choice(["term", "pass", "iteration"]), "count": random.randint(1, 4)}
    assert wire.request("POST", f"{SESSIONS}/{made['id']}/step", steps).status == 200
    token = wire.request("GET", f"{SESSIONS}/{made['id']}/link").json()["moment"]
    return {
        "session_id": random.choice([made["id"], made["id"], made["follow_id"]]).encode(),
        "address": random.choice(ADDRESSES),
        "preset_id": b"article",
        "dataset_id": b"penguin-colonies",
        "moment": token.encode(),
        "format": random.choice([b"json", b"npz", b"csv", b"svg"]),
    }


def send_all(server: AppServer, count: int) -> tuple[Counter[str], Counter[int], int]:
    """Send so many; return how many of each kind, how many of each status, and memory's growth."""
    document = httpx.get(server.url + "/openapi.json").json()
    random = Random(6)
    corpus = Corpus(document, routes(document), random)
    kinds: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    warm, friendly = 0, Wire(server.port)
    with RawWire(server.port) as wire, closing(friendly):
        for number in range(count):
            if number % FRESH_AFTER == 0:
                corpus.ids = fresh_ids(friendly, random)
            if number == min(WARM_AFTER, count // 2):
                warm = held_by(server.pid).resident
            hostile = corpus.draw()
            kinds[hostile.kind] += 1
            statuses[ask(wire, hostile)] += 1
    return kinds, statuses, held_by(server.pid).resident - warm


def ask(wire: RawWire, hostile: Hostile) -> int:
    """Send one, hold its answer to the one shape, and return its status; 0 without an answer."""
    answer = wire.ask(hostile.raw, end=hostile.breaks_off)
    if answer is None:
        assert hostile.breaks_off, hostile.raw[:300]
        return 0
    assert answer.status < 500, (hostile.raw[:600], answer.body)
    check_shape(answer, target_of(hostile.raw))
    return answer.status


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_malformed_requests(
    start_server: StartServer, figures: Figures, count: int, tmp_path: Path
) -> None:
    server = start_server("--store", f"sqlite:{tmp_path}/sessions.db")
    kinds, statuses, growth = send_all(server, count)
    faults, log = server_faults(server), server.log()
    figures(
        "P6",
        f"{count:,} malformed requests over all routes: {len(faults)} of 5xx in the log, "
        f"memory {growth / MIB:+.1f} MiB",
    )
    figures("P6", "kinds: " + ", ".join(f"{kind} {n:,}" for kind, n in kinds.most_common()))
    figures(
        "P6",
        "answers: " + ", ".join(f"{n:,} of {s or 'none'}" for s, n in sorted(statuses.items())),
    )
    assert faults == []
    assert "Traceback" not in log
    assert growth < GROWTH
    # They were malformed indeed, and did not all fail for the same reason.
    assert sum(n for status, n in statuses.items() if status >= 400) > 0.6 * count
    assert {400, 403, 404, 405, 409, 413, 415, 421, 422, 431} <= set(statuses)
    assert httpx.get(server.url + "/readyz").status_code == 200


@pytest.mark.parametrize("count", [800, pytest.param(8_000, marks=pytest.mark.long)])
def test_no_bytes_whatever_break_a_body(
    app_server: AppServer, figures: Figures, count: int
) -> None:
    document = httpx.get(app_server.url + "/openapi.json").json()
    with_body = [route for route in routes(document) if route.body is not None]
    made = httpx.post(app_server.url + "/api/v1/sessions").json()["id"]
    before, tried = len(server_faults(app_server)), 0
    text = st.text(max_size=40).map(lambda said: said.encode("utf-8", "surrogatepass"))
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    values = st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["by", "count", "data", "network", "values"]), inner)
        ),
        max_leaves=12,
    )
    bodies = st.binary(max_size=200) | text | values.map(json.dumps).map(str.encode)

    with RawWire(app_server.port) as wire:

        @settings(
            max_examples=count,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(body=bodies, route=st.sampled_from(with_body))
        def drawn(body: bytes, route: Route) -> None:
            nonlocal tried
            tried += 1
            target = route.path.replace("{session_id}", made).encode()
            headers = [(b"Content-Type", b"application/json")]
            ask(wire, Hostile("bytes", request(route.method.encode(), target, body, headers)))

        drawn()
    assert len(server_faults(app_server)) == before
    figures("P6", f"{tried:,} bodies by hypothesis: 0 of 5xx")


@pytest.mark.parametrize("seconds", [12, pytest.param(300, marks=pytest.mark.long)])
def test_schemathesis_finds_no_fault(
    start_server: StartServer, figures: Figures, seconds: int, tmp_path: Path
) -> None:
    pytest.importorskip("schemathesis", reason="a tool of development: pip install -e .[dev]")
    server = start_server("--store", f"sqlite:{tmp_path}/sessions.db")
    report = tmp_path / "schemathesis.json"
    checks = "not_a_server_error,response_schema_conformance,content_type_conformance"
    command = [
        str(Path(sys.executable).with_name("st")),
        *("run", f"{server.url}/openapi.json", "--checks", checks, "--warnings", "off"),
        *("--seed", "1", "--max-time", str(seconds)),
        *("--report", "json", "--report-json-path", str(report)),
    ]
    ran = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    requests = len(server.requests())
    assert ran.returncode == 0, ran.stdout[-4_000:] + ran.stderr[-2_000:]
    assert server_faults(server) == []
    figures(
        "P6",
        f"schemathesis, stateful too: {requests:,} requests, 0 of 5xx, every answer as described",
    )
