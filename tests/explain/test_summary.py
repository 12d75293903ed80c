"""What a larger step tells of itself."""

from __future__ import annotations

import numpy as np

from app.engine.initializers import initialize
from app.engine.network import Network
from app.engine.tape import Tape
from app.engine.training import State, Training
from app.explain.names import Names
from app.explain.summary import summary


def tape(rows: int = 1, rate: float = 0.5) -> Tape:
    network = Network((3, 2, 7), ("tanh", "sigmoid"), "mse")
    training = Training(learning_rate=rate)
    generator = np.random.default_rng(1)
    state = State.start(initialize(network, "normal", 1), training.optimizer)
    inputs, targets = generator.normal(size=(rows, 3)), generator.uniform(size=(rows, 7))
    return Tape.record(network, training, state, inputs, targets)


def test_each_end_of_a_layer_is_told_and_nothing_amid_one() -> None:
    one = tape()
    ends = [segment.end for segment in one.events.segments]
    for event in range(one.events.count + 1):
        told = summary(one, event, "layer", Names(observation="penguin"))
        assert (told is not None) == (event in ends)
        assert summary(one, event, "term") is None
        assert summary(one, event, "neuron") is None


def test_the_sentences_hold_the_numbers() -> None:
    one = tape()
    first = summary(one, one.events.segments[0].end, "layer")
    assert first is not None
    assert "Each of its 2 neurons adds up" in first.sentence
    last = summary(one, one.events.segments[1].end, "layer")
    assert last is not None
    assert "The prediction: " in last.sentence
    assert "and 2 more" in last.sentence
    update = summary(one, one.events.segments[-2].end, "layer")
    assert update is not None
    assert "Its 8 weights and biases" in update.sentence


def test_a_pass_tells_the_pass() -> None:
    one, ends = tape(), tape().events.phase_ends
    told = [summary(one, ends[phase], "pass") for phase in ("cost", "backward", "update")]
    titles = [one.title for one in told if one is not None]
    assert titles == [
        "Forward pass done: the cost is known",
        "Backward pass done: every gradient is known",
        "Iteration done: every weight took its step",
    ]


def test_the_end_says_which_way_the_cost_went() -> None:
    one = tape()
    assert one.cost_after < one.cost
    told = summary(one, one.events.count, "iteration", Names(observation="penguin"))
    assert told is not None
    assert "the cost of this penguin fell from" in told.sentence


def test_a_batch_and_a_step_too_small_to_see() -> None:
    one = tape(rows=3, rate=1e-7)
    told = summary(one, one.events.count, "epoch")
    assert told is not None
    assert "of this batch fell from" in told.sentence
    before, after = told.sentence.rstrip(".").split("from ")[1].split(" to ")
    assert before != after


def test_a_cost_beyond_measure_is_said() -> None:
    network = Network((1, 1), ("linear",), "mse")
    training = Training(learning_rate=100.0)
    state = State.start(np.array([1e80, 0.0]), training.optimizer)
    one = Tape.record(network, training, state, np.array([[1e76]]), np.array([[0.0]]))
    told = summary(one, one.events.count, "pass")
    assert told is not None
    assert "too large to be written" in told.sentence
