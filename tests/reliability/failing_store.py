"""A store of which one call fails: the n-th, before its work or after it, or by never coming back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from app.errors import StoreFull, StoreUnavailable
from app.sessions.stores import Store
from app.sessions.stores.sqlite import SqliteStore
from tests.sessions.stores.sqlite.faults import Script

WAYS: dict[str, Callable[[], BaseException]] = {
    "unavailable": lambda: StoreUnavailable("On purpose."),
    "full": lambda: StoreFull("On purpose."),
    # What nobody thought of: a fault of the program's own.
    "broken": lambda: RuntimeError("On purpose."),
}


@dataclass(frozen=True)
class Fault:
    """Say which call fails and how: `way` is one of WAYS, or "hangs"."""

    call: int
    way: str
    after: bool = False

    def __str__(self) -> str:
        return f"call {self.call} {self.way} {'after' if self.after else 'before'} its work"


@dataclass
class FailingStore:
    """Count the calls of a store and fail one of them.

    Args:
        store: Does the work.
        fault: Which call fails, None for none.
    """

    store: Store
    fault: Fault | None = None
    calls: list[str] = field(default_factory=list)
    reached: bool = False
    paused: bool = False

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.store, name)

        async def call(*arguments: Any) -> Any:
            return await self._call(name, method, arguments)

        return call

    async def _call(
        self, name: str, method: Callable[..., Awaitable[Any]], arguments: tuple[Any, ...]
    ) -> Any:
        if self.paused:
            return await method(*arguments)
        self.calls.append(name)
        fault = self.fault
        if fault is None or len(self.calls) != fault.call:
            return await method(*arguments)
        self.reached = True
        if fault.after:
            await method(*arguments)
        if fault.way == "hangs":
            await asyncio.sleep(3_600)
        raise WAYS[fault.way]()


@dataclass
class ScriptedStore:
    """Look like a FailingStore; what fails is a statement of the script.

    Args:
        store: Over connections of the script.
        script: Which statement fails.
    """

    store: SqliteStore
    script: Script

    @property
    def fault(self) -> int | None:
        return self.script.fail_at

    @property
    def reached(self) -> bool:
        return self.script.reached

    @property
    def paused(self) -> bool:
        return self.script.paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        self.script.paused = paused

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)
