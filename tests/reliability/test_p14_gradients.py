"""P14: every gradient is right, for every output activation with every cost and optimizer."""

from __future__ import annotations

import pytest

from tests.engine.test_against_oracle import compare_networks
from tests.reliability.conftest import Figures


@pytest.mark.parametrize("draws", [6, pytest.param(50, marks=pytest.mark.long)])
def test_every_gradient_is_right(figures: Figures, draws: int) -> None:
    found = compare_networks(draws)
    assert len(found.networks) >= 500
    figures("P14", f"beside a scalar-loop oracle: {found.told()}")
    figures("P14", f"beside central differences: {found.told_numeric()}")
