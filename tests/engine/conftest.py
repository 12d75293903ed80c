"""Show the figures that the engine's tests found, under the results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

FIGURE = "figure"


@pytest.fixture
def figure(record_property: Callable[[str, Any], None]) -> Callable[[str], None]:
    """Note a figure for the summary, by a way that reaches it from other processes too."""

    def note(text: str) -> None:
        record_property(FIGURE, text)

    return note


def _figures(reporter: pytest.TerminalReporter) -> Iterator[str]:
    for report in reporter.stats.get("passed", []) + reporter.stats.get("failed", []):
        yield from (str(text) for name, text in report.user_properties if name == FIGURE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # A report comes once for each stage of a test; its properties come with each.
    figures = list(dict.fromkeys(_figures(terminalreporter)))
    if figures:
        terminalreporter.section("what the engine's tests found")
        for text in figures:
            terminalreporter.write_line(text)
