from __future__ import annotations

import numpy as np

from app.web.drawing.focus import Focus
from app.web.drawing.layout import FEW
from app.web.drawing.scene import Scene
from app.web.drawing.selection import (
    FROM_PICTURE,
    MOST_CONNECTIONS,
    at_work,
    connections,
    count,
    wishes,
)
from tests.web.diagrams import SMALL, network, session


def test_a_small_network_is_drawn_whole() -> None:
    scene = Scene(session(SMALL))
    placed = wishes(scene)
    assert [list(one.shown) for one in placed] == [[0, 1, 2], [0, 1], [0, 1]]
    assert len(connections(scene, placed, Focus())) == count(scene.network) == 10


def test_a_large_layer_shows_its_strongest_neurons_and_those_at_work() -> None:
    scene = Scene(session(network([(40, "tanh"), (2, "tanh")], 3), "forward product 1 33 2"))
    shown = wishes(scene)[1].shown
    assert len(shown) == FEW
    assert 33 in shown
    going_out = np.abs(scene.network.weights(scene.tape.state.theta, 2)).sum(axis=0)
    strongest = np.argsort(-going_out)[: FEW - 1]
    assert set(strongest.tolist()) <= set(shown)


def test_both_ends_of_the_connection_at_work_are_drawn() -> None:
    events = session(SMALL).tape.events
    blame = events.at(session(SMALL, "backward blame 1 0 1").position.event)
    assert [at_work(blame, layer) for layer in range(3)] == [set(), {0}, {1}]
    loss = events.at(session(SMALL, "cost loss 2 0 1").position.event)
    assert at_work(loss, 2) == {1}
    cost = events.at(session(SMALL, "cost cost 2 0 -1").position.event)
    assert at_work(cost, 2) == at_work(None, 2) == set()


def test_of_too_many_connections_the_strongest_are_drawn() -> None:
    scene = Scene(session(network([(10, "tanh")] * 7, 10)))
    weakest = min(
        ((1, j, i) for j in range(10) for i in range(10)),
        key=lambda key: abs(scene.connection(*key).weight),
    )
    focus = Focus(False, frozenset({weakest}))
    chosen = connections(scene, wishes(scene), focus)
    assert len(chosen) == MOST_CONNECTIONS < count(scene.network)
    assert chosen == sorted(chosen)
    assert weakest in chosen
    everything = {(layer, j, i) for layer in range(1, 8) for j in range(10) for i in range(10)}
    left_out = everything - set(chosen)
    kept = min(abs(scene.connection(*key).weight) for key in chosen if key != weakest)
    assert max(abs(scene.connection(*key).weight) for key in left_out) <= kept


def test_a_picture_is_not_hidden_under_its_lines() -> None:
    scene = Scene(session("digits"))
    placed = wishes(scene)
    chosen = connections(scene, placed, Focus())
    from_pixels = [key for key in chosen if key[0] == 1]
    assert len(from_pixels) == FROM_PICTURE * len(placed[1].shown)
    lit = Focus(False, frozenset({(1, placed[1].shown[0], pixel) for pixel in range(64)}))
    assert len([key for key in connections(scene, placed, lit) if key[0] == 1]) > 64
