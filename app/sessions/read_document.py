"""From the document of a file or a link to a session; every part of it is doubted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import numpy as np

from app.data.bundled import bundled
from app.data.dataset import Dataset
from app.engine.arrays import FloatArray, frozen
from app.engine.network import Network
from app.engine.training import State, Training
from app.errors import Fault, InvalidInput, NotFound
from app.sessions.document import (
    BranchPart,
    DataPart,
    HistoryPart,
    ParametersPart,
    SessionDocument,
    StatePart,
)
from app.sessions.history import Checkpoints, History
from app.sessions.moves import arrive
from app.sessions.replay import longest_replay
from app.sessions.session import Branch, Position, Session
from app.sessions.setup import Setup, build_network, build_training, check_seed
from app.sessions.spec import LayerSpec
from app.sessions.tables import read_table
from app.settings import Settings

SQUARES = {"rmsprop": 0, "adam": 1}
"""Which of an optimizer's moments averages squares, and so is never negative."""


def session_of(document: SessionDocument, settings: Settings) -> Session:
    """Return a session, not stored yet, that stands where the document says.

    Raises:
        InvalidInput: it does not fit together, or is beyond the limits of this server; points at the place.
    """
    trunk = _trunk(document, _datasets(document, settings), settings)
    position = Position(document.position.iteration, document.position.event)
    here = [branch for branch in trunk if branch.first_iteration <= position.iteration]
    if not here:
        raise InvalidInput.at("/position/iteration", "No branch reaches this iteration.")
    branch = here[-1]
    state = branch.state
    if document.state is not None:
        state = _state(document.state, branch.setup, "/state")
    elif branch.first_iteration != position.iteration:
        raise InvalidInput.at("/state", "The state of this iteration is missing.")
    session = Session(
        id="",
        follow_id="",
        revision=0,
        created_at=0.0,
        expires_at=0.0,
        trunk=trunk,
        position=Position(position.iteration),
        state=state,
        history=_history(document.history, trunk[0].first_iteration, position.iteration),
        checkpoints=_checkpoints(document, trunk),
        next_key=len(trunk),
    )
    return _standing(session, document, settings)


def _standing(session: Session, document: SessionDocument, settings: Settings) -> Session:
    events, event = session.setup.events.count, document.position.event
    if event > events:
        raise InvalidInput.at("/position/event", f"An iteration here has the events 0 to {events}.")
    last = len(session.rows) - 1
    if document.focus > last:
        raise InvalidInput.at("/focus", f"This batch has the observations 0 to {last}.")
    if longest_replay(session) > settings.request_seconds:
        raise InvalidInput.at(
            "/checkpoints", "The states kept of the past lie too far apart to go back there."
        )
    return arrive(session.within(focus=document.focus), event)


@contextmanager
def _below(pointer: str) -> Iterator[None]:
    """Point at faults from the document's top; what is not here at all cannot be used either."""
    try:
        yield
    except InvalidInput as error:
        faults = [Fault(pointer + fault.pointer, fault.detail) for fault in error.faults]
        raise type(error)(error.detail, faults or [Fault(pointer, error.detail)]) from None
    except NotFound as error:
        raise InvalidInput.at(pointer, error.detail) from None


def _datasets(document: SessionDocument, settings: Settings) -> list[Dataset]:
    datasets = [
        _dataset(part, settings, f"/data/{place}") for place, part in enumerate(document.data)
    ]
    cells = sum(one.inputs.size + one.targets.size for one in datasets if not one.id)
    if cells > settings.max_cells:
        most = settings.max_cells
        raise InvalidInput.at("/data", f"There are {cells:,} cells in all; at most {most:,}.")
    return datasets


def _dataset(part: DataPart, settings: Settings, pointer: str) -> Dataset:
    if part.table is not None and part.dataset is None:
        return read_table(part.table, settings, f"{pointer}/table")
    if part.dataset is None or part.table is not None:
        raise InvalidInput.at(pointer, "Say the data in one way: `dataset` or `table`.")
    with _below(f"{pointer}/dataset"):
        return bundled(part.dataset)


def _trunk(
    document: SessionDocument, datasets: Sequence[Dataset], settings: Settings
) -> tuple[Branch, ...]:
    trunk = []
    for place, part in enumerate(document.branches):
        pointer = f"/branches/{place}"
        if part.data >= len(datasets):
            raise InvalidInput.at(
                f"{pointer}/data", f"There are {len(datasets)} data sets, from 0."
            )
        setup = _setup(part, datasets[part.data], settings, pointer)
        if part.epoch.iteration > part.iteration:
            raise InvalidInput.at(f"{pointer}/epoch/iteration", "It begins after its branch.")
        schedule = setup.schedule(part.epoch.iteration, part.epoch.number)
        state = _state(part.state, setup, f"{pointer}/state")
        trunk.append(Branch(place, part.iteration, setup, schedule, state))
    for place, (before, after) in enumerate(pairwise(trunk), start=1):
        if after.first_iteration <= before.first_iteration:
            raise InvalidInput.at(f"/branches/{place}/iteration", "Branches follow one another.")
    return tuple(trunk)


def _setup(part: BranchPart, dataset: Dataset, settings: Settings, pointer: str) -> Setup:
    wanted = part.network
    with _below(pointer):
        training = build_training(part.training.given(), Training(), settings)
        layers = [LayerSpec(size=one.size, activation=one.activation) for one in wanted.layers]
        network = build_network(layers, wanted.cost, dataset, settings)
        check_seed(wanted.seed, settings)
    return Setup(network, training, dataset, wanted.initializer, wanted.seed, part.preset)


def _state(part: StatePart, setup: Setup, pointer: str) -> State:
    network, optimizer = setup.network, setup.training.optimizer
    count = optimizer.moment_count
    if len(part.moments) != count:
        detail = f"{optimizer.name} remembers {count} numbers for each parameter."
        raise InvalidInput.at(f"{pointer}/moments", detail)
    theta = _parameters(part, network, pointer)
    moments = np.zeros((count, network.parameter_count))
    for place, moment in enumerate(part.moments):
        moments[place] = _parameters(moment, network, f"{pointer}/moments/{place}")
    square = SQUARES.get(optimizer.name)
    if square is not None and (moments[square] < 0).any():
        detail = "An average of squares is never negative."
        raise InvalidInput.at(f"{pointer}/moments/{square}", detail)
    return State(frozen(theta), frozen(moments), part.updates)


def _parameters(part: ParametersPart, network: Network, pointer: str) -> FloatArray:
    """Return the flat vector (P,) of weights and biases by layer."""
    flat = np.empty(network.parameter_count)
    for name, listed in (("weights", part.weights), ("biases", part.biases)):
        if len(listed) != network.depth:
            raise InvalidInput.at(f"{pointer}/{name}", f"There are {network.depth} layers to fill.")
    for layer in range(1, network.depth + 1):
        weights, biases = part.weights[layer - 1], part.biases[layer - 1]
        rows, columns = network.sizes[layer], network.sizes[layer - 1]
        if len(weights) != rows or any(len(row) != columns for row in weights):
            detail = f"These weights must be {rows} × {columns} numbers."
            raise InvalidInput.at(f"{pointer}/weights/{layer - 1}", detail)
        if len(biases) != rows:
            detail = f"These biases must be {rows} numbers."
            raise InvalidInput.at(f"{pointer}/biases/{layer - 1}", detail)
        network.weights(flat, layer)[...] = weights
        network.biases(flat, layer)[...] = biases
    return flat


def _history(part: HistoryPart, begun: int, here: int) -> History:
    if part.first > begun:
        raise InvalidInput.at("/history/first", "The costs begin with the first branch or before.")
    if part.iterations < here:
        detail = "Every iteration before the present one is finished."
        raise InvalidInput.at("/history/iterations", detail)
    count = -(-(part.iterations - part.first) // part.stride)
    if len(part.costs) != count:
        raise InvalidInput.at("/history/costs", f"There must be {count:,} costs.")
    return History(part.iterations, part.stride, frozen(part.costs), part.first)


def _checkpoints(document: SessionDocument, trunk: Sequence[Branch]) -> Checkpoints:
    states = []
    for place, part in enumerate(document.checkpoints):
        pointer = f"/checkpoints/{place}"
        if part.branch >= len(trunk) or part.iteration < trunk[part.branch].first_iteration:
            raise InvalidInput.at(f"{pointer}/branch", "No such branch reaches this iteration.")
        state = _state(part.state, trunk[part.branch].setup, f"{pointer}/state")
        states.append((part.branch, part.iteration, state))
    states.sort(key=lambda one: one[:2])
    return Checkpoints(document.thinning, tuple(states))
