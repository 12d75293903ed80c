"""What the tests of the promises share: servers in milliseconds, and a longer run behind --long."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.reliability.nursery import Nursery


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="keep each promise for longer")


@pytest.fixture(scope="session")
def long_run(request: pytest.FixtureRequest) -> bool:
    """Tell whether the longer run was asked for: by --long, or by running what is marked long."""
    return bool(
        request.config.getoption("--long", False)
        or "not long" not in str(request.config.getoption("-m"))
    )


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Start servers in milliseconds: `nursery.start("--store", url)`."""
    if not hasattr(os, "fork"):
        pytest.skip("These tests kill processes in the way of POSIX.")
    made = Nursery(tmp_path_factory.mktemp("servers"))
    yield made
    made.close()
