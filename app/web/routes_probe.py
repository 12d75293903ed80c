"""The routes that probe: nudge a number, walk its ways to the cost, and the moment as a link."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import StringConstraints

from app.engine.addresses import Address, parse
from app.engine.paths import Ways, ways
from app.engine.shock import Ripple, shock
from app.errors import InvalidInput, NotComputedYet
from app.explain.labels import label_text
from app.sessions.moments import read_moment, write_moment
from app.sessions.service import Outcome, heavy
from app.sessions.session import Session
from app.sessions.strict_model import StrictModel
from app.web.calls import TheLook, TheService, TheSession, TheSettings, finite, json_response
from app.web.schemas import SessionView
from app.web.schemas_look import LinkView, ShockView, WaysView
from app.web.strict_json import JsonBody
from app.web.values import shown_observations
from app.web.views_explain import never_where_diverged

probes = APIRouter(prefix="/api/v1", tags=["probe"])


class ShockBody(StrictModel):
    """Name a number and how much to change it."""

    address: Annotated[str, StringConstraints(max_length=60)]
    by: float = 0.01


@probes.post("/sessions/{session_id}/shock", response_model=ShockView)
async def nudge(
    body: Annotated[ShockBody, JsonBody(ShockBody)],
    session: TheSession,
    service: TheService,
    settings: TheSettings,
) -> Response:
    """Change one number by a little and see everything that answers; nothing is kept."""
    # From one end of what a number may be to the other.
    most = 2 * settings.max_number
    if abs(body.by) > most:
        raise InvalidInput.at("/by", f"A nudge goes from −{most:,.15g} to {most:,.15g}.")
    address, tape = parse(body.address), session.tape
    found = await service.compute.call(lambda: shock(tape, address, body.by), heavy=heavy(session))
    known = session.shown >= _derivative_event(session, address)
    shown = shown_observations(session)
    view = finite(
        ShockView,
        {
            "address": str(address),
            "by": found.by,
            "before": _ripple(found.before, shown),
            "after": _ripple(found.after, shown),
            "opposite": _ripple(found.opposite, shown),
            "shown": shown,
            "secant": found.secant,
            "central": found.central,
            "derivative": found.derivative if known else None,
        },
    )
    return json_response(view.written(), session.revision)


def _derivative_event(session: Session, address: Address) -> int:
    """Return the event from which on backpropagation's derivative by a number is known."""
    if address.kind in ("w", "b"):
        return session.tape.event_number(Address(f"d{address.kind}", address.path))
    return session.setup.events.phase_ends["backward"]


def _ripple(ripple: Ripple, shown: list[int]) -> dict[str, object]:
    z, a = ([layer[:, shown].T.tolist() for layer in layers] for layers in (ripple.z, ripple.a))
    return {"z": [None, *z[1:]], "a": a, "cost": ripple.cost}


@probes.get("/sessions/{session_id}/paths/{address}", response_model=WaysView)
async def paths(
    session: TheSession,
    service: TheService,
    address: str,
    most: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Walk all ways from a weight or a bias to the cost, for the observation in focus."""
    wanted = parse(address)
    gradient = Address(f"d{wanted.kind}", wanted.path)
    has_ways = wanted.kind in ("w", "b")
    with never_where_diverged(session):
        if has_ways and session.tape.event_number(gradient) > session.shown:
            raise NotComputedYet(
                "This gradient is not known yet: step on through the backward pass."
            )

    def write() -> bytes:
        found = ways(session.tape, wanted, session.focus, most)
        return finite(WaysView, _ways_view(session, found)).written()

    # There may be thousands of ways.
    return json_response(await service.compute.write(write, heavy=True), session.revision)


def _ways_view(session: Session, found: Ways) -> dict[str, object]:
    network, optimizer = session.setup.network, session.setup.training.optimizer.name
    return {
        "address": str(found.address),
        "observation": found.observation,
        "count": found.count,
        "ways": [
            {
                "neurons": list(way.neurons),
                "factors": [
                    {
                        "address": str(address),
                        "label": label_text(network, optimizer, address),
                        "value": value,
                    }
                    for address, value in way.factors
                ],
                "product": way.product,
            }
            for way in found.strongest
        ],
        "rest": found.rest,
        "total": found.total,
        "others": found.others,
        "backprop": found.backprop,
        "penalty": found.penalty,
        "gradient": found.gradient,
        "observations": session.tape.batch,
    }


@probes.get("/sessions/{session_id}/link", response_model=LinkView)
async def link(session: TheSession, service: TheService) -> Response:
    """Write this exact moment as a link; whoever opens it gets a copy of their own."""
    token = await service.compute.write(lambda: write_moment(session), heavy=True)
    view = LinkView(moment=token, path=f"/#moment={token}")
    return json_response(view.written(), session.revision)


@probes.get("/moments/{moment}", response_model=SessionView)
async def show_moment(
    moment: str, look: TheLook, service: TheService, settings: TheSettings
) -> Response:
    """Show the moment of a link as the session it would start; nothing is stored."""

    def write() -> bytes:
        return look.body(Outcome(read_moment(moment, settings)))

    return json_response(await service.compute.write(write, heavy=True))
