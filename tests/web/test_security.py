from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from app.web.security import HostGuard, OriginGuard
from tests.conftest import AppServer
from tests.web.conftest import MakeClient

# One request for each status there is without the API: method, path, further headers, body.
STATUSES: dict[int, tuple[str, str, dict[str, str], bytes]] = {
    200: ("GET", "/", {}, b""),
    304: ("GET", "/", {"If-None-Match": "*"}, b""),
    403: ("POST", "/", {"Origin": "http://evil.example"}, b""),
    404: ("GET", "/nowhere", {}, b""),
    405: ("POST", "/", {}, b""),
    413: ("POST", "/", {}, b"x" * 300_000),
    421: ("GET", "/", {"Host": "evil.example"}, b""),
}
PATHS = [
    "/",
    "/s/abc",
    "/healthz",
    "/readyz",
    "/docs",
    "/openapi.json",
    "/static/theme.js",
    "/api/",
]


def check(headers: httpx.Headers) -> None:
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert all(part.endswith("=()") for part in headers["Permissions-Policy"].split(", "))
    assert headers["Cache-Control"] in ("no-store", "no-cache")
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "Server" not in headers
    for name in ("Content-Security-Policy", "Cache-Control", "X-Request-ID", "ETag", "Vary"):
        assert len(headers.get_list(name)) <= 1


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_carries_the_headers(app_server: AppServer, status: int) -> None:
    method, path, headers, body = STATUSES[status]
    answer = httpx.request(method, app_server.url + path, headers=headers, content=body)
    assert answer.status_code == status
    check(answer.headers)
    assert len(answer.headers["X-Request-ID"]) == 16


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS"])
def test_every_page_carries_the_headers(app_server: AppServer, method: str, path: str) -> None:
    headers = httpx.request(method, app_server.url + path).headers
    if path == "/docs":
        headers["Content-Security-Policy"] = headers["Content-Security-Policy"].replace(
            "style-src 'self' 'unsafe-inline'", "style-src 'self'"
        )
    check(headers)


def test_a_fault_of_our_own_carries_the_headers(make_client: MakeClient) -> None:
    def add_boom(app: FastAPI) -> None:
        @app.get("/api/boom")
        async def boom() -> None:
            raise ZeroDivisionError

    answer = make_client(add_boom).get("/api/boom")
    assert answer.status_code == 500
    check(httpx.Headers(answer.headers.multi_items()))


def test_the_api_is_never_stored(make_client: MakeClient) -> None:
    def add_thing(app: FastAPI) -> None:
        @app.get("/api/v1/thing")
        async def thing() -> str:
            return "here"

    client = make_client(add_thing)
    for path in ("/api/v1/thing", "/api/v1/nothing"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; frame-ancestors 'none'"
        )


OWN = ["localhost", "localhost:8000", "LOCALHOST", "127.0.0.1", "127.0.0.1:1", "[::1]:8000"]
OWN += ["127.1.2.3", "a.localhost", "localhost."]
FOREIGN = ["evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example", "192.168.1.5"]
FOREIGN += ["0.0.0.0", "0.0.0.0:8000", "[::]", "[2001:db8::1]", "user@localhost", "127.0.0.1,evil"]


@pytest.mark.parametrize("host", OWN)
def test_this_computers_names_are_known(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_other_names_are_refused(client: TestClient, host: str) -> None:
    answer = client.get("/healthz", headers={"Host": host})
    assert answer.status_code == 421
    assert "GLASSBOX_ALLOWED_HOSTS" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("listening", "allowed", "host", "known"),
    [
        ("0.0.0.0", (), "192.168.1.5:8000", True),
        ("0.0.0.0", (), "[2001:db8::1]:8000", True),
        ("0.0.0.0", (), "evil.example", False),
        ("192.168.1.5", (), "192.168.1.5", True),
        ("teacher.local", (), "teacher.local:8000", True),
        ("teacher.local", (), "evil.local", False),
        ("127.0.0.1", ("glass.example",), "Glass.Example:443", True),
        ("127.0.0.1", ("glass.example",), "a.glass.example", False),
        ("127.0.0.1", ("*",), "whatever", True),
    ],
)
def test_a_network_server_is_known_by_number_and_by_chosen_name(
    listening: str, allowed: tuple[str, ...], host: str, known: bool
) -> None:
    async def nothing(*_: object) -> None:
        """Stand behind the guard."""

    assert HostGuard(nothing, listening, allowed).knows(host) is known


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"origin": "http://localhost:8000", "host": "localhost:8000"}, True),
        ({"origin": "https://glass.example", "host": "glass.example"}, True),
        ({"origin": "https://glass.example", "host": "glass.example:443"}, True),
        ({"origin": "https://GLASS.example:443", "host": "glass.example"}, True),
        ({"origin": "http://localhost:8001", "host": "localhost:8000"}, False),
        ({"origin": "http://localhost", "host": "localhost:8000"}, False),
        ({"origin": "http://evil.example", "host": "localhost:8000"}, False),
        ({"origin": "null", "host": "localhost:8000"}, False),
        ({"origin": "", "host": "localhost:8000"}, False),
        ({"origin": "file://", "host": "localhost:8000"}, False),
        ({"origin": "http://[::1", "host": "localhost:8000"}, False),
        ({"origin": "http://localhost:99999", "host": "localhost:99999"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        (
            {
                "sec-fetch-site": "same-origin",
                "origin": "https://glass.example",
                "host": "127.0.0.1:8000",
            },
            True,
        ),
        (
            {
                "sec-fetch-site": "cross-site",
                "origin": "http://localhost:8000",
                "host": "localhost:8000",
            },
            False,
        ),
    ],
)
def test_a_page_of_another_site_is_told_apart(headers: dict[str, str], own: bool) -> None:
    assert OriginGuard.is_own(Headers(headers)) is own


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_another_sites_page_changes_nothing(client: TestClient, method: str) -> None:
    answer = client.request(method, "/healthz", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_another_sites_link_may_lead_here(client: TestClient, method: str) -> None:
    answer = client.request(method, "/healthz", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
