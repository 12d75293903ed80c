"""What surrounds every request: `Frame` puts the layers around the app, outermost first.

The classes are pure ASGI; those that refuse are in security.py, those that bound in limits.py.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.settings import Settings
from app.web.assets import SMALLEST_PACKED
from app.web.limits import BodyLimit, Buckets, Deadline, HeaderLimit, Rate, RateLimit
from app.web.problems import failure_response, problem_response
from app.web.security import API, HostGuard, OriginGuard, SecurityHeaders

access_log = logging.getLogger("glassbox.access")
error_log = logging.getLogger("glassbox.error")

SESSIONS: Final = "/api/v1/sessions"
# Where a body may be a file, or hold a CSV file, and so be as large as `upload_bytes`.
UPLOADS: Final = re.compile(rf"POST {SESSIONS}(/import)?|PATCH {SESSIONS}/[^/]+")
STARTS: Final = frozenset({SESSIONS, f"{SESSIONS}/import"})

_LONG_NAME: Final = re.compile(r"[A-Za-z0-9_-]{20,}")


class Frame:
    """Surround the app with everything a request passes, outermost first.

    Args:
        app: The routes.
        settings: Gives the settings; asked when the server starts, not when the app is made.
    """

    def __init__(self, app: ASGIApp, settings: Callable[[], Settings]) -> None:
        self.app = surround(app, settings())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request through all of them."""
        await self.app(scope, receive, send)


def surround(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Wrap the routes, from the innermost layer to the outermost."""
    # JSON of floats hardly shrinks further at a higher level, and takes five times as long.
    app = GZipMiddleware(app, minimum_size=SMALLEST_PACKED, compresslevel=2)
    app = Deadline(app, settings.request_seconds)
    app = BodyLimit(app, _body_limit(settings), settings.body_seconds)
    if rates := _rates(settings):
        app = RateLimit(app, rates)
    app = OriginGuard(app)
    app = HostGuard(app, settings.host, settings.allowed_hosts)
    app = HeaderLimit(app, settings.header_bytes)
    app = HeadAsGet(app)
    app = RequestLog(app, settings.access_log)
    app = SecurityHeaders(app)
    if settings.trusted_proxies:
        trusted: Any = ProxyHeadersMiddleware(app, list(settings.trusted_proxies))  # type: ignore[arg-type]
        app = trusted
    return app


def _body_limit(settings: Settings) -> Callable[[Scope], int]:
    def limit(scope: Scope) -> int:
        upload = UPLOADS.fullmatch(f"{scope['method']} {scope['path']}")
        return settings.upload_bytes if upload else settings.json_bytes

    return limit


def _rates(settings: Settings) -> list[Rate]:
    rates = []
    if settings.requests_per_minute:
        buckets = Buckets(settings.requests_per_minute, 60)
        said = "request a minute" if buckets.count == 1 else "requests a minute"
        rates.append(Rate(lambda scope: scope["path"].startswith(API), buckets, said))
    if settings.new_sessions_per_hour:
        buckets = Buckets(settings.new_sessions_per_hour, 3_600)
        said = "new session an hour" if buckets.count == 1 else "new sessions an hour"
        rates.append(Rate(_starts, buckets, said))
    return rates


def _starts(scope: Scope) -> bool:
    return scope["method"] == "POST" and scope["path"] in STARTS


class RequestLog:
    """Number each request, write it down, and turn a fault nobody caught into a problem (500).

    The number is in the X-Request-ID header and in `request.state.request_id`.
    """

    def __init__(
        self,
        app: ASGIApp,
        enabled: bool = True,
        clock: Callable[[], float] = time.perf_counter,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.app = app
        self.enabled = enabled
        self.clock = clock
        self.now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write down how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = self.clock()
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        status, sent = 0, 0

        async def watched(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                number = (b"x-request-id", request_id.encode())
                message["headers"] = [*message.get("headers", ()), number]
            sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except asyncio.CancelledError:
            # The server is stopping and has waited long enough.
            if status:
                raise
            answer = problem_response(503, "The server is stopping. Try again in a moment.")
            await answer(scope, receive, watched)
        except Exception:
            error_log.exception("Request %s failed: %s", request_id, _line(scope))
            if status:
                raise
            await failure_response(request_id)(scope, receive, watched)
        finally:
            if self.enabled:
                took = self.clock() - began
                access_log.info(self._record(scope, request_id, status, sent, took))

    def _record(self, scope: Scope, request_id: str, status: int, sent: int, took: float) -> str:
        return json.dumps(
            {
                "time": self.now().isoformat(timespec="milliseconds"),
                "request": request_id,
                "client": scope["client"][0] if scope.get("client") else None,
                "method": scope["method"],
                "path": shortened(scope["path"]),
                "status": status,
                "bytes": sent,
                "milliseconds": round(took * 1e3, 2),
            }
        )


def shortened(path: str) -> str:
    """Cut what may be a session's id, for who knows the id may use the session."""
    return _LONG_NAME.sub(lambda name: name[0][:6] + "…", path[:200])


def _line(scope: Scope) -> str:
    return f"{scope['method']} {shortened(scope['path'])}"


class HeadAsGet:
    """Answer HEAD as GET is answered, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a HEAD request on as GET and drop the answer's body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def headers_only(message: Message) -> None:
            if message["type"] == "http.response.body":
                if message.get("more_body", False):
                    return
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, headers_only)
