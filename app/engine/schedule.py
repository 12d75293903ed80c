"""Which observations an iteration trains on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.engine.arrays import IntArray


@dataclass(frozen=True)
class Schedule:
    """Say for any iteration which rows its batch holds and which epoch it belongs to.

    An epoch's order depends on the seed and the epoch's number alone, so any iteration is found without its past.
    The last batch of an epoch holds what is left and may be smaller.

    Args:
        observations: rows to train on.
        batch_size: rows to a batch; None means all.
        shuffle: whether each epoch draws a new order.
        seed: for the orders.
        first_iteration: the iteration at which this schedule takes over.
        first_epoch: the epoch which begins there.
    """

    observations: int
    batch_size: int | None
    shuffle: bool
    seed: int
    first_iteration: int = 0
    first_epoch: int = 0

    @property
    def size(self) -> int:
        """The rows of a full batch."""
        return min(self.batch_size or self.observations, self.observations)

    @property
    def per_epoch(self) -> int:
        """How many batches an epoch has."""
        return -(-self.observations // self.size)

    def epoch(self, iteration: int) -> int:
        """Return the epoch that an iteration belongs to."""
        return self.first_epoch + (iteration - self.first_iteration) // self.per_epoch

    def place(self, iteration: int) -> int:
        """Return which batch of its epoch an iteration trains on, from 0."""
        return (iteration - self.first_iteration) % self.per_epoch

    def order(self, epoch: int) -> IntArray:
        """Return the rows in the order of an epoch."""
        if not self.shuffle:
            return np.arange(self.observations, dtype=np.int64)
        return np.random.default_rng([self.seed, epoch]).permutation(self.observations)

    def rows(self, iteration: int) -> IntArray:
        """Return the rows of an iteration's batch."""
        start = self.place(iteration) * self.size
        return self.order(self.epoch(iteration))[start : start + self.size]


def split(observations: int, test_fraction: float, seed: int) -> tuple[IntArray, IntArray]:
    """Choose the rows to train on and the rows kept aside, both in the table's order.

    At least one row stays on the training side.
    """
    kept_aside = min(round(observations * test_fraction), observations - 1)
    order = np.random.default_rng([seed, observations]).permutation(observations)
    return np.sort(order[kept_aside:]), np.sort(order[:kept_aside])
