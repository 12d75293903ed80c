"""Draws the connections: colour, dash and width by weight, the gradient's halo, the blame's arrows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.web.drawing import scales
from app.web.drawing.focus import Focus, Key, part_name
from app.web.drawing.geometry import Segment, arrow, between
from app.web.drawing.layout import Column
from app.web.drawing.pen import Pen
from app.web.drawing.scene import Connection, Scene

STRENGTHS: Mapping[str, float] = MappingProxyType(
    {"plain": 0.8, "lit": 1.0, "recent": 0.6, "dim": 0.26}
)
ARROW_STRENGTHS: Mapping[str, float] = MappingProxyType(
    {"plain": 0.8, "lit": 1.0, "recent": 0.55, "dim": 0.25}
)
HALO = 0.22
"""How opaque a gradient's halo is."""
STEPPED = 0.13
"""How opaque the mark of a weight is that has taken its step."""
_ORDER = ("dim", "plain", "recent", "lit")
_RING = 5.0
"""The second ring of an output stands so far out."""


@dataclass(frozen=True)
class Wire:
    """Hold a connection that is drawn: which, what is known of it, how bright, and where."""

    key: Key
    known: Connection
    strength: str
    line: Segment
    back: Segment


@dataclass(frozen=True)
class Domains:
    """Hold where each scale of connections ends."""

    weight: float
    blame: float
    gradient: float


def wires(scene: Scene, columns: Sequence[Column], keys: Iterable[Key], focus: Focus) -> list[Wire]:
    """Find each connection's numbers and its line; the brightest come last, on top."""
    found = []
    for key in keys:
        layer, neuron, source = key
        start, end = columns[layer - 1].places[source], columns[layer].places[neuron]
        gap = _RING if layer == scene.depth else 1.0
        line = between(start, end, 1, gap)
        back = between(end, start, gap + 2, 4 if start.shape == "cell" else 6)
        known = scene.connection(layer, neuron, source)
        found.append(Wire(key, known, focus.strength(key), line, back))
    return sorted(found, key=lambda wire: _ORDER.index(wire.strength))


def domains_of(drawn: Sequence[Wire]) -> Domains:
    """Return where the scales end for what is known."""
    known = [wire.known for wire in drawn]
    return Domains(
        weight=scales.domain((one.weight for one in known), 0.5),
        blame=scales.domain((one.blame for one in known if one.blame is not None), 0.01),
        gradient=scales.domain((one.gradient for one in known if one.gradient is not None), 0.01),
    )


def draw_lines(pen: Pen, drawn: Sequence[Wire], domains: Domains, phase: str) -> str:
    """Draw every line, on its way back pale under its arrow."""
    return "".join(_line(pen, wire, domains, phase) for wire in drawn)


def _line(pen: Pen, wire: Wire, domains: Domains, phase: str) -> str:
    known, line = wire.known, wire.line
    ends = {"x1": line.x1, "y1": line.y1, "x2": line.x2, "y2": line.y2}
    width = scales.along(scales.WEIGHT, known.weight, domains.weight)
    parts = []
    if phase == "backward" and known.gradient is not None:
        halo = width + scales.along(scales.GRADIENT, known.gradient, domains.gradient)
        pale = HALO * (0.45 if wire.strength == "dim" else 1.0)
        parts.append(
            pen.mark("line", stroke="error", stroke_width=halo, stroke_opacity=pale, **ends)
        )
    if phase == "update" and known.old_weight is not None:
        parts.append(
            pen.mark("line", stroke="ink", stroke_width=width + 6, stroke_opacity=STEPPED, **ends)
        )
    under = 0.3 if phase == "backward" and known.blame is not None else 1.0
    parts.append(
        pen.mark(
            "line",
            stroke=scales.weight_colour(known.weight),
            stroke_width=width,
            stroke_dasharray=scales.DASHES if known.weight < 0 else None,
            opacity=STRENGTHS[wire.strength] * under,
            data_part=part_name(wire.key),
            **ends,
        )
    )
    return "".join(parts)


def draw_arrows(pen: Pen, drawn: Sequence[Wire], domains: Domains) -> str:
    """Draw the blame that has flown back, as wide as what it carries."""
    return "".join(
        pen.mark(
            "path",
            fill="error",
            d=arrow(wire.back, scales.along(scales.BLAME, wire.known.blame, domains.blame)),
            opacity=ARROW_STRENGTHS[wire.strength],
            data_part=part_name(wire.key),
        )
        for wire in drawn
        if wire.known.blame is not None
    )
