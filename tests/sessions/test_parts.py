from __future__ import annotations

from typing import Any

import pytest

from app.errors import StoreError
from app.sessions import codec
from app.sessions.edits import redo, undo
from app.sessions.parts import changed_parts, session_of
from app.sessions.session import Session
from app.sessions.stores.protocol import Record
from tests.sessions.cases import (
    BODIES,
    back,
    changed,
    goto,
    moment,
    past,
    small,
    started,
    state_bits,
    stepped,
    trained,
)

Parts = dict[str, bytes]


def stored(session: Session) -> Parts:
    return {name: blob for name, blob in changed_parts(None, session).items() if blob is not None}


def record(parts: Parts) -> Record:
    return Record("id", "follow", 7, 2_000.0, 1_000.0, parts)


def reopened(session: Session) -> Session:
    return session_of(record(stored(session)))


def written(old: Session, new: Session) -> list[str]:
    """List what a change writes, without the keys that number it."""
    parts = changed_parts(old, new)
    return sorted(name.partition(":")[0] for name, blob in parts.items() if blob is not None)


def rich() -> Session:
    """Make a session with something of everything."""
    session = trained(started(small(optimizer={"name": "adam"})), iterations=40).session
    session = changed(session, training={"batch_size": 1}, values={"a[0][0][0]": 0.5})
    session = changed(trained(session, iterations=30).session, network={"seed": 8})
    session = changed(stepped(session, "pass"), training={"learning_rate": 0.01})
    return undo(stepped(session.within(focus=0), "term", 5))


@pytest.fixture(autouse=True)
def checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sessions.replay.checkpoint_spacing", lambda setup: 10)
    monkeypatch.setattr("app.sessions.learning.slice_length", lambda setup: 10)


def alike(one: Session, other: Session) -> None:
    assert (moment(one), past(one)) == (moment(other), past(other))
    assert (one.focus, one.next_key) == (other.focus, other.next_key)
    assert one.checkpoints.thinning == other.checkpoints.thinning
    for kept, expected in zip(one.checkpoints.states, other.checkpoints.states, strict=True):
        assert kept[:2] == expected[:2]
        assert state_bits(kept[2]) == state_bits(expected[2])


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_a_session_reopens_to_the_bit(body: dict[str, Any]) -> None:
    session = stepped(trained(started(body), iterations=25).session, "layer")
    found = reopened(session)
    alike(found, session)
    assert (found.id, found.follow_id, found.revision) == ("id", "follow", 7)
    assert (found.created_at, found.expires_at) == (1_000.0, 2_000.0)
    assert moment(trained(found, iterations=9).session) == moment(
        trained(session, iterations=9).session
    )


def test_the_whole_past_reopens_undo_and_redo_included() -> None:
    session = rich()
    found = reopened(session)
    alike(found, session)
    assert [one.key for one in found.undo] == [one.key for one in session.undo]
    alike(redo(found), redo(session))
    for _ in session.undo:
        session, found = undo(session), undo(found)
        alike(found, session)
        alike(goto(found, 3, 4), goto(session, 3, 4))
    alike(reopened(found), session)


def test_branches_and_data_are_shared_again() -> None:
    session = reopened(rich())
    branches = {branch.key: branch for branch in session.trunk}
    for snapshot in (*session.undo, *session.redo):
        for branch in snapshot.trunk:
            assert branches.setdefault(branch.key, branch) is branch
    datasets = {branch.setup.dataset for branch in branches.values()}
    assert len(datasets) == 2


def test_a_step_writes_where_it_stands_and_nothing_else() -> None:
    session = trained(started(small()), iterations=5).session
    assert written(session, stepped(session, "term")) == ["head", "state"]
    begun = stepped(session, "term")
    assert written(begun, stepped(begun, "term")) == ["head"]
    assert written(begun, stepped(begun, "pass", 3)) == ["head", "history"]
    assert written(begun, back(begun, "term")) == ["head", "state"]
    assert written(session, session.within(focus=0, revision=9)) == ["head"]


def test_training_writes_its_new_checkpoints_alone() -> None:
    session = trained(started(small()), iterations=25).session
    late = trained(session, iterations=20).session
    parts = changed_parts(session, late)
    assert sorted(parts) == ["checkpoint:0:35", "head", "history", "state"]
    old = {f"checkpoint:{key}:{at}" for key, at, _ in session.checkpoints.states}
    assert not old & parts.keys()


def test_an_edit_writes_its_branch_and_a_snapshot() -> None:
    session = trained(started(small()), iterations=5).session
    edit = changed(session, training={"learning_rate": 0.1})
    assert written(session, edit) == ["branch", "head", "snapshot", "state"]
    data = changed(session, values={"a[0][0][0]": 0.5})
    # The iteration begins again, so its cost is forgotten.
    assert written(session, data) == ["branch", "data", "head", "history", "snapshot", "state"]


def test_what_is_gone_is_deleted() -> None:
    session = trained(started(small()), iterations=5).session
    undone = undo(changed(session, values={"a[0][0][0]": 0.5}))
    again = changed(undone, training={"learning_rate": 0.1})
    parts = changed_parts(undone, again)
    gone = sorted(name.partition(":")[0] for name, blob in parts.items() if blob is None)
    assert gone == ["branch", "data", "snapshot"]


def test_changes_add_up_to_the_whole() -> None:
    session = started(small())
    parts = stored(session)
    for change in (
        lambda s: trained(s, iterations=23).session,
        lambda s: changed(s, values={"y[0][0]": 0.25}),
        lambda s: stepped(s, "pass", 4),
        undo,
        lambda s: trained(s, iterations=12).session,
        lambda s: changed(s, network={"seed": 2}),
        undo,
        redo,
        lambda s: goto(s, 2, 3),
        lambda s: changed(s, training={"optimizer": {"name": "adam"}}),
    ):
        moved = change(session)
        for name, blob in changed_parts(session, moved).items():
            parts.pop(name, None)
            if blob is not None:
                parts[name] = blob
        session = moved
        assert parts == stored(session)
        alike(session_of(record(parts)), session)


def test_a_newer_format_is_told() -> None:
    parts = stored(started())
    head, _ = codec.unpack(parts["head"])
    parts["head"] = codec.pack(head | {"format": codec.FORMAT + 1}, {})
    with pytest.raises(StoreError, match="newer version"):
        session_of(record(parts))


def test_a_part_that_is_missing_or_damaged_is_told() -> None:
    parts = stored(rich())
    for name, blob in parts.items():
        if not name.startswith("checkpoint:"):
            with pytest.raises(StoreError, match="damaged"):
                session_of(record({n: b for n, b in parts.items() if n != name}))
        for damaged in (b"", blob[:-1], bytes([blob[0] ^ 1]) + blob[1:]):
            with pytest.raises(StoreError, match="damaged"):
                session_of(record({**parts, name: damaged}))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("head", {"trunk": 3}),
        ("head", {"format": None}),
        ("head", {"position": 3}),
        ("branch:0", {"network": {"sizes": [2], "activations": [], "cost": "mse"}}),
        ("branch:0", {"network": None}),
        ("branch:0", {"dataset": "nothing", "data": None}),
        ("branch:0", {"training": {"speed": 1}}),
        ("state", None),
    ],
)
def test_a_part_that_makes_no_sense_is_told(part: str, change: dict[str, Any] | None) -> None:
    parts = stored(started(small()))
    header, arrays = codec.unpack(parts[part])
    parts[part] = codec.pack({}, {}) if change is None else codec.pack(header | change, arrays)
    with pytest.raises(StoreError, match="damaged"):
        session_of(record(parts))
