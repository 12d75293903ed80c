from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from app.engine.activations import ACTIVATIONS
from app.engine.costs import COSTS
from app.engine.initializers import INITIALIZERS
from app.engine.training import MOMENT_COUNTS, Optimizer, Training
from app.sessions import spec
from app.sessions.spec import EditSpec, LayerSpec, OptimizerSpec, SessionSpec, TrainingSpec
from app.sessions.strict_model import StrictModel


def test_the_names_are_the_engines() -> None:
    assert set(get_args(spec.ActivationName)) == {*ACTIVATIONS, "softmax"}
    assert set(get_args(spec.CostName)) == set(COSTS)
    assert set(get_args(spec.OptimizerName)) == set(MOMENT_COUNTS)
    assert set(get_args(spec.InitializerName)) == set(INITIALIZERS)


def test_the_optimizers_defaults_are_the_engines() -> None:
    assert Optimizer(**OptimizerSpec().model_dump()) == Optimizer()
    assert set(TrainingSpec.model_fields) == set(Training.__dataclass_fields__)


def test_the_contracts_example_is_taken() -> None:
    SessionSpec.model_validate_json("""
{"preset": "article",
 "data": {"inputs": [[0.05, 0.10]], "targets": [[0.01, 0.99]],
          "input_names": ["x1", "x2"], "target_names": ["y1", "y2"]},
 "network": {"layers": [{"size": 2, "activation": "sigmoid",
                         "weights": [[0.15, 0.20], [0.25, 0.30]], "biases": [0.35, 0.35]},
                        {"size": 2, "activation": "sigmoid"}],
             "cost": "half_squared_error", "initializer": "xavier_uniform", "seed": 0},
 "training": {"learning_rate": 0.5, "batch_size": 1, "shuffle": false, "seed": 0, "test_fraction": 0.0,
              "optimizer": {"name": "sgd"}, "l1": 0.0, "l2": 0.0}}""")


def test_only_what_was_said_counts_and_null_only_for_the_batch() -> None:
    assert TrainingSpec().given() == {}
    assert TrainingSpec(learning_rate=None, l1=None).given() == {}
    assert TrainingSpec(batch_size=None, l1=0.0).given() == {"batch_size": None, "l1": 0.0}


EDGES = [
    (LayerSpec, {"size": 1}, {"size": 0}),
    (TrainingSpec, {"learning_rate": 0}, {"learning_rate": -0.1}),
    (TrainingSpec, {"batch_size": 1}, {"batch_size": 0}),
    (TrainingSpec, {"test_fraction": 0.999}, {"test_fraction": 1}),
    (TrainingSpec, {"l1": 0.0}, {"l1": -1e-300}),
    (TrainingSpec, {"seed": 0}, {"seed": -1}),
    (OptimizerSpec, {"momentum": 0}, {"momentum": 1}),
    (OptimizerSpec, {"beta2": 0.9999999}, {"beta2": -0.1}),
    (OptimizerSpec, {"epsilon": 1}, {"epsilon": 0}),
    (EditSpec, {"focus": 0}, {"focus": -1}),
    (EditSpec, {"values": {"w[1][0][0]": 1.5}}, {"values": {"w[1][0][0]": "1.5"}}),
    (SessionSpec, {"preset": "x" * 60}, {"preset": "x" * 61}),
    (SessionSpec, {"network": {"layers": [{"size": 1}]}}, {"network": {"layers": []}}),
    (SessionSpec, {"data": {"input_names": ["x"]}}, {"data": {"input_names": [""]}}),
]


@pytest.mark.parametrize(("model", "good", "bad"), EDGES)
def test_bounds_hold_at_the_edge_and_one_beyond(
    model: type[StrictModel], good: dict[str, Any], bad: dict[str, Any]
) -> None:
    model.model_validate(good)
    with pytest.raises(ValidationError):
        model.model_validate(bad)
