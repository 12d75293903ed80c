"""The routes that explain one number: of a session, and of what is only looked at and stored nowhere."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from app.engine.addresses import Address, parse
from app.errors import Conflict, NotComputedYet
from app.explain.digits import DIGITS
from app.explain.events import explain as explain_number
from app.lessons import presets
from app.sessions.begin import begin
from app.sessions.moments import read_moment
from app.sessions.service import heavy
from app.sessions.session import Session
from app.sessions.spec import SessionSpec
from app.web.calls import Digits, TheService, TheSession, TheSettings, finite, json_response
from app.web.schemas_explain import AbsentView, ExplanationView
from app.web.views_explain import explanation_view, names_of, never_where_diverged

explanations = APIRouter(prefix="/api/v1", tags=["look"])

Absent = Annotated[
    Literal["refuse", "tell"],
    Query(
        description="What a number that is not computed yet is answered with: a 409, or with "
        "`tell` a 200 that says which event it comes with."
    ),
]


@explanations.get(
    "/sessions/{session_id}/explain/{address}", response_model=ExplanationView | AbsentView
)
async def explain(
    session: TheSession,
    service: TheService,
    address: str,
    digits: Digits = DIGITS,
    absent: Absent = "refuse",
) -> Response:
    """Explain one number: what it means, its formula, where it comes from and where it is used."""
    wanted = parse(address)
    write = _told if absent == "tell" else _explained
    view = await service.compute.write(lambda: write(session, wanted, digits), heavy=heavy(session))
    return json_response(view.written(), session.revision)


@explanations.get(
    "/moments/{moment}/explain/{address}", response_model=ExplanationView | AbsentView
)
async def explain_in_moment(
    moment: str,
    address: str,
    service: TheService,
    settings: TheSettings,
    digits: Digits = DIGITS,
) -> Response:
    """Explain a number at the moment of a link; nothing is stored."""
    wanted = parse(address)

    def write() -> bytes:
        session = read_moment(moment, settings)
        return _told(session, wanted, digits).written()

    return json_response(await service.compute.write(write, heavy=True))


@explanations.get(
    "/presets/{preset_id}/explain/{address}", response_model=ExplanationView | AbsentView
)
async def explain_in_preset(
    preset_id: str, address: str, settings: TheSettings, digits: Digits = DIGITS
) -> Response:
    """Explain a number of a preset before its first step; nothing is stored."""
    wanted = parse(address)
    session = begin(SessionSpec(preset=presets.preset(preset_id).id), settings)
    return json_response(_told(session, wanted, digits).written())


def _explained(session: Session, wanted: Address, digits: int) -> ExplanationView:
    """Explain a number at the session's position.

    Raises:
        InvalidInput: this iteration has no such number.
        Conflict: it is not known yet, or not finite.
    """
    names, focus = names_of(session, wanted.get("b")), session.focus
    with never_where_diverged(session):
        found = explain_number(session.tape, wanted, session.shown, digits, names, focus)
    return finite(ExplanationView, explanation_view(found))


def _told(session: Session, wanted: Address, digits: int) -> ExplanationView | AbsentView:
    """Explain a number, or say why there is nothing to explain yet.

    Raises:
        InvalidInput: this iteration has no such number.
    """
    try:
        return _explained(session, wanted, digits)
    except Conflict as refusal:
        event = refusal.event if isinstance(refusal, NotComputedYet) else None
        return AbsentView(address=str(wanted), absent=refusal.detail, event=event)
