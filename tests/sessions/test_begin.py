from __future__ import annotations

from typing import Any

import pytest

from app.errors import InvalidInput, NotFound
from app.lessons.presets import IDS, preset
from app.sessions.moments import write_moment
from app.sessions.spec import TrainingSpec
from tests.sessions.cases import INPUTS, TARGETS, at, bits, moment, started, stepped

OWN = {"inputs": INPUTS, "targets": TARGETS}


def test_nothing_said_is_the_article() -> None:
    session = started()
    assert session.setup.preset == "article"
    assert session.setup.network.sizes == (5, 2, 2, 5)
    assert (at(session), session.revision, session.id) == ((0, 0), 0, "")
    assert bits(session.state.theta) == bits(started({"preset": "article"}).state.theta)
    assert not session.state.theta.flags.writeable


@pytest.mark.parametrize("name", IDS)
def test_every_preset_begins_as_it_says(name: str) -> None:
    setup, chosen = started({"preset": name}).setup, preset(name)
    assert setup.network.sizes == chosen.layers
    assert setup.dataset.id == chosen.dataset
    assert setup.preset == name
    said = TrainingSpec.model_validate(chosen.training)
    assert setup.training.learning_rate == said.learning_rate
    assert setup.training.batch_size == said.batch_size


def test_what_is_said_lies_over_a_preset() -> None:
    session = started({"preset": "xor", "training": {"learning_rate": 0.125}})
    plain = started({"preset": "xor"})
    assert session.setup.training.learning_rate == 0.125
    assert session.setup.training.optimizer == plain.setup.training.optimizer
    assert bits(session.state.theta) == bits(plain.state.theta)


def test_settings_alone_lie_over_the_article() -> None:
    session = started({"training": {"optimizer": {"name": "adam"}}})
    assert session.setup.preset == "article"
    assert session.setup.training.optimizer.name == "adam"
    assert session.state.moments.shape == (2, 33)


def test_data_alone_get_the_plain_defaults() -> None:
    setup = started({"data": OWN}).setup
    assert setup.preset is None
    assert setup.network.sizes == (2, 2)
    assert (setup.network.activations, setup.network.cost) == (("sigmoid",), "mse")
    assert (setup.training.learning_rate, setup.training.batch_size) == (0.5, 1)
    assert (setup.initializer, setup.seed) == ("xavier_uniform", 0)


def test_a_network_alone_learns_the_penguins() -> None:
    setup = started({"network": {"layers": [{"size": 3}, {"size": 5}], "seed": 2}}).setup
    assert setup.dataset.id == "penguin-colonies"
    assert setup.network.sizes == (5, 3, 5)
    assert setup.seed == 2


def test_a_preset_fits_itself_to_other_data() -> None:
    session = started({"preset": "worked-example", "data": {"dataset": "xor"}})
    assert session.setup.network.sizes == (2, 2, 1)
    layer = session.setup.network.weights(session.state.theta, 1)
    assert layer.tolist() == [[0.15, 0.2], [0.25, 0.3]]


def test_layers_that_were_sent_are_not_fitted() -> None:
    with pytest.raises(InvalidInput, match="its size must be 1") as caught:
        started({"data": {"dataset": "xor"}, "network": {"layers": [{"size": 2}]}})
    assert caught.value.faults[0].pointer == "/network/layers/0/size"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"preset": "logistic-1", "data": {"inputs": [[1.0]], "targets": [[7.0]]}}, "/data"),
        (
            {
                "data": {"inputs": [[1.0]], "targets": [[7.0]]},
                "network": {"cost": "binary_cross_entropy"},
            },
            "/network/cost",
        ),
    ],
)
def test_targets_without_a_meaning_are_pointed_at_where_they_were_said(
    body: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidInput, match="from 0 to 1") as caught:
        started(body)
    assert caught.value.faults[0].pointer == pointer


def test_unknown_presets_and_data_sets_are_not_found() -> None:
    for body in ({"preset": "nothing"}, {"data": {"dataset": "nothing"}}):
        with pytest.raises(NotFound, match="nothing"):
            started(body)


def test_a_moment_begins_where_its_link_was_made() -> None:
    session = stepped(started(), "layer", 12)
    copy = started({"moment": write_moment(session)})
    assert moment(copy) == moment(session)
    with pytest.raises(InvalidInput, match="nothing beside it") as caught:
        started({"moment": write_moment(session), "preset": "xor"})
    assert caught.value.faults[0].pointer == "/moment"


def test_seeds_draw_what_they_always_draw() -> None:
    one, same, other = (
        started({"data": OWN, "network": {"seed": seed, "initializer": "normal"}})
        for seed in (1, 1, 2)
    )
    assert bits(one.state.theta) == bits(same.state.theta)
    assert bits(one.state.theta) != bits(other.state.theta)
    again = started({"preset": "iris", "network": {"seed": 1}})
    assert bits(again.state.theta) != bits(started({"preset": "iris"}).state.theta)
