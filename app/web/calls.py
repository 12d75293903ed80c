"""What every route on a session shares: who calls, under which conditions, and how the answer is written.

Dependencies are coroutines, even those that wait for nothing: FastAPI runs a plain function on a thread, and each
such detour costs a click a turn of the loop.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Header, Path, Query, Request, Response
from pydantic import BaseModel, ValidationError

from app.errors import Conflict, InvalidInput, StaleRevision
from app.explain.digits import DIGITS
from app.sessions.replay import Work
from app.sessions.service import Command, Outcome, Service, heavy
from app.sessions.service import Request as Demand
from app.sessions.session import Session
from app.settings import Settings
from app.web.strict_json import LARGE_BODY
from app.web.views import session_view

JSON = "application/json"

SessionId = Annotated[str, Path(description="The session's id: whoever has it may change it.")]
Digits = Annotated[int, Query(ge=1, le=17, description="How many digits the explanation shows.")]
Model = TypeVar("Model", bound=BaseModel)
By = Literal["term", "neuron", "layer", "pass", "iteration", "epoch"]


async def service_of(request: Request) -> Service:
    """Return the app's service."""
    service: Service = request.app.state.service
    return service


async def settings_of(request: Request) -> Settings:
    """Return the app's settings."""
    settings: Settings = request.app.state.settings
    return settings


TheService = Annotated[Service, Depends(service_of)]
TheSettings = Annotated[Settings, Depends(settings_of)]


@dataclass(frozen=True)
class Look:
    """Hold how an answer shall be written; of a large batch at most so many numbers are listed."""

    digits: int
    by: str
    most: int | None

    def body(self, outcome: Outcome, *, read_only: bool = False) -> bytes:
        """Write a session's answer."""
        view = session_view(
            outcome.session,
            digits=self.digits,
            by=self.by,
            most=self.most,
            notices=outcome.notices,
            trained=outcome.trained,
            read_only=read_only,
        )
        return view.written()


async def look(
    settings: TheSettings,
    digits: Digits = DIGITS,
    granularity: Annotated[
        By, Query(description="The step that `position.next.sentence` and `summary` speak of.")
    ] = "term",
    observations: Annotated[
        Literal["shown", "all"],
        Query(
            description="`all` lists every observation of a large batch, too, or as many around "
            "the one in focus as fit into one answer; `batch.shown` says which."
        ),
    ] = "shown",
) -> Look:
    """Read how the answer shall be written."""
    most = settings.numbers_per_answer if observations == "all" else None
    return Look(digits, granularity, most)


TheLook = Annotated[Look, Depends(look)]


async def revision_wanted(
    if_match: Annotated[
        str | None, Header(description="The ETag of the state that is meant; 412 when it is past.")
    ] = None,
) -> int | None:
    """Read If-Match."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise InvalidInput('If-Match takes the ETag of an answer, such as "12".')
    return int(text)


def known(if_none_match: str | None, revision: int) -> bool:
    """Tell whether If-None-Match names a revision, among others or weakly too."""
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return "*" in tags or f'"{revision}"' in tags


async def demand(
    request: Request,
    if_match: Annotated[int | None, Depends(revision_wanted)],
    idempotency_key: Annotated[
        str | None,
        Header(max_length=200, description="A repeated key gets the first answer."),
    ] = None,
) -> Demand:
    """Read the conditions of a command."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    body = await request.body()
    digest.update(body)
    return Demand(if_match, idempotency_key or None, digest.hexdigest(), len(body) > LARGE_BODY)


TheDemand = Annotated[Demand, Depends(demand)]
IfMatch = Annotated[int | None, Depends(revision_wanted)]


@dataclass(frozen=True)
class Call:
    """Hold everything about a call that changes a session."""

    service: Service
    session_id: str
    demand: Demand
    look: Look

    async def command(self, command: Command, *, large: bool = False) -> Response:
        """Apply a command and answer the session; say large if it may lead to another network."""
        demand = replace(self.demand, large=large or self.demand.large)
        answer = await self.service.command(self.session_id, command, demand, self.look.body)
        return json_response(answer.body, answer.revision)

    async def move(self, move: Callable[[Session], Session], *, large: bool = False) -> Response:
        """Apply a command that is done at once."""
        return await self.command(lambda session: _at_once(session, move), large=large)


def _at_once(session: Session, move: Callable[[Session], Session]) -> Work[Outcome]:
    yield from ()
    return Outcome(move(session))


async def call(
    service: TheService, session_id: SessionId, conditions: TheDemand, look_: TheLook
) -> Call:
    """Gather a call."""
    return Call(service, session_id, conditions, look_)


TheCall = Annotated[Call, Depends(call)]


def finite(model: type[Model], content: dict[str, Any]) -> Model:
    """Check an answer that works numbers out anew.

    Raises:
        Conflict: one of them is not finite.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        if any(fault["type"] != "finite_number" for fault in error.errors(include_input=False)):
            raise
        raise Conflict(
            "A number of this answer has grown too large to be written. Step back, or lower the learning rate."
        ) from error


def json_response(body: bytes, revision: int | None = None, status: int = 200) -> Response:
    """Answer ready-made JSON; a revision becomes the ETag."""
    headers = {} if revision is None else {"ETag": f'"{revision}"'}
    return Response(body, status, headers, JSON)


async def loaded(service: TheService, session_id: SessionId, if_match: IfMatch) -> Session:
    """Find the session of a call that only looks; what is looked at is computed where it holds up nobody."""
    session = await service.load(session_id)
    if if_match is not None and if_match != session.revision:
        raise StaleRevision(session.revision)
    if heavy(session):
        await service.compute.call(lambda: session.tape.overflow, heavy=True)
    return session


TheSession = Annotated[Session, Depends(loaded)]
