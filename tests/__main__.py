"""Run all the tests: `python -m tests`, or `python -m tests --unit` for the quick ones."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
FAULTS: Final = "tests/reliability"
APART: Final = ("tests/browser", FAULTS)
LEAST_NODE: Final = 20
# One a core; much of what they do is to wait for servers and browsers, so two even on a single one.
WORKERS: Final = f"-n{min(max(2, os.cpu_count() or 2), 8)}"
# The rooms that every branch of which a test must enter.
WHOLE: Final = "app/engine/*,app/explain/*,app/sessions/*"


@dataclass(frozen=True)
class Counts:
    """Count how the tests of one part ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass(frozen=True)
class Part:
    """Name one part of the tests and how it is run."""

    name: str
    run: Callable[[], Counts]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that were asked for, each to its end; return the exit status."""
    options = _parser().parse_args(arguments)
    os.chdir(ROOT)
    results: list[tuple[str, Counts, float]] = []
    for part in _parts(options):
        print(f"── {part.name}", flush=True)
        began = time.monotonic()
        results.append((part.name, part.run(), time.monotonic() - began))
    print("──")
    for name, counts, seconds in results:
        print(f"{name:<14} {counts}, {seconds:.0f} s")
    total = sum((counts for _, counts, _ in results), Counts())
    print(f"tests: {total}", flush=True)
    return 1 if total.failed or not total.passed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("--unit", action="store_true", help="the quick ones alone")
    parser.add_argument("--long", action="store_true", help="also those that take many minutes")
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="fail where a branch of engine, explain or sessions is not tested",
    )
    return parser


def _parts(options: argparse.Namespace) -> Iterator[Part]:
    marks = "wheel" if options.long else "wheel or long"
    apart = [f"--ignore={folder}" for folder in APART]
    measure = ["--cov", "--cov-report="] if options.coverage else []
    yield Part("unit and web", lambda: _pytest(WORKERS, "-m", f"not ({marks})", *apart, *measure))
    if options.coverage:
        yield Part("coverage", _coverage)
    yield Part("page modules", _page_modules)
    if options.unit:
        return
    wanted = [] if options.long else ["not long"]
    yield Part("wheel", lambda: _pytest("-m", "wheel", "tests/test_wheel.py"))
    yield Part(
        "reliability", lambda: _pytest(WORKERS, "-m", " and ".join([*wanted, "not alone"]), FAULTS)
    )
    yield Part("by the clock", lambda: _pytest("-m", " and ".join([*wanted, "alone"]), FAULTS))
    yield Part("browser", lambda: _browser(" and ".join(wanted)))


def _pytest(*arguments: str) -> Counts:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
        status = subprocess.run(command, check=False).returncode
        counts = _read(report) if report.exists() else Counts()
    if status and not counts.failed:
        # No test ran, a file could not be read, or pytest itself fell over.
        return counts + Counts(failed=1)
    return counts


def _read(report: Path) -> Counts:
    # pytest wrote the file a moment ago: nobody else's XML is read.
    suites = [suite.attrib for suite in ET.parse(report).getroot().iter("testsuite")]
    ran, skipped = (sum(int(suite[key]) for suite in suites) for key in ("tests", "skipped"))
    failed = sum(int(suite[key]) for suite in suites for key in ("failures", "errors"))
    return Counts(max(ran - failed - skipped, 0), failed, skipped)


def _coverage() -> Counts:
    command = [sys.executable, "-m", "coverage", "report", f"--include={WHOLE}", "--fail-under=100"]
    return Counts(failed=int(subprocess.run(command, check=False).returncode != 0))


def _page_modules() -> Counts:
    files = sorted(str(path) for path in Path("tests/static").rglob("*.test.js"))
    node = _node()
    if node is None or not files:
        print(f"Node {LEAST_NODE} or newer is not here." if files else "No file to run.")
        return Counts(failed=1)
    command = [node, "--test", "--test-reporter=tap", *files]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    counted = {key: int(n) for key, n in re.findall(r"^# (\w+) (\d+)$", ran.stdout, re.MULTILINE)}
    if ran.returncode:
        print(ran.stdout, ran.stderr)
    failed = max(counted.get("fail", 0) + counted.get("cancelled", 0), int(ran.returncode != 0))
    counts = Counts(counted.get("pass", 0), failed, counted.get("skipped", 0))
    print(f"{node}: {counts}")
    return counts


def _node() -> str | None:
    """Find Node: on the PATH, or the one that Playwright brings along."""
    for candidate in (shutil.which("node"), _playwrights_node()):
        if candidate is None or not Path(candidate).exists():
            continue
        said = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False)
        version = re.match(r"v(\d+)\.", said.stdout)
        if version and int(version[1]) >= LEAST_NODE:
            return candidate
    return None


def _playwrights_node() -> str:
    import playwright

    name = "node.exe" if os.name == "nt" else "node"
    return str(Path(playwright.__file__).parent / "driver" / name)


def _browser(wanted: str) -> Counts:
    from tests.browser.browsers import is_installed
    from tests.browser.installing import have_chromium

    problem = have_chromium()
    if problem:
        print(f"{problem}\nThe browser tests did not run: that is a failure.")
        return Counts(failed=1)
    if not is_installed("firefox"):
        print("Firefox is not here: in Chromium alone.", flush=True)
    return _pytest(WORKERS, "--dist=loadgroup", "-m", wanted, "tests/browser")


if __name__ == "__main__":
    sys.exit(main())
