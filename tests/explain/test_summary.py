"""What a larger step tells of itself."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest

from app.engine.addresses import Address, parse
from app.engine.initializers import initialize
from app.engine.network import Network
from app.engine.tape import Tape
from app.engine.training import State, Training
from app.explain.names import Names
from app.explain.summary import summary
from tests.explain.cases import CASES, NAMES, Case, one_neuron, tape_of
from tests.explain.paper import number, sums_of


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


@pytest.mark.parametrize("case", CASES[::3], ids=str)
def test_each_stop_of_a_neurons_steps_is_told(case: Case) -> None:
    one = tape_of(case)
    stops, event = {0: 0}, 0
    while event < one.events.count:
        stops[one.events.next_stop(event, "neuron")] = event
        event = one.events.next_stop(event, "neuron")
    for event in range(one.events.count + 1):
        told = summary(one, event, "neuron", NAMES, case.batch - 1)
        # A step of one event is told by the event itself.
        whole = event in stops and event - stops[event] > 1
        assert (told is not None) == whole, event


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("by", ["neuron", "layer", "pass"])
def test_what_is_told_adds_up_and_is_fit_to_be_read(case: Case, by: str) -> None:
    one = tape_of(case)
    for event in range(one.events.count + 1):
        told = summary(one, event, by, NAMES, case.batch - 1)
        if told is None:
            continue
        assert all(found.adds_up for found in sums_of(told.sentence)), told.sentence
        assert told.sentence[0].isupper()
        assert told.sentence.endswith(".")
        assert len(told.sentence) < 300
        assert told.figures
        for word in ("_", "nan", "None", "  ", "..", ": :"):
            assert word not in told.title + told.sentence
        for part in (*told.told, *(figure.number for figure in told.figures)):
            if part.address:
                value = one.value(parse(part.address))
                assert math.isclose(float(number(part.text)), value, rel_tol=0.06)
                assert one.event_number(parse(part.address)) <= event


def test_a_neuron_says_how_its_signal_came_to_be() -> None:
    one = tape_of(Case())
    hidden, output = (summary(one, event, "neuron", NAMES) for event in (4, 12))
    assert hidden is not None
    assert output is not None
    assert hidden.title == "Hidden 1, neuron 1: its signal"
    assert hidden.sentence.startswith("The 2 weighted signals and the bias make the sum Z: ")
    assert hidden.sentence.endswith(" of it, the activation A that this neuron sends on.")
    assert [figure.label for figure in hidden.figures] == ["Z₁", "A₁"]
    assert output.title == "Output 1 (Adelie): its prediction"
    assert ", the prediction for Adelie; the actual value is " in output.sentence


def test_a_neuron_says_how_its_error_came_to_be() -> None:
    one = tape_of(Case())
    ends = {
        name: one.events.number("backward", "bias_gradient", *place)
        for name, place in {"output": (2, 0), "hidden": (1, 1)}.items()
    }
    output, hidden = (
        summary(one, ends[name] or 0, "neuron", NAMES) for name in ("output", "hidden")
    )
    assert output is not None
    assert hidden is not None
    assert output.sentence.startswith("The prediction for Adelie gets the blame ")
    assert hidden.title == "Hidden 1, neuron 2: its error and gradients"
    assert " came back through the weights between: its blame is " in hidden.sentence
    assert " Times the slope of its curve, " in hidden.sentence
    assert hidden.sentence.endswith(
        "that gives the gradients of its 2 weights; its bias has the error itself."
    )
    assert [figure.label for figure in hidden.figures] == [
        "δ₂",
        "∂C/∂W₁,₂",
        "∂C/∂W₂,₂",
        "∂C/∂Bias₂",
    ]


@pytest.mark.parametrize(
    ("output", "cost", "how"),
    [
        ("softmax", "cross_entropy", "Its error δ, prediction − actual, is "),
        ("softmax", "mse", "Its error δ, found through softmax, is "),
    ],
)
def test_an_output_without_a_slope_says_where_its_error_is_from(
    output: str, cost: str, how: str
) -> None:
    one = tape_of(Case("tanh", output, cost))
    event = one.events.number("backward", "bias_gradient", 2, 1)
    told = summary(one, event or 0, "neuron", NAMES)
    assert told is not None
    assert told.sentence.startswith(how)
    layer = summary(one, one.events.segment(event or 0).end, "layer", NAMES)
    assert layer is not None
    assert ("prediction − actual" in layer.sentence) == (cost == "cross_entropy")
    assert ("Softmax carries the blame" in layer.sentence) == (cost == "mse")


def test_a_softmax_neuron_stops_at_its_sum() -> None:
    told = summary(tape_of(Case("tanh", "softmax", "cross_entropy")), 11, "neuron", NAMES)
    assert told is not None
    assert told.title == "Output 1 (Adelie): its sum"
    assert told.sentence.endswith("Softmax shares 1 out once all the sums are there.")


def test_a_single_weight_is_one() -> None:
    one = one_neuron("sigmoid", 0.5)
    said = [summary(one, event, "neuron") for event in range(one.events.count)]
    sentences = " ".join(told.sentence for told in said if told)
    assert "The weighted signal and the bias make" in sentences
    assert "the gradient of its weight; its bias has" in sentences
    assert "Its weight and its bias took a step" in sentences
    layers = [summary(one, event, "layer") for event in range(one.events.count)]
    sentences = " ".join(told.sentence for told in layers if told)
    assert "Its neuron adds up its weighted signals" in sentences
    assert "The prediction is " in sentences


def test_the_sentences_hold_the_numbers() -> None:
    one = tape()
    first = summary(one, one.events.segments[0].end, "layer")
    assert first is not None
    assert "Each of its 2 neurons adds up" in first.sentence
    assert [figure.label for figure in first.figures] == ["A₁", "A₂"]
    last = summary(one, one.events.segments[1].end, "layer")
    assert last is not None
    assert "The predictions are " in last.sentence
    assert "and 2 more" in last.sentence
    assert (len(last.figures), last.more) == (5, 2)


def test_an_updated_layer_shows_what_moved_furthest() -> None:
    one = tape()
    segment = one.events.segments[-2]
    update = summary(one, segment.end, "layer")
    assert update is not None
    assert (
        "Its 8 weights and biases took a step against their gradients (learning rate η = 0.5)"
        in update.sentence
    )
    assert "All errors were found with the old ones." in update.sentence
    (figure,) = update.figures
    moved = abs(one.after.theta - one.state.theta)[: 2 * 4]
    address = parse(figure.number.address)
    assert address.kind in ("new_w", "new_b")
    step = one.value(address) - one.value(Address(address.kind[4:], address.path))
    assert math.isclose(abs(step), moved.max(), rel_tol=1e-9)


def test_the_losses_shown_add_up_to_the_cost_shown() -> None:
    for case in CASES:
        one = tape_of(case)
        told = summary(one, one.events.phase_ends["cost"], "pass", NAMES)
        assert told is not None
        *parts, cost = (number(figure.number.text) for figure in told.figures)
        assert told.figures[-1].label == "C"
        if case.batch == 1:
            assert len(parts) == 3 + one.training.penalised
            assert abs(sum(parts) - cost) <= Decimal(5).scaleb(int(cost.as_tuple().exponent) - 1)


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
    (figure,) = told.figures
    assert figure.before is not None
    assert [figure.before.address, figure.number.address] == ["cost", "cost_after"]
    unmoved = tape(rate=0.0)
    stayed = summary(unmoved, unmoved.events.count, "pass", Names(observation="penguin"))
    assert stayed is not None
    assert "the cost of this penguin stayed at" in stayed.sentence


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
