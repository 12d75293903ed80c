"""P14: every gradient is right, for every output activation with every cost and optimizer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.test_against_oracle import compare_networks
from tests.figures import Figures
from tests.oracle import OracleNetwork, cost, gradients


@pytest.mark.parametrize("draws", [6, pytest.param(50, marks=pytest.mark.long)])
def test_every_gradient_is_right(figures: Figures, draws: int) -> None:
    found = compare_networks(draws)
    assert len(found.networks) >= 500
    figures("P14", f"beside a scalar-loop oracle: {found.told()}")
    figures("P14", f"beside central differences: {found.told_numeric()}")


def test_the_oracle_prints_the_ten_thousandth_error_of_the_worked_example(figures: Figures) -> None:
    # M. Mazur, 2015: his biases stand still.
    network = OracleNetwork(
        [2, 2, 2],
        ["sigmoid", "sigmoid"],
        "half_squared_error",
        [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]],
        [[0.35, 0.35], [0.6, 0.6]],
    )
    for _ in range(9_999):
        weights, _, _ = gradients(network, [[0.05, 0.1]], [[0.01, 0.99]])
        network = replace(
            network,
            weights=[
                [[w - 0.5 * g for w, g in zip(*row, strict=True)] for row in zip(*two, strict=True)]
                for two in zip(network.weights, weights, strict=True)
            ],
        )
    assert f"{cost(network, [[0.05, 0.1]], [[0.01, 0.99]]):.10f}" == "0.0000351085"
    figures(
        "P14",
        "the oracle itself: the worked example's published error after 10,000 steps, all digits",
    )
