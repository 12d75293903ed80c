"""The `glassbox` command: serve the workbench and the API on this computer."""

from __future__ import annotations

import argparse
import errno
import gc
import os
import socket
import sys
import webbrowser
from collections.abc import Sequence
from typing import Any, Final

import uvicorn
from pydantic import ValidationError

from app import __version__
from app.errors import GlassboxError
from app.main import create_app, try_store
from app.settings import Settings, complaints, unknown
from app.web.protocol import protocol

LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(message)s"},
        "told": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "line": {"class": "logging.StreamHandler", "formatter": "line"},
        "told": {"class": "logging.StreamHandler", "formatter": "told"},
    },
    "loggers": {
        "glassbox": {"handlers": ["told"], "level": "INFO", "propagate": False},
        "glassbox.access": {"handlers": ["line"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["told"], "level": "WARNING", "propagate": False},
    },
}

# How soon a thread that computes makes room for the one that answers; Python's own 5 ms would be
# waited for at each step of an answer.
SWITCH_SECONDS: Final = 0.0005


class StartError(Exception):
    """The server cannot start as asked; the text says why and what to do."""


class Server(uvicorn.Server):
    """Say where Glassbox is once it answers."""

    def __init__(self, config: uvicorn.Config, address: str, show: bool) -> None:
        super().__init__(config)
        self.address = address
        self.show = show

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address and open the browser if asked."""
        await super().startup(sockets)
        # What is there by now stays: it need not be looked through for garbage again and again,
        # a tenth of a second in which nobody is answered.
        gc.collect()
        gc.freeze()
        if self.started:
            print(f"Glassbox is at {self.address}", flush=True)
            if self.show:
                webbrowser.open(self.address)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    for name in unknown(os.environ):
        print(f"{name} is no setting of Glassbox and was not used.", file=sys.stderr)
    try:
        settings = _settings(options)
        try_store(settings)
        listener = listen(settings.host, settings.port)
    except (StartError, GlassboxError) as problem:
        print(problem, file=sys.stderr)
        return 2
    server = Server(_config(settings), address(listener), options.open)
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        # uvicorn has stopped in good order and passes Ctrl+C on.
        return 130
    return 0 if server.started else 1


def listen(host: str, port: int) -> socket.socket:
    """Take the port, or say plainly who has it and what to try.

    Raises:
        StartError: The port is taken, or the address is not this computer's.
    """
    try:
        return _bound(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            free = _free_port(host, port)
            raise StartError(
                f"Port {port} is in use: another program, or another Glassbox, has it.\n"
                f"Try: glassbox --port {free}"
            ) from None
        if error.errno == errno.EACCES:
            raise StartError(f"Port {port} needs more rights. Try: glassbox --port 8000") from None
        raise StartError(f"Glassbox cannot listen at {host}: {error.strerror or error}.") from None


def address(listener: socket.socket) -> str:
    """Write the address a person opens; for "any address" that is this computer's own."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _bound(host: str, port: int) -> socket.socket:
    family, kind, number, _, place = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, number)
    try:
        if os.name == "posix":
            # A port whose last server has just stopped is free. (On Windows this would share it.)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
    except OSError:
        listener.close()
        raise
    return listener


def _free_port(host: str, port: int) -> int:
    """Name a port near the wanted one that is free, 0 (any) when none is."""
    for candidate in range(port + 1, min(port + 20, 65_536)):
        try:
            _bound(host, candidate).close()
        except OSError:
            continue
        return candidate
    return 0


def _settings(options: argparse.Namespace) -> Settings:
    chosen = {name: getattr(options, name) for name in ("host", "port", "store")}
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        raise StartError("\n".join(complaints(error))) from None


def _config(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(settings),
        http=protocol(settings.header_seconds, settings.request_seconds),
        ws="none",
        lifespan="on",
        log_config=LOGGING,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=settings.header_bytes,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="glassbox",
        description="Step through a neural network and see every number.",
        epilog="Every limit is a setting too: see docs/settings.md.",
    )
    parser.add_argument("--host", help="where to listen (127.0.0.1); 0.0.0.0 for the network")
    parser.add_argument("--port", type=int, help="the port (8000); 0 for any that is free")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    parser.add_argument("--store", help="where sessions are kept: memory: or sqlite:/path/to/file")
    parser.add_argument("--version", action="version", version=f"glassbox {__version__}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
