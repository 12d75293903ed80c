"""From a session to what the wire says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from math import isfinite
from typing import Any

from app.data.dataset import Dataset
from app.explain.digits import DIGITS
from app.explain.labels import layer_role
from app.explain.next_step import next_sentence
from app.explain.summary import summary
from app.sessions.learning import Trained
from app.sessions.session import Session
from app.web.schemas import SessionView
from app.web.values import shown_observations, values
from app.web.views_explain import diverged_view, event_view, names_of, summary_view

LAST_COSTS = 400
MOST_TRAINED_COSTS = 2_000
DEAD_END = (
    "Nothing follows from a number too large to write. Step back, or lower the learning rate."
)


def session_view(
    session: Session,
    *,
    digits: int = DIGITS,
    by: str = "term",
    most: int | None = None,
    notices: tuple[str, ...] = (),
    trained: Trained | None = None,
    read_only: bool = False,
) -> SessionView:
    """Return a session as the wire shows it, checked to hold finite numbers only."""
    shown = shown_observations(session, most)
    setup, event = session.setup, session.shown
    return SessionView.model_validate(
        {
            "id": session.id or None if not read_only else None,
            "follow_id": session.follow_id or None,
            "read_only": read_only,
            "revision": session.revision,
            "created_at": session.created_at or None,
            "expires_at": session.expires_at or None,
            "preset": setup.preset,
            "title": setup.dataset.title,
            "network": _network(session),
            "training": asdict(setup.training),
            "data": _data(session),
            "position": _position(session, by),
            "event": event_view(session, event, digits) if event else None,
            "summary": _summary(session, by, digits),
            "batch": _batch(session, shown),
            "values": values(session, shown),
            "history": _history(session),
            "diverged": diverged_view(session),
            "notices": [*notices, *_lost(session)],
            "trained": None if trained is None else _trained(trained),
        }
    )


def _network(session: Session) -> dict[str, Any]:
    setup, theta = session.setup, session.present_theta
    network, dataset = setup.network, setup.dataset
    layers: list[dict[str, Any]] = [
        {"role": "input", "size": network.sizes[0], "names": list(dataset.input_names)}
    ]
    for layer, activation in enumerate(network.activations, start=1):
        last, size = layer == network.depth, network.sizes[layer]
        names = dataset.target_names if last else [str(n + 1) for n in range(size)]
        layers.append(
            {
                "role": layer_role(network, layer),
                "size": size,
                "names": list(names),
                "activation": activation,
                "weights": network.weights(theta, layer).tolist(),
                "biases": network.biases(theta, layer).tolist(),
            }
        )
    return {
        "layers": layers,
        "cost": network.cost,
        "parameters": network.parameter_count,
        "initializer": setup.initializer,
        "seed": setup.seed,
        "joined": network.joined,
    }


def _data(session: Session) -> dict[str, Any]:
    dataset, setup = session.setup.dataset, session.setup
    about = dataset.about
    return {
        "id": about.id,
        "name": about.title,
        "summary": about.summary,
        "source": about.source,
        "licence": about.licence,
        "made_up": about.made_up,
        "row_noun": about.row_noun,
        "picture": about.picture,
        "inputs": list(dataset.input_names),
        "targets": list(dataset.target_names),
        "observations": len(setup.train_rows),
        "test_observations": len(setup.test_rows),
        "scaling": scaling_view(dataset),
        "classes": list(dataset.classes),
    }


def scaling_view(dataset: Dataset) -> list[dict[str, Any]]:
    """Return how each input column was scaled."""
    return [asdict(scale) for scale in dataset.scaling]


def _position(session: Session, by: str) -> dict[str, Any]:
    setup, position = session.setup, session.position
    events, event = setup.events, session.position.event
    following = None if event == events.count else events.at(event + 1)
    about_neuron = following is not None and following.neuron >= 0 and following.phase != "cost"
    return {
        "iteration": position.iteration,
        "epoch": session.epoch,
        "iterations_per_epoch": session.branch.schedule.per_epoch,
        "event": event,
        "events": events.count,
        "phase": events.phase_at(event),
        "next": {
            "phase": "forward" if following is None else following.phase,
            "layer": following.layer if about_neuron and following else None,
            "neuron": following.neuron if about_neuron and following else None,
            "sentence": DEAD_END
            if session.diverged
            else next_sentence(session.tape, event, by, names_of(session)),
        },
        "stretches": [
            {
                "phase": one.phase,
                "layer": one.layer,
                "first": one.start + 1,
                "last": one.end,
            }
            for one in events.segments
        ],
    }


def _summary(session: Session, by: str, digits: int) -> dict[str, Any] | None:
    if session.diverged:
        return None
    told = summary(
        session.tape, session.position.event, by, names_of(session), session.focus, digits
    )
    return None if told is None else summary_view(told)


def _batch(session: Session, shown: list[int]) -> dict[str, Any]:
    dataset, rows, tape = session.setup.dataset, session.rows.tolist(), session.tape
    listed = [rows[place] for place in shown]
    return {
        "rows": rows,
        "labels": [dataset.row_label(row) for row in listed],
        "shown": shown,
        "inputs": tape.inputs[:, shown].T.tolist(),
        "targets": tape.targets[:, shown].T.tolist(),
        "readings": [list(dataset.raw(row)) for row in listed],
        "target_readings": [list(dataset.raw_targets(row)) for row in listed],
        "classes": [dataset.class_of(row) for row in listed],
        "focus": session.focus,
    }


def _history(session: Session) -> dict[str, Any]:
    _, costs = session.history.thinned(LAST_COSTS)
    return {
        "first": session.first_iteration,
        "iterations": session.history.iterations,
        "costs": costs,
        "undo": len(session.undo),
        "redo": len(session.redo),
    }


def _lost(session: Session) -> Iterator[str]:
    """Say why the cost after an update is not shown; the next iteration will meet what grew too large."""
    if session.finished and not isfinite(session.tape.cost_after):
        yield "With its new weights the network's cost on this batch is too large for the computer to hold."


def _trained(trained: Trained) -> dict[str, Any]:
    iterations, costs = trained.thinned(MOST_TRAINED_COSTS)
    return {
        "iterations": trained.iterations,
        "epochs": trained.epochs,
        "done": trained.done,
        "stopped": trained.stopped,
        "cost_iterations": iterations,
        "costs": costs,
    }
