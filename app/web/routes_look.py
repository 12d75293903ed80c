"""The routes that look without changing anything: events, gradient-check, predict, history."""

from __future__ import annotations

import time
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from app.data.limits import numbers_go
from app.engine.gradient_check import GradientCheck, Row, rows_of
from app.engine.predict import predict as run_network
from app.errors import InvalidInput, NotComputedYet
from app.explain.digits import DIGITS
from app.explain.labels import label_text
from app.sessions.replay import Work
from app.sessions.service import heavy
from app.sessions.session import Session
from app.sessions.spec import Rows
from app.sessions.strict_model import StrictModel
from app.settings import Settings
from app.web.calls import Digits, TheService, TheSession, TheSettings, finite, json_response
from app.web.diagram import diagram_policy, diagram_svg
from app.web.schemas_explain import EventsView
from app.web.schemas_look import CostsView, GradientCheckView, GradientRowView, PredictView
from app.web.strict_json import JsonBody
from app.web.views_explain import event_view, never_where_diverged

EVENTS = 50
"""So many events are listed where nobody says how many."""
ROWS_AT_ONCE = 16
"""So many gradients are checked before others get their turn."""
LARGE_TABLE = 4_000
"""To read and write more numbers takes longer than others should wait for the loop; ..."""
LARGE_PRODUCT = 1_000_000
"""... so does it to compute with more."""

looks = APIRouter(prefix="/api/v1/sessions/{session_id}", tags=["look"])


class PredictBody(StrictModel):
    """Hold rows of inputs."""

    inputs: Rows


@looks.get("/events", response_model=EventsView)
async def events(
    session: TheSession,
    service: TheService,
    settings: TheSettings,
    first: Annotated[int, Query(alias="from", ge=1, le=2**53)] = 1,
    count: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    digits: Digits = DIGITS,
) -> Response:
    """List the events of this iteration that have happened, with their explanations."""
    most = settings.events_per_answer
    if count is not None and count > most:
        raise InvalidInput.at("/query/count", f"One answer lists at most {most:,} events.")
    last = min(first + (count or min(EVENTS, most)) - 1, session.shown)
    work = _events(session, range(first, last + 1), digits)
    body = await service.compute.drive(work, heavy=heavy(session), words=True)
    return json_response(body, session.revision)


def _events(session: Session, numbers: range, digits: int) -> Work[bytes]:
    listed = []
    for number in numbers:
        listed.append(event_view(session, number, digits))
        yield
    view = finite(EventsView, {"events": listed, "count": session.setup.events.count})
    return view.written()


@looks.get("/gradient-check", response_model=GradientCheckView)
async def check_gradients(
    session: TheSession, service: TheService, settings: TheSettings
) -> Response:
    """Set backpropagation beside central differences of the cost, for every parameter."""
    with never_where_diverged(session):
        if session.shown < session.setup.events.phase_ends["backward"]:
            raise NotComputedYet(
                "The gradients are not known yet: step through the backward pass first, then compare."
            )
    work = _checked(session, settings.compute_milliseconds)
    body = await service.compute.drive(work, heavy=heavy(session), words=True)
    return json_response(body, session.revision)


def _checked(session: Session, milliseconds: int) -> Work[bytes]:
    end = time.perf_counter() + milliseconds / 1_000
    rows, views = list[Row](), list[GradientRowView]()
    for row in rows_of(session.tape):
        rows.append(row)
        views.append(_checked_row(session, row))
        if time.perf_counter() > end:
            break
        if len(rows) % ROWS_AT_ONCE == 0:
            yield
    checked = GradientCheck(tuple(rows), session.tape.network.parameter_count)
    view = GradientCheckView(
        parameters=views,
        largest_relative_error=checked.largest,
        complete=checked.complete,
    )
    return view.written()


def _checked_row(session: Session, row: Row) -> GradientRowView:
    network, optimizer = session.setup.network, session.setup.training.optimizer.name
    return GradientRowView(
        address=str(row.address),
        label=label_text(network, optimizer, row.address),
        backprop=row.backprop,
        numeric=row.numeric,
        relative_error=row.relative_error,
        kink=row.kink,
    )


@looks.post("/predict", response_model=PredictView)
async def predict(
    body: Annotated[PredictBody, JsonBody(PredictBody)],
    session: TheSession,
    service: TheService,
    settings: TheSettings,
) -> Response:
    """Run the network on inputs of your own, with its parameters as they are now."""
    network = session.setup.network
    numbers = len(body.inputs) * (network.sizes[0] + network.sizes[-1])
    large = numbers > LARGE_TABLE or len(body.inputs) * network.parameter_count > LARGE_PRODUCT
    answer = await service.compute.write(lambda: _predicted(body, session, settings), heavy=large)
    return json_response(answer, session.revision)


def _predicted(body: PredictBody, session: Session, settings: Settings) -> bytes:
    network, rows = session.setup.network, len(body.inputs)
    wanted = network.sizes[0]
    most = min(settings.max_observations, settings.numbers_per_answer // network.sizes[-1])
    for place, row in enumerate(body.inputs):
        if len(row) != wanted:
            raise InvalidInput.at(
                f"/inputs/{place}", f"This network takes {wanted} inputs; this row has {len(row)}."
            )
        if any(abs(value) > settings.max_number for value in row):
            raise InvalidInput.at(f"/inputs/{place}", numbers_go(settings.max_number))
    if rows > most:
        raise InvalidInput.at("/inputs", f"At most {most:,} rows at once.")
    inputs = np.array(body.inputs, dtype=np.float64).reshape(rows, wanted)
    outputs = run_network(network, session.present_theta, inputs)
    if not np.isfinite(outputs).all():
        raise InvalidInput("With these inputs a number grows too large to be written.")
    return PredictView(outputs=outputs.tolist()).written()


@looks.get("/history", response_model=CostsView)
async def history(
    session: TheSession,
    settings: TheSettings,
    points: Annotated[int, Query(ge=1, le=100_000)] = 500,
) -> Response:
    """Return the cost by iteration, thinned to at most `points`."""
    iterations, costs = session.history.thinned(min(points, settings.history_points))
    view = CostsView(iterations=iterations, costs=costs, finished=session.history.iterations)
    return json_response(view.written(), session.revision)


@looks.get("/diagram.svg", response_class=Response)
async def diagram(session: TheSession, service: TheService) -> Response:
    """Draw the diagram at this position."""
    # Even a drawing of a mid-sized network takes longer than others should wait for the loop.
    drawing = await service.compute.write(lambda: diagram_svg(session), heavy=True)
    headers = {"ETag": f'"{session.revision}"', "Content-Security-Policy": diagram_policy()}
    return Response(drawing, media_type="image/svg+xml", headers=headers)
