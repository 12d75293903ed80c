"""The shapes of what looks without changing: catalogue, costs, gradient check, nudges, ways and links."""

from __future__ import annotations

from app.web.schema_base import Entry, Finite, View
from app.web.schemas import ScaleView
from app.web.schemas_explain import OperandView


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
    """Every weighted sum and activation, by layer, [B][n], and the cost; the inputs have no weighted sum."""

    z: list[list[list[Finite]] | None]
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

    `total` is this observation's sum and `others` what the rest of the batch adds to make `backprop`; with
    `penalty` that is `gradient`, ∂C/∂w as the update takes it.
    """

    address: str
    observation: int
    observations: int
    count: int
    ways: list[WayView]
    rest: Finite
    total: Finite
    others: Finite
    backprop: Finite
    penalty: Finite
    gradient: Finite


class LinkView(View):
    """A moment as a token, and the page's address with it."""

    moment: str
    path: str
