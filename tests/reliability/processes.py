"""What a process holds, as Linux tells it in /proc."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MIB = 2**20


@dataclass(frozen=True)
class Held:
    """Hold a process's figures: resident bytes, their peak, open files, threads."""

    resident: int
    peak: int
    files: int
    threads: int


def held_by(pid: int) -> Held:
    """Read a process's figures."""
    folder = Path("/proc", str(pid))
    status = (folder / "status").read_text(encoding="ascii")

    def line(name: str) -> int:
        found = re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)
        assert found is not None
        return int(found[1])

    files = len(list((folder / "fd").iterdir()))
    return Held(line("VmRSS") * 1024, line("VmHWM") * 1024, files, line("Threads"))


def forget_peak(pid: int) -> None:
    """Let the peak begin anew at what is resident now."""
    Path("/proc", str(pid), "clear_refs").write_text("5", encoding="ascii")
