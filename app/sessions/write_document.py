"""From a session to the document that a file or a link holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import chain
from typing import Any

from app.data.dataset import Dataset
from app.engine.arrays import FloatArray
from app.engine.network import Network
from app.engine.training import State
from app.errors import InvalidInput
from app.sessions.document import FORMAT, VALUE_BYTES, VERSION, too_dense
from app.sessions.history import Checkpoints
from app.sessions.replay import longest_replay
from app.sessions.session import Branch, Session
from app.sessions.tables import write_table
from app.settings import Settings


def at_present(session: Session) -> Session:
    """Return the session without what came before and after its present iteration."""
    iteration, branch = session.position.iteration, session.branch
    begun = Branch(0, iteration, branch.setup, branch.schedule, session.state)
    return session.within(
        trunk=(begun,),
        history=session.history.until(iteration),
        checkpoints=Checkpoints(),
        undo=(),
        redo=(),
        next_key=1,
    )


def document_of(session: Session) -> dict[str, Any]:
    """Return the document of a session; what could be undone stays behind."""
    data = _data(session)
    places = {branch.key: place for place, branch in enumerate(session.trunk)}
    begins = session.state is session.branch.state
    states = session.checkpoints.of(places).states
    networks = {branch.key: branch.setup.network for branch in session.trunk}
    return {
        "format": FORMAT,
        "version": VERSION,
        "position": asdict(session.position),
        "focus": session.focus,
        "state": None if begins else _state(session.setup.network, session.state),
        "branches": [_branch(branch, data) for branch in session.trunk],
        "data": [
            {"dataset": one.id} if one.id else {"table": write_table(one)} for one in data.values()
        ],
        "history": {**asdict(session.history), "costs": session.history.costs.tolist()},
        "checkpoints": [
            {"branch": places[key], "iteration": iteration, "state": _state(networks[key], state)}
            for key, iteration, state in states
        ],
        "thinning": session.checkpoints.thinning,
    }


def _data(session: Session) -> dict[int, Dataset]:
    """Return each data set of the past once, by its identity."""
    return {id(branch.setup.dataset): branch.setup.dataset for branch in session.trunk}


def _branch(branch: Branch, data: dict[int, Dataset]) -> dict[str, Any]:
    setup, schedule = branch.setup, branch.schedule
    network = setup.network
    pairs = zip(network.sizes[1:], network.activations, strict=True)
    return {
        "iteration": branch.first_iteration,
        "data": list(data).index(id(setup.dataset)),
        "network": {
            "layers": [{"size": size, "activation": name} for size, name in pairs],
            "cost": network.cost,
            "initializer": setup.initializer,
            "seed": setup.seed,
        },
        "preset": setup.preset,
        "training": asdict(setup.training),
        "epoch": {"number": schedule.first_epoch, "iteration": schedule.first_iteration},
        "state": _state(network, branch.state),
    }


def _state(network: Network, state: State) -> dict[str, Any]:
    return {
        **_parameters(network, state.theta),
        "moments": [_parameters(network, moment) for moment in state.moments],
        "updates": state.updates,
    }


def _parameters(network: Network, flat: FloatArray) -> dict[str, Any]:
    layers = range(1, network.depth + 1)
    return {
        "weights": [network.weights(flat, layer).tolist() for layer in layers],
        "biases": [network.biases(flat, layer).tolist() for layer in layers],
    }


def write_file(session: Session, settings: Settings) -> bytes:
    """Write a session as a file that opens again, with the past as far as it fits.

    Raises:
        InvalidInput: its network and data alone are larger than an uploaded file may be.
    """
    most = settings.upload_bytes
    for leaner in _ever_leaner(session, settings):
        text = "".join(chain(_pretty(document_of(leaner)), "\n")).encode()
        if len(text) <= most and not too_dense(text, most):
            return text
    raise InvalidInput(
        f"As a file, this network and its data would be larger than {most:,} bytes, the most that "
        "can be opened again."
    )


def _ever_leaner(session: Session, settings: Settings) -> Iterator[Session]:
    """Yield the session with its whole past, with ever sparser checkpoints of it, with no past at all."""
    whole = replace(session, undo=(), redo=())
    states = [*(branch.state for branch in whole.trunk), whole.state]
    left = settings.upload_bytes // VALUE_BYTES - sum(map(_numbers, states))
    cells = sum(one.inputs.size + one.targets.size for one in _data(whole).values() if not one.id)
    checkpoints = whole.checkpoints.of({branch.key for branch in whole.trunk})
    while left > 0 and cells <= settings.max_cells:
        leaner = replace(whole, checkpoints=checkpoints)
        numbers = sum(_numbers(one) for _, _, one in checkpoints.states)
        # What is far too much is not even written.
        if numbers <= left and longest_replay(leaner) <= settings.request_seconds:
            yield leaner
        if not checkpoints.states:
            break
        checkpoints = Checkpoints(2 * checkpoints.thinning, checkpoints.states[1::2])
    yield at_present(session)


def _numbers(state: State) -> int:
    return state.theta.size + state.moments.size


def _pretty(value: Any, indent: str = "\n") -> Iterator[str]:
    """Write JSON for a person: an entry to a line, but numbers of a list and small objects side by side."""
    inner, deep = indent + " ", (dict, list)
    if isinstance(value, dict) and any(isinstance(one, deep) for one in value.values()):
        for number, (name, one) in enumerate(value.items()):
            yield f"{',' if number else '{'}{inner}{json.dumps(name)}: "
            yield from _pretty(one, inner)
        yield f"{indent}}}"
    elif isinstance(value, list) and value and isinstance(value[0], (*deep, str)):
        for number, one in enumerate(value):
            yield f"{',' if number else '['}{inner}"
            yield from _pretty(one, inner)
        yield f"{indent}]"
    else:
        yield json.dumps(value, ensure_ascii=False, allow_nan=False)
