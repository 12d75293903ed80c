from __future__ import annotations

import gzip
import json
import logging
import socket
import time
from contextlib import closing
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from app.web.middleware import shortened
from tests.conftest import AppServer, StartServer
from tests.web.conftest import MakeClient

SECRET = "q7Zx_" * 6 + "-A"


def add_routes(app: FastAPI) -> None:
    @app.get("/numbers")
    async def numbers(request: Request) -> list[float]:
        assert request.state.request_id
        return [number / 7 for number in range(500)]

    @app.get("/halfway")
    async def halfway() -> StreamingResponse:
        async def parts() -> Any:
            yield b"begun"
            raise ZeroDivisionError

        return StreamingResponse(parts())

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> Any:
            yield b"a" * 600
            yield b"b" * 600

        return StreamingResponse(parts(), headers={"Content-Length": "1200"})


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    return make_client(add_routes)


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    said = [record.getMessage() for record in caplog.records if record.name == "glassbox.access"]
    return [json.loads(line) for line in said]


def test_each_request_is_one_line_of_json(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.post("/nowhere%0A?query=1")
    (line,) = lines(caplog)
    assert line.pop("milliseconds") >= 0
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "request": answer.headers["X-Request-ID"],
        "client": "testclient",
        "method": "POST",
        "path": "/nowhere\n",
        "status": 404,
        "bytes": len(answer.content),
    }


def test_the_log_can_be_turned_off(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        make_client(access_log=False).get("/")
    assert lines(caplog) == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"/api/v1/sessions/{SECRET}/step", "/api/v1/sessions/q7Zx_q…/step"),
        (f"/s/{SECRET}", "/s/q7Zx_q…"),
        ("/static/js/views/timeline-view.js", "/static/js/views/timeline-view.js"),
        ("/" + "ab/" * 1_000, ("/" + "ab/" * 1_000)[:200]),
    ],
)
def test_a_sessions_id_is_cut(path: str, said: str) -> None:
    assert shortened(path) == said


def test_no_log_line_holds_a_sessions_id(app_server: AppServer, client: TestClient) -> None:
    for path in (f"/s/{SECRET}", f"/api/v1/sessions/{SECRET}?follow={SECRET}"):
        httpx.get(app_server.url + path, headers={"Referer": SECRET})
    assert SECRET not in app_server.log()


def test_request_numbers_differ(client: TestClient) -> None:
    assert len({client.get("/healthz").headers["X-Request-ID"] for _ in range(20)}) == 20


def test_a_callers_own_number_is_not_believed(client: TestClient) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "mine"})
    assert answer.headers["X-Request-ID"] != "mine"


def test_a_fault_after_the_answer_began_is_logged_and_cut_off(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ZeroDivisionError):
        client.get("/halfway")
    assert "glassbox.error" in {record.name for record in caplog.records}


def test_who_is_still_waiting_when_the_server_stops_is_told(start_server: StartServer) -> None:
    server = start_server(env={"GLASSBOX_SHUTDOWN_SECONDS": "1"})
    with closing(socket.create_connection(("127.0.0.1", server.port), 10)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n123")
        time.sleep(0.2)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 2.5
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"application/problem+json" in answer
    assert "Traceback" not in server.log()


@pytest.mark.parametrize(
    "path", ["/", "/numbers", "/static/theme.js", "/stream", "/docs", "/healthz"]
)
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_head_is_get_without_the_body(client: TestClient, path: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding}
    get, head = (client.request(method, path, headers=headers) for method in ("GET", "HEAD"))
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    own = {"x-request-id"}
    assert {name: text for name, text in head.headers.items() if name not in own} == {
        name: text for name, text in get.headers.items() if name not in own
    }


def test_json_is_compressed_for_who_asks(client: TestClient) -> None:
    with client.stream("GET", "/numbers", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(raw)
    plain = client.get("/numbers", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 2
