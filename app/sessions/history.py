"""What is kept of the past: the costs, thinned, and sparse checkpoints of the state to replay from."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np

from app.engine.arrays import FloatArray, frozen
from app.engine.training import State

MOST_COSTS = 4_096
MOST_CHECKPOINTS = 512
MOST_CHECKPOINT_BYTES = 4 * 2**20


@dataclass(frozen=True, eq=False)
class History:
    """Hold the cost of every `stride`-th iteration.

    Args:
        iterations: the first iteration not finished yet; the explored past reaches that far.
        stride: how many iterations apart the kept costs are.
        costs: their costs, each batch's before its update.
        first: the iteration of the first cost; 0 unless the session began as a copy of a later moment.
    """

    iterations: int
    stride: int
    costs: FloatArray
    first: int = 0

    @classmethod
    def empty(cls, first: int = 0) -> History:
        """Begin with iteration `first`."""
        return cls(first, 1, frozen([]), first)

    def extended(self, first: int, costs: Sequence[float] | FloatArray) -> History:
        """Add the costs of iterations `first` on; those already known stay as they are."""
        known = self.iterations - first
        new = costs[known:] if known > 0 else costs
        if not len(new):
            return self
        start = max(first, self.iterations)
        kept = [cost for at, cost in enumerate(new, start) if (at - self.first) % self.stride == 0]
        grown = replace(
            self,
            iterations=start + len(new),
            costs=frozen(np.concatenate([self.costs, np.array(kept)])),
        )
        while len(grown.costs) > 2 * MOST_COSTS:
            grown = replace(grown, stride=2 * grown.stride, costs=frozen(grown.costs[::2]))
        return grown

    def until(self, iteration: int) -> History:
        """Forget the iterations from `iteration` on."""
        if iteration >= self.iterations:
            return self
        keep = -(-(iteration - self.first) // self.stride)
        return replace(self, iterations=iteration, costs=frozen(self.costs[:keep]))

    def thinned(self, points: int) -> tuple[list[int], list[float]]:
        """Return iterations and costs, at most `points` of them, evenly chosen with the last one kept."""
        count = len(self.costs)
        if count > points:
            # Counted from the end, so that a single point is the last one.
            chosen = np.unique(np.linspace(count - 1, 0, points).round().astype(int))
        else:
            chosen = np.arange(count)
        return (self.first + chosen * self.stride).tolist(), self.costs[chosen].tolist()


@dataclass(frozen=True, eq=False)
class Checkpoints:
    """Hold the state at the start of some iterations, whichever branch they belong to.

    A branch and an iteration of it name one state for ever, so an edit spoils none of them, and undo finds them again.

    Args:
        thinning: how many times further apart they are kept than at first.
        states: (branch's key, iteration, state), ascending.
    """

    thinning: int = 1
    states: tuple[tuple[int, int, State], ...] = ()

    def with_state(self, key: int, iteration: int, state: State) -> Checkpoints:
        """Keep a state; when they grow too many, keep every second and double the thinning."""
        states = tuple(sorted((*self.states, (key, iteration, state)), key=itemgetter(0, 1)))
        size = sum(one.theta.nbytes + one.moments.nbytes for _, _, one in states)
        many = len(states) > MOST_CHECKPOINTS or size > MOST_CHECKPOINT_BYTES
        if not many or len(states) < 4:
            return replace(self, states=states)
        return Checkpoints(2 * self.thinning, states[1::2])

    def of(self, keys: Container[int]) -> Checkpoints:
        """Forget what belongs to other branches than these."""
        return replace(self, states=tuple(one for one in self.states if one[0] in keys))

    def nearest(self, key: int, iteration: int) -> tuple[int, State] | None:
        """Return the latest kept iteration of a branch up to `iteration`, and its state."""
        fitting = [one[1:] for one in self.states if one[0] == key and one[1] <= iteration]
        return fitting[-1] if fitting else None
