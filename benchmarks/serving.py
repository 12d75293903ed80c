"""Run Glassbox as its own process while a benchmark asks it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]


@contextmanager
def running_server(settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run a server on a free port while the block lasts; give its address.

    Args:
        settings: The settings that differ from the usual, as in `{"GLASSBOX_MAX_LAYERS": "3"}`.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--port", "0", "--store", "memory:"],
        cwd=ROOT,
        env=os.environ | dict(settings or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        # It says where it is once it listens, and nothing when it cannot start.
        said = process.stdout.readline().split()
        if not said:
            raise RuntimeError("The server did not start; `python -m app` says why.")
        yield said[-1]
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()
