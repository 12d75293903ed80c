"""Clients without a server, for what does not depend on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings

MakeClient = Callable[..., TestClient]
Extend = Callable[[FastAPI], object]


@pytest.fixture
def make_client() -> Iterator[MakeClient]:
    """Make clients: `make_client(json_bytes=100)`, or with routes of a test's own by `extend`."""
    with ExitStack() as stack:

        def make(extend: Extend = lambda app: None, **settings: Any) -> TestClient:
            app = create_app(Settings(store="memory:", **settings))
            extend(app)
            client = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)
            return stack.enter_context(client)

        yield make


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    """Give a client to an app with the default settings."""
    return make_client()
