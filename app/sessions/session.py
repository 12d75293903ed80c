"""A session: one learner's network, the moment it stands at, and its past."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from app.engine.arrays import FloatArray, IntArray
from app.engine.once import once
from app.engine.schedule import Schedule
from app.engine.tape import Tape
from app.engine.training import State
from app.sessions.history import Checkpoints, History
from app.sessions.setup import Setup


@dataclass(frozen=True)
class Position:
    """Name a moment: `event` events of `iteration` have happened."""

    iteration: int = 0
    event: int = 0


@dataclass(frozen=True, eq=False)
class Branch:
    """Hold where a stretch of training begins: at the start, or at an edit.

    Args:
        key: its number within the session, never used again.
        first_iteration: the iteration it begins with.
        setup, schedule: valid from there on.
        state: at the start of that iteration.
    """

    key: int
    first_iteration: int
    setup: Setup
    schedule: Schedule
    state: State


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Hold a moment that undo or redo returns to."""

    key: int
    trunk: tuple[Branch, ...]
    position: Position
    state: State
    history: History


@dataclass(frozen=True, eq=False)
class Session:
    """Hold everything about a session; a change makes a new one.

    Args:
        trunk: the branches that make up the past, by first iteration; the last is the present's or later.
        position: the moment it stands at.
        state: the parameters at the start of the present iteration.
        focus: the observation of the batch that is looked at.
        undo, redo: snapshots, the next one last.
        next_key: for branches and snapshots.
    """

    id: str
    follow_id: str
    revision: int
    created_at: float
    expires_at: float
    trunk: tuple[Branch, ...]
    position: Position
    state: State
    history: History
    checkpoints: Checkpoints
    focus: int = 0
    undo: tuple[Snapshot, ...] = ()
    redo: tuple[Snapshot, ...] = ()
    next_key: int = 1

    def branch_at(self, iteration: int) -> Branch:
        """Return the branch that an iteration belongs to."""
        return next(one for one in reversed(self.trunk) if one.first_iteration <= iteration)

    @property
    def branch(self) -> Branch:
        """The branch of the present iteration."""
        return self.branch_at(self.position.iteration)

    @property
    def setup(self) -> Setup:
        """The setup of the present iteration."""
        return self.branch.setup

    @property
    def first_iteration(self) -> int:
        """The earliest iteration there is: 0, or where a copy began."""
        return self.trunk[0].first_iteration

    @property
    def epoch(self) -> int:
        """The epoch of the present iteration."""
        return self.branch.schedule.epoch(self.position.iteration)

    @once
    def rows(self) -> IntArray:
        """The data set's rows that are in the present batch."""
        branch = self.branch
        return branch.setup.train_rows[branch.schedule.rows(self.position.iteration)]

    @once
    def tape(self) -> Tape:
        """The present iteration."""
        setup, rows = self.setup, self.rows
        dataset = setup.dataset
        return Tape.record(
            setup.network, setup.training, self.state, dataset.inputs[rows], dataset.targets[rows]
        )

    @property
    def finished(self) -> bool:
        """Whether the present iteration is done, with every number finite."""
        done = self.position.event == self.setup.events.count
        return done and self.tape.overflow is None

    @property
    def diverged(self) -> bool:
        """Whether the position stands at a number that is not finite."""
        return self.tape.overflow is not None and self.position.event >= self.tape.overflow

    @property
    def shown(self) -> int:
        """The last event whose number can be shown: at an overflow, the one before."""
        overflow = self.tape.overflow
        event = self.position.event
        return event if overflow is None else min(event, overflow - 1)

    @property
    def present_theta(self) -> FloatArray:
        """The parameters as they are now: during an update, those already stepped are new."""
        events = self.setup.events
        stepped = self.shown - events.phase_ends["backward"]
        if stepped <= 0:
            return self.state.theta
        if self.shown == events.count:
            return self.tape.after.theta
        # The update goes through the parameters in their order, each after what the optimizer remembers of it.
        known = stepped // (1 + self.setup.training.optimizer.moment_count)
        theta = self.state.theta.copy()
        theta[:known] = self.tape.after.theta[:known]
        theta.flags.writeable = False
        return theta

    def within(self, **changes: Any) -> Session:
        """Return the session changed in nothing that its iteration hangs on; what was computed of it is kept."""
        changed = replace(self, **changes)
        known = ((name, self.__dict__[name]) for name in ("rows", "tape") if name in self.__dict__)
        changed.__dict__.update(known)
        return changed

    def at(self, position: Position, state: State) -> Session:
        """Return the session at another moment."""
        return replace(self, position=position, state=state, focus=self._focus(position))

    def _focus(self, position: Position) -> int:
        size = len(self.branch_at(position.iteration).schedule.rows(position.iteration))
        return min(self.focus, size - 1)
