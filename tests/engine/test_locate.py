"""From every event to its address and back, and which addresses there are."""

from __future__ import annotations

from itertools import product

import pytest

from app.engine.addresses import PATHS, Address, parse
from app.engine.events import EventMap
from app.engine.locate import EVENT_ADDRESSES, check_address, event_address, event_number
from app.engine.network import Network
from app.engine.training import MOMENT_COUNTS, Optimizer, Training
from app.errors import InvalidInput
from tests.engine.test_events import NETWORKS, listed

BATCH = 2


def training(optimizer: str) -> Training:
    return Training(optimizer=Optimizer(optimizer))


def numbered(network: Network, text: str, optimizer: str = "adam") -> int:
    events = EventMap.of(network, training(optimizer))
    return event_number(network, events, parse(text))


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("optimizer", MOMENT_COUNTS)
def test_every_event_has_an_address_that_leads_back_to_it(name: str, optimizer: str) -> None:
    network, setup = NETWORKS[name], training(optimizer)
    events, met = EventMap.of(network, setup), set()
    for number in range(1, events.count + 1):
        for observation in range(BATCH):
            address = event_address(events.at(number), observation)
            check_address(network, setup, BATCH, address)
            assert event_number(network, events, address) == number
            assert address.get("b") in (observation, None)
            met.add(str(address))
    # A number that every observation has counts twice, one that all share once.
    each = sum(
        BATCH if "b" in PATHS[EVENT_ADDRESSES[kind]] else 1
        for _, kind, *_ in listed(network, optimizer)
    )
    assert len(met) == each


# --- numbers that are not an event's own ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("w[1][1][4]", 0),
        ("b[3][0]", 0),
        ("y[0][4]", 0),
        ("a[0][0][2]", 0),
        ("old_moment_w[0][1][0][0]", 0),
        ("old_moment_b[1][1][0]", 0),
        ("loss[0]", 47),
        ("data_cost", 48),
        ("penalty", 48),
        ("cost", 48),
        # Output neuron 1: its derivative, slope, delta, two gradients and the bias's.
        ("blame[3][0][0]", 49),
        ("data_dw[3][0][1]", 53),
        # Hidden 2, neuron 1: blame is whole with the last of five terms.
        ("blame[2][0][0]", 83),
        ("blame_term[2][0][0][4]", 83),
        ("blame_term[2][0][0][0]", 79),
    ],
)
def test_when_a_number_is_known(text: str, event: int) -> None:
    assert numbered(NETWORKS["article"], text) == event


def test_the_cost_afterwards_is_known_at_the_very_end() -> None:
    events = EventMap.of(NETWORKS["article"], training("sgd"))
    assert event_number(NETWORKS["article"], events, Address("cost_after")) == events.count


@pytest.mark.parametrize("text", ["blame[3][0][0]", "slope[3][0][0]"])
def test_a_number_that_is_never_computed_has_no_event(text: str) -> None:
    with pytest.raises(InvalidInput, match="no such number"):
        numbered(NETWORKS["joined softmax"], text)


# --- which addresses there are -------------------------------------------------------------------


def reach(network: Network, optimizer: str, kind: str, letter: str, layer: int) -> range:
    """Say what a letter may be, from the definition of the arrays."""
    last = network.depth
    if letter == "l":
        return range(0 if kind == "a" else 1, last if kind == "blame_term" else last + 1)
    if letter == "k":
        return range(network.sizes[layer + 1])
    if letter == "i":
        return range(network.sizes[layer - 1])
    if letter == "j":
        return range(network.sizes[layer])
    return range(BATCH) if letter == "b" else range(MOMENT_COUNTS[optimizer])


def is_there(network: Network, optimizer: str, address: Address) -> bool:
    layer, kind = address.get("l"), address.kind
    if layer is None:
        layer = network.depth
    elif layer not in reach(network, optimizer, kind, "l", 0):
        return False
    if layer == network.depth and kind in ("slope", "blame"):
        softmax = network.activations[-1] == "softmax"
        if network.joined or (softmax and kind == "slope"):
            return False
    steps = zip(PATHS[kind], address.path, strict=True)
    return all(step in reach(network, optimizer, kind, letter, layer) for letter, step in steps)


@pytest.mark.parametrize("name", ["one neuron", "joined softmax", "softmax", "narrow"])
@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam"])
@pytest.mark.parametrize("kind", PATHS)
def test_only_what_is_there_has_an_address(name: str, optimizer: str, kind: str) -> None:
    network, setup = NETWORKS[name], training(optimizer)
    events = EventMap.of(network, setup)
    for path in product(range(5), repeat=len(PATHS[kind])):
        address = Address(kind, path)
        if is_there(network, optimizer, address):
            check_address(network, setup, BATCH, address)
            assert 0 <= event_number(network, events, address) <= events.count
        else:
            with pytest.raises(InvalidInput):
                check_address(network, setup, BATCH, address)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("w[4][0][0]", r"w\[4\]\[0\]\[0\]: \[l\] is 4, but the layers are from 1 to 3"),
        ("w[1][0][5]", r"\[i\] is 5, but the neurons before it are from 0 to 4"),
        ("a[1][7][0]", r"\[b\] is 7, but the observations of this batch are from 0 to 1"),
        ("delta[3][0][5]", "the neurons of that layer are from 0 to 4"),
        ("blame_term[1][0][0][2]", "the neurons after it are from 0 to 1"),
        ("blame_term[3][0][0][0]", "the layers are from 1 to 2"),
        ("moment_b[0][1][0]", "the numbers the optimizer remembers are none"),
    ],
)
def test_the_refusal_says_what_there_is(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        check_address(NETWORKS["article"], training("sgd"), BATCH, parse(text))


def test_a_joined_rule_is_named_where_it_leaves_a_gap() -> None:
    with pytest.raises(InvalidInput, match="goes straight to delta"):
        check_address(NETWORKS["joined softmax"], training("sgd"), 1, parse("slope[3][0][0]"))
