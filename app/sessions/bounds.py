"""How many bytes a session fills, and what it lets go of when that grows too much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.data.dataset import Dataset
from app.engine.training import State
from app.sessions.history import History
from app.sessions.session import Branch, Session, Snapshot

MOST_BRANCHES = 200
MOST_PAST_BYTES = 8 * 2**20
MOST_UNDO_BYTES = 16 * 2**20

Piece = State | History | Dataset


def size_of(piece: Piece) -> int:
    """Return the bytes of a piece's arrays; bundled data belong to nobody."""
    if isinstance(piece, State):
        return piece.theta.nbytes + piece.moments.nbytes
    if isinstance(piece, History):
        return piece.costs.nbytes
    # Each number fed has its reading beside it.
    return 0 if piece.id else 2 * (piece.inputs.nbytes + piece.targets.nbytes)


def filled(session: Session) -> int:
    """Return the bytes that a session's parts fill, each counted once."""
    things: list[Branch | Snapshot] = [*session.trunk, *session.undo, *session.redo]
    pieces = [piece for thing in things for piece in _pieces(thing)]
    pieces += [session.state, session.history]
    pieces += [state for _, _, state in session.checkpoints.states]
    return sum(size_of(piece) for piece in {id(piece): piece for piece in pieces}.values())


def bounded(session: Session, most_edits: int) -> Session:
    """Let go of the oldest edits to undo, and of the oldest past, beyond what a session may fill.

    What an edit adds is small or large: a learning rate, or half a million numbers.
    """
    trunk = session.trunk[-min(MOST_BRANCHES, _fitting(session.trunk, MOST_PAST_BYTES)) :]
    undo = session.undo[-min(most_edits, _fitting(session.undo, MOST_UNDO_BYTES)) :]
    trunks = (trunk, *(snapshot.trunk for snapshot in undo))
    keys = {branch.key for one in trunks for branch in one}
    return replace(session, trunk=trunk, undo=undo, checkpoints=session.checkpoints.of(keys))


def _fitting(things: Sequence[Branch | Snapshot], most: int) -> int:
    """Count how many of the last things fit; one always does."""
    seen: set[int] = set()
    total = 0
    for count, thing in enumerate(reversed(things)):
        new = [piece for piece in _pieces(thing) if id(piece) not in seen]
        seen.update(map(id, new))
        total += sum(map(size_of, new))
        if total > most and count:
            return count
    return max(1, len(things))


def _pieces(thing: Branch | Snapshot) -> Iterator[Piece]:
    if isinstance(thing, Branch):
        yield from (thing.state, thing.setup.dataset)
        return
    yield from (thing.state, thing.history)
    # Each earlier branch of its trunk is the last of another snapshot's, or of the present's past.
    yield from _pieces(thing.trunk[-1])
