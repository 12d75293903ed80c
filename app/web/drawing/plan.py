"""What a drawing will hold: the parts that are shown, where they stand, how bright, and where each scale ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.explain.explanation import Explanation
from app.explain.labels import layer_role
from app.web.drawing import scales, selection
from app.web.drawing.connections import Domains, Wire, domains_of, wires
from app.web.drawing.focus import Focus, focus_of, neuron_of, part_name
from app.web.drawing.layout import Column, layout
from app.web.drawing.legend import Facts
from app.web.drawing.neurons import Look
from app.web.drawing.palette import role_colour
from app.web.drawing.scene import Scene


@dataclass(frozen=True, eq=False)
class Plan:
    """Hold everything that is decided before the first mark.

    Args:
        columns: by layer, the input first.
        drawn: the connections, the brightest last.
        activations: for each layer where the scale of its fills ends.
        delta: where the scale of the errors ends.
    """

    scene: Scene
    focus: Focus
    columns: tuple[Column, ...]
    drawn: Sequence[Wire]
    domains: Domains
    activations: tuple[float, ...]
    delta: float

    @property
    def left_out(self) -> str:
        """Say that not every connection is drawn, where that is so."""
        drawn, every = len(self.drawn), selection.count(self.scene.network)
        return f"the strongest {drawn:,} of {every:,} connections" if drawn < every else ""

    def look(self, layer: int, neuron: int) -> Look:
        """Return how a neuron is drawn."""
        scene, event = self.scene, self.scene.event
        backward = scene.backward and layer > 0
        at = (layer, scene.observation, neuron)
        red = backward and scene.value("delta", *at) is not None
        acting = event is not None and neuron_of(event) == (layer, neuron)
        return Look(
            part=part_name((layer, neuron)),
            colour=role_colour(layer_role(scene.network, layer)),
            activation=scene.network.activations[layer - 1] if layer else "",
            output=layer == scene.depth,
            detailed=self.columns[layer].detailed,
            room=self.columns[1].x - self.columns[0].x,
            backward=backward,
            strength=self.focus.strength((layer, neuron)),
            acting=acting and not self.focus.everything,
            top=self.delta if red else self.activations[layer],
            ordinal=str(neuron + 1) if 0 < layer < scene.depth else "",
        )

    def facts(self) -> Facts:
        """Return what the legend explains."""
        scene = self.scene
        known = [wire.known for wire in self.drawn]
        return Facts(
            domains=self.domains,
            activation=max(self.activations[1:]),
            colour=role_colour(layer_role(scene.network, 1)),
            delta=self.delta,
            backward=scene.backward,
            blamed=scene.backward and any(one.blame is not None for one in known),
            graded=scene.backward and any(one.gradient is not None for one in known),
            updated=scene.phase == "update" and any(one.old_weight is not None for one in known),
        )


def plan_of(scene: Scene, explanation: Explanation | None) -> Plan:
    """Decide what to draw."""
    done = scene.phase in ("ready", "done")
    focus = Focus() if done else focus_of(scene.network, scene.event, explanation)
    placed = selection.wishes(scene)
    columns = layout(placed)
    drawn = wires(scene, columns, selection.connections(scene, placed, focus), focus)
    return Plan(
        scene=scene,
        focus=focus,
        columns=columns,
        drawn=drawn,
        domains=domains_of(drawn),
        activations=tuple(_activation(scene, layer, one) for layer, one in enumerate(columns)),
        delta=_delta(scene, columns),
    )


def _activation(scene: Scene, layer: int, column: Column) -> float:
    known = (scene.activation(layer, neuron) for neuron in column.places)
    return scales.domain((value for value in known if value is not None), 1.0)


def _delta(scene: Scene, columns: Sequence[Column]) -> float:
    at = scene.observation
    known = (
        scene.value("delta", layer, at, neuron)
        for layer, column in enumerate(columns)
        if layer
        for neuron in column.places
    )
    return scales.domain((value for value in known if value is not None), 0.05)
