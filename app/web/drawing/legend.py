"""Draws what the colours, widths and fills mean, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.explain.digits import display
from app.web.drawing import scales
from app.web.drawing.connections import ARROW_STRENGTHS, HALO, STEPPED, STRENGTHS, Domains
from app.web.drawing.geometry import Segment, arrow
from app.web.drawing.layout import EDGE
from app.web.drawing.lettering import width
from app.web.drawing.pen import Pen

Y = 592.0
_SIZE = 12.0
_SHARES = (0.1, 0.5, 1.0)


@dataclass(frozen=True)
class Facts:
    """Say what the legend explains.

    Args:
        domains: of the connections' scales.
        activation: where the scale of the fills ends, on the way forward.
        colour: of those fills.
        delta: where it ends on the way back.
        backward: which of the two it is.
        blamed: whether there are arrows.
        graded: whether there are halos.
        updated: whether some weights have taken their step.
    """

    domains: Domains
    activation: float
    colour: str
    delta: float
    backward: bool
    blamed: bool
    graded: bool
    updated: bool


class _Row:
    """Write from left to right."""

    def __init__(self, pen: Pen) -> None:
        self.pen, self.x, self.parts = pen, EDGE, list[str]()

    def words(self, text: str, colour: str = "muted", weight: int = 400, gap: float = 8) -> None:
        self.parts.append(
            self.pen.text(text, self.x, Y + 4, fill=colour, font_size=_SIZE, font_weight=weight)
        )
        self.x += width(text, _SIZE) + gap

    def put(self, mark: str, wide: float) -> None:
        self.parts.append(mark)
        self.x += wide


def draw_legend(pen: Pen, facts: Facts) -> str:
    """Draw one entry for each scale in use."""
    row = _Row(pen)
    _weights(row, facts.domains.weight)
    if facts.blamed:
        _arrows(row, facts.domains.blame)
    if facts.graded:
        _halos(row, facts.domains.gradient)
    if facts.backward:
        _fills(row, "error δ", "error", facts.delta)
    else:
        _fills(row, "activation", facts.colour, facts.activation)
    if facts.updated:
        _stepped(row)
    return "".join(row.parts)


def _weights(row: _Row, top: float) -> None:
    row.words("weight", weight=600)
    row.words(f"{display(-top)}")
    for value in _both_ways(top):
        row.put(
            row.pen.mark(
                "line",
                stroke=scales.weight_colour(value),
                stroke_width=scales.along(scales.WEIGHT, value, top),
                stroke_dasharray=scales.DASHES if value < 0 else None,
                opacity=STRENGTHS["plain"],
                x1=row.x,
                x2=row.x + 21,
                y1=Y,
                y2=Y,
            ),
            25,
        )
    row.x += 3
    row.words(f"+{display(top)}", gap=6)
    row.words("(negative is dashed)", gap=26)


def _both_ways(top: float) -> Sequence[float]:
    return [*(-top * share for share in reversed(_SHARES)), *(top * share for share in _SHARES)]


def _arrows(row: _Row, top: float) -> None:
    row.words("blame carried", weight=600)
    row.words("0")
    for share in _SHARES:
        line = Segment(row.x + 30, Y, row.x, Y)
        shape = arrow(line, scales.along(scales.BLAME, top * share, top))
        opacity = ARROW_STRENGTHS["plain"]
        row.put(row.pen.mark("path", fill="error", d=shape, opacity=opacity), 36)
    row.words(f"±{display(top)}", gap=26)


def _halos(row: _Row, top: float) -> None:
    row.words("gradient", weight=600)
    row.words("0")
    for share in _SHARES:
        wide = 1 + scales.along(scales.GRADIENT, top * share, top)
        ends = {"x1": row.x, "x2": row.x + 24, "y1": Y, "y2": Y}
        row.put(
            row.pen.mark("line", stroke="error", stroke_width=wide, stroke_opacity=HALO, **ends), 28
        )
    row.words(f"±{display(top)}", gap=26)


def _stepped(row: _Row) -> None:
    ends = {"x1": row.x, "x2": row.x + 24, "y1": Y, "y2": Y}
    row.put(
        row.pen.mark("line", stroke="ink", stroke_width=8, stroke_opacity=STEPPED, **ends)
        + row.pen.mark("line", stroke="weight-positive", stroke_width=2, **ends),
        32,
    )
    row.words("has taken its step", gap=26)


def _fills(row: _Row, name: str, colour: str, top: float) -> None:
    row.words(name, weight=600)
    row.words("0")
    for share in _SHARES:
        tint = scales.along(scales.FILL, top * share, top)
        circle = {"cx": row.x + 7, "cy": Y, "r": 7}
        row.put(
            row.pen.mark("circle", fill=colour, fill_opacity=tint, **circle)
            + row.pen.mark("circle", fill="none", stroke=colour, stroke_width=1.5, **circle),
            20,
        )
    row.words(f"±{display(top)}", gap=26)
