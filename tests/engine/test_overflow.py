"""The first number that is not finite, beside a look at every event."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from app.engine.arrays import FloatArray
from app.engine.network import Network
from app.engine.tape import Tape
from app.engine.training import State, Training


@pytest.mark.parametrize("terms", [1, 2, 5, 6])
@pytest.mark.parametrize("late", range(6))
def test_an_overflow_is_found_at_whichever_term_of_whichever_sum(terms: int, late: int) -> None:
    network, training = Network((terms, 6, terms, 1), ("linear",) * 3, "mse"), Training()
    for layer, neuron, source in ((1, late, late % terms), (2, late % terms, late)):
        state = State.start(np.zeros(network.parameter_count), training.optimizer)
        theta = state.theta.copy()
        network.weights(theta, 1)[:, 0] = 1e160
        network.weights(theta, layer)[neuron, source:] = 1e308
        inputs = np.full((2, terms), 1e10)
        tape = Tape.record(network, training, replace(state, theta=theta), inputs, np.zeros((2, 1)))
        one_by_one = (
            number
            for number in range(1, tape.events.count + 1)
            if not np.isfinite(told(tape, number)).all()
        )
        assert tape.overflow == next(one_by_one)


def told(tape: Tape, number: int) -> FloatArray:
    event = tape.events.at(number)
    running = tape.running(event)
    return tape.values(event) if running is None else running


def test_the_overflow_of_a_large_batch_is_found_soon() -> None:
    network, training = Network((20, 90, 70, 1), ("linear",) * 3, "mse"), Training()
    theta = np.random.default_rng(5).normal(size=network.parameter_count) * 1e50
    state = State.start(theta, training.optimizer)
    tape = Tape.record(network, training, state, np.ones((2_000, 20)), np.zeros((2_000, 1)))
    began = time.process_time()
    assert tape.overflow is None
    # One by one the events took three seconds.
    assert time.process_time() - began < 1.0
