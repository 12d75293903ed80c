"""What a caller asks for: the bodies of `POST /sessions` and `PATCH /sessions/{id}`, and of every preset.

The models check the shape. Whether the numbers keep to the limits and fit together is `setup.py`'s business.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from app.sessions.strict_model import StrictModel

LONGEST_LIST = 100_000

ActivationName = Literal[
    "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "swish", "linear", "softmax"
]
CostName = Literal["mse", "half_squared_error", "binary_cross_entropy", "cross_entropy"]
OptimizerName = Literal["sgd", "momentum", "nesterov", "rmsprop", "adam"]
InitializerName = Literal[
    "xavier_uniform", "xavier_normal", "he_uniform", "he_normal", "uniform", "normal", "zeros"
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Numbers = Annotated[list[float], Field(max_length=LONGEST_LIST)]
Rows = Annotated[list[Numbers], Field(max_length=LONGEST_LIST)]
Names = Annotated[list[Name], Field(max_length=1_000)]
Rate = Annotated[float, Field(ge=0, lt=1)]


class LayerSpec(StrictModel):
    """Ask for one layer after the input."""

    size: Annotated[int, Field(ge=1, le=1_000_000)]
    activation: ActivationName = "sigmoid"
    weights: Rows | None = None
    biases: Numbers | None = None


class NetworkSpec(StrictModel):
    """Ask for a network; what is left out stays, or comes from the preset."""

    layers: Annotated[list[LayerSpec], Field(min_length=1, max_length=1_000)] | None = None
    cost: CostName | None = None
    initializer: InitializerName | None = None
    seed: Annotated[int, Field(ge=0)] | None = None


class LayerEdit(LayerSpec):
    """Ask for one layer after an edit.

    `was` is the present layer it continues, from 1, or 0 for a new one; where no layer says it, layers are matched by
    their sizes. `keep` names the neurons of that layer that stay, from 0, in their new order; without it, the first.
    """

    was: Annotated[int, Field(ge=0, le=1_000)] | None = None
    keep: (
        Annotated[list[Annotated[int, Field(ge=0, le=1_000_000)]], Field(max_length=LONGEST_LIST)]
        | None
    ) = None


class NetworkEdit(StrictModel):
    """Ask for another network; what is left out stays."""

    layers: Annotated[list[LayerEdit], Field(min_length=1, max_length=1_000)] | None = None
    cost: CostName | None = None
    initializer: InitializerName | None = None
    seed: Annotated[int, Field(ge=0)] | None = None


class OptimizerSpec(StrictModel):
    """Ask for an optimizer; the constants it does not use are not looked at."""

    name: OptimizerName = "sgd"
    momentum: Rate = 0.9
    alpha: Rate = 0.99
    beta1: Rate = 0.9
    beta2: Rate = 0.999
    epsilon: Annotated[float, Field(gt=0, le=1)] = 1e-8


class TrainingSpec(StrictModel):
    """Ask for training settings; what is left out stays, or comes from the preset.

    `batch_size` null means all observations, so leaving it out and null are two things.
    """

    learning_rate: Annotated[float, Field(ge=0)] | None = None
    batch_size: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    shuffle: bool | None = None
    seed: Annotated[int, Field(ge=0)] | None = None
    test_fraction: Annotated[float, Field(ge=0, lt=1)] | None = None
    optimizer: OptimizerSpec | None = None
    l1: Annotated[float, Field(ge=0)] | None = None
    l2: Annotated[float, Field(ge=0)] | None = None

    def given(self) -> dict[str, Any]:
        """Return what was said, by name; null counts only for batch_size."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        return {n: v for n, v in said.items() if v is not None or n == "batch_size"}


class DataSpec(StrictModel):
    """Ask for data: a bundled set, a CSV text, or rows of numbers."""

    dataset: Annotated[str, StringConstraints(max_length=60)] | None = None
    csv: str | None = None
    input_columns: Names | None = None
    target_columns: Names | None = None
    inputs: Rows | None = None
    targets: Rows | None = None
    input_names: Names | None = None
    target_names: Names | None = None


class SessionSpec(StrictModel):
    """Ask for a session; with nothing said, the preset `article`.

    `moment` is the token of a link: the session begins as a copy of that moment, and nothing else may be said.
    """

    moment: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    preset: Annotated[str, StringConstraints(max_length=60)] | None = None
    data: DataSpec | None = None
    network: NetworkSpec | None = None
    training: TrainingSpec | None = None


class EditSpec(StrictModel):
    """Ask for a change of a session.

    `values` sets single numbers by address: w, b, an input a[0][b][j] or a target y[b][j] of the batch.
    `focus` is the observation of the batch to look at; it is a point of view, not an edit.
    """

    training: TrainingSpec | None = None
    network: NetworkEdit | None = None
    data: DataSpec | None = None
    values: Annotated[dict[str, float], Field(max_length=1_000)] | None = None
    focus: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
