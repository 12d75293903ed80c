from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.sessions import replay
from app.sessions.learning import Trained, last_iteration
from app.sessions.session import Session
from tests.sessions.cases import (
    at,
    bits,
    changed,
    goto,
    moment,
    past,
    small,
    started,
    stepped,
    trained,
)


@pytest.fixture
def session() -> Session:
    return started(small())


def after(calls: int) -> Any:
    """Be out of time at the n-th look at the clock."""
    left = [calls]

    def out_of_time() -> bool:
        left[0] -= 1
        return left[0] <= 0

    return out_of_time


def test_so_many_iterations_are_done(session: Session) -> None:
    result = trained(session, iterations=7)
    assert (result.iterations, result.epochs) == (7, 2)
    assert (result.done, result.stopped, result.first_iteration) == (True, "done", 0)
    assert at(result.session) == (6, session.setup.events.count)
    assert result.costs.tolist() == result.session.history.costs.tolist()


def test_finishing_what_was_begun_counts_as_one(session: Session) -> None:
    begun = stepped(session, "term", 3)
    result = trained(begun, iterations=1)
    assert result.iterations == 1
    assert at(result.session) == (0, session.setup.events.count)
    assert trained(result.session, iterations=2).first_iteration == 1


def test_epochs_end_with_their_last_batch(session: Session) -> None:
    result = trained(session, epochs=2)
    assert (result.iterations, result.epochs) == (6, 2)
    begun = trained(result.session, iterations=1).session
    rest = trained(begun, epochs=1)
    assert (rest.iterations, rest.epochs) == (2, 1)
    assert at(rest.session)[0] == 8


def test_one_iteration_is_meant_when_none_is_said(session: Session) -> None:
    assert last_iteration(session, None, None) == 0


def test_epochs_follow_the_edits_of_the_batches(session: Session) -> None:
    session = trained(session, iterations=4).session
    edit_at_4 = changed(session, training={"batch_size": 1})
    session = trained(edit_at_4, iterations=12).session
    start = goto(session, 0)
    # 0 1 2 | 3 (ended early) | 4 5 6 7 8 | 9 … 13 | 14 15
    assert [last_iteration(start, None, epochs) for epochs in range(1, 7)] == [2, 3, 8, 13, 18, 23]
    amid = goto(session, 2, 5)
    assert [last_iteration(amid, None, epochs) for epochs in (1, 2, 3)] == [2, 3, 8]
    assert trained(start, epochs=3).session.position.iteration == 8


def test_epochs_run_on_through_other_edits(session: Session) -> None:
    session = changed(trained(session, iterations=4).session, training={"learning_rate": 0.1})
    start = goto(trained(session, iterations=4).session, 0)
    assert [last_iteration(start, None, epochs) for epochs in (1, 2, 3)] == [2, 5, 8]


def test_out_of_time_it_stops_where_stepping_would_have_been(session: Session) -> None:
    result = trained(session, iterations=100_000, out_of_time=after(2))
    assert not result.done
    assert result.stopped == "budget"
    assert 0 < result.iterations < 100_000
    assert len(result.costs) == result.iterations
    assert result.session.finished
    exact = trained(session, iterations=result.iterations)
    assert moment(result.session) == moment(exact.session)
    assert past(result.session) == past(exact.session)


def test_out_of_time_at_once_still_does_something(session: Session) -> None:
    assert trained(session, iterations=5_000, out_of_time=lambda: True).iterations >= 1


def test_the_budget_can_end_with_the_last_iteration(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sessions.learning.slice_length", lambda setup: 3)
    result = trained(session, iterations=4, out_of_time=lambda: True)
    assert (result.iterations, result.stopped, result.done) == (4, "done", True)


@pytest.mark.parametrize("length", [1, 3, 1_000])
def test_until_cost_stops_after_the_first_cost_that_low(
    session: Session, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sessions.learning.slice_length", lambda setup: length)
    costs = trained(session, iterations=300).costs
    for target in (float(costs[0]), float(np.median(costs)), float(costs.min())):
        first = int(np.flatnonzero(costs <= target)[0])
        result = trained(session, iterations=300, until_cost=target)
        assert (result.stopped, result.done) == ("until_cost", True)
        assert at(result.session) == (first, session.setup.events.count)
        assert bits(result.costs) == bits(costs[: first + 1])
        assert bits(result.session.history.costs) == bits(costs[: first + 1])


def test_a_cost_never_reached_does_not_stop(session: Session) -> None:
    assert trained(session, iterations=10, until_cost=-1.0).stopped == "done"


def test_training_on_from_the_past_passes_the_edits(session: Session) -> None:
    session = trained(session, iterations=5).session
    for rate in (0.1, 0.2):
        session = changed(session, training={"learning_rate": rate})
        session = trained(session, iterations=5).session
    again = trained(goto(session, 0), iterations=15)
    assert moment(again.session) == moment(session)
    assert past(again.session) == past(session)
    assert bits(again.costs) == bits(session.history.costs)
    early = trained(goto(session, 0), iterations=15, out_of_time=lambda: True)
    assert early.iterations >= 5


EXPLODING = small(layers=[{"size": 2, "activation": "linear"}], learning_rate=100.0, batch_size=1)


def test_divergence_stops_where_the_number_arises() -> None:
    session = started(EXPLODING)
    result = trained(session, iterations=10_000)
    assert (result.stopped, result.done) == ("diverged", False)
    stopped = result.session
    assert stopped.diverged
    assert result.iterations == at(stopped)[0] == stopped.history.iterations
    assert len(result.costs) == result.iterations
    assert np.isfinite(result.costs).all()
    slow = session
    while not slow.diverged:
        slow = stepped(slow, "pass")
    assert moment(slow)[0] == moment(stopped)[0]
    assert slow.tape.overflow == stopped.tape.overflow


def test_divergence_in_the_last_iteration_asked_for_is_seen() -> None:
    session = started(EXPLODING)
    last = at(trained(session, iterations=10_000).session)[0]
    result = trained(session, iterations=last + 1)
    assert (result.stopped, result.iterations) == ("diverged", last)


def exploding(seed: int) -> Session:
    """Start a random network without a brake at a learning rate of 100."""
    random = np.random.default_rng(seed)
    sizes = [*random.integers(1, 5, int(random.integers(0, 3))).tolist(), 2]
    names = ["relu", "linear", "leaky_relu", "elu", "softplus", "swish"]
    layers = [{"size": n, "activation": str(random.choice(names))} for n in sizes]
    layers[-1]["activation"] = "linear"
    optimizer = {"name": str(random.choice(["sgd", "momentum", "nesterov"]))}
    batch = int(random.integers(1, 6))
    return started(small(layers=layers, learning_rate=100.0, batch_size=batch, optimizer=optimizer))


def test_fifty_networks_diverge_and_recover() -> None:
    diverged = 0
    for seed in range(50):
        result = trained(exploding(seed), iterations=3_000)
        stopped = result.session
        assert stopped.diverged == (result.stopped == "diverged")
        diverged += stopped.diverged
        assert np.isfinite(result.costs).all()
        assert np.isfinite(stopped.history.costs).all()
        assert np.isfinite(stopped.present_theta).all()
        lowered = changed(goto(stopped, 0), training={"learning_rate": 0.001, "batch_size": None})
        again = trained(lowered, iterations=20)
        assert again.done
        assert again.costs[-1] <= again.costs[0]
    assert diverged > 40


def result_of(count: int, first: int = 0) -> Trained:
    costs = np.arange(first, first + count, dtype=float)
    return Trained(started(), count, 0, True, "done", first, costs)


@pytest.mark.parametrize(("count", "first"), [(0, 5), (1, 5), (2_000, 0), (2_001, 3), (9_999, 70)])
def test_the_costs_just_done_are_listed_evenly_with_the_last(count: int, first: int) -> None:
    iterations, costs = result_of(count, first).thinned(2_000)
    assert costs == iterations
    assert len(iterations) <= 2_000
    assert len(set(np.diff(iterations).tolist())) <= 1
    if count:
        assert iterations[-1] == first + count - 1
        assert iterations[0] - first < max(1, -(-count // 2_000))
    if count <= 2_000:
        assert len(iterations) == count


def test_a_thinned_history_hides_no_cost_just_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sessions.history.MOST_COSTS", 16)
    session = trained(started(small()), iterations=500).session
    assert session.history.stride > 8
    result = trained(session, iterations=5)
    assert result.thinned(2_000)[0] == [500, 501, 502, 503, 504]


def test_checkpoints_are_kept_on_the_way(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "checkpoint_spacing", lambda setup: 100)
    late = trained(session, iterations=1_000).session
    assert len(late.checkpoints.states) >= 4
