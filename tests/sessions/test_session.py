from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.engine.training import State
from app.sessions.moves import arrive
from app.sessions.session import Position, Session
from tests.sessions.cases import BODIES, at, bits, changed, end_of, small, started, stepped, trained


def known_parameters(session: Session) -> list[bool]:
    """Tell of every parameter, one by one, whether its new value's event has happened."""
    network, events, known = session.setup.network, session.setup.events, []
    for layer in range(1, network.depth + 1):
        for neuron in range(network.sizes[layer]):
            for source in range(network.sizes[layer - 1]):
                known.append(events.number("update", "new_weight", layer, neuron, source))
            known.append(events.number("update", "new_bias", layer, neuron))
    assert None not in known
    return [number is not None and number <= session.shown for number in known]


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_during_the_update_exactly_the_stepped_parameters_are_new(body: dict[str, Any]) -> None:
    session = arrive(started(body), end_of(started(body), "backward") - 1)
    while not session.finished:
        session = stepped(session, "term")
        known = np.array(known_parameters(session))
        expected = np.where(known, session.tape.after.theta, session.state.theta)
        assert bits(session.present_theta) == bits(expected)
        assert not session.present_theta.flags.writeable
    assert session.present_theta is session.tape.after.theta


def test_before_the_update_the_parameters_are_the_iterations() -> None:
    session = started(small())
    for event in (0, 1, end_of(session, "cost"), end_of(session, "backward")):
        assert arrive(session, event).present_theta is session.state.theta


def test_a_change_within_the_iteration_keeps_what_was_computed() -> None:
    session = started(small())
    assert "tape" not in session.within(revision=2).__dict__
    tape, rows = session.tape, session.rows
    kept = session.within(position=Position(0, 3), revision=7)
    assert kept.tape is tape
    assert kept.rows is rows
    assert (kept.revision, at(kept)) == (7, (0, 3))
    assert session.revision == 0


def test_another_moment_computes_anew_and_keeps_the_focus_in_the_batch() -> None:
    session = started(small()).within(focus=1)
    last = trained(session, iterations=2).session
    assert last.focus == 1
    leftover = trained(last, iterations=1).session
    assert len(leftover.rows) == 1
    assert leftover.focus == 0


def test_a_session_knows_its_branch_rows_and_epoch() -> None:
    session = trained(started(small(shuffle=True)), iterations=4).session
    assert session.epoch == 1
    assert session.first_iteration == 0
    edited = changed(session, training={"learning_rate": 0.1})
    assert edited.branch_at(3) is session.trunk[0]
    assert edited.branch is edited.branch_at(4) is edited.trunk[1]
    assert edited.setup.training.learning_rate == 0.1
    order = session.branch.schedule.order(1)
    assert session.rows.tolist() == session.setup.train_rows[order[:2]].tolist()


def overflowing(body: dict[str, Any], number: float) -> Session:
    """Start from parameters that no one can post, to reach an overflow."""
    session = started(body)
    theta = np.full_like(session.state.theta, number)
    return session.at(Position(), State(theta, session.state.moments))


def test_a_session_at_an_overflow_shows_what_came_before() -> None:
    session = overflowing(small(layers=[{"size": 2, "activation": "linear"}]), 1e200)
    assert not session.diverged
    overflow = session.tape.overflow
    assert overflow is not None
    stopped = arrive(session, 10_000)
    assert at(stopped) == (0, overflow)
    assert stopped.diverged
    assert not stopped.finished
    assert stopped.shown == overflow - 1
    assert stopped.history.iterations == 0
    before = arrive(session, overflow - 1)
    assert not before.diverged
    assert before.shown == overflow - 1
    assert before.present_theta is session.state.theta


def test_an_overflow_at_the_very_last_event_is_no_finished_iteration() -> None:
    # The wire's limits never lead here; the past would hold an iteration that cannot be replayed.
    session = started(small(layers=[{"size": 2, "activation": "linear"}]))
    tape, events = session.tape, session.setup.events
    tape.__dict__["overflow"] = events.count
    stopped = arrive(session, events.count)
    assert stopped.diverged
    assert not stopped.finished
    assert stopped.history.iterations == 0
    assert stopped.shown == events.count - 1
    known = int(np.sum(known_parameters(stopped)))
    assert known == len(session.state.theta) - 1
    assert bits(stopped.present_theta[:known]) == bits(tape.after.theta[:known])
    assert stopped.present_theta[-1] == session.state.theta[-1]
