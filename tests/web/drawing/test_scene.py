from __future__ import annotations

import pytest

from app.engine.addresses import Address
from app.web.drawing.scene import Scene
from tests.web.diagrams import SMALL, session

COUNT = session(SMALL).setup.events.count


@pytest.mark.parametrize("event", range(COUNT + 1))
def test_every_number_is_the_tapes_and_none_comes_early(event: int) -> None:
    one = session(SMALL, event)
    scene = Scene(one)
    for layer in (1, 2):
        for neuron in range(2):
            seen = scene.neuron(layer, neuron)
            for kind in ("z", "a", "delta"):
                address = Address(kind, (layer, 0, neuron))
                happened = one.tape.event_number(address) <= event
                assert getattr(seen, kind) == (one.tape.value(address) if happened else None)
            parameter = Address("new_b", (layer, neuron))
            updated = one.tape.event_number(parameter) <= event
            old = one.tape.value(Address("b", (layer, neuron)))
            assert seen.bias == (one.tape.value(parameter) if updated else old)
            assert seen.old_bias == (old if updated else None)


@pytest.mark.parametrize("event", range(COUNT + 1))
def test_a_connection_shows_what_has_happened_to_it(event: int) -> None:
    one = session(SMALL, event)
    seen = Scene(one).connection(2, 1, 0)
    network, tape = one.setup.network, one.tape
    theta = one.present_theta
    assert seen.weight == network.weights(theta, 2)[1, 0]
    blamed = tape.event_number(Address("blame_term", (1, 0, 0, 1))) <= event
    assert (seen.blame is not None) == blamed
    assert (seen.gradient is not None) == (tape.event_number(Address("dw", (2, 1, 0))) <= event)
    assert (seen.old_weight is not None) == (
        tape.event_number(Address("new_w", (2, 1, 0))) <= event
    )


def test_the_running_sum_is_the_focused_observations() -> None:
    scene = Scene(session(SMALL, "forward product 1 1 1", focus=1))
    seen = scene.neuron(1, 1)
    assert seen.running == pytest.approx(-0.66 * 0.8 + 0.15 * 0.45)
    assert seen.share == pytest.approx(2 / 3)
    assert scene.neuron(1, 0).running is None
    assert Scene(session(SMALL, "backward blame 1 1 1")).neuron(1, 1).share == 1
    assert Scene(session(SMALL)).neuron(1, 1).running is None
