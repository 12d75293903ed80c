"""What a file of a session, and a link to a moment, say: one document for both.

A file is the document as JSON, with the past as far as it fits. A link is the same document cut down to the present
moment, packed and written in the letters that a link may have. Numbers are JSON's, and read back to the same double;
whatever follows from others is left out. Nothing that names the session it came from is in it.

format, version   what this is
position, focus   the moment, and the observation looked at
state             the parameters at the start of the present iteration; null where its branch begins
branches          where each stretch of training begins: its network, settings, data and parameters
data              what the branches name by number: bundled sets by their name, a learner's own as a table
checkpoints       states of the past to replay from, and how much sparser than at first they are kept
history           the costs
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from app.errors import InvalidInput
from app.sessions.spec import (
    ActivationName,
    CostName,
    InitializerName,
    Numbers,
    Rows,
    TrainingSpec,
)
from app.sessions.strict_model import StrictModel

FORMAT = "glassbox-session"
VERSION = 1

MOST_BRANCHES = 1_000
MOST_STATES = 1_000
MOST_KEPT_COSTS = 10_000
MOST_MEASURED = 1e12
"""The largest reading that a table may hold, before it is scaled."""
VALUE_BYTES = 24
"""A document has at most one value for so many bytes of the largest file: a parser makes an object of each, and a file
of nothing but short ones would fill twenty times its size. A number that reads back to the same double has as many."""


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("This may hold printable characters only.")
    return text


Count = Annotated[int, Field(ge=0, le=2**53)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=140), AfterValidator(_printable)]
Text = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(_printable)]
PresetId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
Measured = Annotated[float, Field(ge=-MOST_MEASURED, le=MOST_MEASURED)]
# JSON knows lists alone.
CodePair = Annotated[tuple[Label, Measured], Field(strict=False)]
Row = Annotated[str, StringConstraints(max_length=10_000)]


class ColumnPart(StrictModel):
    """Describe a column of a table; see `app.data.scale.Scale`. `coding` lists categories in their order."""

    name: Label
    kind: Literal["none", "standardised", "coded", "one-hot", "range"]
    unit: Annotated[str, StringConstraints(max_length=60), AfterValidator(_printable)] = ""
    mean: Measured = 0.0
    sd: Measured = 1.0
    low: Measured = 0.0
    high: Measured = 1.0
    coding: Annotated[list[CodePair], Field(default_factory=list, max_length=1_000)]


class TablePart(StrictModel):
    """Hold a learner's own data as a person reads them.

    `rows` has a text for each observation: its readings, inputs first, with spaces between. A reading of a column with
    categories is a place in their list. `=0.5` was set by hand: it is fed as it is.
    """

    title: Label
    summary: Text
    source: Text
    licence: Text
    made_up: bool
    row_noun: Label
    picture: Annotated[list[Count], Field(min_length=2, max_length=2)] | None
    inputs: Annotated[list[ColumnPart], Field(min_length=1, max_length=1_000)]
    targets: Annotated[list[ColumnPart], Field(min_length=1, max_length=1_000)]
    classes: Annotated[list[Label], Field(max_length=1_000)]
    rows: Annotated[list[Row], Field(min_length=1, max_length=1_000_000)]
    row_numbers: Annotated[list[Count], Field(max_length=1_000_000)] | None
    dropped: Count


class DataPart(StrictModel):
    """Name a bundled data set, or hold a learner's own."""

    dataset: Annotated[str, StringConstraints(max_length=60)] | None = None
    table: TablePart | None = None


class LayerPart(StrictModel):
    """Describe one layer after the input."""

    size: Annotated[int, Field(ge=1, le=1_000_000)]
    activation: ActivationName


class NetworkPart(StrictModel):
    """Describe a network and where its first weights came from."""

    layers: Annotated[list[LayerPart], Field(min_length=1, max_length=1_000)]
    cost: CostName
    initializer: InitializerName
    seed: Count


class ParametersPart(StrictModel):
    """Hold a number for each weight and bias, by layer."""

    weights: Annotated[list[Rows], Field(min_length=1, max_length=1_000)]
    biases: Annotated[list[Numbers], Field(min_length=1, max_length=1_000)]


class StatePart(ParametersPart):
    """Hold the parameters at the start of an iteration, and what the optimizer remembers of each."""

    moments: Annotated[list[ParametersPart], Field(max_length=2)]
    updates: Count


class EpochPart(StrictModel):
    """Say which epoch begins at which iteration."""

    number: Count
    iteration: Count


class BranchPart(StrictModel):
    """Hold where a stretch of training begins; `data` is a place in the document's list."""

    iteration: Count
    data: Count
    network: NetworkPart
    preset: PresetId | None
    training: TrainingSpec
    epoch: EpochPart
    state: StatePart


class CheckpointPart(StrictModel):
    """Hold a state of the past; `branch` is a place in the document's list."""

    branch: Count
    iteration: Count
    state: StatePart


class HistoryPart(StrictModel):
    """Hold the cost of every `stride`-th iteration from `first` on, of `iterations` finished."""

    iterations: Count
    stride: Annotated[int, Field(ge=1, le=2**53)]
    first: Count
    costs: Annotated[list[float], Field(max_length=MOST_KEPT_COSTS)]


class PositionPart(StrictModel):
    """Name a moment: `event` events of `iteration` have happened."""

    iteration: Count
    event: Count


class SessionDocument(StrictModel):
    """Hold a session as an exported file says it."""

    format: Literal["glassbox-session"]
    version: Annotated[int, Field(ge=1, le=VERSION)]
    position: PositionPart
    focus: Count
    state: StatePart | None
    branches: Annotated[list[BranchPart], Field(min_length=1, max_length=MOST_BRANCHES)]
    data: Annotated[list[DataPart], Field(min_length=1, max_length=MOST_BRANCHES)]
    history: HistoryPart
    checkpoints: Annotated[list[CheckpointPart], Field(max_length=MOST_STATES)]
    thinning: Annotated[int, Field(ge=1, le=2**53)]


def too_dense(raw: bytes, most_bytes: int) -> bool:
    """Tell whether a document holds more values than a file of so many bytes may; counted without being read."""
    return sum(map(raw.count, (b",", b"[", b"{", b":"))) > most_bytes // VALUE_BYTES


def refuse_foreign(document: Any, what: str) -> None:
    """Refuse what is no session's document, or one of a later version, before all of it is looked at.

    Args:
        document: Parsed JSON; what is no object is left to who validates it.
        what: "file" or "link".

    Raises:
        InvalidInput: It is something else, or too new.
    """
    if not isinstance(document, dict):
        return
    if document.get("format") != FORMAT:
        raise InvalidInput.at(
            "/format",
            f"This {what} holds no Glassbox session: one exported as json says “{FORMAT}” here.",
        )
    version = document.get("version")
    if isinstance(version, int) and version > VERSION:
        raise InvalidInput.at(
            "/version", f"A newer version of Glassbox wrote this {what}. Update to open it."
        )
