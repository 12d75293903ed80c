"""How work is driven: light work on the event loop in slices, heavy work on a few threads, the rest told to wait."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any, TypeVar

from app.errors import Busy, TooSlow
from app.sessions.replay import Work
from app.settings import Settings

Result = TypeVar("Result")

HEAVY_SECONDS = 0.004
"""An iteration longer than this would make others wait for the loop."""


NICENESS = 10
"""Of a thread that computes; the event loop's is 0."""

FREE_SLICES = 4
"""So many slices are done at once, which is all of a click; longer work takes turns, one slice each time the loop
goes round: however many train, a click waits for one slice where it waits, not for one of each."""


class Compute:
    """Drive work within the server's limits.

    Heavy numbers are computed on as many threads as there are cores: NumPy lets go of the interpreter meanwhile.
    Heavy words are written on one: text, drawings and JSON need the interpreter throughout, so a second writer would
    only wait for the first, and the event loop for both.

    Args:
        settings: threads, queue and deadline.
        timer: seconds, for the deadline; injected by tests.
    """

    def __init__(self, settings: Settings, timer: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._timer = settings, timer
        self._numbers = ThreadPoolExecutor(settings.threads, "compute", _stand_back)
        self._words = ThreadPoolExecutor(1, "write", _stand_back)
        self._running: set[Future[Any]] = set()
        self._turn = asyncio.Lock()

    def close(self) -> None:
        """Let go of the threads; what runs is finished."""
        for pool in (self._numbers, self._words):
            pool.shutdown(wait=False, cancel_futures=True)

    async def drive(self, work: Work[Result], *, heavy: bool, words: bool = False) -> Result:
        """Run work to its end; heavy work on a thread, that of words if it gives words.

        Raises:
            Busy: too much work is waiting.
            TooSlow: it takes longer than one request may.
        """
        if heavy:
            pool = self._words if words else self._numbers
            return await self._in_thread(lambda: self._finish(work), pool)
        deadline = self._timer() + self._settings.request_seconds
        done = 0
        while True:
            async with self._turn if done >= FREE_SLICES else nullcontext():
                try:
                    next(work)
                except StopIteration as end:
                    return end.value  # type: ignore[no-any-return]
                self._check(deadline, work)
                await asyncio.sleep(0)
            done += 1

    async def call(self, function: Callable[[], Result], *, heavy: bool) -> Result:
        """Run a function that computes numbers, on a thread for that when it is heavy.

        Raises:
            Busy: too much work is waiting.
        """
        return await self._in_thread(function, self._numbers) if heavy else function()

    async def write(self, function: Callable[[], Result], *, heavy: bool) -> Result:
        """Run a function that reads or writes words, on the thread for that when it is heavy.

        Raises:
            Busy: too much work is waiting.
        """
        return await self._in_thread(function, self._words) if heavy else function()

    def _finish(self, work: Work[Result]) -> Result:
        deadline = self._timer() + self._settings.request_seconds
        while True:
            try:
                next(work)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            self._check(deadline, work)

    def _check(self, deadline: float, work: Work[Result]) -> None:
        if self._timer() > deadline:
            work.close()
            seconds = self._settings.request_seconds
            raise TooSlow(
                f"This takes longer than one request may, {seconds:g} s. "
                "Ask for less at a time, or go a shorter way."
            )

    async def _in_thread(self, function: Callable[[], Result], pool: ThreadPoolExecutor) -> Result:
        if len(self._running) >= self._settings.threads + self._settings.compute_queue:
            queue = self._settings.compute_queue
            raise Busy(
                "The server is computing for many others just now: "
                f"its queue of {queue:,} is full. Try again in a moment."
            )
        future = pool.submit(function)
        # Counted until the thread is done with it, even if nobody waits for it any more.
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return await asyncio.wrap_future(future)


def _stand_back() -> None:
    """Let the event loop go first where there are fewer cores than threads."""
    # Only on Linux is a thread's priority its own.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
