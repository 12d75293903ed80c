"""What learners do in these tests: networks of every kind, and commands drawn at random."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Final

from tests.reliability.learner import Learner

Draw = Callable[[random.Random], tuple[str, Any]]

ARTICLE: Final[dict[str, Any]] = {}
SHUFFLED: Final[dict[str, Any]] = {
    "preset": "iris",
    "training": {
        "batch_size": 8, "shuffle": True, "seed": 5, "learning_rate": 0.01, "l2": 0.001,
        "optimizer": {"name": "adam"},
    },
}  # fmt: skip
# One iteration of it is long enough to be computed on a thread of its own.
LARGE: Final[dict[str, Any]] = {
    "data": {"dataset": "iris"},
    "network": {
        "layers": [
            {"size": 64, "activation": "tanh"},
            {"size": 64, "activation": "tanh"},
            {"size": 3, "activation": "softmax"},
        ],
        "cost": "cross_entropy",
    },
    "training": {
        "batch_size": None,
        "learning_rate": 0.05,
        "optimizer": {"name": "momentum"},
    },
}


def steps(chance: random.Random) -> tuple[str, Any]:
    """Draw a command that moves the position and changes nothing else."""
    kind = chance.random()
    if kind < 0.5:
        by = chance.choice(["term", "neuron", "layer", "pass", "iteration"])
        return "step", {"by": by, "count": chance.randint(1, 6)}
    if kind < 0.9:
        return "train", {"iterations": chance.randint(1, 40)}
    return "back", {"by": chance.choice(["term", "layer", "iteration"]), "count": 2}


def few_steps(chance: random.Random) -> tuple[str, Any]:
    """Draw a command for a network that takes its time."""
    if chance.random() < 0.5:
        return "step", {"by": chance.choice(["layer", "pass"])}
    return "train", {"iterations": chance.randint(1, 3)}


def edits(chance: random.Random) -> tuple[str, Any]:
    """Draw a command, edits among them."""
    kind = chance.random()
    if kind < 0.2:
        return "", {"training": {"learning_rate": round(chance.uniform(0.05, 0.5), 3)}}
    if kind < 0.3:
        return "", {"values": {"w[1][0][0]": round(chance.uniform(-1, 1), 6)}}
    if kind < 0.45:
        return chance.choice(["undo", "redo"]), {}
    return steps(chance)


def work(learner: Learner, draw: Draw, chance: random.Random) -> None:
    """Send one command."""
    reply = learner.command(*draw(chance))
    # Back from the very beginning, and undo with nothing to take back, do not fit.
    assert reply.status in (200, 409), (reply.status, reply.body)


def bring(learner: Learner, iteration: int, event: int) -> dict[str, Any]:
    """Train a new session at speed to a moment; return it there."""
    while (left := iteration - learner.answer["history"]["iterations"]) > 0:
        reply = learner.command("train", {"iterations": left})
        assert reply.status == 200, reply.body
    reply = learner.command("goto", {"iteration": iteration, "event": event})
    assert reply.status == 200, reply.body
    return learner.answer
