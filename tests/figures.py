"""What a test measured, printed under the results: a plugin, named in tests/conftest.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

FIGURE = "figure"

Figures = Callable[[str, str], None]


@pytest.fixture
def figures(record_property: Callable[[str, Any], None]) -> Figures:
    """Note what was measured of a promise or a part: `figures("P6", "10,000 requests, …")`."""

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
        terminalreporter.section("what was measured")
        for text in figures:
            terminalreporter.write_line(text)
