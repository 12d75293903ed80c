"""The routes that step: forward, backward, update, step, back, goto, train, undo and redo."""

from __future__ import annotations

import time
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from app.errors import InvalidInput
from app.sessions import edits, moves
from app.sessions.learning import last_iteration, train
from app.sessions.replay import Work
from app.sessions.service import Outcome
from app.sessions.session import Session
from app.sessions.strict_model import StrictModel
from app.web.calls import By, TheCall, TheSettings
from app.web.schema_base import Granularity
from app.web.schemas import SessionView
from app.web.strict_json import JsonBody

MOST_STEPS = 1_000

commands = APIRouter(prefix="/api/v1/sessions/{session_id}", tags=["step"])


class PassBody(StrictModel):
    """Say how far one step of a pass goes."""

    by: Granularity = "layer"


class UpdateBody(StrictModel):
    """Say how far one step of the update goes."""

    by: Granularity = "pass"


class StepBody(StrictModel):
    """Say how far a step goes, and how many of them to take."""

    by: By = "layer"
    count: Annotated[int, Field(ge=1, le=MOST_STEPS)] = 1


class GotoBody(StrictModel):
    """Name a moment."""

    iteration: Annotated[int, Field(ge=0, le=2**53)]
    event: Annotated[int, Field(ge=0, le=2**53)]


class TrainBody(StrictModel):
    """Say how long to train: iterations or epochs, and what else may end it."""

    iterations: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    epochs: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    until_cost: Annotated[float, Field(ge=-1e300, le=1e300)] | None = None
    budget_ms: Annotated[int, Field(ge=1, le=60_000)] | None = None


class NoBody(StrictModel):
    """Say nothing."""


@commands.post("/step", response_model=SessionView)
async def step(
    body: Annotated[StepBody, JsonBody(StepBody)], call: TheCall, settings: TheSettings
) -> Response:
    """Do whatever comes next."""
    return await call.command(lambda session: _step(session, body, settings.compute_milliseconds))


@commands.post("/back", response_model=SessionView)
async def back(
    body: Annotated[StepBody, JsonBody(StepBody)], call: TheCall, settings: TheSettings
) -> Response:
    """Take steps back: the reverse of step, across iterations and epochs too."""
    return await call.command(lambda session: _back(session, body, settings.compute_milliseconds))


@commands.post("/forward", response_model=SessionView)
async def forward(body: Annotated[PassBody, JsonBody(PassBody)], call: TheCall) -> Response:
    """Step the forward pass; by pass it ends with the cost known."""
    return await call.move(lambda session: moves.run_command(session, "forward", body.by))


@commands.post("/backward", response_model=SessionView)
async def backward(body: Annotated[PassBody, JsonBody(PassBody)], call: TheCall) -> Response:
    """Step backpropagation; by pass it ends with every gradient known."""
    return await call.move(lambda session: moves.run_command(session, "backward", body.by))


@commands.post("/update", response_model=SessionView)
async def update(body: Annotated[UpdateBody, JsonBody(UpdateBody)], call: TheCall) -> Response:
    """Take the gradient-descent step."""
    return await call.move(lambda session: moves.run_command(session, "update", body.by))


@commands.post("/goto", response_model=SessionView)
async def goto(body: Annotated[GotoBody, JsonBody(GotoBody)], call: TheCall) -> Response:
    """Go to any moment of this session's past, or of the current iteration."""

    def work(session: Session) -> Work[Outcome]:
        return Outcome((yield from moves.goto(session, body.iteration, body.event)))

    return await call.command(work)


@commands.post("/train", response_model=SessionView)
async def train_at_speed(
    body: Annotated[TrainBody, JsonBody(TrainBody)], call: TheCall, settings: TheSettings
) -> Response:
    """Train at speed within the request's budget, and say how far it came."""
    if (body.iterations is None) == (body.epochs is None):
        raise InvalidInput.at("", "Say how long to train: either `iterations` or `epochs`.")
    most = settings.compute_milliseconds
    budget = most if body.budget_ms is None else min(body.budget_ms, most)
    return await call.command(
        lambda session: _train(session, body.iterations, body.epochs, body.until_cost, budget)
    )


@commands.post("/undo", response_model=SessionView)
async def undo(
    body: Annotated[NoBody, JsonBody(NoBody)], call: TheCall, settings: TheSettings
) -> Response:
    """Take back the last edit."""
    return await call.move(partial(edits.undo, kept=settings.undo_edits), large=True)


@commands.post("/redo", response_model=SessionView)
async def redo(body: Annotated[NoBody, JsonBody(NoBody)], call: TheCall) -> Response:
    """Bring back the last edit taken back."""
    return await call.move(edits.redo, large=True)


def _train(
    session: Session,
    iterations: int | None,
    epochs: int | None,
    until_cost: float | None,
    budget: int,
) -> Work[Outcome]:
    end = time.perf_counter() + budget / 1_000
    last = last_iteration(session, iterations, epochs)
    trained = yield from train(session, last, lambda: time.perf_counter() > end, until_cost)
    return Outcome(trained.session, trained=trained)


def _step(session: Session, body: StepBody, budget: int) -> Work[Outcome]:
    if body.by == "iteration":
        return (yield from _train(session, body.count, None, None, budget))
    if body.by == "epoch":
        return (yield from _train(session, None, body.count, None, budget))
    end = time.perf_counter() + budget / 1_000
    for done in range(body.count):
        if done and time.perf_counter() > end:
            return Outcome(session, (_part(done, body.count),))
        session = moves.step_once(session, body.by)
        yield
    return Outcome(session)


def _back(session: Session, body: StepBody, budget: int) -> Work[Outcome]:
    end = time.perf_counter() + budget / 1_000
    for done in range(body.count):
        if done and moves.at_beginning(session):
            break
        if done and time.perf_counter() > end:
            return Outcome(session, (_part(done, body.count),))
        session = yield from moves.back(session, body.by)
        yield
    return Outcome(session)


def _part(done: int, asked: int) -> str:
    return f"This took long, so {done:,} of {asked:,} steps were taken. Ask again for more."
