"""HTTP byte by byte: what no client library would send, and the answer to it."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any

SECONDS = 20.0
PROBLEM = "application/problem+json"
# What a problem may say besides, by status.
FURTHER = {412: ("current",), 413: ("errors",), 422: ("errors",), 500: ("request_id",)}


def strictly(body: bytes) -> Any:
    """Read JSON, refusing what JSON does not know: NaN and Infinity."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} in an answer")

    return json.loads(body, parse_constant=refuse)


@dataclass(frozen=True)
class Answer:
    """Hold an answer; `headers` by lower-case name, `repeated` those that came more than once."""

    status: int
    headers: dict[str, str]
    body: bytes
    repeated: frozenset[str] = frozenset()

    def json(self) -> Any:
        """Read the body strictly."""
        return strictly(self.body)


class RawWire:
    """Send bytes to a server of this computer, over one connection for as long as it lasts."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def __enter__(self) -> RawWire:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ask(self, raw: bytes, *, end: bool = False) -> Answer | None:
        """Send a request; return its answer, None when the server hangs up without one.

        Args:
            raw: The whole request.
            end: Whether to say that nothing will follow, as a client does that breaks off.
        """
        # A connection that the server has just closed for idleness is no finding: try a new one.
        for fresh in (False, True):
            if fresh:
                self.hang_up()
            reused = self._socket is not None
            answer = self._ask(raw, end)
            if answer is not None or not reused:
                return answer
        return None

    def _ask(self, raw: bytes, end: bool) -> Answer | None:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), SECONDS)
        response = HTTPResponse(self._socket, method=raw.split(b" ", 1)[0].decode("latin-1"))
        try:
            self._socket.sendall(raw)
            if end:
                self._socket.shutdown(socket.SHUT_WR)
            response.begin()
            body = response.read()
        except TimeoutError:
            raise
        except (OSError, HTTPException):
            self.hang_up()
            return None
        finally:
            response.close()
        if response.will_close or end:
            self.hang_up()
        named = [(name.lower(), value) for name, value in response.getheaders()]
        counts = Counter(name for name, _ in named)
        repeated = frozenset(name for name in counts if counts[name] > 1)
        return Answer(response.status, dict(named), body, repeated)


def request(
    method: bytes,
    target: bytes,
    body: bytes = b"",
    headers: Iterable[tuple[bytes, bytes]] = (),
    *,
    host: bytes = b"localhost",
) -> bytes:
    """Write a request; a Content-Length is added where there is a body and none is given."""
    lines = [(b"Host", host), *headers]
    known = {name.lower() for name, _ in lines}
    if body and not known & {b"content-length", b"transfer-encoding"}:
        lines.append((b"Content-Length", str(len(body)).encode()))
    head = b"".join(name + b": " + value + b"\r\n" for name, value in lines)
    return method + b" " + target + b" HTTP/1.1\r\n" + head + b"\r\n" + body


def target_of(raw: bytes) -> bytes:
    """Return what a request asks for; nothing where it is none."""
    words = raw.split(b"\r\n", 1)[0].split(b" ")
    return words[1] if len(words) == 3 else b""


def check_shape(answer: Answer, target: bytes = b"") -> None:
    """Hold an answer to what every answer promises, of whatever status.

    Args:
        answer: The answer.
        target: What was asked; without it, what is promised of some addresses alone is not looked at.
    """
    check_headers(answer.headers, target)
    assert answer.repeated == frozenset()
    # An answer to HEAD has no body to look at.
    if answer.status >= 400 and answer.body:
        check_problem(answer)


def check_headers(headers: Mapping[str, str], target: bytes) -> None:
    """Hold headers to the promise: a browser is told to take nothing from elsewhere, and to keep nothing."""
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert all(part.endswith("=()") for part in headers["permissions-policy"].split(", "))
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    for word in ("unsafe-eval", "http:", "https:", "data: *", "script-src *"):
        assert word not in policy
    if target.partition(b"?")[0] == b"/docs":
        policy = policy.replace("style-src 'self' 'unsafe-inline'", "")
    assert "unsafe-inline" not in policy
    if not target.startswith(b"/?embed"):
        assert "frame-ancestors 'none'" in policy
    api = target.startswith(b"/api/")
    assert headers["cache-control"] in (("no-store",) if api else ("no-store", "no-cache"))
    for name in headers:
        assert name not in ("server", "set-cookie", "x-powered-by")
        assert not name.startswith("access-control-")


def check_problem(answer: Answer) -> None:
    """Hold an error to the one shape."""
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == answer.status
    for member in ("type", "title", "detail"):
        assert problem[member], problem
        assert isinstance(problem[member], str)
    assert problem.keys() <= {"type", "title", "status", "detail", *FURTHER.get(answer.status, ())}
    for fault in problem.get("errors", ()):
        assert fault.keys() == {"pointer", "detail"}
    assert len(problem.get("errors", ())) <= 20
    assert len(answer.body) < 32_768
    if answer.status in (429, 503):
        assert int(answer.headers["retry-after"]) > 0
    if answer.status == 405:
        assert answer.headers["allow"]
