"""From an event, or from an explanation, to what the wire says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from app.engine.events import Event
from app.engine.locate import event_address
from app.errors import Conflict, NotComputedYet
from app.explain.code import code_of
from app.explain.digits import DIGITS
from app.explain.events import explain_event, overflow_sentence
from app.explain.explanation import Explanation
from app.explain.figures import Summary
from app.explain.names import Names
from app.explain.render import Formula
from app.explain.scene import Scene
from app.explain.sentence import Part
from app.sessions.session import Session
from app.web.values import MOST_NUMBERS

MOST_SHARES = 64


def names_of(session: Session, observation: int | None = None) -> Names:
    """Return what the columns of a session are called, and what was measured for one observation.

    Args:
        session: the session.
        observation: of the batch; the one in focus if not said.
    """
    dataset, rows = session.setup.dataset, session.rows
    if observation is None or observation >= len(rows):
        observation = session.focus
    return Names(
        inputs=dataset.input_names,
        targets=dataset.target_names,
        standardized=tuple(scale.kind == "standardised" for scale in dataset.scaling),
        observation=dataset.about.row_noun,
        # Of a picture even one is many texts.
        readings=(*((),) * observation, dataset.raw(int(rows[observation]))),
        # What a picture shows is what its output stands for.
        target_noun=dataset.about.row_noun if dataset.about.picture else "output",
    )


def event_view(session: Session, number: int, digits: int = DIGITS) -> dict[str, Any]:
    """Return one event of the present iteration with its explanation."""
    tape, focus = session.tape, session.focus
    event = tape.events.at(number)
    explanation = explain_event(tape, number, focus, digits, names_of(session))
    everyone = (
        slice(None)
        if tape.batch * sum(tape.network.sizes) <= MOST_NUMBERS
        else slice(focus, focus + 1)
    )
    running = tape.running(event, everyone)
    observed = tape.values(event)
    return {
        "number": number,
        "phase": event.phase,
        "kind": event.kind,
        "layer": event.layer,
        # A loss belongs to its output, the cost to none.
        "neuron": {"loss": event.index, "cost": -1}.get(event.kind, event.neuron),
        "index": event.index,
        "moment": event.moment,
        "observation": focus,
        "address": str(event_address(event, focus)),
        "values": (observed if len(observed) == 1 else observed[everyone]).tolist(),
        "running": None if running is None else running.tolist(),
        "explanation": explanation_view(explanation),
        "shares": _shares(session, event),
        "code": asdict(code_of(tape.network, tape.training, event)),
    }


def _shares(session: Session, event: Event) -> list[float] | None:
    """Return each observation's delta·a of a gradient, where a batch has several; they add up to it."""
    tape, shown = session.tape, min(session.tape.batch, MOST_SHARES)
    if event.kind not in ("gradient", "bias_gradient") or tape.batch == 1:
        return None
    delta = tape.delta[event.layer][event.neuron, :shown]
    if event.kind == "bias_gradient":
        return [float(value) for value in delta]
    return [float(value) for value in delta * tape.a[event.layer - 1][event.index, :shown]]


def explanation_view(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as the wire shows it."""
    running = explanation.running
    return {
        "address": str(explanation.address),
        "label": explanation.label,
        "name": explanation.name,
        "title": explanation.title,
        "value": explanation.value,
        "shown": explanation.written.shown,
        "sentence": explanation.sentence,
        "sentence_parts": parts_view(explanation.told),
        "formula": formula_view(explanation.formula),
        "substituted": formula_view(explanation.substituted),
        "adds_up": explanation.written.adds_up,
        "digits_note": explanation.note or None,
        "operands": [
            {"address": str(one.address), "label": one.label.text, "value": one.value}
            for one in explanation.operands
        ],
        "used_by": [str(address) for address in explanation.used_by],
        "running": None
        if running is None
        else {
            "label": running.label,
            "value": running.value,
            "done": running.done,
            "of": running.of,
            "counted": running.counted,
            "shown": running.written.shown,
            "adds_up": running.written.adds_up,
            "formula": formula_view(running.written.formula),
            "substituted": formula_view(running.written.substituted),
        },
    }


def parts_view(told: tuple[Part, ...]) -> list[dict[str, str | None]]:
    """Return a sentence's parts: words, and numbers with the address that leads to each."""
    return [part_view(part) for part in told]


def part_view(part: Part) -> dict[str, str | None]:
    """Return one part of a sentence, or one number."""
    return {"text": part.text, "address": part.address or None, "role": part.role or None}


def summary_view(told: Summary) -> dict[str, Any]:
    """Return what a larger step says of itself."""
    return {
        "title": told.title,
        "sentence": told.sentence,
        "sentence_parts": parts_view(told.told),
        "figures": [
            {
                "label": one.label,
                "name": one.name,
                "number": part_view(one.number),
                "before": None if one.before is None else part_view(one.before),
            }
            for one in told.figures
        ],
        "more": told.more,
    }


def formula_view(formula: Formula) -> dict[str, Any]:
    """Return a formula in its three forms."""
    return {"text": formula.text, "latex": formula.latex, "tokens": formula.tokens.json()}


def diverged_view(session: Session) -> dict[str, Any] | None:
    """Return which number stopped being finite and when, or None while all are."""
    if not session.diverged or session.tape.overflow is None:
        return None
    number, address = session.tape.overflow, session.tape.overflowed(session.focus)
    scene = Scene(session.tape, names_of(session), session.focus)
    return {
        "iteration": session.position.iteration,
        "event": number,
        "address": str(address),
        "name": scene.voice.name(address),
        "sentence": overflow_sentence(scene, address, number),
    }


@contextmanager
def never_where_diverged(session: Session) -> Iterator[None]:
    """Say of a number that is not known yet, and never will be, what grew too large before it.

    Raises:
        Conflict: instead of NotComputedYet where the session has diverged.
    """
    try:
        yield
    except NotComputedYet:
        if diverged := diverged_view(session):
            raise Conflict(diverged["sentence"]) from None
        raise
