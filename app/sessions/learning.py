"""Training at speed: many iterations in one command, in slices, until done or out of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from app.engine.arrays import FloatArray
from app.engine.train import Trainer
from app.sessions.moves import arrive, enter_next, refuse_diverged
from app.sessions.replay import Work, advance_slice, slice_length, trainer_at, with_checkpoint
from app.sessions.session import Position, Session

OutOfTime = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Trained:
    """Say how far training came.

    Args:
        iterations, epochs: how many were finished just now.
        done: whether all that was asked for was done.
        stopped: "done", "until_cost", "budget" or "diverged".
        first_iteration: the first of them.
        costs: (iterations,) their costs.
    """

    session: Session
    iterations: int
    epochs: int
    done: bool
    stopped: str
    first_iteration: int
    costs: FloatArray

    def thinned(self, points: int) -> tuple[list[int], list[float]]:
        """Return iterations and their costs, at most so many, evenly apart, the last one among them."""
        count = len(self.costs)
        stride = max(1, -(-count // points))
        chosen = np.arange(count)[::-1][::stride][::-1]
        return (self.first_iteration + chosen).tolist(), self.costs[chosen].tolist()


def last_iteration(session: Session, iterations: int | None, epochs: int | None) -> int:
    """Return the last iteration of a stretch; finishing what was begun counts as one."""
    first = session.position.iteration + (1 if session.finished else 0)
    if epochs is None:
        return first + (iterations or 1) - 1
    while True:
        schedule = session.branch_at(first).schedule
        begun, length = first - schedule.place(first), schedule.per_epoch
        end = begun + epochs * length
        # Where an edit changed the batches, an epoch ended early and began anew.
        edits = (one.first_iteration for one in session.trunk if one.schedule != schedule)
        edit = next((one for one in edits if first < one < end), end)
        epochs -= -(-(edit - begun) // length)
        if not epochs:
            return edit - 1
        first = edit


def train(
    session: Session,
    last: int,
    out_of_time: OutOfTime,
    until_cost: float | None = None,
) -> Work[Trained]:
    """Train until iteration `last` is finished, or the cost or the clock says stop.

    The session ends where stepping would have ended: at the end of the last finished iteration.
    """
    refuse_diverged(session)
    if session.finished:
        session = enter_next(session)
    first, first_epoch = session.position.iteration, session.epoch
    stopped, costs = "", list[FloatArray]()
    while not stopped:
        session, stopped = yield from _stretch(session, last, out_of_time, until_cost, costs)
        if not stopped:
            if session.position.iteration >= last:
                stopped = "done"
            else:
                session = enter_next(session)
    ended = session.position.iteration + (1 if session.finished else 0)
    epochs = session.branch_at(ended).schedule.epoch(ended) - first_epoch
    done = stopped in ("done", "until_cost")
    return Trained(session, ended - first, epochs, done, stopped, first, np.concatenate(costs))


def _stretch(
    session: Session,
    last: int,
    out_of_time: OutOfTime,
    until_cost: float | None,
    costs: list[FloatArray],
) -> Work[tuple[Session, str]]:
    """Train within one branch; end at the end of an iteration."""
    branch, length = session.branch, slice_length(session.setup)
    later = [b.first_iteration for b in session.trunk if b.first_iteration > branch.first_iteration]
    end = min(last, later[0] - 1) if later else last
    trainer = trainer_at(branch, session.position.iteration, session.state)
    while trainer.iteration < end:
        start, before = trainer.iteration, trainer.state()
        progress = advance_slice(trainer, end - start, length)
        hit = _first_at_most(progress.costs, until_cost)
        if hit is not None:
            trainer = trainer_at(branch, start, before)
            trainer.advance(hit)
        costs.append(progress.costs[:hit])
        session = _keep(session, trainer, start, costs[-1])
        if hit is not None:
            return _finish(session, trainer, costs), "until_cost"
        if progress.diverged:
            return _finish(session, trainer, costs), "diverged"
        yield
        if out_of_time():
            break
    return _ended(_finish(session, trainer, costs), end, until_cost)


def _ended(session: Session, end: int, until_cost: float | None) -> tuple[Session, str]:
    if session.diverged:
        return session, "diverged"
    if until_cost is not None and session.tape.cost <= until_cost:
        return session, "until_cost"
    return session, "" if session.position.iteration == end else "budget"


def _first_at_most(costs: FloatArray, until_cost: float | None) -> int | None:
    if until_cost is None:
        return None
    places = np.flatnonzero(costs <= until_cost)
    return int(places[0]) if len(places) else None


def _keep(session: Session, trainer: Trainer, first: int, costs: FloatArray) -> Session:
    history = session.history.extended(first, costs)
    branch, iteration = session.branch, trainer.iteration
    checkpoints = with_checkpoint(session, branch, iteration, trainer.state())
    return replace(session, history=history, checkpoints=checkpoints)


def _finish(session: Session, trainer: Trainer, costs: list[FloatArray]) -> Session:
    """Take the trainer's last iteration by the tape, so that every number of it can be seen."""
    placed = session.at(Position(trainer.iteration), trainer.state())
    arrived = arrive(placed, placed.setup.events.count)
    costs.append(np.array([arrived.tape.cost] if arrived.finished else []))
    return arrived
