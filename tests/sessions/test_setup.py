from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.data.bundled import bundled
from app.data.dataset import Dataset
from app.engine.training import Optimizer, Training
from app.errors import InvalidInput, NotFound, TooLarge
from app.sessions.setup import (
    Setup,
    build_dataset,
    build_network,
    build_training,
    default_layers,
    first_parameters,
    fitted_layers,
    merge_network,
    merge_training,
)
from app.sessions.spec import DataSpec, LayerSpec, NetworkSpec, TrainingSpec
from app.settings import Settings
from tests.sessions.cases import INPUTS, SETTINGS, TARGETS, started

TIGHT = Settings(
    store="memory:",
    max_layers=2,
    max_layer_neurons=4,
    max_parameters=22,
    max_observations=5,
    max_cells=20,
    max_number=10.0,
    max_learning_rate=2.0,
    max_seed=7,
)
CSV = "bill,sex,colony\n39.1,male,Dream\n36.7,female,Biscoe\n40.2,male,Dream\n"


def dataset(
    inputs: list[list[float]] | None = None,
    targets: list[list[float]] | None = None,
    settings: Settings = SETTINGS,
) -> Dataset:
    spec = DataSpec(inputs=inputs or INPUTS, targets=targets or TARGETS)
    return build_dataset(spec, settings)


def layers(*sizes: int, activation: str = "sigmoid") -> list[LayerSpec]:
    return [LayerSpec.model_validate({"size": size, "activation": activation}) for size in sizes]


def pointer(error: pytest.ExceptionInfo[InvalidInput]) -> str:
    return error.value.faults[0].pointer


def test_a_bundled_set_is_shared_and_an_unknown_one_is_not_found() -> None:
    assert build_dataset(DataSpec(dataset="xor"), SETTINGS) is bundled("xor")
    with pytest.raises(NotFound, match="penguin-colonies"):
        build_dataset(DataSpec(dataset="nothing"), SETTINGS)


def test_a_csv_text_becomes_a_table_of_the_columns_named() -> None:
    spec = DataSpec(csv=CSV, input_columns=["bill", "sex"], target_columns=["colony"])
    found = build_dataset(spec, SETTINGS)
    assert found.observations == 3
    assert found.input_names[0] == "bill"
    assert found.classes


@pytest.mark.parametrize("given", [{"input_columns": ["bill"]}, {"target_columns": ["bill"]}, {}])
def test_a_csv_text_needs_both_kinds_of_columns(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="input_columns") as caught:
        build_dataset(DataSpec(csv=CSV, **given), SETTINGS)
    assert pointer(caught) == "/data"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"targets": TARGETS},
        {"dataset": "xor", "inputs": INPUTS, "targets": TARGETS},
        {"dataset": "xor", "csv": CSV},
    ],
)
def test_data_are_said_in_one_way(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="in one way") as caught:
        build_dataset(DataSpec(**given), SETTINGS)
    assert pointer(caught) == "/data"


def test_rows_need_targets() -> None:
    with pytest.raises(InvalidInput, match="needs its targets") as caught:
        build_dataset(DataSpec(inputs=INPUTS), SETTINGS)
    assert pointer(caught) == "/data/targets"


def test_data_keep_to_the_limits() -> None:
    assert dataset([[10.0, -10.0]] * 5, [[0.0, 1.0]] * 5, TIGHT).observations == 5
    with pytest.raises(TooLarge):
        dataset([[1.0]] * 6, [[1.0]] * 6, TIGHT)
    with pytest.raises(TooLarge):
        dataset([[1.0] * 4] * 5, [[1.0]] * 5, TIGHT)
    with pytest.raises(TooLarge):
        dataset([[1.0] * 5], [[1.0]], TIGHT)
    with pytest.raises(InvalidInput) as caught:
        dataset([[1.0, 10.5]], [[1.0]], TIGHT)
    assert pointer(caught) == "/data/inputs/0/1"


def test_training_changes_what_is_given() -> None:
    base = Training(learning_rate=0.1, batch_size=4, l2=0.5)
    given = TrainingSpec.model_validate({"batch_size": None, "optimizer": {"name": "adam"}}).given()
    found = build_training(given, base, SETTINGS)
    assert found == Training(0.1, None, optimizer=Optimizer("adam"), l2=0.5)
    assert build_training({}, base, SETTINGS) == base


@pytest.mark.parametrize(
    ("name", "words", "most", "beyond"),
    [
        ("learning_rate", "learning rate", 2.0, 2.0000001),
        ("seed", "seed", 7, 8),
        ("l1", "L1 penalty", 10.0, 10.5),
        ("l2", "L2 penalty", 10.0, 1e300),
    ],
)
def test_training_keeps_to_the_limits(name: str, words: str, most: float, beyond: float) -> None:
    assert getattr(build_training({name: most}, Training(), TIGHT), name) == most
    with pytest.raises(InvalidInput, match=f"The {words} may be at most {most:g}.") as caught:
        build_training({name: beyond}, Training(), TIGHT)
    assert pointer(caught) == f"/training/{name}"


def test_a_network_at_the_edge_of_the_limits_is_made() -> None:
    network = build_network(layers(4, 2), "mse", dataset(), TIGHT)
    assert network.sizes == (2, 4, 2)
    assert network.parameter_count == 22


@pytest.mark.parametrize(
    ("sizes", "place", "words"),
    [
        ((2, 2, 2), "/network/layers", "at most 2 layers"),
        ((5, 2), "/network/layers/0/size", "at most 4 neurons"),
        ((2, 5), "/network/layers/1/size", "at most 4 neurons"),
        ((2, 3), "/network/layers/1/size", "2 targets: its size must be 2"),
    ],
)
def test_a_network_beyond_the_limits_is_refused(
    sizes: tuple[int, ...], place: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        build_network(layers(*sizes), "mse", dataset(), TIGHT)
    assert pointer(caught) == place


def test_one_parameter_too_many_is_refused() -> None:
    tight = Settings(store="memory:", max_parameters=21)
    with pytest.raises(InvalidInput, match="22 weights and biases; at most 21") as caught:
        build_network(layers(4, 2), "mse", dataset(), tight)
    assert pointer(caught) == "/network/layers"


@pytest.mark.parametrize(
    ("cost", "activation", "row", "words"),
    [
        ("binary_cross_entropy", "sigmoid", [0.5, 1.5], "row 2 has another"),
        ("binary_cross_entropy", "sigmoid", [-0.1, 0.5], "row 2 has another"),
        ("cross_entropy", "softmax", [1.5, -0.5], "row 2 has another"),
        ("cross_entropy", "softmax", [0.5, 0.4], "those of row 2 do not"),
    ],
)
def test_targets_must_mean_something_to_the_cost(
    cost: str, activation: str, row: list[float], words: str
) -> None:
    data = dataset(INPUTS[:2], [[0.0, 1.0], row])
    with pytest.raises(InvalidInput, match=words) as caught:
        build_network(layers(2, activation=activation), cost, data, SETTINGS)
    assert pointer(caught) == "/network/cost"
    with pytest.raises(InvalidInput) as caught:
        build_network(layers(2, activation=activation), cost, data, SETTINGS, "/data")
    assert pointer(caught) == "/data"
    build_network(layers(2), "mse", data, SETTINGS)


def test_a_cost_needs_its_outputs() -> None:
    with pytest.raises(InvalidInput, match="needs softmax") as caught:
        build_network(layers(2), "cross_entropy", dataset(), SETTINGS)
    assert pointer(caught) == "/network/cost"
    with pytest.raises(InvalidInput, match="output layer") as caught:
        build_network(layers(2, 2, activation="softmax"), "mse", dataset(), SETTINGS)
    assert pointer(caught) == "/network/layers/0/activation"


def test_given_weights_lie_over_drawn_ones() -> None:
    asked = [
        LayerSpec(size=3, biases=[1.0, 2.0, 3.0]),
        LayerSpec(size=2, weights=[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]),
    ]
    network = build_network(asked, "mse", dataset(), SETTINGS)
    drawn = first_parameters(network, layers(3, 2), "normal", 5, SETTINGS)
    theta = first_parameters(network, asked, "normal", 5, SETTINGS)
    assert network.biases(theta, 1).tolist() == [1.0, 2.0, 3.0]
    assert network.weights(theta, 2).tolist() == [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
    assert np.array_equal(network.weights(theta, 1), network.weights(drawn, 1))
    assert np.array_equal(network.biases(theta, 2), network.biases(drawn, 2))


@pytest.mark.parametrize(
    "given",
    [
        {"weights": []},
        {"weights": [[1.0, 2.0]]},
        {"weights": [[1.0, 2.0], [1.0]]},
        {"weights": [[1.0], [2.0]]},
        {"weights": [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]},
        {"weights": [[], []]},
        {"biases": []},
        {"biases": [1.0]},
        {"biases": [1.0, 2.0, 3.0]},
    ],
)
def test_weights_of_another_shape_are_refused(given: dict[str, Any]) -> None:
    asked = [LayerSpec(size=2, **given)]
    network = build_network(asked, "mse", dataset(), SETTINGS)
    name, shape = next(iter(given)), {"weights": "2 × 2", "biases": "2"}
    with pytest.raises(InvalidInput, match=f"{name} must be {shape[name]} numbers") as caught:
        first_parameters(network, asked, "zeros", 0, SETTINGS)
    assert pointer(caught) == f"/network/layers/0/{name}"


def test_every_wrong_shape_and_size_is_pointed_at() -> None:
    asked = [
        LayerSpec(size=2, weights=[[1.0]], biases=[10.5, 0.0]),
        LayerSpec(size=2, weights=[[1.0, -11.0], [1.0, 1.0]], biases=[10.0, -10.0]),
    ]
    network = build_network(asked, "mse", dataset(), TIGHT)
    with pytest.raises(InvalidInput) as caught:
        first_parameters(network, asked, "zeros", 0, TIGHT)
    places = [fault.pointer for fault in caught.value.faults]
    assert places == [
        "/network/layers/0/weights",
        "/network/layers/0/biases",
        "/network/layers/1/weights",
    ]
    assert caught.value.faults[1].detail == "Numbers go from −10 to 10."


def test_a_seed_beyond_the_limit_is_refused() -> None:
    network = build_network(layers(2), "mse", dataset(), SETTINGS)
    first_parameters(network, layers(2), "normal", 7, TIGHT)
    with pytest.raises(InvalidInput, match="at most 7") as caught:
        first_parameters(network, layers(2), "normal", 8, TIGHT)
    assert pointer(caught) == "/network/seed"


def test_data_alone_get_one_sigmoid_layer() -> None:
    assert default_layers(dataset()) == [LayerSpec(size=2, activation="sigmoid")]


def test_layers_are_fitted_to_other_data() -> None:
    given = [
        LayerSpec(size=3, weights=[[1.0, 2.0]] * 3, biases=[1.0, 2.0, 3.0]),
        LayerSpec(size=2, activation="tanh", weights=[[1.0] * 3] * 2, biases=[1.0, 2.0]),
    ]
    assert fitted_layers(given, dataset()) == given
    narrow = fitted_layers(given, dataset([[1.0]], [[1.0]]))
    assert [layer.size for layer in narrow] == [3, 1]
    assert [layer.weights for layer in narrow] == [None, None]
    assert [layer.biases for layer in narrow] == [[1.0, 2.0, 3.0], None]
    assert narrow[1].activation == "tanh"
    assert given[1].size == 2


def test_what_is_said_lies_over_a_presets_network_and_settings() -> None:
    base = NetworkSpec(layers=layers(2), cost="mse", seed=3)
    assert merge_network(None, base) is base
    merged = merge_network(NetworkSpec(cost=None, seed=0), base)
    assert (merged.cost, merged.seed, merged.layers) == ("mse", 0, base.layers)
    training = TrainingSpec(learning_rate=0.1, batch_size=4)
    assert merge_training(None, training) == {"learning_rate": 0.1, "batch_size": 4}
    over = merge_training(TrainingSpec(batch_size=None, learning_rate=None), training)
    assert over == {"learning_rate": 0.1, "batch_size": None}


def test_rows_are_split_once_and_never_all_kept_aside() -> None:
    session = started({"preset": "iris"})
    setup = session.setup
    assert len(setup.train_rows) + len(setup.test_rows) == 150
    assert not set(setup.train_rows.tolist()) & set(setup.test_rows.tolist())
    assert setup.train_rows is setup.train_rows
    alone = Setup(setup.network, Training(test_fraction=0.999), dataset(INPUTS[:1], TARGETS[:1]))
    assert alone.train_rows.tolist() == [0]


def test_a_schedule_begins_an_epoch_where_it_is_told() -> None:
    setup = started().setup
    schedule = setup.schedule(7, 3)
    assert (schedule.epoch(7), schedule.place(7)) == (3, 0)
    assert schedule.observations == len(setup.train_rows)
    assert setup.events is setup.events
