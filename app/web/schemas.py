"""The shapes of the answers: what goes over the wire, by the names of the contract.

Every float is finite and written so that it reads back to the same double; what is not computed yet is null.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Finite = Annotated[float, Field(allow_inf_nan=False)]
Entry = Finite | None
Row = list[Entry]
Grid = list[Row]
Granularity = Literal["term", "neuron", "layer", "pass"]


class View(BaseModel):
    """Be the base of every answer."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())


class FormulaView(View):
    """A formula as Unicode text, as LaTeX, and as the token tree that the page draws."""

    text: str
    latex: str
    tokens: dict[str, Any]


class OperandView(View):
    """One number that another is worked out from."""

    address: str
    label: str
    value: Finite


class RunningView(View):
    """The sum that this number adds to, with what is still to come marked."""

    label: str
    value: Finite
    done: int
    of: int
    shown: str
    formula: FormulaView
    substituted: FormulaView


class ExplanationView(View):
    """One number: what it is, what it means, and how it is worked out."""

    address: str
    label: str
    name: str
    title: str
    value: Finite
    shown: str
    sentence: str
    formula: FormulaView
    substituted: FormulaView
    adds_up: bool
    operands: list[OperandView]
    used_by: list[str]
    running: RunningView | None = None


class EventView(View):
    """One elementary event; `values` and `running` hold one number for each observation, or just one."""

    number: int
    phase: str
    kind: str
    layer: int
    neuron: int
    index: int
    moment: int
    observation: int
    address: str
    values: list[Finite]
    running: list[Finite] | None
    explanation: ExplanationView


class EventsView(View):
    """A stretch of the tape, up to where it may be seen."""

    events: list[EventView]
    count: int


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

    `blame_terms` [n_l][n_(l+1)] are the shares w·delta of the observation in focus.
    """

    a: list[Grid | None]
    z: list[Grid | None]
    slope: list[Grid | None]
    blame: list[Grid | None]
    delta: list[Grid | None]
    blame_terms: list[Grid | None]
    weight_gradients: list[Grid | None]
    bias_gradients: list[Row | None]
    loss_terms: Grid | None
    losses: list[Finite] | None
    penalty: Entry
    cost: Entry
    previous_weights: list[list[list[Finite]] | None] | None
    previous_biases: list[list[Finite] | None] | None
    cost_after: Entry


class HistoryView(View):
    """The explored past: how many iterations, and their last costs."""

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
    batch: BatchView
    values: ValuesView
    history: HistoryView
    diverged: DivergedView | None
    notices: list[str] = []
    trained: TrainedView | None = None


class PresetView(View):
    """A ready-made network."""

    id: str
    title: str
    summary: str
    layers: list[int]
    dataset: str
    result: str


class DatasetView(View):
    """A data set."""

    id: str
    title: str
    summary: str
    made_up: bool
    inputs: list[str]
    targets: list[str]
    observations: int
    source: str
    licence: str


class DatasetRowsView(DatasetView):
    """A data set with its rows, as fed to the network and as a person reads them."""

    rows: list[list[Finite]]
    row_targets: list[list[Finite]]
    readings: list[list[str]]
    target_readings: list[list[str]]
    labels: list[str]
    scaling: list[ScaleView]


class PredictView(View):
    """The outputs for the inputs sent, row by row."""

    outputs: list[list[Finite]]


class CostsView(View):
    """Costs by iteration, thinned."""

    iterations: list[int]
    costs: list[Finite]
    finished: int


class GradientRowView(View):
    """One parameter's derivative by backpropagation and by central differences.

    At a `kink` (relu at 0, say) there are two slopes, and the comparison says nothing.
    """

    address: str
    label: str
    backprop: Finite
    numeric: Finite
    relative_error: Finite
    kink: bool


class GradientCheckView(View):
    """Backpropagation beside central differences, for every parameter."""

    parameters: list[GradientRowView]
    largest_relative_error: Finite
    complete: bool


class RippleView(View):
    """Every activation, by layer, [B][n], and the cost."""

    a: list[list[list[Finite]]]
    cost: Finite


class ShockView(View):
    """The network before and after a nudge, and after the opposite one.

    `secant` is (after − before)/by, `central` (after − opposite)/(2·by); `derivative` is backpropagation's, null
    while the gradients are not known. `shown` lists the observations that the arrays hold.
    """

    address: str
    by: Finite
    before: RippleView
    after: RippleView
    opposite: RippleView
    shown: list[int]
    secant: Finite
    central: Finite
    derivative: Entry


class WayView(View):
    """One way to the cost: the neurons it passes, the factors met, their product."""

    neurons: list[int]
    factors: list[OperandView]
    product: Finite


class WaysView(View):
    """All ways from a weight or a bias to the cost for one observation, the strongest first.

    `total` is this observation's sum; the observations' totals add up to `backprop` (penalties apart).
    """

    address: str
    observation: int
    observations: int
    count: int
    ways: list[WayView]
    rest: Finite
    total: Finite
    backprop: Finite


class LinkView(View):
    """A moment as a token, and the page's address with it."""

    moment: str
    path: str
