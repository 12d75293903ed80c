"""A session on the server: its commands, what it shows, and what can be asked about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import httpx

from app.client.caller import Caller
from app.client.problems import Problem
from app.client.reading import Reading
from app.client.training import Trained, train

Json: TypeAlias = dict[str, Any]
By = Literal["term", "neuron", "layer", "pass"]
StepBy = Literal["term", "neuron", "layer", "pass", "iteration", "epoch"]


class Session(Reading):
    """Step through a network, look at every number, and change it.

    Every command is meant for the state that was last seen: if somebody else has changed the session since, it is
    refused (`Problem` with status 412) and nothing happens; `read()` catches up. Commands return the session itself.
    """

    def __init__(self, caller: Caller, answer: httpx.Response) -> None:
        self._caller = caller
        self._take(answer)

    def _take(self, answer: httpx.Response) -> None:
        self.view: Json = answer.json()
        self.etag: str = answer.headers["ETag"]

    @property
    def _path(self) -> str:
        return f"/sessions/{self.id or self.follow_id}"

    def _command(self, name: str, body: Mapping[str, Any] | None = None) -> Session:
        self._take(self._caller.command("POST", f"{self._path}/{name}", body or {}, self.etag))
        return self

    # Read, change, end

    def read(self, *, everything: bool = False) -> Session:
        """Fetch the session as it is now.

        Args:
            everything: list every observation of a large batch, too.
        """
        self._take(self._caller.look(self._path, observations="all" if everything else None))
        return self

    def edit(
        self,
        *,
        training: Mapping[str, Any] | None = None,
        network: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        values: Mapping[str, float] | None = None,
        focus: int | None = None,
    ) -> Session:
        """Change settings, layers, data or single numbers; what can be kept is kept.

        Args:
            training, network, data: as when starting a session; what is left out stays.
            values: numbers by address, such as {"w[1][0][2]": 0.5}.
            focus: the observation of the batch to look at.

        What changed and what could not be kept is said in `notices`.
        """
        parts = {"training": training, "network": network, "data": data, "values": values}
        body = {name: part for name, part in {**parts, "focus": focus}.items() if part is not None}
        self._take(self._caller.command("PATCH", self._path, body, self.etag))
        return self

    patch = edit

    def delete(self) -> None:
        """End the session; the server forgets it."""
        try:
            self._caller.command("DELETE", self._path, None, self.etag)
        except Problem as problem:
            # Gone is what was wanted: the first answer may have been lost.
            if problem.status != 404:
                raise

    # Step

    def forward(self, by: By = "layer") -> Session:
        """Step the forward pass; by pass it ends with the cost known."""
        return self._command("forward", {"by": by})

    def backward(self, by: By = "layer") -> Session:
        """Step backpropagation; by pass it ends with every gradient known."""
        return self._command("backward", {"by": by})

    def update(self, by: By = "pass") -> Session:
        """Take the gradient-descent step."""
        return self._command("update", {"by": by})

    def step(self, by: StepBy = "term", count: int = 1) -> Session:
        """Do whatever comes next."""
        if by in ("iteration", "epoch"):
            self.train(**{f"{by}s": count})
            return self
        return self._command("step", {"by": by, "count": count})

    def back(self, by: StepBy = "term", count: int = 1) -> Session:
        """Step back: the reverse of `step`, across iterations and epochs too."""
        return self._command("back", {"by": by, "count": count})

    def goto(self, iteration: int, event: int = 0) -> Session:
        """Go to any moment of the past, or of the current iteration."""
        return self._command("goto", {"iteration": iteration, "event": event})

    def train(
        self,
        *,
        iterations: int | None = None,
        epochs: int | None = None,
        until_cost: float | None = None,
        budget_ms: int | None = None,
    ) -> Trained:
        """Train at speed until all is done, over as many requests as it takes.

        Args:
            iterations, epochs: how long; say one of them.
            until_cost: stop as soon as the cost is so small.
            budget_ms: how long each request may compute.
        """
        if (iterations is None) == (epochs is None):
            raise ValueError("Say how long to train: either iterations or epochs.")
        wish = {"iterations": iterations, "epochs": epochs, "until_cost": until_cost}
        said = {**wish, "budget_ms": budget_ms}

        def ask(body: Json) -> Json:
            self._command("train", body)
            trained: Json = self.view["trained"]
            return trained

        return train(ask, {name: value for name, value in said.items() if value is not None})

    def undo(self) -> Session:
        """Take back the last edit."""
        return self._command("undo")

    def redo(self) -> Session:
        """Bring back the last edit taken back."""
        return self._command("redo")

    # Look

    def events(self, first: int = 1, count: int = 50, digits: int | None = None) -> list[Json]:
        """List the events that have happened in this iteration, with their explanations; at most 200."""
        query = {"from": first, "count": count, "digits": digits}
        found: list[Json] = self._ask("events", **query)["events"]
        return found

    def explain(self, address: str, digits: int | None = None) -> Json:
        """Explain one number, such as "w[1][0][2]", "z[2][0][1]" or "cost": formula, operands, where it is used."""
        return self._ask(f"explain/{address}", digits=digits)

    def gradient_check(self) -> Json:
        """Set backpropagation beside central differences of the cost, for every parameter."""
        return self._ask("gradient-check")

    def shock(self, address: str, by: float = 0.01) -> Json:
        """Change one number by a little and see what everything downstream would be; nothing is kept.

        Returns: every activation and the cost `before` and `after`, the `secant`, and backpropagation's `derivative`.
        """
        found: Json = self._caller.send(
            "POST", f"{self._path}/shock", json={"address": address, "by": by}
        ).json()
        return found

    def paths(self, address: str, most: int | None = None) -> Json:
        """Walk all ways from a weight or a bias to the cost, the strongest first."""
        return self._ask(f"paths/{address}", most=most)

    def link(self) -> str:
        """Write this exact moment as a link, without the server's address; see `Client.moment`."""
        return str(self._ask("link")["path"])

    def export(self, file_format: str = "json") -> bytes:
        """Write the session as a file; `Client.import_session` opens one of JSON again, to the bit.

        Its past is in it, what could be undone is not.
        """
        return self._caller.look(f"{self._path}/export/{file_format}").content

    def predict(self, inputs: Sequence[Sequence[float]]) -> list[list[float]]:
        """Run the network on rows of your own, with its parameters as they are now."""
        body = {"inputs": [list(row) for row in inputs]}
        answer = self._caller.send("POST", f"{self._path}/predict", json=body)
        outputs: list[list[float]] = answer.json()["outputs"]
        return outputs

    def history(self, points: int | None = None) -> Json:
        """Return the cost by iteration, thinned to at most so many points: `iterations`, `costs`, `finished`."""
        return self._ask("history", points=points)

    def diagram_svg(self) -> str:
        """Draw the diagram at this position."""
        return self._caller.look(f"{self._path}/diagram.svg").text

    def _ask(self, name: str, **query: str | int | None) -> Json:
        found: Json = self._caller.look(f"{self._path}/{name}", **query).json()
        return found
