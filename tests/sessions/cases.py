"""Sessions to test with, and short words for what is done to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from app.engine.arrays import FloatArray
from app.engine.training import State
from app.sessions import moves
from app.sessions.begin import begin
from app.sessions.edits import Edited, edit
from app.sessions.learning import Trained, last_iteration, train
from app.sessions.replay import Work
from app.sessions.session import Session
from app.sessions.spec import EditSpec, SessionSpec
from app.settings import Settings

Result = TypeVar("Result")

SETTINGS = Settings(store="memory:")
INPUTS = [[0.05, 0.1], [0.9, -0.4], [-0.7, 0.3], [0.2, 0.8], [-0.1, -0.6]]
TARGETS = [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
LAYERS = [{"size": 3, "activation": "tanh"}, {"size": 2, "activation": "sigmoid"}]


def small(
    *, layers: list[dict[str, Any]] | None = None, cost: str = "mse", **training: Any
) -> dict[str, Any]:
    """Ask for a small network on five observations; batches of two leave one over."""
    return {
        "data": {"inputs": INPUTS, "targets": TARGETS},
        "network": {"layers": layers or LAYERS, "cost": cost, "seed": 3},
        "training": {"batch_size": 2, "learning_rate": 0.3, **training},
    }


BODIES: dict[str, dict[str, Any]] = {
    "article": {},
    "adam": small(optimizer={"name": "adam"}, shuffle=True, l2=0.01, seed=4, learning_rate=0.05),
    "nesterov": small(
        layers=[{"size": 2, "activation": "elu"}, {"size": 2, "activation": "softmax"}],
        cost="cross_entropy",
        optimizer={"name": "nesterov"},
        l1=0.01,
        batch_size=3,
        shuffle=True,
    ),
    "rmsprop": small(
        layers=[
            {"size": 2, "activation": "swish"},
            {"size": 2, "activation": "relu"},
            {"size": 2, "activation": "softmax"},
        ],
        optimizer={"name": "rmsprop"},
        learning_rate=0.01,
        l2=0.1,
        test_fraction=0.2,
    ),
    "momentum": small(
        layers=[{"size": 2, "activation": "sigmoid"}],
        cost="binary_cross_entropy",
        optimizer={"name": "momentum"},
        batch_size=None,
    ),
}
"""Bodies that start a session: every optimizer, both penalties, joined and other outputs, leftover batches."""


def started(body: dict[str, Any] | None = None, settings: Settings = SETTINGS) -> Session:
    return begin(SessionSpec.model_validate(body or {}), settings)


def done(work: Work[Result]) -> Result:
    """Drive work to its end."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result


def stepped(session: Session, by: str, count: int = 1) -> Session:
    """Step as the route does: by iteration and epoch at speed."""
    if by == "iteration":
        return trained(session, iterations=count).session
    if by == "epoch":
        return trained(session, epochs=count).session
    for _ in range(count):
        session = moves.step_once(session, by)
    return session


def trained(
    session: Session,
    iterations: int | None = None,
    epochs: int | None = None,
    until_cost: float | None = None,
    out_of_time: Callable[[], bool] = lambda: False,
) -> Trained:
    last = last_iteration(session, iterations, epochs)
    return done(train(session, last, out_of_time, until_cost))


def back(session: Session, by: str, count: int = 1) -> Session:
    for _ in range(count):
        session = done(moves.back(session, by))
    return session


def goto(session: Session, iteration: int, event: int = 0) -> Session:
    return done(moves.goto(session, iteration, event))


def edited(session: Session, settings: Settings = SETTINGS, **body: Any) -> Edited:
    return edit(session, EditSpec.model_validate(body), settings)


def changed(session: Session, **body: Any) -> Session:
    return edited(session, **body).session


def at(session: Session) -> tuple[int, int]:
    return session.position.iteration, session.position.event


def end_of(session: Session, phase: str) -> int:
    return session.setup.events.phase_ends[phase]


def bits(*arrays: FloatArray) -> bytes:
    return b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)


def state_bits(state: State) -> tuple[bytes, int]:
    return bits(state.theta, state.moments), state.updates


def moment(session: Session) -> tuple[object, ...]:
    """Return everything that makes up a moment, to the bit."""
    tape = session.tape
    return (
        at(session),
        state_bits(session.state),
        state_bits(tape.after),
        bits(session.present_theta),
        bits(*tape.a, *tape.z, *tape.delta, tape.gradient),
        tape.cost,
        tuple(session.rows.tolist()),
        session.epoch,
    )


def past(session: Session) -> tuple[object, ...]:
    """Return what is known of the past, to the bit."""
    history = session.history
    branches = tuple(
        (one.first_iteration, one.setup.network, one.setup.training, one.schedule)
        for one in session.trunk
    )
    return history.iterations, history.stride, history.first, bits(history.costs), branches
