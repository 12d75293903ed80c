"""A server whose clock is ahead by as many seconds as a file says, and that writes down what it sweeps away."""

from __future__ import annotations

import time
from pathlib import Path

import app.main
from app.sessions.service import Service
from app.sessions.stores import Store
from app.settings import Settings

SWEEP_SECONDS = 0.1


def arm(ahead: str, swept: str) -> None:
    """Let the app of this process tell the time so, and sweep more often.

    Args:
        ahead: the file with the seconds.
        swept: the file to which each sweep adds how many sessions it removed.
    """

    class Moved(Service):
        def __init__(self, store: Store, settings: Settings) -> None:
            super().__init__(store, settings, lambda: time.time() + float(Path(ahead).read_text()))

        async def sweep(self, most: int = 100) -> int:
            removed = await super().sweep(most)
            with Path(swept).open("a") as file:
                file.write(f"{removed}\n")
            return removed

    app.main.Service = Moved  # type: ignore[attr-defined, assignment]
    app.main.SWEEP_SECONDS = SWEEP_SECONDS  # type: ignore[misc]
