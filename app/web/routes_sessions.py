"""The routes that start, read, change and end a session, and list what there is to start from."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from app.data.bundled import IDS, bundled
from app.data.dataset import Dataset
from app.lessons import presets
from app.lessons.presets import Preset
from app.sessions.begin import begin
from app.sessions.edits import edit
from app.sessions.replay import Work
from app.sessions.service import Outcome, heavy
from app.sessions.session import Session
from app.sessions.spec import EditSpec, SessionSpec
from app.web.calls import (
    IfMatch,
    SessionId,
    TheCall,
    TheDemand,
    TheLook,
    TheService,
    TheSession,
    TheSettings,
    json_response,
    known,
)
from app.web.schemas import SessionView
from app.web.schemas_look import DatasetRowsView, DatasetView, PresetView
from app.web.strict_json import JsonBody
from app.web.views import scaling_view

catalogue = APIRouter(prefix="/api/v1", tags=["start"])


@catalogue.get("/presets")
async def list_presets() -> list[PresetView]:
    """List the ready-made networks."""
    return [_preset_view(presets.preset(name)) for name in presets.IDS]


@catalogue.get("/presets/{preset_id}", response_model=SessionView)
async def show_preset(
    preset_id: str, look: TheLook, service: TheService, settings: TheSettings
) -> Response:
    """Show a preset as the session it would start; nothing is stored."""
    # Looked up first: what is no preset's name need not be fit for a body.
    session = begin(SessionSpec(preset=presets.preset(preset_id).id), settings)
    write = partial(look.body, Outcome(session))
    return json_response(await service.compute.write(write, heavy=heavy(session)))


@catalogue.get("/datasets")
async def list_datasets() -> list[DatasetView]:
    """List the data sets."""
    return [DatasetView.model_validate(_dataset_view(bundled(one))) for one in IDS]


@catalogue.get("/datasets/{dataset_id}", response_model=DatasetRowsView)
async def show_dataset(dataset_id: str, service: TheService) -> Response:
    """Show a data set with its rows."""
    return json_response(await service.compute.write(lambda: _rows_body(dataset_id), heavy=True))


@cache
def _rows_body(dataset_id: str) -> bytes:
    # Written once: the pictures' 115,000 readings take a good part of a second.
    dataset = bundled(dataset_id)
    rows = range(dataset.observations)
    view = DatasetRowsView.model_validate(
        {
            **_dataset_view(dataset),
            "rows": dataset.inputs.tolist(),
            "row_targets": dataset.targets.tolist(),
            "readings": [list(dataset.raw(row)) for row in rows],
            "target_readings": [list(dataset.raw_targets(row)) for row in rows],
            "labels": [dataset.row_label(row) for row in rows],
            "scaling": scaling_view(dataset),
        }
    )
    return view.written()


@catalogue.post("/sessions", status_code=201, response_model=SessionView)
async def start(
    body: Annotated[SessionSpec, JsonBody(SessionSpec)],
    request: Request,
    service: TheService,
    demand: TheDemand,
    look: TheLook,
) -> Response:
    """Start a session; with nothing said, the article's network on the penguin colonies."""
    # A moment holds all its numbers in few letters.
    demand = replace(demand, large=demand.large or body.moment is not None)
    created = await service.create(partial(begin, body, service.settings), demand, look.body)
    response = json_response(created.answer.body, created.answer.revision, 201)
    response.headers["Location"] = f"{request.url.path}/{created.id}"
    return response


@catalogue.get(
    "/sessions/{session_id}",
    response_model=SessionView,
    responses={304: {"description": "Nothing has changed since the revision in If-None-Match."}},
)
async def read(
    session: TheSession,
    session_id: SessionId,
    service: TheService,
    look: TheLook,
    if_none_match: Annotated[
        str | None, Header(description="The ETag of what is known already.")
    ] = None,
) -> Response:
    """Read a session; by its follow id it can be read, not changed."""
    if known(if_none_match, session.revision):
        return Response(status_code=304, headers={"ETag": f'"{session.revision}"'})
    write = partial(look.body, Outcome(session), read_only=session_id != session.id)
    body = await service.compute.write(write, heavy=heavy(session))
    return json_response(body, session.revision)


@catalogue.patch("/sessions/{session_id}", response_model=SessionView)
async def change(
    body: Annotated[EditSpec, JsonBody(EditSpec)], call: TheCall, settings: TheSettings
) -> Response:
    """Change settings, single parameters, layers or data; what can be kept is kept."""

    def work(session: Session) -> Work[Outcome]:
        yield from ()
        edited = edit(session, body, settings)
        return Outcome(edited.session, (*edited.changes, *edited.notices))

    return await call.command(work, large=True)


@catalogue.delete("/sessions/{session_id}", status_code=204, response_class=Response)
async def end(session_id: SessionId, service: TheService, if_match: IfMatch) -> Response:
    """End a session and forget it."""
    await service.delete(session_id, if_match)
    return Response(status_code=204)


def _preset_view(one: Preset) -> PresetView:
    return PresetView(
        id=one.id,
        title=one.title,
        summary=one.summary,
        layers=list(one.layers),
        dataset=one.dataset,
        result=one.result.sentence,
    )


def _dataset_view(dataset: Dataset) -> dict[str, object]:
    about = dataset.about
    return {
        "id": about.id,
        "title": about.title,
        "summary": about.summary,
        "made_up": about.made_up,
        "inputs": list(dataset.input_names),
        "targets": list(dataset.target_names),
        "observations": dataset.observations,
        "source": about.source,
        "licence": about.licence,
    }
