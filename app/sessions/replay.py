"""Any state of the past, by replay from the nearest one that was kept; and how work is cut into short slices.

Long work is a generator that yields every few milliseconds: whoever drives it may serve someone else in
between, or stop it when time is up.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from itertools import pairwise
from typing import TypeAlias, TypeVar

from app.engine.train import Progress, Trainer
from app.engine.training import State
from app.sessions.history import Checkpoints
from app.sessions.session import Branch, Session
from app.sessions.setup import Setup

Result = TypeVar("Result")
Work: TypeAlias = Generator[None, None, Result]

SLICE_SECONDS = 0.002
LONGEST_SLICE = 0.004
REPLAY_SECONDS = 0.02
CALL_SECONDS = 15e-6
FLOPS = 1e9


def iteration_seconds(setup: Setup) -> float:
    """Estimate how long an iteration takes; a rough figure that depends on nothing but the setup."""
    batch = setup.training.batch_size or len(setup.train_rows)
    rows = min(batch, len(setup.train_rows))
    return CALL_SECONDS + 6.0 * setup.network.parameter_count * rows / FLOPS


def slice_length(setup: Setup) -> int:
    """Return how many iterations fit into one slice, at least one."""
    return max(1, int(SLICE_SECONDS / iteration_seconds(setup)))


def advance_slice(trainer: Trainer, most: int, length: int) -> Progress:
    """Train for one slice, of at most so many iterations; a shorter one while this computer is busier than estimated.

    How training is cut changes no number.
    """
    end = time.perf_counter() + LONGEST_SLICE
    return trainer.advance(min(length, most), lambda: time.perf_counter() > end)


def checkpoint_spacing(setup: Setup) -> int:
    """Return how many iterations apart checkpoints are kept at first."""
    return max(1, min(1_000, int(REPLAY_SECONDS / iteration_seconds(setup))))


def with_checkpoint(session: Session, branch: Branch, iteration: int, state: State) -> Checkpoints:
    """Return the session's checkpoints with this state among them, unless one lies close before it."""
    checkpoints = session.checkpoints
    kept = checkpoints.nearest(branch.key, iteration)
    last = branch.first_iteration if kept is None else kept[0]
    if iteration - last < checkpoint_spacing(branch.setup) * checkpoints.thinning:
        return checkpoints
    return checkpoints.with_state(branch.key, iteration, state)


def longest_replay(session: Session) -> float:
    """Estimate the seconds that it takes at most to go to a moment of the past, from the state kept before it."""
    reach = max(session.history.iterations, session.position.iteration)
    ends = [*(branch.first_iteration for branch in session.trunk[1:]), reach]
    longest = 0.0
    for branch, end in zip(session.trunk, ends, strict=True):
        kept = (at for key, at, _ in session.checkpoints.states if key == branch.key and at < end)
        marks = sorted({branch.first_iteration, *kept, max(end, branch.first_iteration)})
        gap = max((after - before for before, after in pairwise(marks)), default=0)
        longest = max(longest, gap * iteration_seconds(branch.setup))
    return longest


def trainer_at(branch: Branch, iteration: int, state: State) -> Trainer:
    """Prepare to train a branch from one of its iterations on."""
    setup, rows = branch.setup, branch.setup.train_rows
    dataset = setup.dataset
    return Trainer(
        setup.network,
        setup.training,
        branch.schedule,
        dataset.inputs[rows],
        dataset.targets[rows],
        state,
        iteration,
    )


def state_at(session: Session, iteration: int) -> Work[State]:
    """Return the state at the start of an iteration of the explored past, to the bit."""
    branch, here = session.branch_at(iteration), session.position.iteration
    kept = session.checkpoints.nearest(branch.key, iteration)
    first, state = kept or (branch.first_iteration, branch.state)
    if first <= here <= iteration and session.branch is branch:
        first, state = here, session.state
    trainer, length = trainer_at(branch, first, state), slice_length(branch.setup)
    while trainer.iteration < iteration:
        advance_slice(trainer, iteration - trainer.iteration, length)
        yield
    return trainer.state()
