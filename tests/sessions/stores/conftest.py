"""Every store there is, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sessions.stores import Store, open_store


@pytest.fixture(params=["memory:", "sqlite:{}/sessions.db"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(request.param.format(tmp_path))
    yield opened
    asyncio.run(opened.close())
