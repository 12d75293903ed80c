import json
from typing import Any

import numpy as np
import pytest

from app.data.bundled import bundled
from app.data.dataset import Dataset, accuracy
from app.engine.arrays import FloatArray
from app.engine.initializers import INITIALIZERS, initialize
from app.engine.network import Network
from app.engine.schedule import Schedule, split
from app.engine.tape import Tape
from app.engine.train import Trainer
from app.engine.training import Optimizer, State, Training
from app.errors import NotFound
from app.lessons.presets import FOLDER, IDS, Preset, preset


def network_of(ready: Preset) -> tuple[Network, FloatArray]:
    layers = ready.network["layers"]
    activations = tuple(layer["activation"] for layer in layers)
    network = Network(ready.layers, activations, ready.network["cost"])
    theta = initialize(network, ready.network["initializer"], ready.network["seed"])
    for place, layer in enumerate(layers, start=1):
        if "weights" in layer:
            network.weights(theta, place)[:] = layer["weights"]
            network.biases(theta, place)[:] = layer["biases"]
    return network, theta


def training_of(ready: Preset) -> Training:
    settings: dict[str, Any] = dict(ready.training)
    return Training(**{**settings, "optimizer": Optimizer(**settings["optimizer"])})


def tape_of(ready: Preset, state: State, rows: Any, dataset: Dataset) -> Tape:
    network, _ = network_of(ready)
    inputs, targets = dataset.inputs[rows], dataset.targets[rows]
    return Tape.record(network, training_of(ready), state, inputs, targets)


def trained(ready: Preset) -> State:
    network, theta = network_of(ready)
    training, dataset = training_of(ready), bundled(ready.dataset)
    rows, _ = split(dataset.observations, training.test_fraction, training.seed)
    schedule = Schedule(len(rows), training.batch_size, training.shuffle, training.seed)
    trainer = Trainer(
        network,
        training,
        schedule,
        dataset.inputs[rows],
        dataset.targets[rows],
        State.start(theta, training.optimizer),
        0,
    )
    iterations = ready.result.iterations or (ready.result.epochs or 0) * schedule.per_epoch
    assert not trainer.advance(iterations).diverged
    return trainer.state()


@pytest.mark.parametrize("identifier", IDS)
def test_a_preset_trains_to_what_it_promises(identifier: str) -> None:
    ready, dataset = preset(identifier), bundled(preset(identifier).dataset)
    training = training_of(ready)
    rows = np.arange(dataset.observations)
    if ready.result.measure == "test_accuracy":
        _, rows = split(dataset.observations, training.test_fraction, training.seed)
    tape = tape_of(ready, trained(ready), rows, dataset)
    if ready.result.measure == "cost":
        assert ready.result.at_most is not None
        assert tape.cost <= ready.result.at_most
    else:
        assert ready.result.at_least is not None
        assert accuracy(tape.a[-1].T, dataset.targets[rows]) >= ready.result.at_least


@pytest.mark.parametrize("identifier", IDS)
def test_a_preset_says_everything(identifier: str) -> None:
    ready = preset(identifier)
    assert ready.id == identifier
    assert ready.title
    assert ready.summary
    assert ready.result.sentence
    assert (ready.result.epochs is None) != (ready.result.iterations is None)
    assert (ready.result.at_least is None) != (ready.result.at_most is None)
    assert set(ready.network) == {"layers", "cost", "initializer", "seed"}
    assert ready.network["initializer"] in INITIALIZERS
    assert set(ready.training) == set(Training.__dataclass_fields__)
    assert ready.layers[-1] == len(bundled(ready.dataset).target_names)


def test_every_file_is_a_preset() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(IDS)
    for path in FOLDER.glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["id"] == path.stem


def test_an_unknown_preset_is_not_found() -> None:
    with pytest.raises(NotFound, match="article, small"):
        preset("../presets/article")


def test_a_change_reaches_nobody_else() -> None:
    layers: Any = preset("article").network["layers"]
    layers.clear()
    assert preset("article").layers == (5, 2, 2, 5)


def test_the_worked_example_has_its_published_numbers() -> None:
    ready = preset("worked-example")
    network, theta = network_of(ready)
    assert ready.layers == (2, 2, 2)
    state = State.start(theta, training_of(ready).optimizer)
    tape = tape_of(ready, state, [0], bundled(ready.dataset))
    assert np.allclose(tape.a[-1].T, [[0.75136507, 0.772928465]], atol=1e-9)
    assert np.isclose(tape.cost, 0.298371109, atol=1e-9)
    after = tape.after.theta
    assert np.isclose(network.weights(after, 2)[0, 0], 0.35891648, atol=1e-8)
    assert np.isclose(network.weights(after, 1)[0, 0], 0.149780716, atol=1e-9)


def test_the_first_picture_has_strong_and_mixed_weights() -> None:
    network, theta = network_of(preset("article"))
    for layer in (1, 2, 3):
        weights = network.weights(theta, layer)
        assert np.abs(weights).min() > 0.15
        assert 0.3 <= (weights > 0).mean() <= 0.7


def test_the_first_three_penguins_are_of_three_species() -> None:
    ready, dataset = preset("article"), bundled("penguin-colonies")
    schedule = Schedule(dataset.observations, 1, True, ready.training["seed"])
    colonies = [dataset.class_of(int(schedule.rows(iteration)[0])) for iteration in range(3)]
    assert colonies == ["Chinstrap Dream", "Adelie Dream", "Gentoo Biscoe"]
