"""The order of events, walked both ways beside a plain list, and the stops of every granularity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from app.engine.events import GRANULARITIES, PHASES, Event, EventMap
from app.engine.network import Network
from app.engine.training import MOMENT_COUNTS, Optimizer, Training
from app.errors import InvalidInput

Plain = tuple[str, str, int, int, int, int]

ARTICLE = Network((5, 2, 2, 5), ("sigmoid",) * 3, "mse")
NETWORKS = {
    "one neuron": Network((1, 1), ("sigmoid",), "mse"),
    "article": ARTICLE,
    "joined sigmoid": Network((3, 2, 2), ("tanh", "sigmoid"), "binary_cross_entropy"),
    "joined softmax": Network((2, 3, 2, 3), ("relu", "elu", "softmax"), "cross_entropy"),
    "softmax": Network((2, 3, 2), ("tanh", "softmax"), "mse"),
    "softmax alone": Network((4, 3), ("softmax",), "half_squared_error"),
    "narrow": Network((2, 1, 3, 1), ("swish", "linear", "linear"), "mse"),
}


def training(optimizer: str = "sgd") -> Training:
    return Training(optimizer=Optimizer(optimizer))


def mapped(network: Network, optimizer: str = "sgd") -> EventMap:
    return EventMap.of(network, training(optimizer))


def plain(event: Event) -> Plain:
    return event.phase, event.kind, event.layer, event.neuron, event.index, event.moment


# --- the order, written out ----------------------------------------------------------------------


def forward(network: Network) -> Iterator[Plain]:
    for l in range(1, network.depth + 1):
        couples = network.activations[l - 1] == "softmax"
        for j in range(network.sizes[l]):
            for i in range(network.sizes[l - 1]):
                yield "forward", "product", l, j, i, -1
            yield "forward", "bias", l, j, -1, -1
            if not couples:
                yield "forward", "activation", l, j, -1, -1
        if couples:
            for j in range(network.sizes[l]):
                yield "forward", "activation", l, j, -1, -1


def cost(network: Network) -> Iterator[Plain]:
    for j in range(network.sizes[-1]):
        yield "cost", "loss", network.depth, 0, j, -1
    yield "cost", "cost", network.depth, 0, -1, -1


def backward(network: Network) -> Iterator[Plain]:
    last = network.depth
    softmax = network.activations[-1] == "softmax" and not network.joined
    if softmax:
        for j in range(network.sizes[last]):
            yield "backward", "loss_derivative", last, j, -1, -1
    for l in range(last, 0, -1):
        for j in range(network.sizes[l]):
            if l < last:
                for k in range(network.sizes[l + 1]):
                    yield "backward", "blame", l, j, k, -1
                yield "backward", "slope", l, j, -1, -1
            elif not softmax and not network.joined:
                yield "backward", "loss_derivative", l, j, -1, -1
                yield "backward", "slope", l, j, -1, -1
            yield "backward", "delta", l, j, -1, -1
            for i in range(network.sizes[l - 1]):
                yield "backward", "gradient", l, j, i, -1
            yield "backward", "bias_gradient", l, j, -1, -1


def update(network: Network, optimizer: str) -> Iterator[Plain]:
    for l in range(1, network.depth + 1):
        for j in range(network.sizes[l]):
            for i in range(network.sizes[l - 1]):
                for m in range(MOMENT_COUNTS[optimizer]):
                    yield "update", "moment", l, j, i, m
                yield "update", "new_weight", l, j, i, -1
            for m in range(MOMENT_COUNTS[optimizer]):
                yield "update", "bias_moment", l, j, -1, m
            yield "update", "new_bias", l, j, -1, -1


def listed(network: Network, optimizer: str) -> list[Plain]:
    parts = forward(network), cost(network), backward(network), update(network, optimizer)
    return [event for part in parts for event in part]


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("optimizer", MOMENT_COUNTS)
def test_every_event_is_where_the_plain_list_has_it_and_is_found_again(
    name: str, optimizer: str
) -> None:
    network = NETWORKS[name]
    events, expected = mapped(network, optimizer), listed(network, optimizer)
    assert events.count == len(expected)
    for number, wanted in enumerate(expected, start=1):
        event = events.at(number)
        assert event.number == number
        assert plain(event) == wanted
        assert events.number(*wanted) == number


def test_any_event_of_a_large_network_is_found_at_once() -> None:
    network = Network((64, 30, 10), ("tanh", "softmax"), "cross_entropy")
    events, expected = mapped(network, "adam"), listed(network, "adam")
    assert events.count == len(expected)
    assert len(events.segments) == 7
    for number in np.random.default_rng(0).integers(1, events.count + 1, size=3000):
        event = events.at(int(number))
        assert plain(event) == expected[number - 1]
        assert events.number(*plain(event)) == number


def test_a_network_of_millions_of_events_costs_nothing_until_one_is_looked_at() -> None:
    events = mapped(Network((1000, 1000, 1000), ("tanh", "tanh"), "mse"), "adam")
    assert events.count > 10_000_000
    assert plain(events.at(events.count)) == ("update", "new_bias", 2, 999, -1, -1)


def test_the_articles_network_has_151_events() -> None:
    events = mapped(ARTICLE)
    assert events.count == 151
    # Hidden 1, neuron 2: its third product.
    assert events.at(10) == Event(10, "forward", "product", 1, 1, 2)
    assert events.phase_ends == {"forward": 42, "cost": 48, "backward": 118, "update": 151}


@pytest.mark.parametrize("number", [-1, 0, 152])
def test_there_is_no_event_outside(number: int) -> None:
    with pytest.raises(InvalidInput, match="numbered from 1 to 151"):
        mapped(ARTICLE).at(number)


def test_what_a_network_does_not_do_has_no_number() -> None:
    joined, softmax = mapped(NETWORKS["joined softmax"]), mapped(NETWORKS["softmax"])
    assert joined.number("backward", "slope", 3, 0) is None
    assert joined.number("backward", "loss_derivative", 3, 0) is None
    assert softmax.number("backward", "slope", 2, 0) is None
    assert softmax.number("update", "moment", 1, 0, 0, 0) is None


@pytest.mark.parametrize("name", NETWORKS)
def test_phases_of_positions(name: str) -> None:
    events = mapped(NETWORKS[name])
    assert events.phase_at(0) == "ready"
    assert events.phase_at(events.count) == "done"
    for position in range(1, events.count):
        assert events.phase_at(position) == events.at(position).phase


# --- stops ---------------------------------------------------------------------------------------


def stops(events: EventMap, by: str) -> list[int]:
    """Walk forwards from the beginning."""
    met = [0]
    while met[-1] < events.count:
        met.append(events.next_stop(met[-1], by))
    return met


def group_of(network: Network, event: Event, by: str) -> object:
    """Say what a step by `by` keeps together, from the definition of the granularities."""
    if by == "term":
        return event.number
    if by == "iteration":
        return None
    if by == "pass":
        return "forward" if event.phase == "cost" else event.phase
    if by == "layer":
        return event.phase, event.layer
    softmax = network.activations[-1] == "softmax" and event.layer == network.depth
    alone = softmax and event.kind in ("activation", "loss_derivative")
    return event.phase, event.layer, event.neuron, alone, event.number if alone else 0


def expected_stops(network: Network, events: EventMap, by: str) -> list[int]:
    numbered = [events.at(number) for number in range(1, events.count + 1)]
    groups = [group_of(network, event, by) for event in numbered]
    ends = [n for n in range(1, events.count) if groups[n - 1] != groups[n]]
    return [0, *ends, events.count]


CASES = list(product(NETWORKS, ("sgd", "momentum", "adam"), GRANULARITIES))


@pytest.mark.parametrize(("name", "optimizer", "by"), CASES)
def test_steps_end_where_their_granularity_says(name: str, optimizer: str, by: str) -> None:
    events = mapped(NETWORKS[name], optimizer)
    assert stops(events, by) == expected_stops(NETWORKS[name], events, by)


@pytest.mark.parametrize(("name", "optimizer", "by"), CASES)
def test_back_is_the_reverse_of_step(name: str, optimizer: str, by: str) -> None:
    events = mapped(NETWORKS[name], optimizer)
    walked = [events.count]
    while walked[-1] > 0:
        walked.append(events.previous_stop(walked[-1], by))
    assert walked[::-1] == stops(events, by)


@pytest.mark.parametrize(("name", "optimizer", "by"), CASES)
def test_from_between_two_stops_a_step_leads_to_the_one_and_back_to_the_other(
    name: str, optimizer: str, by: str
) -> None:
    events = mapped(NETWORKS[name], optimizer)
    places = np.array(stops(events, by))
    for position in range(events.count + 1):
        after = places[places > position]
        before = places[places < position]
        assert events.next_stop(position, by) == (after[0] if len(after) else events.count)
        assert events.previous_stop(position, by) == (before[-1] if len(before) else 0)


def test_the_last_event_ends_everything_and_0_begins_it() -> None:
    events = mapped(ARTICLE)
    for by in GRANULARITIES:
        assert events.next_stop(events.count, by) == events.count
        assert events.previous_stop(0, by) == 0


def test_the_articles_passes_and_layers() -> None:
    events = mapped(ARTICLE)
    assert stops(events, "pass") == [0, 48, 118, 151]
    assert stops(events, "layer") == [0, 14, 22, 42, 48, 78, 98, 118, 130, 136, 151]
    assert stops(events, "neuron")[:4] == [0, 7, 14, 18]


def test_settings_other_than_the_optimizer_leave_the_events_alone() -> None:
    other = replace(training(), learning_rate=1.0, batch_size=None, l1=0.1, l2=0.1)
    assert EventMap.of(ARTICLE, other) == mapped(ARTICLE)
    assert {segment.phase for segment in mapped(ARTICLE).segments} == {*PHASES}


def test_all_who_train_one_network_share_its_map() -> None:
    twin = replace(ARTICLE)
    assert EventMap.of(twin, training()) is mapped(ARTICLE)
    assert EventMap.of(twin, training("adam")) is not mapped(ARTICLE)
