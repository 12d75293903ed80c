"""Carries requests to an app in this process: the app runs on an event loop in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from threading import Thread
from typing import Any

import httpx

from app.main import create_app
from app.settings import Settings


class LocalTransport(httpx.BaseTransport):
    """Run the app until closed; its sessions are kept in memory unless the settings say otherwise."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        app = create_app(Settings(**{"store": "memory:", **settings}))
        self._inner = httpx.ASGITransport(app, raise_app_exceptions=False)
        lifespan = app.router.lifespan_context(app)
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event
        started: Future[None] = Future()
        self._thread = Thread(
            target=lambda: asyncio.run(self._live(lifespan, started)), name="glassbox", daemon=True
        )
        self._thread.start()
        started.result()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let the app answer."""
        if not self._thread.is_alive():
            raise httpx.ConnectError("This client is closed.", request=request)
        return asyncio.run_coroutine_threadsafe(self._answer(request), self._loop).result()

    def close(self) -> None:
        """Stop the app and wait until it has."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        carried = httpx.Request(
            request.method, request.url, headers=request.headers, content=request.read()
        )
        response = await self._inner.handle_async_request(carried)
        # Raw: what is compressed stays so, as its headers say.
        content = b"".join([part async for part in response.aiter_raw()])
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    async def _live(
        self, lifespan: AbstractAsyncContextManager[object], started: Future[None]
    ) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with lifespan:
                started.set_result(None)
                await self._stop.wait()
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)
