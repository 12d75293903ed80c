from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.engine.arrays import FloatArray
from app.errors import InvalidInput
from app.sessions.carrying import Origin, goes_on, origins_of, stays
from app.sessions.session import Session
from app.sessions.spec import LayerEdit
from tests.sessions.cases import bits, changed, edited, small, started, trained


@pytest.fixture
def session() -> Session:
    """A network of 2-3-3-2, trained a little so that no bias is zero."""
    layers: list[dict[str, Any]] = [
        {"size": 3, "activation": "tanh"},
        {"size": 3, "activation": "tanh"},
        {"size": 2},
    ]
    return trained(started(small(layers=layers, optimizer={"name": "adam"})), iterations=3).session


def asked(*layers: dict[str, Any]) -> dict[str, Any]:
    return {"network": {"layers": list(layers)}}


def weights(session: Session, layer: int) -> FloatArray:
    return session.setup.network.weights(session.state.theta, layer)


def biases(session: Session, layer: int) -> FloatArray:
    return session.setup.network.biases(session.state.theta, layer)


def test_the_neurons_that_are_named_stay_and_the_others_go(session: Session) -> None:
    layers = asked(
        {"size": 2, "was": 1, "keep": [2, 0]}, {"size": 3, "was": 2}, {"size": 2, "was": 3}
    )
    before = changed(session, training={"learning_rate": 0.1})
    found = edited(session, **layers)
    after = found.session
    assert bits(weights(after, 1)) == bits(weights(before, 1)[[2, 0]])
    assert bits(biases(after, 1)) == bits(biases(before, 1)[[2, 0]])
    assert bits(weights(after, 2)) == bits(weights(before, 2)[:, [2, 0]])
    assert bits(weights(after, 3), biases(after, 3)) == bits(weights(before, 3), biases(before, 3))
    assert found.changes == ("Hidden 1 now has 2 neurons.",)
    assert found.notices == (
        "All other weights and biases were kept.",
        "What the optimizer remembered was let go; it begins anew.",
    )


def test_a_layer_of_the_same_size_goes_in_where_it_was_asked_for(session: Session) -> None:
    new: dict[str, Any] = {"size": 3, "was": 0}
    before = changed(session, training={"learning_rate": 0.1})
    first = changed(
        session, **asked(new, {"size": 3, "was": 1}, {"size": 3, "was": 2}, {"size": 2, "was": 3})
    )
    assert bits(biases(first, 2), biases(first, 3)) == bits(biases(before, 1), biases(before, 2))
    assert bits(weights(first, 3), weights(first, 4)) == bits(
        weights(before, 2), weights(before, 3)
    )
    assert bits(biases(first, 1)) != bits(biases(before, 1))
    end = changed(
        session, **asked({"size": 3, "was": 1}, {"size": 3, "was": 2}, new, {"size": 2, "was": 3})
    )
    assert bits(weights(end, 1), weights(end, 2)) == bits(weights(before, 1), weights(before, 2))
    assert bits(biases(end, 4)) == bits(biases(before, 3))
    assert bits(weights(end, 4)) != bits(weights(before, 3))


def test_of_two_alike_layers_the_one_that_was_meant_goes(session: Session) -> None:
    before = changed(session, training={"learning_rate": 0.1})
    after = changed(session, **asked({"size": 3, "was": 2}, {"size": 2, "was": 3}))
    assert bits(biases(after, 1)) == bits(biases(before, 2))
    assert bits(weights(after, 2)) == bits(weights(before, 3))


def test_neurons_that_change_places_let_go_of_what_the_optimizer_remembered(
    session: Session,
) -> None:
    swapped: list[dict[str, Any]] = [
        {"size": 3, "was": 1, "keep": [1, 0, 2]},
        {"size": 3, "was": 2},
        {"size": 2, "was": 3},
    ]
    found = edited(session, **asked(*swapped))
    assert found.session.state.updates == 0
    same: list[dict[str, Any]] = [
        {"size": 3, "was": 1, "keep": [0, 1, 2]},
        {"size": 3, "was": 2},
        {"size": 2, "was": 3},
    ]
    assert edited(session, **asked(*same)).session.state.updates == 3


def test_what_goes_on_is_told_from_what_stays(session: Session) -> None:
    network = session.setup.network
    layers = [LayerEdit(size=size, was=was) for size, was in ((3, 1), (3, 2), (2, 3))]
    origins = origins_of(network, network, layers)
    assert origins == origins_of(network, network, [])
    assert stays(network, network, origins)
    assert goes_on(network, origins)
    swapped = (Origin(1, (1, 0, 2), (0, 1)), *origins[1:])
    assert not stays(network, network, swapped)
    assert goes_on(network, swapped)
    assert not goes_on(network, (None, *origins[1:]))


@pytest.mark.parametrize(
    ("layer", "place"),
    [
        ({"size": 2, "was": 4}, "was"),
        ({"size": 2, "was": 2}, "was"),
        ({"size": 2, "was": 3, "keep": [0, 0]}, "keep"),
        ({"size": 2, "was": 3, "keep": [2]}, "keep"),
        ({"size": 2, "was": 3, "keep": [0, 1, 1]}, "keep"),
    ],
)
def test_what_is_not_there_cannot_stay(session: Session, layer: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        edited(session, **asked({"size": 3, "was": 2}, layer))
    assert caught.value.faults[0].pointer == f"/network/layers/1/{place}"


def test_no_neuron_need_stay(session: Session) -> None:
    after = changed(
        session,
        **asked({"size": 3, "was": 1, "keep": []}, {"size": 3, "was": 2}, {"size": 2, "was": 3}),
    )
    before = changed(session, training={"learning_rate": 0.1})
    assert not np.equal(weights(after, 1), weights(before, 1)).any()
    assert bits(biases(after, 2)) == bits(biases(before, 2))
