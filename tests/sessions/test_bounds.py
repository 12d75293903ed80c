from __future__ import annotations

from typing import Any

import pytest

from app.sessions import bounds
from app.sessions.bounds import bounded, filled, size_of
from app.sessions.edits import undo
from app.sessions.session import Session
from tests.sessions.cases import changed, edited, goto, moment, small, started, trained


@pytest.fixture
def session() -> Session:
    """Edit after each of ten iterations."""
    session = started(small())
    for count in range(10):
        session = trained(session, iterations=1).session
        session = changed(session, training={"learning_rate": 0.1 + 0.01 * count})
    return session


def table(rows: int) -> dict[str, Any]:
    return {"inputs": [[float(i), 0.5] for i in range(rows)], "targets": [[0.0, 1.0]] * rows}


def test_every_piece_is_counted_once() -> None:
    session = started()
    parameters = session.state.theta.nbytes
    assert filled(session) == parameters
    own = started({"data": table(100)})
    assert filled(own) == own.state.theta.nbytes + 2 * 100 * 4 * 8
    done = trained(session, iterations=5).session
    assert filled(done) == 2 * parameters + 5 * 8
    # The edit's branch begins with a state of its own; its snapshot shares all but one with the present.
    again = changed(done, training={"learning_rate": 0.1})
    assert filled(again) == 3 * parameters + 5 * 8


def test_bundled_data_and_a_learners_own_are_told_apart() -> None:
    assert size_of(started().setup.dataset) == 0
    assert size_of(started({"data": table(10)}).setup.dataset) == 2 * 10 * 4 * 8


def test_checkpoints_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sessions.replay.checkpoint_spacing", lambda setup: 10)
    monkeypatch.setattr("app.sessions.learning.slice_length", lambda setup: 10)
    session = trained(started(), iterations=101).session
    count = len(session.checkpoints.states)
    assert count == 10
    assert filled(session) == (count + 2) * session.state.theta.nbytes + 101 * 8


def test_within_its_bounds_a_session_keeps_everything(session: Session) -> None:
    kept = bounded(session, 200)
    assert (kept.trunk, kept.undo) == (session.trunk, session.undo)


def test_the_oldest_edits_are_let_go(session: Session) -> None:
    assert bounded(session, 4).undo == session.undo[-4:]


def test_an_edit_that_brings_much_lets_go_of_more(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_UNDO_BYTES", 30_000)
    for rows in (100, 110, 120, 130, 140, 150):
        session = changed(session, data=table(rows))
    # A row fills 64 bytes: 390 rows fit into 30,000 bytes, and 110 more do not.
    sizes = [snapshot.trunk[-1].setup.dataset.observations for snapshot in session.undo]
    assert sizes == [120, 130, 140]
    for rows in (140, 130, 120):
        session = undo(session)
        assert session.setup.dataset.observations == rows


def test_one_edit_can_always_be_undone(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_UNDO_BYTES", 1)
    monkeypatch.setattr(bounds, "MOST_PAST_BYTES", 1)
    after = changed(session, data=table(50))
    assert len(after.undo) == 1
    assert moment(undo(after)) == moment(session)


def test_the_oldest_past_is_let_go_and_it_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_BRANCHES", 4)
    found = edited(session, values={"w[1][0][0]": 0.5})
    after = found.session
    assert [branch.first_iteration for branch in after.trunk] == [7, 8, 9, 10]
    assert found.notices == ("The past before iteration 7 was let go.",)
    assert after.first_iteration == 7
    assert moment(goto(after, 7)) == moment(goto(session, 7))
    assert after.history.costs.tolist() == session.history.costs.tolist()
    assert moment(undo(after)) == moment(session)


def test_a_past_too_large_is_let_go_too(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    state = session.state.theta.nbytes
    monkeypatch.setattr(bounds, "MOST_PAST_BYTES", 3 * state + 2 * 5 * 4 * 8)
    assert len(bounded(session, 200).trunk) == 3


def test_checkpoints_of_what_is_gone_go_too(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sessions.replay.checkpoint_spacing", lambda setup: 5)
    monkeypatch.setattr("app.sessions.learning.slice_length", lambda setup: 5)
    late = trained(session, iterations=20).session
    assert {key for key, _, _ in late.checkpoints.states} == {late.branch.key}
    edit = changed(goto(late, 12), training={"learning_rate": 0.5})
    assert edit.checkpoints.states == late.checkpoints.states
    other = changed(undo(undo(edit)), training={"learning_rate": 0.25})
    assert other.checkpoints.states == ()
