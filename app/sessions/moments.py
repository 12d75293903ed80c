"""A moment as a link: everything needed to stand there again, on any server, to the bit.

The token is JSON, packed and written in the letters that a link may have. It holds the network, the settings, the
parameters at the start of the iteration, the data (a bundled set by its name) and the position. What comes from a
link is checked like any other input.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import asdict, replace
from typing import Annotated, Any

import numpy as np
from pydantic import Field, ValidationError

from app.engine.arrays import FloatArray, frozen
from app.engine.schedule import Schedule
from app.engine.training import State, Training
from app.errors import InvalidInput
from app.sessions.history import Checkpoints, History
from app.sessions.moves import arrive
from app.sessions.session import Branch, Position, Session
from app.sessions.setup import Setup, build_dataset, build_network, build_training
from app.sessions.spec import (
    CostName,
    DataSpec,
    InitializerName,
    LayerSpec,
    Name,
    TrainingSpec,
)
from app.sessions.strict_model import StrictModel
from app.settings import Settings

FORMAT = 1
LONGEST_TOKEN = 7_000
MOST_JSON = 2**20
MOST_NUMBERS = 20_000
"""More would not fit, and to write half a million numbers only to find that out takes a second."""

Count = Annotated[int, Field(ge=0, le=2**53)]


class Moment(StrictModel):
    """Hold what a link says of a moment; arrays are base64 of little-endian doubles."""

    format: Annotated[int, Field(ge=1, le=10_000)]
    layers: Annotated[list[LayerSpec], Field(min_length=1, max_length=1_000)]
    cost: CostName
    initializer: InitializerName
    seed: Count
    preset: Name | None
    training: TrainingSpec
    data: DataSpec
    theta: str
    moments: str
    updates: Count
    first_iteration: Count
    first_epoch: Count
    iteration: Count
    event: Count
    focus: Count


def write_moment(session: Session) -> str:
    """Return the token of a session's present moment.

    Raises:
        InvalidInput: the network or its data are too large for a link.
    """
    setup, schedule, state = session.setup, session.branch.schedule, session.state
    if _numbers_of(session) > MOST_NUMBERS:
        raise _too_large()
    training = asdict(setup.training)
    pairs = zip(setup.network.sizes[1:], setup.network.activations, strict=True)
    document = {
        "format": FORMAT,
        "layers": [{"size": size, "activation": name} for size, name in pairs],
        "cost": setup.network.cost,
        "initializer": setup.initializer,
        "seed": setup.seed,
        "preset": setup.preset,
        "training": training,
        "data": _data(setup),
        "theta": _letters(state.theta),
        "moments": _letters(state.moments),
        "updates": state.updates,
        "first_iteration": schedule.first_iteration,
        "first_epoch": schedule.first_epoch,
        "iteration": session.position.iteration,
        "event": session.position.event,
        "focus": session.focus,
    }
    packed = zlib.compress(json.dumps(document, separators=(",", ":")).encode(), 9)
    token = base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
    if len(token) > LONGEST_TOKEN:
        raise _too_large()
    return token


def _numbers_of(session: Session) -> int:
    """Count the numbers that a link would hold."""
    dataset, state = session.setup.dataset, session.state
    own = 0 if dataset.id else dataset.inputs.size + dataset.targets.size
    return state.theta.size + state.moments.size + own


def _data(setup: Setup) -> dict[str, Any]:
    dataset = setup.dataset
    if dataset.id:
        return {"dataset": dataset.id}
    return {
        "inputs": dataset.inputs.tolist(),
        "targets": dataset.targets.tolist(),
        "input_names": list(dataset.input_names),
        "target_names": list(dataset.target_names),
    }


def _letters(array: FloatArray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f8").tobytes()).decode()


def read_moment(token: str, settings: Settings) -> Session:
    """Return a session, not stored yet, that stands where the link says.

    Raises:
        InvalidInput: the link is damaged, or beyond the limits of this server.
    """
    moment = _unpacked(token)
    dataset = build_dataset(moment.data, settings)
    training = build_training(moment.training.given(), Training(), settings)
    network = build_network(moment.layers, moment.cost, dataset, settings)
    size, kept = network.parameter_count, training.optimizer.moment_count
    theta = _numbers(moment.theta, (size,))
    moments = _numbers(moment.moments, (kept, size))
    setup = Setup(network, training, dataset, moment.initializer, moment.seed, moment.preset)
    schedule = setup.schedule(moment.first_iteration, moment.first_epoch)
    if moment.iteration < moment.first_iteration or moment.event > setup.events.count:
        raise _damaged()
    return _standing(moment, setup, schedule, State(theta, moments, moment.updates))


def _standing(moment: Moment, setup: Setup, schedule: Schedule, state: State) -> Session:
    branch = Branch(0, moment.iteration, setup, schedule, state)
    session = Session(
        id="",
        follow_id="",
        revision=0,
        created_at=0.0,
        expires_at=0.0,
        trunk=(branch,),
        position=Position(moment.iteration),
        state=state,
        history=History.empty(moment.iteration),
        checkpoints=Checkpoints(),
    )
    if moment.focus >= len(session.rows):
        raise _damaged()
    return arrive(replace(session, focus=moment.focus), moment.event)


def _unpacked(token: str) -> Moment:
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, MOST_JSON)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise _damaged()
        moment = Moment.model_validate_json(text)
    except (binascii.Error, zlib.error, ValidationError, ValueError, UnicodeError) as error:
        raise _damaged() from error
    if moment.format > FORMAT:
        raise InvalidInput("A newer version of Glassbox wrote this link. Update to open it.")
    return moment


def _numbers(letters: str, shape: tuple[int, ...]) -> FloatArray:
    try:
        flat = np.frombuffer(base64.b64decode(letters, validate=True), dtype="<f8")
    except (binascii.Error, ValueError) as error:
        raise _damaged() from error
    if flat.size != int(np.prod(shape)) or not np.isfinite(flat).all():
        raise _damaged()
    return frozen(flat.reshape(shape))


def _too_large() -> InvalidInput:
    return InvalidInput(
        "This network, or its data, is too large to fit into a link. Export it as a file instead."
    )


def _damaged() -> InvalidInput:
    return InvalidInput("This link is damaged, or was cut off. Ask for it once more.")
