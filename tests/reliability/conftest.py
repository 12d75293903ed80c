"""What the tests of the promises share: figures under the results, and a longer run behind --long."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.reliability.nursery import Nursery

FIGURE = "promise"

Figures = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="keep each promise for longer")


@pytest.fixture(scope="session")
def long_run(request: pytest.FixtureRequest) -> bool:
    """Tell whether the longer run was asked for: by --long, or by running what is marked long."""
    return bool(
        request.config.getoption("--long", False)
        or "not long" not in str(request.config.getoption("-m"))
    )


@pytest.fixture
def figures(record_property: Callable[[str, Any], None]) -> Figures:
    """Note what a promise came to, for the summary: `figures("P6", "10,000 requests, …")`."""

    def note(promise: str, text: str) -> None:
        record_property(FIGURE, f"{promise:<4} {text}")

    return note


def _figures(reporter: pytest.TerminalReporter) -> Iterator[str]:
    for report in reporter.stats.get("passed", []) + reporter.stats.get("failed", []):
        yield from (str(text) for name, text in report.user_properties if name == FIGURE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # A report comes once for each stage of a test; its properties come with each.
    figures = sorted(dict.fromkeys(_figures(terminalreporter)))
    if figures:
        terminalreporter.section("the promises")
        for text in figures:
            terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Start servers in milliseconds: `nursery.start("--store", url)`."""
    if not hasattr(os, "fork"):
        pytest.skip("These tests kill processes in the way of POSIX.")
    made = Nursery(tmp_path_factory.mktemp("servers"))
    yield made
    made.close()
