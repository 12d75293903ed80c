"""P17: divergence is a state with an explanation: never a null that stands for a number, never a 500."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from random import Random
from typing import Any, Final
from urllib.parse import quote

import numpy as np
import pytest

from app.engine.addresses import parse
from app.engine.network import Network
from app.engine.tape import Tape
from app.engine.training import State, Training
from tests.conftest import AppServer
from tests.figures import Figures
from tests.reliability.learner import Learner, Wire, bits
from tests.reliability.openapi_bodies import Plausible, Route, routes

HIDDEN: Final = ("leaky_relu", "linear", "elu", "softplus", "swish", "tanh", "sigmoid")
OUTPUTS: Final = (
    *[("linear", "mse"), ("linear", "half_squared_error")] * 8,
    ("relu", "mse"),
    ("softplus", "mse"),
    ("softmax", "cross_entropy"),
    ("sigmoid", "binary_cross_entropy"),
)
OPTIMIZERS: Final = (*["sgd", "momentum", "nesterov"] * 4, "rmsprop", "adam")
# Every number is as large as it may be: squared by the optimizer, the first gradients overflow.
DEEP: Final = {
    "data": {"inputs": [[1e6] * 30], "targets": [[0] * 10]},
    "network": {
        "layers": [
            *[{"size": 32, "activation": "linear", "weights": [[1e6] * 30] * 32}],
            *[{"size": 32, "activation": "relu", "weights": [[1e6] * 32] * 32}] * 8,
            *[{"size": 10, "activation": "linear", "weights": [[1e6] * 32] * 10}],
        ],
    },
    "training": {"learning_rate": 100, "optimizer": {"name": "rmsprop", "alpha": 0.0}},
}
GRANULARITIES: Final = ("term", "neuron", "layer", "pass")
# So many times a command is sent again that was cut off for its time.
PATIENCE: Final = 8
LONGEST: Final = 300
# Which phase fills which of a session's arrays, and whether the input layer has one too.
ARRAYS: Final = {
    "forward": ("z", "a"),
    "backward": ("slope", "blame", "delta", "weight_gradients", "bias_gradients"),
}
# The hidden neurons die with large weights behind them, so what grows is the blame.
DYING: Final = {
    "data": {
        "inputs": [[440000, -200000, -540000], [-90000, -510000, -630000], [-220000, 360000, 210000]],
        "targets": [[0, 1]] * 3,
    },
    "network": {
        "layers": [{"size": 3, "activation": "relu"}, {"size": 2, "activation": "linear"}],
        "cost": "mse", "initializer": "normal", "seed": 992,
    },
    "training": {"learning_rate": 100, "batch_size": 1},
}  # fmt: skip
RARE: Final[tuple[dict[str, Any], ...]] = (DEEP, DYING)
Json = dict[str, Any]


def wild(random: Random, number: int) -> Json:
    """Ask for a network that learns far too fast."""
    if number < len(RARE):
        return RARE[number]
    output, cost = random.choice(OUTPUTS)
    hidden = "relu" if number % 2 else random.choice(HIDDEN)
    layers = [
        {"size": random.randint(1, 4), "activation": hidden} for _ in range(random.randint(1, 3))
    ]
    rows, reach = random.randint(1, 4), 10 ** random.uniform(-1, 6)
    return {
        "data": {
            "inputs": [[random.uniform(-reach, reach) for _ in range(3)] for _ in range(rows)],
            "targets": [random.choice([[1, 0], [0, 1]]) for _ in range(rows)],
        },
        "network": {
            "layers": [*layers, {"size": 2, "activation": output}],
            "cost": cost, "seed": number, "initializer": random.choice(["he_normal", "normal"]),
        },
        "training": {
            "learning_rate": 100, "batch_size": random.choice([None, 1]),
            "optimizer": {"name": random.choice(OPTIMIZERS)},
            "l1": random.choice([0, 0, 0.1]), "l2": random.choice([0, 0, 0.1, 1.0]),
        },
    }  # fmt: skip


def trained(learner: Learner) -> bool:
    """Train until it diverges or so many iterations are done; tell which."""
    for _ in range(PATIENCE):
        reply = learner.command("train", {"iterations": LONGEST})
        assert reply.status == 200, reply.body
        assert (learner.answer["trained"]["stopped"] == "diverged") == bool(
            learner.answer["diverged"]
        )
        if learner.answer["diverged"] or learner.answer["history"]["iterations"] >= LONGEST:
            break
    return bool(learner.answer["diverged"])


def check_explained(session: Json) -> None:
    """Hold the state to say which number overflowed and when, and to tell the truth about it."""
    diverged, position = session["diverged"], session["position"]
    assert diverged["iteration"] == position["iteration"]
    assert diverged["event"] == position["event"]
    assert f"At event {diverged['event']}, the {diverged['name']} grew too" in diverged["sentence"]
    assert "lower the learning rate" in position["next"]["sentence"]
    assert session["event"] is None or session["event"]["number"] == diverged["event"] - 1
    if position["phase"] != "update":
        tape = tape_of(session)
        assert tape.overflow == diverged["event"]
        assert not np.isfinite(tape.value(parse(diverged["address"])))
        for number in range(1, diverged["event"]):
            event = tape.events.at(number)
            running = tape.running(event)
            assert np.isfinite(tape.values(event) if running is None else running).all()


def tape_of(session: Json) -> Tape:
    """Run the iteration again from what the answer says; the update, which needs more, is not looked at."""
    layers, training = session["network"]["layers"], session["training"]
    shape = [layer["size"] for layer in layers], [layer["activation"] for layer in layers[1:]]
    network = Network(tuple(shape[0]), tuple(shape[1]), session["network"]["cost"])
    theta = [
        number
        for layer in layers[1:]
        for weights, bias in zip(layer["weights"], layer["biases"], strict=True)
        for number in (*weights, bias)
    ]
    choice = Training(training["learning_rate"], l1=training["l1"], l2=training["l2"])
    batch = (np.array(session["batch"][name]) for name in ("inputs", "targets"))
    return Tape.record(network, choice, State.start(np.array(theta), choice.optimizer), *batch)


def check_whole(session: Json) -> None:
    """Hold every array to end where the events end that have happened: no number in it is left out."""
    shown = session["diverged"]["event"] - 1
    values, last = session["values"], len(session["network"]["layers"]) - 1
    for stretch in session["position"]["stretches"]:
        for name in ARRAYS.get(stretch["phase"], ()):
            absent = name in ("slope", "blame") and stretch["layer"] == last
            if not (absent and session["network"]["layers"][-1]["activation"] != "linear"):
                held = list(leaves(values[name][stretch["layer"]]))
                if shown >= stretch["last"]:
                    assert None not in held, name
                elif shown < stretch["first"]:
                    assert set(held) == {None}, name
        if stretch["phase"] == "cost":
            assert (values["cost"] is None) == (shown < stretch["last"])
            assert (values["losses"] is None) == (shown < stretch["last"] - 1)
    started = session["position"]["stretches"][-last]["first"]
    assert (values["previous_weights"] is None) == (shown < started)
    costs = session["history"]["costs"]
    assert None not in costs
    assert len(costs) == min(session["history"]["iterations"], 400)
    for layer in session["network"]["layers"][1:]:
        assert None not in [*leaves(layer["weights"]), *leaves(layer["biases"])]


def leaves(tree: Any) -> Iterator[float | None]:
    """List the entries of nested lists."""
    if isinstance(tree, list):
        for branch in tree:
            yield from leaves(branch)
    else:
        yield tree


def check_words(learner: Learner, address: str) -> None:
    """Ask about the number that overflowed, or one that would come after it: the answer says what happened."""
    reply = learner.wire.request("GET", f"{learner.path}/explain/{address}")
    assert (reply.status, reply.json()["detail"]) == (409, learner.answer["diverged"]["sentence"])


def check_drawing(learner: Learner) -> None:
    """Hold the picture of this moment to say it too."""
    drawn = learner.wire.request("GET", f"{learner.path}/diagram.svg")
    assert drawn.status == 200
    assert learner.answer["diverged"]["sentence"] in drawn.body.decode()


def every_route(document: Mapping[str, Any]) -> list[tuple[Route, list[Json]]]:
    """List the routes of a session with their query's parameters, the one that ends it left out."""
    found = [
        (one, document["paths"][one.path][one.method.lower()].get("parameters", []))
        for one in routes(document)
        if one.path.startswith("/api/v1/sessions/{session_id}") and one.method != "DELETE"
    ]
    # Looks before moves, so that what is looked at is the state that diverged.
    return sorted(found, key=lambda one: (one[0].method != "GET", one[0].path))


def ask_everything(
    learner: Learner, document: Json, random: Random
) -> Iterator[tuple[str, int, Any]]:
    """Ask every route of the session, with plausible bodies; yield route, status and answer."""
    plausible, address = Plausible(document, random), learner.answer["diverged"]["address"]
    for route, parameters in every_route(document):
        wanted = [one for one in parameters if one["in"] == "query" and one.get("required")]
        query = "&".join(f"{o['name']}={quote(str(plausible.value(o['schema'])))}" for o in wanted)
        path = route.path.replace("{session_id}", learner.answer["id"])
        for name in {address, "w[1][0][0]", "cost"} if "{address}" in path else {""}:
            target = f"{path.replace('{address}', name)}?{query}"
            body = None if route.body is None else plausible.value(route.body)
            reply = learner.wire.request(route.method, target, body)
            kind = reply.headers.get("content-type", "")
            yield f"{route.method} {route.path}", reply.status, "json" in kind and reply.json()


def place(session: Json) -> tuple[int, int]:
    """Return the moment a session stands at."""
    return session["position"]["iteration"], session["position"]["event"]


def one_click_back(learner: Learner, by: str) -> None:
    """Go back by one click and on again: the state before is sound, the state after is the same."""
    there = learner.answer
    assert learner.command("back", {"by": by}).status == 200
    back = learner.answer
    assert back["diverged"] is None
    assert place(back) < place(there)
    assert learner.command("step", {"by": by}).status == 200
    assert learner.answer["diverged"] == there["diverged"]
    assert bits(learner.answer) == bits(there)


def stepped_to_the_same(learner: Learner) -> None:
    """Come to the overflow by steps from an iteration before: in the same place, with the same bits."""
    there = learner.answer
    earlier = max(0, there["position"]["iteration"] - 1)
    assert learner.command("goto", {"iteration": earlier, "event": 0}).status == 200
    for number in range(200):
        if learner.answer["diverged"]:
            break
        by = GRANULARITIES[number % 4]
        assert learner.command("step", {"by": by}).status == 200
        if learner.answer["values"]["cost_after"] is None and is_done(learner.answer):
            assert "too large" in " ".join(learner.answer["notices"])
    assert bits(learner.answer) == bits(there)


def is_done(session: Json) -> bool:
    return bool(session["position"]["phase"] == "done" and not session["diverged"])


def recover(learner: Learner) -> None:
    """Start over with a smaller learning rate, as the explanation advises; then undo that, and diverge again."""
    there = learner.answer
    assert learner.command("goto", {"iteration": 0, "event": 0}).status == 200
    training = {"learning_rate": 1e-200, "optimizer": {"name": "sgd"}}
    assert learner.command("", {"training": training}).status == 200
    assert learner.command("train", {"iterations": 3}).status == 200
    assert learner.answer["diverged"] is None
    assert learner.command("undo", {}).status == 200
    iteration, event = place(there)
    assert learner.command("goto", {"iteration": iteration, "event": event}).status == 200
    assert learner.answer["diverged"] == there["diverged"]
    assert bits(learner.answer) == bits(there)


@pytest.mark.parametrize(
    ("count", "asked"), [(200, 10), pytest.param(4_000, 1_000, marks=pytest.mark.long)]
)
def test_divergence_is_a_state_with_an_explanation(
    app_server: AppServer, figures: Figures, count: int, asked: int
) -> None:
    began, random = time.monotonic(), Random(17)
    with closing(Wire(app_server.port)) as wire:
        document = wire.request("GET", "/openapi.json").json()
    before = sum(line["status"] >= 500 for line in app_server.requests())
    phases, statuses, diverged = Counter[str](), Counter[int](), 0
    for number in range(count):
        learner = Learner(app_server.port, wild(random, number))
        if trained(learner):
            diverged += 1
            phases[learner.answer["position"]["phase"]] += 1
            check_explained(learner.answer)
            check_whole(learner.answer)
            check_words(learner, learner.answer["diverged"]["address"])
            one_click_back(learner, GRANULARITIES[number % 4])
            if number % (count // asked) in (0, 1):
                stepped_to_the_same(learner)
                recover(learner)
                check_words(learner, "new_w[1][0][0]")
                check_drawing(learner)
                for route, status, answer in ask_everything(learner, document, random):
                    assert status < 500, (route, answer)
                    statuses[status] += 1
        learner.wire.close()
    faults = sum(line["status"] >= 500 for line in app_server.requests()) - before
    figures(
        "P17",
        f"{count} networks at a learning rate of 100: {diverged} diverged, each with its number, event and "
        f"sentence, and sound again one click back; {faults} answers of 5xx, no null for a number; "
        f"{time.monotonic() - began:.0f} s",
    )
    figures("P17", "the first to overflow, by phase: " + told(phases))
    figures("P17", "every route of a session asked in that state; statuses: " + told(statuses))
    assert faults == 0
    assert diverged > 0.7 * count
    assert set(phases) == {"forward", "cost", "backward", "update"}
    assert {200, 409, 422} <= set(statuses)


def told(counts: Counter[Any]) -> str:
    return ", ".join(f"{name} {n:,}" for name, n in sorted(counts.items()))
