"""Draws the neurons: ring, curve with its dot at (z, a), value, bias and error."""

from __future__ import annotations

from dataclasses import dataclass

from app.explain.digits import display
from app.web.drawing import scales
from app.web.drawing.curves import Curve, has_curve
from app.web.drawing.geometry import Box, Place
from app.web.drawing.lettering import fitting, width
from app.web.drawing.pen import Pen
from app.web.drawing.scene import Neuron
from app.web.drawing.wording import bias_text, error_text, value_text

DIM = 0.5
NARROW = 118.0
ROOMY = 28.0
"""From this size on a neuron has room for its pills on its rim."""
PILL_HEIGHT = 18.0
_PILL_TEXT = 11.0


@dataclass(frozen=True)
class Look:
    """Say how a neuron is drawn.

    Args:
        part: the neuron's key, as on the page.
        colour: of its layer.
        activation: the layer's; "" for an input.
        output: whether it has the second ring.
        detailed: whether there is room for pills.
        room: how far the next column is; where it is near, pills are short.
        backward: whether it is filled by its error.
        strength: "plain", "lit", "recent" or "dim".
        acting: whether the current event happens in it.
        top: where the scale of its fill ends.
        ordinal: its number in a hidden layer.
    """

    part: str
    colour: str
    activation: str
    output: bool
    detailed: bool
    room: float
    backward: bool
    strength: str
    acting: bool
    top: float
    ordinal: str = ""

    @property
    def narrow(self) -> bool:
        """Whether the columns stand so close that words must be short."""
        return self.room < NARROW

    @property
    def dim(self) -> bool:
        """Whether it is dimmed."""
        return self.strength == "dim"

    @property
    def ink(self) -> str:
        """The colour of its number."""
        return "muted" if self.dim else "ink"


def draw_input(pen: Pen, place: Place, value: float, look: Look) -> str:
    """Draw an input: a square with the number that is fed."""
    size = {"x": -place.r, "y": -place.r, "width": 2 * place.r, "height": 2 * place.r}
    corner = {**size, "rx": place.r * 0.34}
    text, tint = display(value), scales.along(scales.FILL, value, look.top)
    shapes = (
        pen.mark("rect", fill="empty", **corner)
        + pen.mark("rect", fill=look.colour, fill_opacity=tint, **corner)
        + pen.mark("rect", fill="none", stroke=look.colour, stroke_width=_rim(look), **corner)
    )
    return _group(pen, place, look, shapes, _number(pen, text, place, look, 0.0))


def draw_neuron(pen: Pen, place: Place, known: Neuron, look: Look) -> str:
    """Draw a neuron with what is known of it."""
    filled = known.delta if look.backward and known.delta is not None else known.a
    red = look.backward and known.delta is not None
    tint = 0.0 if filled is None else scales.along(scales.FILL, filled, look.top)
    shapes = pen.mark("circle", fill="empty", r=place.r)
    if tint:
        colour = "error" if red else look.colour
        shapes += pen.mark("circle", fill=colour, fill_opacity=tint, r=place.r)
    shapes += pen.mark(
        "circle", fill="none", stroke=look.colour, stroke_width=_rim(look), r=place.r
    )
    if look.output:
        shapes += pen.mark("circle", fill="none", stroke=look.colour, r=place.r + 4)
    shapes += _progress(pen, place, known, look)
    if has_curve(look.activation):
        shapes += _curve(pen, place, known, look)
    words = _words(pen, place, known, look)
    return _group(pen, place, look, shapes, words + _ordinal(pen, place, look))


def _group(pen: Pen, place: Place, look: Look, shapes: str, words: str) -> str:
    if look.dim:
        shapes = pen.mark("g", shapes, opacity=DIM)
    at = f"translate({place.x:.1f} {place.y:.1f})"
    return pen.mark("g", shapes, words, data_part=look.part, transform=at)


def _rim(look: Look) -> float:
    return 3.0 if look.acting else 2.0


def _progress(pen: Pen, place: Place, known: Neuron, look: Look) -> str:
    """Draw how much of the running sum is in, as a ring that closes."""
    if known.running is None:
        return ""
    r = place.r + (8 if look.output else 5)
    colour = "error" if look.backward else look.colour
    ring = {"r": r, "stroke_width": 4}
    return pen.mark("circle", fill="none", stroke="line", **ring) + pen.mark(
        "circle",
        fill="none",
        stroke=colour,
        pathLength=1,
        stroke_dasharray=f"{known.share:.3f} 1",
        transform="rotate(-90)",
        **ring,
    )


def _curve(pen: Pen, place: Place, known: Neuron, look: Look) -> str:
    r = place.r
    box = Box(-0.58 * r, -0.66 * r, 1.16 * r, 0.66 * r)
    if not look.detailed:
        box = Box(-0.62 * r, -0.45 * r, 1.24 * r, 0.9 * r)
    curve = Curve(look.activation, box)
    drawn = pen.mark(
        "path", fill="none", stroke=look.colour, stroke_width=1.5, opacity=0.55, d=curve.path()
    )
    if known.z is None or known.a is None:
        return drawn
    x, y = curve.point(known.z, known.a)
    return drawn + pen.mark("circle", fill=look.colour, cx=x, cy=y, r=4.5 if r >= 36 else 3.2)


def _words(pen: Pen, place: Place, known: Neuron, look: Look) -> str:
    if not look.detailed:
        # An output's numbers stand beside it, with its name.
        return "" if look.output else _lines(pen, place, known, look)
    lower = place.r * 0.38 if has_curve(look.activation) else 0.0
    text = value_text(known, look.backward)
    words = _number(pen, text, place, look, lower) if text else ""
    if not has_curve(look.activation) and known.a is not None and known.z is not None:
        words += _small(pen, f"z {display(known.z)}", place.r * 0.62, look)
    # On a small neuron a pill would cover the number.
    away = place.r + (1 if place.r >= ROOMY else 9)
    words += _pill(pen, bias_text(known, look.narrow), away, look, look.colour)
    error = error_text(known, look.backward)
    return words + (_pill(pen, error, -away, look, "error") if error else "")


def _ordinal(pen: Pen, place: Place, look: Look) -> str:
    """Write which neuron of its layer it is, as the caption counts; an output goes by its name."""
    if not look.ordinal:
        return ""
    r = place.r
    inside = look.detailed and r >= ROOMY
    x, y = (-0.76 * r, 0.03 * r) if inside else (-0.8 * r - 5, -0.8 * r)
    if not look.detailed:
        x, y = -r - 13, 4.0
    return pen.outlined(
        look.ordinal,
        x,
        y,
        fill="muted",
        rim=0 if inside else 3,
        font_size=11,
        text_anchor="middle",
    )


def _number(pen: Pen, text: str, place: Place, look: Look, y: float) -> str:
    size = fitting(text, min(17.0, place.r * 0.58), place.r * 1.56)
    return pen.text(
        text,
        0,
        y + size * 0.36,
        fill=look.ink,
        font_size=size,
        font_weight=650,
        text_anchor="middle",
    )


def _small(pen: Pen, text: str, y: float, look: Look) -> str:
    return pen.text(text, 0, y, fill=look.ink, font_size=10.5, text_anchor="middle")


def _pill(pen: Pen, text: str, y: float, look: Look, colour: str) -> str:
    size = fitting(text, _PILL_TEXT, look.room - 18)
    wide = 14 + width(text, size)
    box = pen.mark(
        "rect",
        fill="paper",
        stroke=colour,
        stroke_opacity=0.4 if look.dim else None,
        x=-wide / 2,
        y=y - PILL_HEIGHT / 2,
        width=wide,
        height=PILL_HEIGHT,
        rx=PILL_HEIGHT / 2,
    )
    fill = "muted" if look.dim else "error-ink" if colour == "error" else "ink-soft"
    bold = 650 if colour == "error" else 500
    words = pen.text(
        text, 0, y + 4, fill=fill, font_size=size, font_weight=bold, text_anchor="middle"
    )
    return box + words


def _lines(pen: Pen, place: Place, known: Neuron, look: Look) -> str:
    """Write the numbers over and under a neuron that has no room for them inside."""
    value, bias = value_text(known, look.backward), bias_text(known, narrow=True)
    above = error_text(known, look.backward)
    red = "muted" if look.dim else "error-ink"
    return _tiny(pen, " · ".join(filter(None, (value, bias))), place.r + 10, look.ink) + (
        _tiny(pen, above, -place.r - 2, red) if above else ""
    )


def _tiny(pen: Pen, text: str, y: float, colour: str) -> str:
    return pen.outlined(
        text, 0, y, fill=colour, font_size=10, font_weight=550, text_anchor="middle"
    )
