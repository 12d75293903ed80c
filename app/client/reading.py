"""What a session shows, by plain names; None is what is not computed yet."""

from __future__ import annotations

from typing import Any

Grid = list[list[float]]
Partly = list[list[float | None]]


class Reading:
    """Read the last answer. Layers count from 0, the input; observations are rows.

    `view` is the whole answer as it was sent.
    """

    view: dict[str, Any]
    etag: str

    @property
    def id(self) -> str:
        """The session's id: whoever has it may change it. Empty where the session can only be followed."""
        return self.view["id"] or ""

    @property
    def follow_id(self) -> str:
        """The id that lets others follow, and change nothing."""
        return self.view["follow_id"] or ""

    @property
    def revision(self) -> int:
        """How often the session was changed."""
        return int(self.view["revision"])

    @property
    def phase(self) -> str:
        """The phase: ready, forward, cost, backward, update or done."""
        return str(self.view["position"]["phase"])

    @property
    def iteration(self) -> int:
        """The iteration."""
        return int(self.view["position"]["iteration"])

    @property
    def epoch(self) -> int:
        """The epoch."""
        return int(self.view["position"]["epoch"])

    @property
    def event(self) -> int:
        """How many events of this iteration have happened."""
        return int(self.view["position"]["event"])

    @property
    def next(self) -> str:
        """What comes next, in a sentence."""
        return str(self.view["position"]["next"]["sentence"])

    @property
    def sentence(self) -> str:
        """What the last event did, in a sentence; empty before the first."""
        event = self.view["event"]
        return "" if event is None else str(event["explanation"]["sentence"])

    @property
    def cost(self) -> float | None:
        """The batch's cost."""
        return self._number("cost")

    @property
    def cost_after(self) -> float | None:
        """The same batch's cost after the update."""
        return self._number("cost_after")

    @property
    def losses(self) -> list[float] | None:
        """The loss of each observation."""
        found: list[float] | None = self.view["values"]["losses"]
        return found

    @property
    def outputs(self) -> Partly | None:
        """The predictions, a row for each observation."""
        return self.activations(len(self.view["network"]["layers"]) - 1)

    @property
    def diverged(self) -> dict[str, Any] | None:
        """Where and when a number stopped being finite; None where all are."""
        found: dict[str, Any] | None = self.view["diverged"]
        return found

    @property
    def notices(self) -> list[str]:
        """What the last edit could not keep."""
        return list(self.view["notices"])

    def weights(self, layer: int) -> Grid:
        """The weights into a layer from 1 on, as they are now: a row for each neuron."""
        found: Grid = self._layer(layer)["weights"]
        return found

    def biases(self, layer: int) -> list[float]:
        """The biases of a layer from 1 on, as they are now."""
        found: list[float] = self._layer(layer)["biases"]
        return found

    def activations(self, layer: int) -> Partly | None:
        """What a layer sends; layer 0 holds the inputs."""
        return self._grid("a", layer)

    def z(self, layer: int) -> Partly | None:
        """A layer's weighted sums, biases added."""
        return self._grid("z", layer)

    def delta(self, layer: int) -> Partly | None:
        """A layer's errors, ∂C/∂z."""
        return self._grid("delta", layer)

    def weight_gradients(self, layer: int) -> Partly | None:
        """∂C/∂w of the weights into a layer."""
        return self._grid("weight_gradients", layer)

    def bias_gradients(self, layer: int) -> list[float | None] | None:
        """∂C/∂b of a layer's biases."""
        found: list[float | None] | None = self.view["values"]["bias_gradients"][layer]
        return found

    def __repr__(self) -> str:
        events = self.view["position"]["events"]
        return (
            f"<Session {self.view['title']!r}: iteration {self.iteration}, "
            f"event {self.event} of {events}, {self.phase}>"
        )

    def _number(self, name: str) -> float | None:
        found: float | None = self.view["values"][name]
        return found

    def _grid(self, name: str, layer: int) -> Partly | None:
        found: Partly | None = self.view["values"][name][layer]
        return found

    def _layer(self, layer: int) -> dict[str, Any]:
        if layer < 1:
            raise IndexError(
                "Weights and biases belong to the layers from 1 on; layer 0 is the input."
            )
        found: dict[str, Any] = self.view["network"]["layers"][layer]
        return found
