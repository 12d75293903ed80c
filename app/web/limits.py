"""How much one request may take: size, time, and how often.

Each class is pure ASGI.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLarge, TooSlow
from app.web.problems import body_too_large, error_response, problem_response
from app.web.security import SAFE_METHODS

# A body that is a little too large is read to its end and thrown away: hanging up on a client that
# still sends would lose it the answer.
MOST_DRAINED: Final = 16 * 2**20

error_log = logging.getLogger("glassbox.error")


class HeaderLimit:
    """Refuse a block of headers that is too large (431).

    The server's own limit holds while headers still arrive; what came in one piece it lets pass.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if its address and headers are small enough."""
        if scope["type"] != "http" or self._size(scope) <= self.most:
            await self.app(scope, receive, send)
            return
        detail = f"The request's address and headers are larger than {self.most:,} bytes."
        await problem_response(431, detail)(scope, receive, send)

    @staticmethod
    def _size(scope: Scope) -> int:
        # Four bytes a line for the colon, the space and the line's end.
        lines = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
        return lines + len(scope.get("raw_path") or b"") + len(scope["query_string"])


class BodyLimit:
    """Read the whole body before a route runs: bounded in size (413) and in time (408).

    Args:
        app: The app behind.
        limit: Says how many bytes the body of a request may have.
        seconds: How long it may take.
    """

    def __init__(self, app: ASGIApp, limit: Callable[[Scope], int], seconds: float) -> None:
        self.app = app
        self.limit = limit
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body read."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        limit = self.limit(scope)
        try:
            async with asyncio.timeout(self.seconds):
                body = await self._read(scope, receive, limit)
        except TooLarge as error:
            answer = error_response(error)
        except TimeoutError:
            answer = problem_response(
                408, f"The body did not arrive within {self.seconds:g} s. Send it again."
            )
        else:
            if body is not None:
                await self.app(scope, _replay(body, receive), send)
            return
        # What is left of the body is not worth reading.
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive, limit: int) -> bytes | None:
        """Return the body, None when the client went away."""
        announced = Headers(scope=scope).get("content-length", "")
        most = limit + MOST_DRAINED
        if announced.isdecimal() and int(announced[:18]) > most:
            raise body_too_large(limit)
        # What it gives in the end is what was gathered, not a copy of it.
        body, size = BytesIO(), 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part = message.get("body", b"")
            size += len(part)
            if size <= limit:
                body.write(part)
            more = message.get("more_body", False)
            if size > limit and (not more or size > most):
                raise body_too_large(limit)
            if not more:
                return body.getvalue()


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message


class Deadline:
    """Stop an answer that takes too long to begin (503).

    Answers are made whole before they begin; how long a client may take to read one is the
    protocol's to say.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and cancel it when its time is over."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            limit.reschedule(None)
            await send(message)

        limit = asyncio.timeout(self.seconds)
        try:
            async with limit:
                await self.app(scope, receive, watched)
        except TimeoutError:
            if not limit.expired():
                raise
            error_log.warning("Stopped after %g s: request %s", self.seconds, _number(scope))
            error = TooSlow(f"This took longer than {self.seconds:g} s and was stopped.")
            await error_response(error)(scope, receive, send)


def _number(scope: Scope) -> str:
    return str(scope.get("state", {}).get("request_id", "unnumbered"))


class Buckets:
    """Count requests by client: so many at once, and refilled evenly over a period.

    Args:
        count: How many requests a full bucket allows.
        seconds: How long an empty bucket takes to fill.
        clock: Seconds that only grow.
        most: How many clients are remembered; the one not seen for longest is forgotten.
    """

    def __init__(
        self,
        count: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        most: int = 10_000,
    ) -> None:
        self.count = count
        self.each = seconds / count
        self.clock = clock
        self.most = most
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, client: str) -> float:
        """Take one; return the seconds to wait before there is one, 0 when it was granted."""
        now = self.clock()
        full_at = max(self._full_at.pop(client, now), now)
        wait = full_at - now - self.each * (self.count - 1)
        # A refused request takes nothing; a hair's breadth of rounding refuses nobody.
        granted = wait < 1e-9
        self._full_at[client] = full_at + self.each if granted else full_at
        if len(self._full_at) > self.most:
            self._full_at.popitem(last=False)
        return 0.0 if granted else wait


@dataclass(frozen=True)
class Rate:
    """Hold a rate.

    Args:
        applies: Says which requests it counts.
        buckets: Count them.
        said: What they are and how often, for a person, as in `requests a minute`.
    """

    applies: Callable[[Scope], bool]
    buckets: Buckets
    said: str


class RateLimit:
    """Refuse a client address that asks too often (429)."""

    def __init__(self, app: ASGIApp, rates: Sequence[Rate]) -> None:
        self.app = app
        self.rates = tuple(rates)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless a rate is used up."""
        if scope["type"] == "http":
            client = client_key(scope)
            rates = [rate for rate in self.rates if rate.applies(scope)]
            waits = [(rate.buckets.take(client), rate) for rate in rates]
            wait, rate = max(waits, key=lambda one: one[0], default=(0.0, None))
            if wait and rate:
                await _too_often(rate, ceil(wait))(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _too_often(rate: Rate, seconds: int) -> Response:
    most = f"{rate.buckets.count:,} {rate.said}"
    wait = f"{seconds} s" if seconds <= 120 else f"{ceil(seconds / 60):,} min"
    return problem_response(
        429,
        f"For one address the limit here is {most}. Try again in {wait}.",
        headers={"Retry-After": str(seconds)},
    )


def client_key(scope: Scope) -> str:
    """Name the client for counting: its address, or in IPv6 the network that is one customer's."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), 64), strict=False))
    return str(host)
