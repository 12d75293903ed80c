from __future__ import annotations

import asyncio
import socket
import time
from contextlib import closing
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.types import Message, Receive, Scope, Send

from app.web.limits import BodyLimit, Buckets, Deadline, client_key
from tests.conftest import AppServer, StartServer
from tests.web.conftest import MakeClient

KIB = 1024


def add_routes(app: FastAPI) -> None:
    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.get("/slow")
    async def slow() -> None:
        await asyncio.sleep(60)

    @app.get("/own-timeout")
    async def own_timeout() -> None:
        raise TimeoutError

    @app.get("/api/v1/thing")
    async def thing() -> str:
        return "here"


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_body_is_bounded_to_the_byte(make_client: MakeClient, extra: int) -> None:
    answer = make_client(add_routes).post("/echo", content=b"x" * (256 * KIB + extra))
    if extra <= 0:
        assert answer.json() == 256 * KIB + extra
        return
    assert answer.status_code == 413
    assert answer.json()["detail"].startswith("The body is larger than 256 KiB")
    assert answer.json()["type"] == "urn:glassbox:problem:too-large"
    assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize(
    ("method", "path", "file"),
    [
        ("POST", "/api/v1/sessions", True),
        ("POST", "/api/v1/sessions/import", True),
        ("PATCH", "/api/v1/sessions/abc", True),
        ("PUT", "/api/v1/sessions", False),
        ("POST", "/api/v1/sessions/abc/step", False),
        ("POST", "/api/v1/sessions/abc", False),
        ("PATCH", "/api/v1/sessions/abc/step", False),
    ],
)
def test_a_file_may_be_larger(make_client: MakeClient, method: str, path: str, file: bool) -> None:
    client = make_client()
    limit = 4096 * KIB if file else 256 * KIB
    for size, refused in ((limit, False), (limit + 1, True)):
        answer = client.request(method, path, content=b"x" * size)
        assert (answer.status_code == 413) is refused


def test_a_body_without_a_length_is_bounded_too(make_client: MakeClient) -> None:
    client = make_client(add_routes, json_bytes=100)
    assert client.post("/echo", content=iter([b"x" * 60, b"x" * 40])).json() == 100
    answer = client.post("/echo", content=iter([b"x" * 60, b"x" * 41]))
    assert answer.status_code == 413
    assert answer.json()["detail"].startswith("The body is larger than 100 bytes")


def test_headers_are_bounded(make_client: MakeClient) -> None:
    client = make_client(header_bytes=2_000)
    assert client.get("/healthz", headers={"X": "x" * 1_000}).status_code == 200
    for answer in (
        client.get("/healthz", headers={"X": "x" * 2_000}),
        client.get("/healthz?" + "x" * 2_000),
        client.get("/" + "x" * 2_000),
    ):
        assert answer.status_code == 431
        assert answer.json()["title"] == "Request Header Fields Too Large"


def test_the_limit_holds_where_there_is_nothing(make_client: MakeClient) -> None:
    client = make_client(json_bytes=100)
    assert client.post("/nowhere", content=b"x" * 101).status_code == 413
    assert client.post("/nowhere", content=b"x" * 100).status_code == 404


def receive_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def test_a_slow_body_is_given_up(start_server: StartServer) -> None:
    server = start_server(env={"GLASSBOX_BODY_SECONDS": "0.3"})
    with closing(socket.create_connection(("127.0.0.1", server.port), 5)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n123")
        began = time.monotonic()
        answer = receive_all(connection)
    assert time.monotonic() - began < 3
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answer
    assert b"within 0.3 s" in answer


def test_a_large_body_is_refused_before_it_is_sent(app_server: AppServer) -> None:
    with closing(socket.create_connection(("127.0.0.1", app_server.port), 5)) as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        answer = receive_all(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in answer


def test_a_client_that_leaves_while_sending_is_no_fault(app_server: AppServer) -> None:
    before = app_server.log().count("Traceback")
    with closing(socket.create_connection(("127.0.0.1", app_server.port), 5)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n123")
    time.sleep(0.2)
    assert httpx.get(app_server.url + "/healthz").status_code == 200
    assert app_server.log().count("Traceback") == before


def test_a_slow_answer_is_stopped(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(add_routes, request_seconds=0.1)
    answer = client.get("/slow")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:glassbox:problem:too-slow"
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["X-Request-ID"] in caplog.text


def test_a_routes_own_timeout_is_a_fault_of_its_own(make_client: MakeClient) -> None:
    assert make_client(add_routes).get("/own-timeout").status_code == 500


def test_how_fast_an_answer_is_read_is_not_its_own_business() -> None:
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"all"})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Deadline(app, 0.05)({"type": "http", "method": "GET"}, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


def test_what_is_not_http_passes() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> Any:
        return {}

    for layer in (Deadline(app, 1), BodyLimit(app, lambda scope: 1, 1)):
        asyncio.run(layer({"type": "lifespan"}, nothing, nothing))
    assert seen == ["lifespan", "lifespan"]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_evenly() -> None:
    clock = Clock()
    buckets = Buckets(3, 60, clock)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == pytest.approx(20)
    assert buckets.take("b") == 0
    clock.now += 19.5
    assert buckets.take("a") == pytest.approx(0.5)
    clock.now += 0.5
    assert buckets.take("a") == 0
    assert buckets.take("a") == pytest.approx(20)
    clock.now += 1_000
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") > 0


def test_a_bucket_forgets_who_was_not_seen_for_longest() -> None:
    buckets = Buckets(1, 60, Clock(), most=2)
    assert [buckets.take(client) > 0 for client in "abcab"] == [False] * 3 + [False, False]
    assert [buckets.take(client) > 0 for client in "ab"] == [True, True]


def test_rates_are_off_unless_asked_for(make_client: MakeClient) -> None:
    client = make_client(add_routes)
    assert {client.get("/api/v1/thing").status_code for _ in range(200)} == {200}


def test_a_rate_refuses_and_says_when(make_client: MakeClient) -> None:
    client = make_client(add_routes, requests_per_minute=2, new_sessions_per_hour=1)
    assert client.post("/api/v1/sessions").status_code == 201
    answer = client.post("/api/v1/sessions")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) in range(3_590, 3_601)
    assert answer.json()["title"] == "Too Many Requests"
    answer = client.get("/api/v1/thing")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) in range(25, 31)
    # The page and the probes are not counted.
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("client", "key"),
    [
        (("192.0.2.1", 1), "192.0.2.1"),
        (("2001:db8:1:2:3::4", 1), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 1), "fe80::/64"),
        (("testclient", 1), "testclient"),
        (None, ""),
    ],
)
def test_a_client_is_its_address_or_its_network(client: object, key: str) -> None:
    assert client_key({"client": client}) == key


def test_nobody_else_says_who_asks(make_client: MakeClient) -> None:
    client = make_client(add_routes, requests_per_minute=1)
    answers = [
        client.get("/api/v1/thing", headers={"X-Forwarded-For": address}).status_code
        for address in ("192.0.2.1", "192.0.2.2")
    ]
    assert answers == [200, 429]


def test_behind_a_trusted_proxy_each_client_is_counted(start_server: StartServer) -> None:
    server = start_server(
        env={"GLASSBOX_REQUESTS_PER_MINUTE": "1", "GLASSBOX_TRUSTED_PROXIES": "127.0.0.0/8"}
    )
    answers = [
        httpx.get(f"{server.url}/api/v1/none", headers={"X-Forwarded-For": address}).status_code
        for address in ("6.6.6.6, 192.0.2.1", "192.0.2.2", "7.7.7.7, 192.0.2.1")
    ]
    assert answers == [404, 404, 429]
    clients = [line["client"] for line in server.requests(least=3)]
    assert clients == ["192.0.2.1", "192.0.2.2", "192.0.2.1"]
