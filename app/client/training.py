"""Training at speed, over as many requests as it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.client.problems import GlassboxError


@dataclass(frozen=True)
class Trained:
    """Say how far training came.

    Args:
        iterations, epochs: finished by this call.
        stopped: "done", "until_cost" (it was reached) or "diverged".
        cost_iterations, costs: the costs on the way, thinned where there are many.
    """

    iterations: int
    epochs: int
    stopped: str
    cost_iterations: tuple[int, ...]
    costs: tuple[float, ...]


def train(ask: Callable[[dict[str, Any]], dict[str, Any]], wish: dict[str, Any]) -> Trained:
    """Ask for the rest until all is done; the server trains only so long at a time.

    Args:
        ask: sends one request and returns its `trained`.
        wish: either `iterations` or `epochs`, and what else the request takes.
    """
    unit = "epochs" if wish.get("epochs") is not None else "iterations"
    left, answers = int(wish[unit]), list[dict[str, Any]]()
    while True:
        answer = ask({**wish, unit: left})
        answers.append(answer)
        left -= answer[unit]
        if answer["stopped"] != "budget" or left <= 0:
            break
        if not answer["iterations"]:
            raise GlassboxError("One iteration takes the server longer than a request may take.")
    return Trained(
        iterations=sum(one["iterations"] for one in answers),
        epochs=sum(one["epochs"] for one in answers),
        stopped=answers[-1]["stopped"],
        cost_iterations=tuple(it for one in answers for it in one["cost_iterations"]),
        costs=tuple(cost for one in answers for cost in one["costs"]),
    )
