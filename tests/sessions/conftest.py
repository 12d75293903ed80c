"""Slices of training as long as they are estimated to be, however busy the computer is that tests."""

from __future__ import annotations

import math

import pytest

from app.sessions import replay


@pytest.fixture(autouse=True)
def _even_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "LONGEST_SLICE", math.inf)
