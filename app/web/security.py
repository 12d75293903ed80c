"""What every answer carries, and who may ask at all.

Each class is pure ASGI. The session's id is the capability, there are no cookies: what is left to
guard is the browser of someone who visits another page while Glassbox runs on this computer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.problems import problem_response

API: Final = "/api/"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
DEFAULT_PORTS: Final = {"http": 80, "https": 443}

API_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
SECURITY_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "usb",
        )
    ),
}


def page_policy(frame_ancestors: Iterable[str] = ("'none'",)) -> str:
    """Write the Content-Security-Policy of a page: everything from here, nothing inline."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        f"base-uri 'none'; form-action 'self'; frame-ancestors {' '.join(frame_ancestors)}"
    )


class SecurityHeaders:
    """Put the security headers on every answer; a route's own Content-Security-Policy stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.always = raw_headers(SECURITY_HEADERS)
        self.of_pages = raw_headers(
            {"Content-Security-Policy": page_policy(), "Cache-Control": "no-store"}
        )
        self.of_api = raw_headers(
            {"Content-Security-Policy": API_POLICY, "Cache-Control": "no-store"}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        api = scope["path"].startswith(API)

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                if api:
                    given = [header for header in given if header[0] != b"cache-control"]
                known = {name for name, _ in given}
                usual = self.of_api if api else self.of_pages
                absent = [header for header in usual if header[0] not in known]
                message["headers"] = [*given, *self.always, *absent]
            await send(message)

        await self.app(scope, receive, completed)


def raw_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Write headers as ASGI carries them; done once, for it is on every request's way."""
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
    ]


class HostGuard:
    """Answer only to known host names, so that a foreign name cannot be pointed here (421).

    This computer's own names are always known. A server that listens to the network is known by
    any numeric address too: only a name can be bound to a new address behind a browser's back.

    Args:
        app: The app behind.
        listening: The address the server listens at.
        allowed: Further names; "*" for any.
    """

    def __init__(self, app: ASGIApp, listening: str, allowed: Iterable[str]) -> None:
        self.app = app
        self.allowed = frozenset(allowed) | {listening.lower(), "localhost"}
        self.open = not _is_loopback(listening)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it names a known host."""
        if scope["type"] != "http" or self.knows(Headers(scope=scope).get("host", "")):
            await self.app(scope, receive, send)
            return
        answer = problem_response(
            421,
            "Glassbox does not answer under this host name. Whoever runs it can add the name to "
            "GLASSBOX_ALLOWED_HOSTS.",
        )
        await answer(scope, receive, send)

    def knows(self, host: str) -> bool:
        """Tell whether a Host header names this server."""
        name = _host_name(host)
        if "*" in self.allowed or name in self.allowed or name.endswith(".localhost"):
            return True
        return _is_address(name) if self.open else _is_loopback(name)


class OriginGuard:
    """Let no other site's page change anything (403); whoever sends no origin is no page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless another site's page sent it to change something."""
        if (
            scope["type"] != "http"
            or scope["method"] in SAFE_METHODS
            or self.is_own(Headers(scope=scope))
        ):
            await self.app(scope, receive, send)
            return
        answer = problem_response(403, "A page of another site may not use this address.")
        await answer(scope, receive, send)

    @staticmethod
    def is_own(headers: Headers) -> bool:
        """Tell whether a request's headers say it comes from this site, or from no page."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            # The browser compared for us, ports and schemes included.
            return site in ("same-origin", "none")
        origin = headers.get("origin")
        return origin is None or _same_host(origin, headers.get("host", ""))


def _host_name(host: str) -> str:
    """Return the name in a Host header, without its port or an IPv6 address's brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower().removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return name.lower() == "localhost" or (_is_address(name) and ip_address(name).is_loopback)


def _same_host(origin: str, host: str) -> bool:
    """Tell whether an origin is at this host and port; the scheme may differ behind a proxy."""
    try:
        there = urlsplit(origin)
        here = urlsplit(f"{there.scheme}://{host}")
        default = DEFAULT_PORTS.get(there.scheme)
        return default is not None and (there.hostname, there.port or default) == (
            here.hostname,
            here.port or default,
        )
    except ValueError:
        return False
