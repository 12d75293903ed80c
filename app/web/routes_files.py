"""The routes for files: a session as one, and a session from one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request, Response

from app.errors import NotFound, TooLarge
from app.sessions.document import VALUE_BYTES, SessionDocument, refuse_foreign, too_dense
from app.sessions.read_document import session_of
from app.sessions.session import Session
from app.sessions.write_document import write_file
from app.settings import Settings
from app.web.calls import JSON, TheDemand, TheLook, TheService, TheSession, json_response
from app.web.schemas import SessionView
from app.web.strict_json import JsonReader

files = APIRouter(prefix="/api/v1", tags=["files"])

DOCUMENT: Final = JsonReader(SessionDocument, partial(refuse_foreign, what="file"))
FileFormat = Annotated[str, Path(alias="format", description="`json`.")]
FORMATS: Final[Mapping[str, tuple[str, Callable[[Session, Settings], bytes]]]] = MappingProxyType(
    {"json": (JSON, write_file)}
)
"""Each format with its media type and who writes it."""


@files.get("/sessions/{session_id}/export/{format}", response_class=Response)
async def export(session: TheSession, file_format: FileFormat, service: TheService) -> Response:
    """Write the session as a file; `json` opens again, to the bit, with all but what could be undone."""
    if file_format not in FORMATS:
        known = ", ".join(FORMATS)
        raise NotFound(f"There is no format “{file_format[:40]}”. What there is: {known}.")
    media_type, write = FORMATS[file_format]
    body = await service.compute.write(partial(write, session, service.settings), heavy=True)
    name = f"glassbox-{session.setup.preset or 'session'}.{file_format}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "ETag": f'"{session.revision}"',
    }
    return Response(body, headers=headers, media_type=media_type)


@files.post("/sessions/import", status_code=201, response_model=SessionView)
async def import_session(
    raw: Annotated[bytes, Depends(DOCUMENT.file)],
    request: Request,
    service: TheService,
    demand: TheDemand,
    look: TheLook,
) -> Response:
    """Start a session from a file that `export/json` wrote."""
    demand = replace(demand, large=True)
    created = await service.create(partial(read_file, raw, service.settings), demand, look.body)
    response = json_response(created.answer.body, created.answer.revision, 201)
    place = request.url.path.removesuffix("import")
    response.headers["Location"] = f"{place}{created.id}"
    return response


def read_file(raw: bytes, settings: Settings) -> Session:
    """Return the session of an exported file, not stored yet.

    Raises:
        TooLarge: it holds more values than such a file may.
        InvalidInput: it is none, or cannot be used; points at each place.
    """
    if too_dense(raw, settings.upload_bytes):
        most = settings.upload_bytes // VALUE_BYTES
        raise TooLarge.at("", f"The file holds more than {most:,} values, the most that are taken.")
    return session_of(DOCUMENT.parse(raw), settings)
