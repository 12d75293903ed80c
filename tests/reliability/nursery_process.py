"""A process that has imported Glassbox and forks servers on demand, so that a start takes milliseconds.

What it forks runs the `glassbox` command from its first line. Requests and replies are JSON over the
socket whose number is the only argument; with a start come two files, for standard output and error.
`alter` names a function of the tests, "module:function", that is called in the server before it starts.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

from app.__main__ import main

PREFIX = "GLASSBOX_"


def serve(channel: socket.socket) -> dict[str, Any] | None:
    """Answer requests; return, in a forked process alone, what the server was asked to be."""
    living: set[int] = set()
    while True:
        message, files, _, _ = socket.recv_fds(channel, 65_536, 2)
        if not message:
            break
        request = json.loads(message)
        if "reap" in request:
            living.discard(request["reap"])
            _, status = os.waitpid(request["reap"], 0)
            reply = {"status": os.waitstatus_to_exitcode(status)}
        else:
            pid = os.fork()
            if pid == 0:
                _settle(files, request["env"])
                return dict(request)
            for file in files:
                os.close(file)
            living.add(pid)
            reply = {"pid": pid}
        channel.sendall(json.dumps(reply).encode())
    for pid in living:
        os.kill(pid, signal.SIGKILL)
    return None


def _settle(files: list[int], env: dict[str, str]) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, file in enumerate([nothing, *files]):
        os.dup2(file, target)
        os.close(file)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(env)


def run(request: dict[str, Any]) -> int:
    """Be a server."""
    if request["alter"]:
        module, _, name = request["alter"].partition(":")
        getattr(importlib.import_module(module), name)(*request["with"])
    return main(request["arguments"])


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as ours:
        asked = serve(ours)
    if asked is not None:
        sys.exit(run(asked))
