"""Sends requests, and sends them again when that is safe: under the same key a command is done once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from app.client.problems import Unreachable, problem_of

PREFIX = "/api/v1"
BUSY = frozenset({429, 502, 503, 504})
"""Answers that mean "not now"."""
LONGEST_WAIT_SECONDS = 30.0
"""Whoever is asked to wait longer is told so instead."""


@dataclass(frozen=True)
class Caller:
    """Hold a connection and how patient it is.

    Args:
        http: the connection.
        retries: how often a request is sent again.
        pause_seconds: how long before the first time; twice as long before each further one.
        sleep: waits so many seconds.
    """

    http: httpx.Client
    retries: int = 5
    pause_seconds: float = 0.1
    sleep: Callable[[float], None] = field(default=time.sleep)

    def command(
        self, method: str, path: str, body: Mapping[str, Any] | None, etag: str | None
    ) -> httpx.Response:
        """Send what changes something: once, however often it must be sent.

        Args:
            method, path, body: the request.
            etag: the state that the command is meant for; on any other it is refused (412).

        Raises:
            Problem: the server cannot do it.
            Unreachable: it may or may not have been done.
        """
        headers = {"Idempotency-Key": uuid4().hex}
        if etag is not None:
            headers["If-Match"] = etag
        return self.send(method, path, json=body, headers=headers)

    def upload(self, path: str, content: bytes) -> httpx.Response:
        """Send a file of JSON as it is: once, however often it must be sent."""
        headers = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
        return self.send("POST", path, content=content, headers=headers)

    def look(self, path: str, **query: str | int | None) -> httpx.Response:
        """Read something; a part of the query that is None is left out."""
        return self.send(
            "GET", path, params={name: value for name, value in query.items() if value is not None}
        )

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Send a request until there is an answer; at most so many times."""
        pause = self.pause_seconds
        for left in range(self.retries, -1, -1):
            try:
                response = self.http.request(method, PREFIX + path, **request)
            except httpx.TransportError as error:
                if not left:
                    where = f"{self.http.base_url}{PREFIX}{path}"
                    raise Unreachable(f"No answer from {where}: {error}") from error
                self.sleep(pause)
            else:
                wait = _asked_to_wait(response, pause)
                if response.status_code not in BUSY or not left or wait > LONGEST_WAIT_SECONDS:
                    break
                self.sleep(wait)
            pause *= 2
        if response.is_error:
            raise problem_of(response)
        return response


def _asked_to_wait(response: httpx.Response, pause: float) -> float:
    """Return the seconds that Retry-After names; the pause where it names none."""
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() else pause
