"""Draws inputs that are the pixels of a picture."""

from __future__ import annotations

from collections.abc import Mapping

from app.web.drawing import scales
from app.web.drawing.focus import Focus
from app.web.drawing.geometry import Box, Place
from app.web.drawing.pen import Pen, Value


def draw_picture(
    pen: Pen,
    frame: Box,
    cells: Mapping[int, Place],
    values: Mapping[int, float],
    top: float,
    focus: Focus,
) -> str:
    """Draw each pixel as dark as its number is large, and frame those at work."""
    side = {"x": frame.x, "y": frame.y, "width": frame.width, "height": frame.height}
    parts = [pen.mark("rect", fill="empty", **side)]
    for pixel, place in cells.items():
        depth = scales.share(values[pixel], top)
        if depth:
            parts.append(_cell(pen, place, fill="input", fill_opacity=depth))
    parts.append(pen.mark("rect", fill="none", stroke="input", stroke_width=2, rx=2, **side))
    bright = [place for pixel, place in cells.items() if (0, pixel) in focus.lit]
    if len(bright) < len(cells):
        parts += [_cell(pen, place, fill="none", stroke="ink", stroke_width=2) for place in bright]
    return "".join(parts)


def _cell(pen: Pen, place: Place, **look: Value) -> str:
    side = 2 * place.r
    return pen.mark(
        "rect", x=place.x - place.r, y=place.y - place.r, width=side, height=side, **look
    )
