"""A store in whose calls the server's process ends itself, as if killed from outside at that moment."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import app.main
from app.sessions.stores import Store, open_store


class LethalStore:
    """Pass everything on to a store, and be killed in the first call of one operation."""

    def __init__(self, store: Store, operation: str, moment: str) -> None:
        self._store, self._operation, self._moment = store, operation, moment

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return self._lethal(method) if name == self._operation else method

    def _lethal(self, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def call(*arguments: Any) -> Any:
            if self._moment == "after":
                await method(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)

        return call


def arm(operation: str, moment: str) -> None:
    """Let the app of this process keep its sessions in such a store."""

    def open_lethal(url: str, *, max_bytes: int | None = None) -> Any:
        return LethalStore(open_store(url, max_bytes=max_bytes), operation, moment)

    app.main.open_store = open_lethal  # type: ignore[attr-defined]
