"""P16: the same seed and commands give the same bits, in another process, at another speed, after any journey."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AppServer, start_process
from tests.figures import Figures
from tests.reliability.learner import SESSIONS, Learner, Wire, bits
from tests.reliability.nursery import PATIENT, Nursery, Server
from tests.reliability.workload import LARGE, bring

Class = dict[str, Learner]
Journey = Callable[[Server, Server, Class], Class]


def spec(
    activation: str, optimizer: str, initializer: str, seed: int, **training: Any
) -> dict[str, Any]:
    """Ask for a network on the irises whose every number comes from the seeds."""
    layers = [
        {"size": 7, "activation": activation},
        {"size": 5, "activation": activation},
        {"size": 3, "activation": "softmax"},
    ]
    return {
        "data": {"dataset": "iris"},
        "network": {
            "layers": layers, "cost": "cross_entropy", "initializer": initializer, "seed": seed,
        },
        "training": {
            "learning_rate": 0.01, "shuffle": True, "seed": seed, "optimizer": {"name": optimizer},
            **training,
        },
    }  # fmt: skip


SPECS = {
    "article": {},
    "sgd": spec("sigmoid", "sgd", "xavier_uniform", 1, batch_size=1, l1=0.001),
    "momentum": spec("tanh", "momentum", "xavier_normal", 2, batch_size=4, l2=0.01),
    "nesterov": spec("relu", "nesterov", "he_uniform", 3, batch_size=16, test_fraction=0.2),
    "rmsprop": spec("leaky_relu", "rmsprop", "he_normal", 2**53 - 1, batch_size=7),
    "adam": spec("swish", "adam", "normal", 5, batch_size=None),
    "elu": spec("elu", "adam", "uniform", 6, batch_size=3, l1=0.01, l2=0.01),
    "large": LARGE,
}
COMMANDS: tuple[tuple[str, Any], ...] = (
    ("train", {"iterations": 25}),
    ("step", {"by": "layer", "count": 3}),
    ("back", {"by": "iteration", "count": 4}),
    ("", {"training": {"learning_rate": 0.02}}),
    ("train", {"iterations": 11}),
    ("goto", {"iteration": 26, "event": 17}),
    ("step", {"by": "neuron", "count": 5}),
)


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[AppServer]]:
    """Run two servers that share nothing, not even the order in which their sets are walked."""
    folder = tmp_path_factory.mktemp("others")
    servers = [
        start_process(folder, env=PATIENT | {"PYTHONHASHSEED": str(seed)}) for seed in (1, 2)
    ]
    yield servers
    for server in servers:
        server.stop()


def played(port: int, spec: dict[str, Any]) -> Learner:
    """Start a session and send it the commands."""
    learner = Learner(port, spec)
    for action, body in COMMANDS:
        reply = learner.command(action, body)
        assert reply.status == 200, reply.body
    return learner


def stepped(port: int, spec: dict[str, Any], iterations: int) -> tuple[Learner, int]:
    """Go through the iterations step by step, each at another granularity; count the steps."""
    learner, steps = Learner(port, spec), 0
    for iteration in range(iterations):
        by = ("term", "neuron", "layer", "pass")[iteration % 4 if spec is not LARGE else 3]
        while learner.answer["history"]["iterations"] <= iteration:
            before = learner.answer["position"]["event"]
            ends = [one["last"] for one in learner.answer["position"]["stretches"]]
            count = 1_000 if by == "term" else 1
            if by == "term":
                count = min(count, max(ends) - (before if before < max(ends) else 0))
            reply = learner.command("step", {"by": by, "count": count})
            assert reply.status == 200, reply.body
            steps += count
    return learner, steps


def everything(session: dict[str, Any]) -> dict[str, Any]:
    """Return a session without what is its own: names, times, and how it came here."""
    own = ("id", "follow_id", "revision", "created_at", "expires_at", "trained", "notices")
    return {name: value for name, value in session.items() if name not in own}


def test_two_processes_give_the_same_bits(others: list[AppServer], figures: Figures) -> None:
    began = time.monotonic()
    for made in SPECS.values():
        first, second = (played(server.port, made) for server in others)
        assert bits(first.answer) == bits(second.answer)
        assert everything(first.answer) == everything(second.answer)
    figures(
        "P16",
        f"{len(SPECS)} networks in two processes, {len(COMMANDS)} commands each, edits and ways back "
        f"among them: equal to the bit; {time.monotonic() - began:.0f} s",
    )


def test_training_at_speed_equals_stepping(others: list[AppServer], figures: Figures) -> None:
    began, walked = time.monotonic(), 0
    for made in SPECS.values():
        slow, steps = stepped(others[0].port, made, 5)
        fast = Learner(others[1].port, made)
        bring(fast, 4, slow.answer["position"]["events"])
        assert bits(fast.answer) == bits(slow.answer)
        assert fast.answer["history"] == slow.answer["history"]
        walked += steps
    figures(
        "P16",
        f"{len(SPECS)} networks, 5 iterations each in {walked:,} steps and at speed: equal to the bit; "
        f"{time.monotonic() - began:.0f} s",
    )


def by_link(home: Server, elsewhere: Server, learners: Class) -> Class:
    """Open each moment on another server, by its link."""
    arrived = {}
    for name, learner in learners.items():
        reply = learner.wire.request("GET", f"{learner.path}/link")
        if name == "large":
            assert reply.status == 422  # it does not fit into a link, and says so
        else:
            arrived[name] = Learner(elsewhere.port, {"moment": reply.json()["moment"]})
    return arrived


def by_file(home: Server, elsewhere: Server, learners: Class) -> Class:
    """Export each session and import it on another server."""
    wire, arrived = Wire(elsewhere.port), {}
    for name, learner in learners.items():
        document = learner.wire.request("GET", f"{learner.path}/export/json").json()
        made = wire.request("POST", f"{SESSIONS}/import", document)
        assert made.status == 201, made.body
        arrived[name] = Learner.at(elsewhere.port, f"{SESSIONS}/{made.json()['id']}")
        # What could be undone stays behind, and nothing else.
        left = {"history": learner.answer["history"] | {"undo": 0}}
        assert everything(arrived[name].answer) == everything(learner.answer) | left
        assert gone_back(arrived[name]) == gone_back(learner)
    return arrived


def gone_back(learner: Learner) -> list[dict[str, Any]]:
    """Look at moments of the past, and return to the present."""
    seen, here = [], learner.answer["position"]
    for iteration, event in ((3, 11), (22, 40), (here["iteration"], here["event"])):
        assert learner.command("goto", {"iteration": iteration, "event": event}).status == 200
        seen.append(bits(learner.answer))
    return seen


def by_restart(home: Server, elsewhere: Server, learners: Class) -> Class:
    """Kill the server; the other one is started on its file."""
    home.kill()
    for learner in learners.values():
        learner.move(elsewhere.port)
        learner.answer = learner.read()
    return learners


def onwards(learner: Learner) -> list[dict[str, Any]]:
    """Go on by the same commands; return the bits after each."""
    seen = [bits(learner.answer)]
    for action, body in (("step", {"by": "pass"}), ("train", {"iterations": 15}), ("step", {})):
        assert learner.command(action, body).status == 200
        seen.append(bits(learner.answer))
    return seen


@pytest.mark.parametrize("journey", [by_link, by_file, by_restart])
def test_a_journey_changes_no_bit(
    nursery: Nursery, others: list[AppServer], tmp_path: Path, figures: Figures, journey: Journey
) -> None:
    store = "--store", f"sqlite:{tmp_path}/sessions.db"
    home, elsewhere = nursery.start(*store), nursery.start(*store)
    try:
        arrived = journey(
            home, elsewhere, {n: played(home.port, made) for n, made in SPECS.items()}
        )
        for name, traveller in arrived.items():
            assert onwards(traveller) == onwards(played(others[0].port, SPECS[name]))
    finally:
        home.kill()
        elsewhere.kill()
    way = journey.__name__.replace("_", " ")
    figures("P16", f"{len(arrived)} sessions went on elsewhere, {way}: equal to the bit")
