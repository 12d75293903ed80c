"""Let Lighthouse judge the page, as a phone on a slow network and as a desktop.

    npm install --global lighthouse@12
    python -m benchmarks.lighthouse [--rounds N] [--path "/?preset=digits"]

It reckons how the page would load there from how it loads here, and its time counts other programs' work too: the
figure is the median of the rounds, on a computer that does nothing else. How many times slower than this computer its
phone is, is taken from Lighthouse's own measure of this computer (the last column) one round before, as its
documentation on throttling advises: four times, as it takes for granted, is right on a fast one. Lighthouse 12 runs
with Node 20, later ones want a newer Node. It is no part of the project: a hundred packages for a command that a person
runs now and then.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.serving import running_server
from tests.browser.browsers import CHROMIUM_COMMANDS, CHROMIUM_FLAGS

LEAST_SCORE: Final = 95
PHONE_INDEX: Final = 375
MOST_SLOWER: Final = 4.0
MOST_TRIES: Final = 3
KINDS: Final[dict[str, tuple[str, ...]]] = {"phone": (), "desktop": ("--preset=desktop",)}
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
AUDITS: Final = {
    "first-contentful-paint": "first text, ms",
    "largest-contentful-paint": "largest text, ms",
    "total-blocking-time": "blocked, ms",
    "cumulative-layout-shift": "shift",
    "speed-index": "speed index, ms",
}


def judge(command: str, url: str, kind: str, slower: float | None = None) -> dict[str, Any]:
    """Return Lighthouse's report; where it loses its browser's trace and asks to be run again, it is.

    Raises:
        RuntimeError: It could not judge the page.
    """
    for _ in range(MOST_TRIES - 1):
        try:
            return _judge(command, url, kind, slower)
        except RuntimeError as problem:
            print(problem, file=sys.stderr)
    return _judge(command, url, kind, slower)


def _judge(command: str, url: str, kind: str, slower: float | None = None) -> dict[str, Any]:
    """Run Lighthouse once; return its report.

    Args:
        command: Lighthouse's.
        url: The page.
        kind: "phone" or "desktop".
        slower: How many times slower than this computer the device is; as Lighthouse has it when left out.

    Raises:
        RuntimeError: It could not judge the page.
    """
    chromium = next(filter(None, map(shutil.which, CHROMIUM_COMMANDS)), None)
    environment = os.environ | ({"CHROME_PATH": chromium} if chromium else {})
    flags = " ".join(("--headless=new", *CHROMIUM_FLAGS))
    told = (
        url,
        "--quiet",
        "--no-enable-error-reporting",
        "--output=json",
        f"--chrome-flags={flags}",
        *(() if slower is None else (f"--throttling.cpuSlowdownMultiplier={slower:.2f}",)),
    )
    # Into a file: to a pipe it may end before it has written all of it.
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "report.json"
        ran = subprocess.run(
            [command, *told, *KINDS[kind], f"--output-path={kept}"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        report: dict[str, Any] = json.loads(kept.read_bytes()) if kept.exists() else {}
    if not report or "runtimeError" in report:
        raise RuntimeError(report.get("runtimeError", {}).get("message") or ran.stderr.strip())
    return report


def speed(report: dict[str, Any]) -> float:
    """Return Lighthouse's measure of this computer: about 1,500 for a fast one, 375 for its phone."""
    return float(report["environment"]["benchmarkIndex"])


def rounds(command: str, url: str, kind: str, count: int) -> list[dict[str, Any]]:
    """Judge a page so many times, the phone each time by the speed that was measured just before."""
    reports: list[dict[str, Any]] = []
    last = judge(command, url, "desktop")
    for _ in range(count):
        slower = min(MOST_SLOWER, max(1.0, speed(last) / PHONE_INDEX)) if kind == "phone" else None
        last = judge(command, url, kind, slower)
        reports.append(last)
    return reports


def scores(report: dict[str, Any]) -> list[float]:
    """Return the score of each category, of 100."""
    return [100 * report["categories"][name]["score"] for name in CATEGORIES]


def measures(report: dict[str, Any]) -> list[float]:
    """Return what the performance is judged by."""
    return [report["audits"][name]["numericValue"] for name in AUDITS]


def middle(rows: Sequence[Sequence[float]]) -> list[float]:
    """Return the median of each column."""
    return [median(column) for column in zip(*rows, strict=True)]


def main() -> int:
    """Print a table; return 1 where a score is too low, 2 where Lighthouse is not here."""
    parser = argparse.ArgumentParser(description="Let Lighthouse judge the page.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--path", default="/")
    options = parser.parse_args()
    command = shutil.which("lighthouse")
    if command is None:
        print("Lighthouse is not on the PATH: npm install --global lighthouse@12", file=sys.stderr)
        return 2
    least = 100.0
    heads = [*CATEGORIES, *AUDITS.values()]
    with running_server() as url:
        print(
            f"| | {' | '.join(heads)} | computer |\n| --- | {' | '.join('---:' for _ in [*heads, 0])} |"
        )
        for kind in KINDS:
            reports = rounds(command, url + options.path, kind, options.rounds)
            found = middle([scores(report) for report in reports])
            least = min(least, *found)
            shown = [f"{score:.0f}" for score in found]
            for value in middle([measures(one) for one in reports]):
                shown.append(f"{value:,.0f}" if value >= 1 else f"{value:.3f}")
            shown.append(f"{median(map(speed, reports)):,.0f}")
            print(f"| {kind} | {' | '.join(shown)} |", flush=True)
    return int(least < LEAST_SCORE)


if __name__ == "__main__":
    sys.exit(main())
