"""uvicorn's HTTP/1.1 protocol, with deadlines for headers and for reading, and our shape for what it refuses.

What cannot be read as HTTP never reaches the app, so its answer is made here.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.web.problems import MEDIA_TYPE, problem_bytes
from app.web.security import SECURITY_HEADERS, page_policy

_REFUSALS: Final = frozenset({400, 408, 431})


class GlassboxProtocol(H11Protocol):
    """Read requests as uvicorn does, but not for ever."""

    header_seconds = 10.0
    reading_seconds = 15.0
    _waiting: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _begun = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock for the first request's headers."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Read, and look whether headers are still awaited."""
        super().data_received(data)
        self._begun = self.conn.their_state is h11.IDLE
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._stop()
        self._stop_unread()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Start the clock for a client that does not read what it asked for."""
        super().pause_writing()
        self._watch_unread()

    def resume_writing(self) -> None:
        """Stop that clock: the client has read."""
        self._stop_unread()
        super().resume_writing()

    def on_response_complete(self) -> None:
        """Go on with the next request, or see that the last answer is read."""
        super().on_response_complete()
        self._watch_leftover()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, even when its last answer lies unread."""
        super().timeout_keep_alive_handler()
        self._watch_leftover()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in our shape in place of uvicorn's plain text."""
        # uvicorn calls this while it handles what h11 raised, which knows the better status.
        hint = getattr(sys.exc_info()[1], "error_status_hint", 400)
        self._refuse(hint if hint in _REFUSALS else 400)

    def _watch(self) -> None:
        """Run the clock while headers are awaited, and only then."""
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._stop()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(self.header_seconds, self._expire)

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _watch_leftover(self) -> None:
        # A connection that is closing waits for its last bytes to be taken, for ever if need be.
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._watch_unread()

    def _watch_unread(self) -> None:
        if self._unread is None:
            self._unread = self.loop.call_later(self.reading_seconds, self.transport.abort)

    def _stop_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _expire(self) -> None:
        if self._begun:
            self._refuse(408)
        else:
            # Browsers open connections ahead of need; an answer to nothing would confuse them.
            self.transport.close()
            self._watch_leftover()

    def _refuse(self, status: int) -> None:
        self._stop()
        if self.transport.is_closing():
            return
        # Once an answer has begun no other can be sent: all that is left is to hang up.
        with contextlib.suppress(h11.LocalProtocolError):
            for event in _refusal(status, self._detail(status)):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
        self._watch_leftover()

    def _detail(self, status: int) -> str:
        if status == 408:
            return f"The request's headers did not arrive within {self.header_seconds:g} s."
        if status == 431:
            most = self.config.h11_max_incomplete_event_size or 0
            return f"The request's headers are larger than {most:,} bytes."
        return "This is not a request in HTTP/1.1."


def protocol(header_seconds: float, reading_seconds: float) -> type[asyncio.Protocol]:
    """Make the protocol for `uvicorn.Config(http=...)`.

    Args:
        header_seconds: How long a request's headers may take, and a new connection's first byte.
        reading_seconds: How long a client may leave an answer unread.
    """
    times = {"header_seconds": header_seconds, "reading_seconds": reading_seconds}
    return type("TimedProtocol", (GlassboxProtocol,), times)


def _refusal(status: int, detail: str) -> list[Any]:
    content = problem_bytes(status, detail)
    headers = {
        **SECURITY_HEADERS,
        "Content-Security-Policy": page_policy(),
        "Cache-Control": "no-store",
        "Content-Type": MEDIA_TYPE,
        "Content-Length": str(len(content)),
        "Connection": "close",
    }
    return [
        h11.Response(status_code=status, headers=list(headers.items())),
        h11.Data(data=content),
        h11.EndOfMessage(),
    ]
