"""Training at speed: the passes of `passes.py` in a loop that allocates nothing per update."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from app.engine.arrays import FloatArray
from app.engine.network import Network
from app.engine.passes import Parameters, Pass
from app.engine.schedule import Schedule
from app.engine.training import State, Training

CHUNK = 256
ASKED_EVERY = 2
"""Beside a busy thread even one iteration takes milliseconds: it lets go of the interpreter at each matrix product."""


@dataclass(frozen=True)
class Progress:
    """Say what a stretch of training did.

    Args:
        iterations: how many were finished.
        costs: (iterations,) each batch's cost before its update.
        diverged: whether the iteration after them met a number that is not finite.
    """

    iterations: int
    costs: FloatArray
    diverged: bool


class Prepared:
    """Hold what the loop needs of a pass, one attribute away."""

    __slots__ = ("block", "calls", "cost", "finite")

    def __init__(self, one: Pass) -> None:
        self.block, self.cost, self.finite = one.block, one.data_cost, one.finite
        steps = [*one.forward_steps, *one.backward_steps, *one.parameters.update_steps]
        # A partial costs a second call: the loop calls the function itself.
        self.calls = [
            (step.func, step.args)
            if isinstance(step, partial) and not step.keywords
            else (step, ())
            for step in steps
        ]


class Trainer:
    """Train from a given state and iteration on.

    Args:
        network, training, schedule: what to train and how.
        inputs: (N, m) the rows to train on.
        targets: (N, n) their targets.
        state: where to begin.
        iteration: the number of the first iteration.
    """

    def __init__(
        self,
        network: Network,
        training: Training,
        schedule: Schedule,
        inputs: FloatArray,
        targets: FloatArray,
        state: State,
        iteration: int,
    ) -> None:
        self.iteration = iteration
        self._network, self._training, self._schedule = network, training, schedule
        ones = np.ones((len(inputs), 1))
        self._table = np.ascontiguousarray(np.hstack([targets, inputs, ones]).T)
        self._parameters = Parameters(network, training)
        self._parameters.load(state)
        self._passes: dict[int, Prepared] = {}
        self._ordered, self._epoch = self._table, -1
        self._chunks: dict[int, list[tuple[Prepared, FloatArray]]] = {}

    def state(self) -> State:
        """Return a frozen copy of the present state."""
        return self._parameters.state()

    def advance(self, most: int, enough: Callable[[], bool] = lambda: False) -> Progress:
        """Train for at most so many iterations, or until it is enough, which is asked every few of them.

        If a number stops being finite, the trainer goes back to the start of the iteration it happened in.
        """
        before = self.state()
        with np.errstate(all="ignore"):
            costs = self._run(most, enough)
            count = len(costs)
            # A number that is not finite cannot heal: it spoils the cost, or the gradient and so the parameters.
            # So one look after the stretch is enough to know that it happened, and a second, slow run says where.
            diverged = not self._finite(costs)
            if diverged:
                costs = self._run_watched(before, count)
        self.iteration += len(costs)
        return Progress(len(costs), costs, diverged and len(costs) < count)

    def _finite(self, costs: FloatArray) -> bool:
        if not (np.isfinite(costs).all() and self._parameters.finite()):
            return False
        return all(one.finite() for one in self._passes.values())

    def _run_watched(self, start: State, count: int) -> FloatArray:
        costs: list[FloatArray] = []
        first, state = self.iteration, start
        self._passes.clear()
        self._chunks = {}
        for _ in range(count):
            self._parameters.load(state)
            cost = self._run(1, lambda: True)
            if not self._finite(cost):
                self._parameters.load(state)
                break
            costs.append(cost)
            state = self.state()
            self.iteration += 1
        self.iteration = first
        return np.array(costs).reshape(-1)

    def _prepared(self, batch: int) -> Prepared:
        if batch not in self._passes:
            self._passes[batch] = Prepared(Pass(self._network, self._parameters, batch))
        return self._passes[batch]

    def _chunk(self, first: int) -> list[tuple[Prepared, FloatArray]]:
        """Make the epoch's batches from `first` on, a few at a time: a large table has twenty thousand."""
        if first not in self._chunks:
            size, table = self._schedule.size, self._ordered
            starts = range(first * size, table.shape[1], size)[:CHUNK]
            # Contiguous, so that a batch is one copy.
            blocks = [table[:, start : start + size].copy() for start in starts]
            self._chunks[first] = [(self._prepared(block.shape[1]), block) for block in blocks]
        return self._chunks[first]

    def _begin(self, epoch: int) -> None:
        """Bring the rows into an epoch's order; without shuffling every epoch is the same."""
        if self._schedule.shuffle and epoch != self._epoch:
            self._ordered = self._table[:, self._schedule.order(epoch)]
            self._chunks, self._epoch = {}, epoch

    def _stretches(self) -> Iterator[list[tuple[Prepared, FloatArray]]]:
        epoch = self._schedule.epoch(self.iteration)
        first, skipped = divmod(self._schedule.place(self.iteration), CHUNK)
        for number in itertools.count(epoch):
            self._begin(number)
            for start in range(first * CHUNK, self._schedule.per_epoch, CHUNK):
                chunk = self._chunk(start)
                yield chunk[skipped:] if skipped else chunk
                skipped = 0
            first = 0

    def _plan(self, count: int) -> Iterator[tuple[Prepared, FloatArray]]:
        return itertools.islice(itertools.chain.from_iterable(self._stretches()), count)

    def _run(self, most: int, enough: Callable[[], bool]) -> FloatArray:
        """Run iterations without a look at what they give; return their costs."""
        costs: list[float] = []
        penalties: list[float] = []
        penalised, penalty = self._training.penalised, self._parameters.penalty
        plan = self._plan(most)
        while len(costs) < most:
            for prepared, block in itertools.islice(plan, ASKED_EVERY):
                if penalised:
                    penalties.append(penalty())
                # An assignment is less than half the price of copyto here.
                prepared.block[...] = block
                for function, operands in prepared.calls:
                    function(*operands)
                costs.append(prepared.cost())
            if enough():
                break
        return np.array(costs) + np.array(penalties) if penalised else np.array(costs)
