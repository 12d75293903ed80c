from __future__ import annotations

import numpy as np
import pytest

from app.engine.training import Optimizer, State
from app.sessions import history as module
from app.sessions.history import Checkpoints, History


def filled(count: int, at_once: int = 97, first: int = 0) -> History:
    """Fill a history with costs that tell their iteration."""
    history = History.empty(first)
    for start in range(first, first + count, at_once):
        end = min(start + at_once, first + count)
        history = history.extended(start, [float(i) for i in range(start, end)])
    return history


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COSTS", 32)


def test_a_short_history_keeps_every_cost() -> None:
    history = filled(10)
    assert history.costs.tolist() == list(range(10))
    assert (history.iterations, history.stride) == (10, 1)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("count", [64, 65, 128, 129, 1_000, 5_003])
@pytest.mark.parametrize("first", [0, 17])
def test_thinning_keeps_each_cost_with_its_iteration(count: int, first: int) -> None:
    history = filled(count, first=first)
    iterations, costs = history.thinned(10_000)
    assert costs == [float(iteration) for iteration in iterations]
    assert iterations == list(range(first, first + count, history.stride))
    assert 32 <= len(costs) <= 64
    assert history.iterations == first + count


@pytest.mark.usefixtures("short")
def test_costs_one_by_one_or_many_at_once_are_kept_alike() -> None:
    one, many = filled(777, 1), filled(777, 777)
    assert one.costs.tolist() == many.costs.tolist()
    assert one.stride == many.stride


def test_known_costs_stay_when_the_past_is_walked_again() -> None:
    history = filled(10)
    assert history.extended(4, [99.0]) is history
    assert history.extended(3, [99.0] * 7) is history
    assert history.extended(8, [99.0, 99.0, 10.0]).costs.tolist() == list(range(11))
    assert history.extended(10, []) is history


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("iteration", [0, 1, 50, 63, 64, 65, 499, 500])
def test_until_forgets_from_an_iteration_on(iteration: int) -> None:
    history = filled(500).until(iteration)
    iterations, costs = history.thinned(10_000)
    assert history.iterations == iteration
    assert costs == iterations == list(range(0, iteration, history.stride))
    grown = history.extended(iteration, [float(i) for i in range(iteration, 700)])
    assert grown.thinned(10_000)[0] == grown.thinned(10_000)[1]


def test_until_beyond_what_is_known_forgets_nothing() -> None:
    history = filled(5)
    assert history.until(5) is history
    assert history.until(6) is history


@pytest.mark.parametrize("points", [1, 2, 3, 7, 99, 100, 101])
def test_at_most_so_many_points_the_last_among_them(points: int) -> None:
    iterations, costs = filled(100).thinned(points)
    assert len(iterations) == min(points, 100)
    assert iterations[-1] == 99
    assert costs == iterations
    assert points == 1 or iterations[0] == 0


def test_nothing_thinned_is_nothing() -> None:
    assert History.empty().thinned(5) == ([], [])


def state(number: float, size: int = 3) -> State:
    return State.start(np.full(size, number), Optimizer())


def test_the_nearest_checkpoint_is_the_branchs_own() -> None:
    kept = Checkpoints()
    for key, iteration in ((0, 10), (2, 5), (0, 20), (2, 25), (0, 15)):
        kept = kept.with_state(key, iteration, state(100 * key + iteration))
    assert [one[:2] for one in kept.states] == [(0, 10), (0, 15), (0, 20), (2, 5), (2, 25)]
    found = kept.nearest(0, 19)
    assert found is not None
    assert (found[0], found[1].theta[0]) == (15, 15.0)
    assert kept.nearest(0, 9) is None
    assert kept.nearest(1, 100) is None
    exact = kept.nearest(2, 25)
    assert exact is not None
    assert exact[1].theta[0] == 225.0


def test_branches_that_are_gone_are_forgotten() -> None:
    kept = Checkpoints(4).with_state(0, 1, state(1)).with_state(2, 1, state(2))
    assert [one[:2] for one in kept.of({2}).states] == [(2, 1)]
    assert kept.of({2}).thinning == 4


def test_too_many_checkpoints_are_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CHECKPOINTS", 6)
    kept = Checkpoints()
    for iteration in range(1, 8):
        kept = kept.with_state(0, iteration, state(iteration))
    assert [one[1] for one in kept.states] == [2, 4, 6]
    assert kept.thinning == 2
    assert all(one[2].theta[0] == one[1] for one in kept.states)


def test_large_checkpoints_are_thinned_by_their_bytes_but_some_stay() -> None:
    kept = Checkpoints()
    for iteration in range(1, 40):
        kept = kept.with_state(0, iteration, state(iteration, 200_000))
    assert 1 <= len(kept.states) < 4
    assert kept.thinning > 1
