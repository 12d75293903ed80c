"""Clients without a server, for what does not depend on the wire."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings

MakeClient = Callable[..., TestClient]
Extend = Callable[[FastAPI], object]


# Apps no test uses at the moment, by what they were made of. FastAPI takes a fifth of a second to work
# out an app's routes; all that a test could leave behind is made anew when the app is entered.
_spare: defaultdict[tuple[Extend, str], list[FastAPI]] = defaultdict(list)


def _nothing(app: FastAPI) -> None:
    """Leave the app as it is."""


@contextmanager
def _app(extend: Extend, settings: dict[str, Any]) -> Iterator[FastAPI]:
    spare = _spare[extend, repr(sorted(settings.items()))]
    if spare:
        app = spare.pop()
    else:
        app = create_app(Settings(store="memory:", **settings))
        extend(app)
    yield app
    # What was built around the routes may remember clients.
    app.middleware_stack = None
    spare.append(app)


@pytest.fixture
def make_client() -> Iterator[MakeClient]:
    """Make clients: `make_client(json_bytes=100)`, or with routes of a test's own by `extend`."""
    with ExitStack() as stack:

        def make(extend: Extend = _nothing, **settings: Any) -> TestClient:
            app = stack.enter_context(_app(extend, settings))
            client = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)
            return stack.enter_context(client)

        yield make


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    """Give a client to an app with the default settings."""
    return make_client()
