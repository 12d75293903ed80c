"""A session as the parts that a store keeps, and which of them a change has touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from operator import itemgetter
from typing import Any

from app.data.dataset import Dataset
from app.engine.training import State
from app.errors import InvalidInput, NotFound, StoreError
from app.sessions import codec
from app.sessions.history import Checkpoints
from app.sessions.session import Branch, Position, Session
from app.sessions.stores.protocol import Record

Piece = tuple[object, Callable[[], bytes]]
"""An object of the session, and how to write it."""


def _branches(session: Session) -> dict[int, Branch]:
    snapshots = (*session.undo, *session.redo)
    trunks = (session.trunk, *(snapshot.trunk for snapshot in snapshots))
    return {branch.key: branch for trunk in trunks for branch in trunk}


def _pieces(session: Session) -> dict[str, Piece]:
    pieces: dict[str, Piece] = {
        "state": (session.state, partial(codec.encode_state, session.state)),
        "history": (session.history, partial(codec.encode_history, session.history)),
    }
    for key, branch in _branches(session).items():
        pieces[f"branch:{key}"] = branch, partial(codec.encode_branch, branch)
        dataset = branch.setup.dataset
        name = codec.data_name(dataset)
        if name is not None:
            pieces[name] = dataset, partial(codec.encode_dataset, dataset)
    for snapshot in (*session.undo, *session.redo):
        name = f"snapshot:{snapshot.key}"
        pieces[name] = snapshot, partial(codec.encode_snapshot, snapshot)
    for key, iteration, state in session.checkpoints.states:
        name = f"checkpoint:{key}:{iteration}"
        pieces[name] = state, partial(codec.encode_state, state)
    return pieces


def _head(session: Session) -> bytes:
    head: dict[str, Any] = {
        "format": codec.FORMAT,
        "position": asdict(session.position),
        "focus": session.focus,
        "trunk": [branch.key for branch in session.trunk],
        "undo": [snapshot.key for snapshot in session.undo],
        "redo": [snapshot.key for snapshot in session.redo],
        "thinning": session.checkpoints.thinning,
        "next_key": session.next_key,
    }
    return codec.pack(head, {})


def changed_parts(old: Session | None, new: Session) -> dict[str, bytes | None]:
    """Return the parts to write so that a store that has `old` has `new`; None deletes one."""
    before = {} if old is None else _pieces(old)
    after = _pieces(new)
    parts: dict[str, bytes | None] = {"head": _head(new)}
    for name, (thing, write) in after.items():
        if name not in before or before[name][0] is not thing:
            parts[name] = write()
    parts.update(dict.fromkeys(before.keys() - after.keys()))
    return parts


def session_of(record: Record) -> Session:
    """Read a session.

    Raises:
        StoreError: a newer Glassbox wrote it, or it is damaged.
    """
    try:
        return _session_of(record)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise StoreError(codec.DAMAGED) from error
    except (InvalidInput, NotFound) as error:
        # Its network or its data set is none that this version knows.
        raise StoreError(codec.DAMAGED) from error


def _states(parts: Mapping[str, bytes]) -> Iterator[tuple[int, int, State]]:
    for name, blob in parts.items():
        kind, _, place = name.partition(":")
        if kind == "checkpoint":
            key, _, iteration = place.partition(":")
            yield int(key), int(iteration), codec.decode_state(blob)


def _session_of(record: Record) -> Session:
    parts = record.parts
    head, _ = codec.unpack(parts["head"])
    if head["format"] > codec.FORMAT:
        raise StoreError("A newer version of Glassbox wrote this session. Update to open it.")
    datasets: dict[str, Dataset] = {}
    branches: dict[int, Branch] = {}
    for name, blob in parts.items():
        if name.startswith("branch:"):
            branch = codec.decode_branch(blob, parts, datasets)
            branches[branch.key] = branch
    checkpoints = Checkpoints(head["thinning"], tuple(sorted(_states(parts), key=itemgetter(0, 1))))
    undo, redo = (
        tuple(codec.decode_snapshot(parts[f"snapshot:{key}"], branches) for key in head[which])
        for which in ("undo", "redo")
    )
    return Session(
        id=record.id,
        follow_id=record.follow_id,
        revision=record.revision,
        created_at=record.created_at,
        expires_at=record.expires_at,
        trunk=tuple(branches[key] for key in head["trunk"]),
        position=Position(**head["position"]),
        state=codec.decode_state(parts["state"]),
        history=codec.decode_history(parts["history"]),
        checkpoints=checkpoints,
        focus=head["focus"],
        undo=undo,
        redo=redo,
        next_key=head["next_key"],
    )
