"""Get a browser onto a machine that has none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from playwright.sync_api import sync_playwright

from tests.browser.browsers import NoBrowser, launch

Command = tuple[str, ...]

APT: Final[tuple[Command, ...]] = (
    ("apt-get", "update", "-qq"),
    ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"),
)
PLAYWRIGHT: Final[Command] = (sys.executable, "-m", "playwright", "install", "chromium")


def have_chromium() -> str | None:
    """Find a Chromium that starts, or install one; return what is wrong if that fails too."""
    problem = _try_to_start()
    for commands in _ways() if problem else ():
        print(f"No browser yet: {' '.join(commands[-1])}", flush=True)
        if all(_succeeds(command) for command in commands):
            problem = _try_to_start()
        if problem is None:
            break
    return problem


def _ways() -> Iterator[tuple[Command, ...]]:
    """List the ways to install one, first the one that brings the libraries it needs."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        yield APT
    yield (PLAYWRIGHT,)


def _try_to_start() -> str | None:
    try:
        with sync_playwright() as playwright:
            launch(playwright, "chromium").close()
    except NoBrowser as problem:
        return str(problem)
    return None


def _succeeds(command: Command) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    ran = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ran.returncode:
        print("\n".join(ran.stdout.splitlines()[-5:]))
    return ran.returncode == 0
