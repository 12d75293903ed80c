"""Servers that start in milliseconds: forked from a process that has imported everything already."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from tests.conftest import ROOT, START_SECONDS

# On a machine that is busy otherwise a command would be cut off after its usual quarter of a second,
# and what it did would not be the same in every run.
PATIENT: Final = {"GLASSBOX_COMPUTE_MILLISECONDS": "10000"}


@dataclass
class Server:
    """Know a running server: where it is, its process, and its log."""

    nursery: Nursery
    pid: int
    url: str
    log_path: Path
    output: int
    status: int | None = None

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self.url.rpartition(":")[2])

    def log(self) -> str:
        """Return what the server has written to its log."""
        return self.log_path.read_text(encoding="utf-8")

    def send(self, number: int) -> None:
        """Send a signal."""
        if self.status is None:
            os.kill(self.pid, number)

    def wait(self, seconds: float) -> int | None:
        """Wait for the process to end; return its exit status, None while it still runs."""
        if self.status is None and self._ended(seconds):
            self.status = int(self.nursery.ask({"reap": self.pid})["status"])
            os.close(self.output)
        return self.status

    def kill(self) -> int:
        """End it at once, as a power cut would."""
        self.send(signal.SIGKILL)
        status = self.wait(10)
        assert status is not None
        return status

    def _ended(self, seconds: float) -> bool:
        # A pipe whose writer is gone is at its end.
        until = time.monotonic() + seconds
        while select.select([self.output], [], [], max(0.0, until - time.monotonic()))[0]:
            if not os.read(self.output, 65_536):
                return True
        return False


class Nursery:
    """Start servers, one or several at a time, and end what is left at the end.

    Args:
        folder: Where the logs go.
        warn: What Python does with a warning.
    """

    def __init__(self, folder: Path, warn: str = "error") -> None:
        self.folder, self._servers = folder, list[Server]()
        # Messages keep their bounds, and one asks at a time.
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._turn = Lock()
        module = "tests.reliability.nursery_process"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-W", warn, "-m", module, str(theirs.fileno())],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
            )

    def start(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        alter: str = "",
        given: Sequence[object] = (),
    ) -> Server:
        """Start `glassbox` with these arguments and wait until it says where it is.

        Args:
            arguments: Without a `--port` it takes any that is free.
            env: Settings by name, as in `{"GLASSBOX_MAX_LAYERS": "3"}`.
            alter: "module:function", called in the server before it starts.
            given: The arguments of that function.
        """
        port = () if "--port" in arguments else ("--port", "0")
        request = {
            "arguments": [*port, *arguments],
            "env": PATIENT | dict(env or {}),
            "alter": alter,
            "with": list(given),
        }
        log_path = self.folder / f"server-{time.monotonic_ns()}.log"
        output, theirs = os.pipe()
        with log_path.open("w") as log:
            pid = int(self.ask(request, [theirs, log.fileno()])["pid"])
        os.close(theirs)
        server = Server(self, pid, "", log_path, output)
        self._servers.append(server)
        said = _line(output)
        server.url = said.strip().rpartition(" ")[2]
        assert said.startswith("Glassbox is at http://"), f"{said!r}\n{server.log()}"
        return server

    def ask(self, request: Mapping[str, Any], files: Sequence[int] = ()) -> dict[str, Any]:
        """Ask the process that forks."""
        with self._turn:
            socket.send_fds(self._channel, [json.dumps(request).encode()], list(files))
            reply: dict[str, Any] = json.loads(self._channel.recv(65_536))
        return reply

    def running(self) -> list[Server]:
        """List the servers that were not ended yet."""
        return [server for server in self._servers if server.status is None]

    def close(self) -> None:
        """End every server, then the process that forked them."""
        for server in self.running():
            server.kill()
        self._channel.close()
        self._process.wait(10)


def _line(output: int) -> str:
    line = b""
    while not line.endswith(b"\n"):
        if not select.select([output], [], [], START_SECONDS)[0]:
            break
        more = os.read(output, 1)
        if not more:
            break
        line += more
    return line.decode()
