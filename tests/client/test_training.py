from __future__ import annotations

from typing import Any

import pytest

from app.client import Client, GlassboxError
from app.client.training import train


def test_it_goes_on_until_all_is_done(box: Client) -> None:
    s = box.start(preset="digits")
    trained = s.train(iterations=600, budget_ms=1)
    assert (trained.iterations, trained.stopped) == (600, "done")
    assert s.history()["finished"] == 600
    assert trained.cost_iterations == tuple(range(600))
    assert len(trained.costs) == 600
    assert s.revision > 2, "it took more than one request"


def test_epochs_are_counted_across_requests(box: Client) -> None:
    s = box.start(preset="iris")
    trained = s.train(epochs=7, budget_ms=1)
    per_epoch = s.view["position"]["iterations_per_epoch"]
    assert trained.epochs == 7
    assert trained.iterations == 7 * per_epoch == s.history()["finished"]


def test_it_stops_where_the_cost_is_small_enough(box: Client) -> None:
    s = box.start(preset="worked-example")
    trained = s.train(iterations=10_000, until_cost=0.1)
    assert trained.stopped == "until_cost"
    assert trained.iterations < 10_000
    assert trained.costs[-1] <= 0.1


def test_how_long_must_be_said(box: Client) -> None:
    s = box.start(preset="xor")
    for wish in ({}, {"iterations": 1, "epochs": 1}):
        with pytest.raises(ValueError, match="either"):
            s.train(**wish)


def test_an_iteration_that_never_ends_is_said() -> None:
    def ask(body: dict[str, Any]) -> dict[str, Any]:
        nothing = {"iterations": 0, "epochs": 0, "cost_iterations": [], "costs": []}
        return {**nothing, "stopped": "budget"}

    with pytest.raises(GlassboxError, match="longer"):
        train(ask, {"iterations": 3})
