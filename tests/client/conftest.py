"""Clients of a real server and in process, and lines that fail on the way."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from app.client import Client, connect
from tests.conftest import AppServer


class LostAnswers(httpx.BaseTransport):
    """Carry requests, and lose the answers of some after the server has done them."""

    def __init__(self, inner: httpx.BaseTransport, lost: list[str]) -> None:
        self.inner = inner
        self.lost = lost
        self.sent: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        response = self.inner.handle_request(request)
        response.read()
        if self.lost and request.url.path.endswith(self.lost[0]):
            self.lost.pop(0)
            raise httpx.ReadError("the line was cut", request=request)
        return response

    def close(self) -> None:
        self.inner.close()


@pytest.fixture(scope="module")
def local() -> Iterator[Client]:
    with Client.local() as box:
        yield box


@pytest.fixture
def served(app_server: AppServer) -> Iterator[Client]:
    with connect(app_server.url) as box:
        yield box


@pytest.fixture(params=["served", "local"])
def box(request: pytest.FixtureRequest) -> Client:
    client = request.getfixturevalue(request.param)
    assert isinstance(client, Client)
    return client
