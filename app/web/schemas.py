"""The shape of a session as it goes over the wire, by the names of the contract.

Every float is finite and written so that it reads back to the same double; what is not computed yet is null.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.web.schema_base import Entry, Finite, Grid, Row, View
from app.web.schemas_explain import EventView, SummaryView


class LayerView(View):
    """A layer; the input has a role, a size and names only."""

    role: str
    size: int
    names: list[str]
    activation: str | None = None
    weights: list[list[Finite]] | None = None
    biases: list[Finite] | None = None


class NetworkView(View):
    """The network with its parameters as they are now."""

    layers: list[LayerView]
    cost: str
    parameters: int
    initializer: str
    seed: int
    joined: bool


class OptimizerView(View):
    """The optimizer with its constants."""

    name: str
    momentum: Finite
    alpha: Finite
    beta1: Finite
    beta2: Finite
    epsilon: Finite


class TrainingView(View):
    """The training settings."""

    learning_rate: Finite
    batch_size: int | None
    shuffle: bool
    seed: int
    test_fraction: Finite
    optimizer: OptimizerView
    l1: Finite
    l2: Finite


class ScaleView(View):
    """How a column that a person reads becomes what the network is fed."""

    kind: str
    unit: str
    mean: Finite
    sd: Finite
    low: Finite
    high: Finite
    coding: list[tuple[str, Finite]]


class DataView(View):
    """The data a session trains on."""

    id: str
    name: str
    summary: str
    source: str
    licence: str
    made_up: bool
    row_noun: str
    picture: tuple[int, int] | None
    inputs: list[str]
    targets: list[str]
    observations: int
    test_observations: int
    scaling: list[ScaleView]
    classes: list[str]


class NextView(View):
    """What the next click will do; layer and neuron are null where it is about neither."""

    phase: str
    layer: int | None
    neuron: int | None
    sentence: str


class StretchView(View):
    """The events `first` to `last` of one layer in one phase."""

    phase: str
    layer: int
    first: int
    last: int


class PositionView(View):
    """The moment the session stands at."""

    iteration: int
    epoch: int
    iterations_per_epoch: int
    event: int
    events: int
    phase: str
    next: NextView
    stretches: list[StretchView]


class BatchView(View):
    """The observations of this iteration; `shown` lists those that the arrays hold."""

    rows: list[int]
    labels: list[str]
    shown: list[int]
    inputs: list[list[Finite]]
    targets: list[list[Finite]]
    readings: list[list[str]]
    target_readings: list[list[str]]
    classes: list[str | None]
    focus: int


class ValuesView(View):
    """What has been computed; by layer from 0, null where there is nothing (yet).

    `blame_terms` [n_l][n_(l+1)] are the shares w·delta of the observation in focus, `gradient_terms`
    [n_l][n_(l-1)] its shares delta·a: null where the gradients are nothing but these.
    """

    a: list[Grid | None]
    z: list[Grid | None]
    slope: list[Grid | None]
    blame: list[Grid | None]
    delta: list[Grid | None]
    blame_terms: list[Grid | None]
    weight_gradients: list[Grid | None]
    gradient_terms: list[Grid | None] | None
    bias_gradients: list[Row | None]
    loss_terms: Grid | None
    losses: list[Finite] | None
    penalty: Entry
    cost: Entry
    previous_weights: list[list[list[Finite]] | None] | None
    previous_biases: list[list[Finite] | None] | None
    cost_after: Entry


class HistoryView(View):
    """The explored past: the iteration it begins with, how many there are, and their last costs."""

    first: int
    iterations: int
    costs: list[Finite]
    undo: int
    redo: int


class DivergedView(View):
    """Where and when a number stopped being finite."""

    iteration: int
    event: int
    address: str
    name: str
    sentence: str


class TrainedView(View):
    """How far training came, with the costs of the iterations just done (thinned when many)."""

    iterations: int
    epochs: int
    done: bool
    stopped: Literal["done", "until_cost", "budget", "diverged"]
    cost_iterations: list[int]
    costs: list[Finite]


class SessionView(View):
    """A session at its present moment."""

    id: str | None
    follow_id: str | None
    read_only: bool
    revision: int
    created_at: Finite | None
    expires_at: Finite | None
    preset: str | None
    title: str
    network: NetworkView
    training: TrainingView
    data: DataView
    position: PositionView
    event: EventView | None
    summary: SummaryView | None
    batch: BatchView
    values: ValuesView
    history: HistoryView
    diverged: DivergedView | None
    notices: list[str] = Field(default_factory=list)
    trained: TrainedView | None = None
