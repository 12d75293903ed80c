from __future__ import annotations

import pytest

from app.engine.train import ASKED_EVERY
from app.sessions import replay
from app.sessions.session import Session
from tests.sessions.cases import changed, done, goto, small, started, state_bits, trained


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(replay, "checkpoint_spacing", lambda setup: 50)
    return trained(started(small(shuffle=True, optimizer={"name": "adam"})), iterations=700).session


def slices(session: Session, iteration: int) -> int:
    """Count how often a replay lets others in."""
    work, count = replay.state_at(session, iteration), 0
    for _ in work:
        count += 1
    return count


def test_estimates_grow_with_the_work() -> None:
    one, all_rows = started(small(batch_size=1)), started(small(batch_size=None))
    large = started({"preset": "digits"})
    seconds = [replay.iteration_seconds(each.setup) for each in (one, all_rows, large)]
    assert seconds == sorted(set(seconds))
    lengths = [replay.slice_length(each.setup) for each in (one, all_rows, large)]
    assert lengths == sorted(lengths, reverse=True)
    assert min(lengths) >= 1
    assert replay.checkpoint_spacing(one.setup) == 1_000
    assert 1 <= replay.checkpoint_spacing(large.setup) < 1_000


def test_a_huge_iteration_is_a_slice_and_a_checkpoint_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replay, "FLOPS", 1.0)
    setup = started(small()).setup
    assert replay.slice_length(setup) == 1
    assert replay.checkpoint_spacing(setup) == 1


def test_checkpoints_lie_a_spacing_apart(late: Session) -> None:
    kept = [iteration for _, iteration, _ in late.checkpoints.states]
    assert kept
    assert all(b - a >= 50 for a, b in zip([0, *kept], kept, strict=False))


def test_a_replay_begins_at_the_nearest_checkpoint(
    late: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "slice_length", lambda setup: 1)
    kept = [iteration for _, iteration, _ in late.checkpoints.states]
    assert slices(late, kept[2]) == 0
    assert slices(late, kept[2] + 7) == 7
    assert slices(late, 5) == 5
    assert slices(late, 0) == 0


def test_a_replay_begins_at_the_present_if_that_is_nearest(
    late: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = late.checkpoints.states[2][1]
    here = goto(late, kept + 20)
    monkeypatch.setattr(replay, "slice_length", lambda setup: 1)
    assert slices(here, kept + 22) == 2
    assert slices(here, kept + 19) == 19
    beyond = late.checkpoints.states[3][1]
    assert slices(here, beyond + 1) == 1


def test_what_others_do_between_the_slices_changes_nothing(late: Session) -> None:
    plain = trained(started(small(shuffle=True, optimizer={"name": "adam"})), iterations=333)
    assert state_bits(done(replay.state_at(late, 333))) == state_bits(plain.session.tape.after)


def test_a_branch_is_replayed_from_its_own_states(late: Session) -> None:
    edited = changed(goto(late, 100), training={"learning_rate": 0.01})
    again = trained(edited, iterations=400).session
    exact = trained(edited, iterations=200).session
    assert state_bits(goto(again, 299, 1).state) == state_bits(exact.state)
    assert state_bits(goto(again, 99, 1).state) == state_bits(goto(late, 99, 1).state)


def test_each_branch_is_spaced_by_its_own_setup() -> None:
    session = trained(started(small()), iterations=10).session
    assert session.checkpoints.states == ()
    rows = [[0.1, 0.2]] * 500
    heavy = changed(
        session,
        data={"inputs": rows, "targets": rows},
        network={"layers": [{"size": 100}, {"size": 2}]},
        training={"batch_size": None},
    )
    spacing = replay.checkpoint_spacing(heavy.setup)
    assert spacing < 20
    late = trained(heavy, iterations=3 * spacing).session
    assert len(late.checkpoints.states) >= 2


def test_slices_are_shorter_while_the_computer_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    branch = started(small()).branch
    trainer = replay.trainer_at(branch, 0, branch.state)
    assert replay.advance_slice(trainer, 1_000, 40).iterations == 40
    assert replay.advance_slice(trainer, 27, 40).iterations == 27
    monkeypatch.setattr(replay, "LONGEST_SLICE", 0.0)
    progress = replay.advance_slice(trainer, 1_000, 40)
    assert progress.iterations == ASKED_EVERY
    assert not progress.diverged
    assert trainer.iteration == 67 + ASKED_EVERY
