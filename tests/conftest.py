"""Servers for tests: real processes on a free port, told where to keep their sessions."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["tests.figures"]

# A shell lets what it starts in the background ignore this, and so would every server started here.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]
PREFIX = "GLASSBOX_"
START_SECONDS = 30.0
STOP_SECONDS = 8.0


@dataclass(frozen=True)
class AppServer:
    """Know a running server: `url` without a slash at its end, its process, and its log."""

    url: str
    process: subprocess.Popen[str]
    log_path: Path

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self.process.pid

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self.url.rpartition(":")[2])

    def log(self) -> str:
        """Return what the server has written to its log (stderr) so far."""
        return self.log_path.read_text(encoding="utf-8")

    def requests(self, least: int = 0) -> list[dict[str, Any]]:
        """Return the requests in the log, oldest first; wait a little for so many at least."""
        until = time.monotonic() + 10
        while True:
            # The line is written after the answer, so it may be on its way.
            lines = [line for line in self.log().splitlines(keepends=True) if line[0] == "{"]
            if len(lines) >= least or time.monotonic() > until:
                return [json.loads(line) for line in lines if line.endswith("\n")]
            time.sleep(0.01)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process by a signal, for good if it does not; return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        return self.process.returncode


StartServer = Callable[..., AppServer]


def start_process(
    folder: Path, *arguments: str, env: Mapping[str, str] | None = None, warn: str = "error"
) -> AppServer:
    """Start `python -m app --port 0` and wait until it says where it is.

    Args:
        folder: Where the log goes.
        arguments: Further arguments; without a `--store` sessions are kept in memory.
        env: Settings by name, as in `{"GLASSBOX_MAX_LAYERS": "3"}`; no others are inherited.
        warn: What Python does with a warning.
    """
    store = () if "--store" in arguments else ("--store", "memory:")
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
    log_path = folder / f"server-{time.monotonic_ns()}.log"
    with log_path.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", warn, "-m", "app", "--port", "0", *store, *arguments],
            cwd=ROOT,
            env=inherited | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    line = process.stdout.readline() if readable else ""
    server = AppServer(line.strip().rpartition(" ")[2], process, log_path)
    if not line.startswith("Glassbox is at http://"):
        server.stop(signal.SIGKILL)
        pytest.fail(f"The server did not start: {line!r}\n{server.log()}")
    return server


@pytest.fixture(scope="session")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Run one server with the default settings for all tests; do not change or stop it."""
    server = start_process(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Start servers of a test's own: `start_server("--store", url, env={...})`."""
    started: list[AppServer] = []

    def start(*arguments: str, **options: Any) -> AppServer:
        started.append(start_process(tmp_path, *arguments, **options))
        return started[-1]

    yield start
    for server in started:
        server.stop()
