"""An app that goes wrong on demand: a request says in a header of the tests' own what shall fail, and how."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, Final

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

import app.main
from app.sessions.stores import Store, open_store
from app.web.problems import add_problem_handlers
from tests.reliability.failing_store import WAYS

HEADER: Final = "X-Fault"
SECRET: Final = "what no client may read"
_fault: ContextVar[str] = ContextVar("fault", default="")


class FaultyRoutes:
    """Stand before the routes and fail as the request says: `broken` or `slow`; the rest is the store's."""

    def __init__(self, routes: ASGIApp) -> None:
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Fail, or pass the request on."""
        wanted = Headers(scope=scope).get(HEADER, "") if scope["type"] == "http" else ""
        if wanted == "broken":
            raise RuntimeError(SECRET)
        if wanted == "slow":
            await asyncio.sleep(3_600)
        _fault.set(wanted.removeprefix("store "))
        await self.routes(scope, receive, send)


class FaultyStore:
    """Pass everything on to a store, but for requests that want it to fail in one of the WAYS."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Awaitable[Any]] = getattr(self._store, name)

        async def call(*arguments: Any) -> Any:
            if (way := _fault.get()) in WAYS:
                raise WAYS[way]()
            return await method(*arguments)

        return call


def arm() -> None:
    """Let the app of this process be such an app; called in the server."""

    def open_faulty(url: str, *, max_bytes: int | None = None) -> Any:
        return FaultyStore(open_store(url, max_bytes=max_bytes))

    def add_handlers(made: FastAPI) -> None:
        # What surrounds every request is put around this one afterwards.
        add_problem_handlers(made)
        made.add_middleware(FaultyRoutes)

    app.main.open_store = open_faulty  # type: ignore[attr-defined]
    app.main.add_problem_handlers = add_handlers  # type: ignore[assignment,attr-defined]
