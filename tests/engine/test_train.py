"""Training at speed beside the tape: the same bits, and the same moment when a number is no longer finite."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.engine.arrays import FloatArray
from app.engine.network import Network
from app.engine.schedule import Schedule
from app.engine.tape import Tape
from app.engine.train import ASKED_EVERY, CHUNK, Trainer
from app.engine.training import MOMENT_COUNTS, Optimizer, State, Training

OBSERVATIONS = 7
PENALTIES = [(0.0, 0.0), (0.01, 0.0), (0.0, 0.1), (0.01, 0.1)]


class Chain:
    """Train by recording one tape after the other, and stop where a number is no longer finite."""

    def __init__(self, start: Work) -> None:
        self.start, self.state, self.costs = start, start.state, list[float]()

    def advance(self, count: int) -> bool:
        for _ in range(count):
            rows = self.start.schedule.rows(len(self.costs))
            inputs, targets = self.start.inputs[rows], self.start.targets[rows]
            network, training = self.start.network, self.start.training
            tape = Tape.record(network, training, self.state, inputs, targets)
            if tape.overflow is not None:
                return False
            self.costs.append(tape.cost)
            self.state = tape.after
        return True


class Work:
    """Hold a network, its data and how to train it."""

    def __init__(
        self, network: Network, training: Training, seed: int = 3, scale: float = 1.0, rows: int = 7
    ) -> None:
        generator = np.random.default_rng(seed)
        self.network, self.training = network, training
        self.inputs = generator.normal(size=(rows, network.sizes[0]))
        self.targets = np.eye(network.sizes[-1])[generator.integers(network.sizes[-1], size=rows)]
        theta = scale * generator.normal(size=network.parameter_count)
        self.state = State.start(theta, training.optimizer)
        self.schedule = Schedule(rows, training.batch_size, training.shuffle, training.seed)

    def trainer(self, state: State | None = None, iteration: int = 0) -> Trainer:
        return Trainer(
            self.network,
            self.training,
            self.schedule,
            self.inputs,
            self.targets,
            state or self.state,
            iteration,
        )


def bits(numbers: FloatArray | list[float]) -> bytes:
    return np.array(numbers, dtype=np.float64).tobytes()


NETWORK = Network((3, 4, 2, 3), ("tanh", "relu", "softmax"), "cross_entropy")


def settings(optimizer: str, l1: float, l2: float, shuffle: bool = True) -> Training:
    return Training(
        learning_rate=0.05,
        batch_size=3,
        shuffle=shuffle,
        seed=11,
        optimizer=Optimizer(optimizer),
        l1=l1,
        l2=l2,
    )


# --- the same bits -------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", MOMENT_COUNTS)
@pytest.mark.parametrize(("l1", "l2"), PENALTIES)
@pytest.mark.parametrize("shuffle", [False, True], ids=["in order", "shuffled"])
def test_training_has_the_bits_of_the_tapes(
    optimizer: str, l1: float, l2: float, shuffle: bool
) -> None:
    # Three batches an epoch, the last one with a single observation; eight epochs and a begun one.
    work = Work(NETWORK, settings(optimizer, l1, l2, shuffle))
    trainer, chain = work.trainer(), Chain(work)
    costs: list[float] = []
    for stretch in (1, 2, 4, 1, 17):
        progress = trainer.advance(stretch)
        assert chain.advance(stretch)
        costs += progress.costs.tolist()
        assert progress.iterations == stretch
        assert not progress.diverged
        assert trainer.state().same_bits(chain.state)
    assert bits(costs) == bits(chain.costs)
    assert trainer.iteration == 25


@pytest.mark.parametrize("pair", [("sigmoid", "mse"), ("softmax", "half_squared_error")])
@pytest.mark.parametrize("hidden", ["sigmoid", "elu", "softplus", "swish", "leaky_relu", "linear"])
@pytest.mark.parametrize("batch", [1, 5, None])
def test_the_bits_agree_for_other_networks_and_batches(
    pair: tuple[str, str], hidden: str, batch: int | None
) -> None:
    network = Network((4, 5, 3, 2), (hidden, hidden, pair[0]), pair[1])
    work = Work(network, Training(learning_rate=0.1, batch_size=batch), scale=0.5)
    trainer, chain = work.trainer(), Chain(work)
    progress = trainer.advance(15)
    assert chain.advance(15)
    assert bits(progress.costs) == bits(chain.costs)
    assert trainer.state().same_bits(chain.state)


@pytest.mark.parametrize("sizes", [(64, 30, 10), (100, 128, 128, 50)], ids=str)
@pytest.mark.parametrize("batch", [1, 10, 33])
def test_the_bits_agree_for_large_networks(sizes: tuple[int, ...], batch: int) -> None:
    names = ("tanh",) * (len(sizes) - 2) + ("softmax",)
    training = Training(learning_rate=0.01, batch_size=batch, shuffle=True)
    work = Work(Network(sizes, names, "cross_entropy"), training, scale=0.1, rows=70)
    trainer, chain = work.trainer(), Chain(work)
    progress = trainer.advance(15)
    assert chain.advance(15)
    assert bits(progress.costs) == bits(chain.costs)
    assert trainer.state().same_bits(chain.state)


def fingerprint() -> str:
    """Train for a while and say what came of it, to the bit."""
    trainer = Work(NETWORK, settings("adam", 0.01, 0.1)).trainer()
    costs = trainer.advance(40).costs
    state = trainer.state()
    whole = costs.tobytes() + state.theta.tobytes() + state.moments.tobytes()
    return hashlib.sha256(whole).hexdigest()


def test_another_process_gets_the_same_bits() -> None:
    code = "from tests.engine.test_train import fingerprint; print(fingerprint())"
    root = Path(__file__).parents[2]
    other = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == fingerprint()


@pytest.mark.parametrize("shuffle", [False, True], ids=["in order", "shuffled"])
def test_training_goes_on_from_any_iteration(shuffle: bool) -> None:
    work = Work(NETWORK, settings("adam", 0.01, 0.1, shuffle))
    whole, first = work.trainer(), work.trainer()
    whole.advance(20)
    first.advance(8)
    second = work.trainer(first.state(), first.iteration)
    second.advance(12)
    assert second.state().same_bits(whole.state())
    assert second.iteration == whole.iteration == 20


def test_the_state_is_a_copy_that_later_training_leaves_alone() -> None:
    trainer = Work(NETWORK, settings("adam", 0.0, 0.0)).trainer()
    trainer.advance(2)
    state = trainer.state()
    kept = replace(state, theta=state.theta.copy(), moments=state.moments.copy())
    trainer.advance(2)
    assert state.same_bits(kept)
    assert not state.theta.flags.writeable
    assert not state.moments.flags.writeable


# --- divergence ----------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov"])
@pytest.mark.parametrize("stretch", [1, 4, 1000])
def test_divergence_stops_where_the_tape_first_overflows(optimizer: str, stretch: int) -> None:
    network = Network((2, 3, 1), ("relu", "linear"), "mse")
    training = Training(learning_rate=100.0, batch_size=2, optimizer=Optimizer(optimizer))
    work = Work(network, training, scale=2.0)
    trainer, chain = work.trainer(), Chain(work)
    costs: list[float] = []
    while not (progress := trainer.advance(stretch)).diverged:
        costs += progress.costs.tolist()
    costs += progress.costs.tolist()
    assert not chain.advance(1000)
    assert progress.iterations < stretch
    assert trainer.iteration == len(costs) == len(chain.costs)
    assert bits(costs) == bits(chain.costs)
    assert trainer.state().same_bits(chain.state)
    assert np.isfinite(trainer.state().theta).all()


def test_a_diverged_trainer_stays_where_it_is() -> None:
    network = Network((2, 3, 1), ("relu", "linear"), "mse")
    trainer = Work(network, Training(learning_rate=100.0), scale=2.0).trainer()
    trainer.advance(1000)
    state, iteration = trainer.state(), trainer.iteration
    again = trainer.advance(3)
    assert (again.iterations, again.diverged, len(again.costs)) == (0, True, 0)
    assert trainer.state().same_bits(state)
    assert trainer.iteration == iteration


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh", "elu", "softplus", "swish"])
@pytest.mark.parametrize("stretch", [1, 2])
def test_an_overflow_that_the_activation_swallows_is_seen(name: str, stretch: int) -> None:
    # z = −∞ for the first observation gives an ordinary activation, and the second one overwrites it.
    network = Network((1, 1, 1), (name, "linear"), "mse")
    work = Work(network, Training(batch_size=1), rows=2)
    work.inputs = np.array([[-1e10], [0.0]])
    work.state = State.start(np.array([1e300, 0.0, 0.1, 0.2]), work.training.optimizer)
    progress = work.trainer().advance(stretch)
    assert (progress.iterations, progress.diverged) == (0, True)
    assert not Chain(work).advance(1)


def test_what_lies_between_the_layers_is_no_overflow() -> None:
    # The bias row of the way back, bias·delta, is computed beside the blame and read by no one.
    network = Network((1, 1, 1), ("linear", "linear"), "half_squared_error")
    work = Work(network, Training(learning_rate=1e-300, batch_size=1), rows=1)
    work.inputs, work.targets = np.array([[1e-160]]), np.array([[0.0]])
    work.state = State.start(np.array([1e-10, 0.0, 1e-10, 1e153]), work.training.optimizer)
    one = next(iter(work.trainer()._plan(1)))[0]
    assert one.finite()
    progress, chain = work.trainer().advance(1), Chain(work)
    assert chain.advance(1)
    assert (progress.iterations, progress.diverged) == (1, False)


def test_an_unfounded_suspicion_changes_nothing() -> None:
    work = Work(NETWORK, settings("adam", 0.01, 0.1))
    trainer, other = work.trainer(), work.trainer()
    trainer._prepared(2).block[...] = np.nan
    progress, expected = trainer.advance(10), other.advance(10)
    assert (progress.iterations, progress.diverged) == (10, False)
    assert bits(progress.costs) == bits(expected.costs)
    assert trainer.state().same_bits(other.state())
    assert trainer.iteration == 10


def test_networks_that_explode_do_so_at_the_same_moment_by_both_ways() -> None:
    moments = set()
    for seed in range(40):
        generator = np.random.default_rng(seed)
        depth = int(generator.integers(1, 5))
        sizes = tuple(int(size) for size in generator.integers(1, 5, size=depth + 1))
        hidden = generator.choice(["relu", "leaky_relu", "linear", "softplus", "tanh"], size=depth)
        network = Network(sizes, tuple(map(str, hidden)), "mse")
        training = Training(learning_rate=100.0, batch_size=2, shuffle=True, l2=0.001 * (seed % 2))
        work = Work(network, training, seed=seed, scale=3.0)
        trainer, chain = work.trainer(), Chain(work)
        progress = trainer.advance(100)
        assert chain.advance(100) is not progress.diverged, seed
        assert progress.iterations == len(chain.costs), seed
        assert trainer.state().same_bits(chain.state), seed
        moments.add(progress.iterations)
    assert len(moments) > 10
    assert 100 in moments


def test_an_epoch_of_many_batches_is_the_same_wherever_it_is_entered() -> None:
    network, rows = Network((2, 2, 1), ("tanh", "linear"), "mse"), 3 * CHUNK + 5
    chance = np.random.default_rng(8)
    inputs, targets = chance.normal(size=(rows, 2)), chance.normal(size=(rows, 1))
    for shuffle in (False, True):
        training = Training(learning_rate=0.01, batch_size=2)
        schedule = Schedule(rows, 2, shuffle, 3)
        state = State.start(chance.normal(size=network.parameter_count), training.optimizer)
        whole = Trainer(network, training, schedule, inputs, targets, state, 0)
        costs = whole.advance(1_000).costs
        # In the middle of a chunk, at its end, at an epoch's end.
        for first, count in ((0, 100), (100, CHUNK - 100), (CHUNK, 130), (CHUNK + 130, 614)):
            piece = Trainer(network, training, schedule, inputs, targets, state, first)
            assert piece.advance(count).costs.tolist() == costs[first : first + count].tolist()
            state = piece.state()
        assert state.theta.tobytes() == whole.state().theta.tobytes()


def test_training_stops_soon_after_it_is_enough() -> None:
    work = Work(NETWORK, settings("adam", 0.01, 0.1))
    asked: list[int] = []

    def enough() -> bool:
        asked.append(1)
        return len(asked) == 2

    trainer = work.trainer()
    progress = trainer.advance(100, enough)
    assert progress.iterations == trainer.iteration == 2 * ASKED_EVERY
    assert not progress.diverged
    assert bits(progress.costs) == bits(work.trainer().advance(2 * ASKED_EVERY).costs)
