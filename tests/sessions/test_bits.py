"""Stepping, going back and training at speed give the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.sessions.session import Session
from tests.oracle import HIDDEN, OPTIMISERS
from tests.sessions.cases import (
    BODIES,
    at,
    back,
    bits,
    changed,
    goto,
    moment,
    past,
    started,
    state_bits,
    stepped,
    trained,
)

GRANULARITIES = ("term", "neuron", "layer", "pass", "iteration", "epoch")
WITHIN = GRANULARITIES[:4]


def drawn(seed: int) -> dict[str, Any]:
    """Ask for a random network with random settings on random data."""
    random = np.random.default_rng(seed)
    rows, inputs, outputs = (int(random.integers(*span)) for span in ((3, 8), (1, 5), (1, 4)))
    sizes = [*random.integers(1, 5, random.integers(0, 3)).tolist(), outputs]
    return {
        "data": {
            "inputs": random.normal(size=(rows, inputs)).tolist(),
            "targets": random.normal(size=(rows, outputs)).tolist(),
        },
        "network": {
            "layers": [{"size": n, "activation": str(random.choice(HIDDEN))} for n in sizes],
            "cost": str(random.choice(["mse", "half_squared_error"])),
            "seed": seed,
        },
        "training": {
            "learning_rate": 0.05,
            "batch_size": int(random.integers(1, rows + 1)),
            "shuffle": bool(random.integers(2)),
            "seed": seed,
            "optimizer": {"name": str(random.choice(OPTIMISERS))},
            "l1": float(random.choice([0.0, 0.01])),
            "l2": float(random.choice([0.0, 0.1])),
        },
    }


CASES = {**BODIES, **{f"drawn-{seed}": drawn(seed) for seed in range(6)}}
case = pytest.mark.parametrize("body", CASES.values(), ids=list(CASES))


def iteration_done(session: Session, by: str) -> Session:
    """Step to the end of an iteration."""
    session = stepped(session, by)
    while not session.finished:
        session = stepped(session, by)
    return session


@case
def test_term_by_term_to_the_end_is_by_pass_is_by_train(body: dict[str, Any]) -> None:
    first = started(body)
    fast = trained(first, iterations=1).session
    for by in (*WITHIN, "iteration"):
        slow = iteration_done(first, by)
        assert moment(slow) == moment(fast)
        assert past(slow) == past(fast)


@case
def test_many_iterations_stepped_are_as_many_trained(body: dict[str, Any]) -> None:
    first = started(body)
    fast = trained(first, iterations=11).session
    for by in WITHIN[1:]:
        slow = first
        for _ in range(11):
            slow = iteration_done(slow, by)
        assert moment(slow) == moment(fast)
        assert past(slow) == past(fast)


@case
def test_a_begun_iteration_is_finished_by_train(body: dict[str, Any]) -> None:
    begun = stepped(started(body), "term", 7)
    fast = trained(begun, iterations=3).session
    assert moment(fast) == moment(trained(started(body), iterations=3).session)


@case
@pytest.mark.parametrize("by", GRANULARITIES)
def test_back_stops_where_step_stopped_to_the_very_start(body: dict[str, Any], by: str) -> None:
    session, epoch = started(body), started(body).branch.schedule.per_epoch
    enough = {"iteration": 8, "epoch": 3}.get(by, 10_000)
    last = 20 if by in ("iteration", "epoch") and epoch < 20 else 3
    stops = [session]
    while len(stops) <= enough and not (stops[-1].finished and at(stops[-1])[0] >= last):
        stops.append(stepped(stops[-1], by))
    session = stops[-1]
    for stop in reversed(stops[:-1]):
        session = back(session, by)
        assert moment(session) == moment(stop)
    assert at(session) == (0, 0)
    assert past(session) == past(stops[-1])


def edited_twice(body: dict[str, Any]) -> Session:
    """Train, change the batches at the end of an iteration, train, and change a weight amid the next."""
    session = changed(
        trained(started(body), iterations=2).session, training={"batch_size": 1, "shuffle": True}
    )
    session = stepped(trained(session, iterations=4).session, "pass")
    session = changed(session, values={"w[1][0][0]": 0.25}, training={"learning_rate": 0.01})
    return goto(trained(session, iterations=4).session, 0)


@pytest.mark.parametrize("body", [CASES["adam"], CASES["nesterov"]], ids=["adam", "nesterov"])
@pytest.mark.parametrize("by", GRANULARITIES)
def test_back_stops_where_step_stopped_across_edits(body: dict[str, Any], by: str) -> None:
    session = edited_twice(body)
    reach = session.history.iterations
    stops = [session]
    while not (stops[-1].finished and at(stops[-1])[0] >= reach - 1):
        stops.append(stepped(stops[-1], by))
    session = stops[-1]
    for stop in reversed(stops[:-1]):
        session = back(session, by)
        assert moment(session) == moment(stop)
    assert at(session) == (0, 0)


@case
def test_any_moment_of_the_past_is_found_again(body: dict[str, Any]) -> None:
    session = started(body)
    seen = {at(session): moment(session)}
    for _ in range(40):
        session = stepped(session, "pass")
        seen[at(session)] = moment(session)
    places = list(seen)
    np.random.default_rng(0).shuffle(places)
    for iteration, event in places:
        session = goto(session, iteration, event)
        assert moment(session) == seen[iteration, event]


def test_the_far_past_is_exact_after_checkpoints_were_thinned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.sessions.replay.checkpoint_spacing", lambda setup: 30)
    monkeypatch.setattr("app.sessions.history.MOST_CHECKPOINTS", 16)
    first = started(CASES["adam"])
    session = trained(first, iterations=6_000).session
    assert session.checkpoints.thinning >= 4
    for iteration in (5_999, 5_998, 4_321, 1_000, 31, 30, 29, 1, 0, 3_333):
        plain = trained(first, iterations=iteration + 1).session
        session = goto(session, iteration, plain.setup.events.count)
        assert moment(session) == moment(plain)
    kept = [state_bits(state) for _, _, state in session.checkpoints.states]
    exact = [
        state_bits(goto(first_to(first, i), i).state) for _, i, _ in session.checkpoints.states[:3]
    ]
    assert kept[:3] == exact


def first_to(first: Session, iteration: int) -> Session:
    return trained(first, iterations=iteration).session


def test_the_same_commands_twice_give_the_same_bits() -> None:
    body = CASES["adam"]
    one, other = (trained(started(body), epochs=5).session for _ in range(2))
    assert moment(one) == moment(other)
    assert bits(one.history.costs) == bits(other.history.costs)
