"""Writes the current event's numbers beside the part they belong to, where they cover least."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.engine.events import Event
from app.explain.explanation import Explanation
from app.web.drawing.connections import Wire
from app.web.drawing.focus import neuron_of
from app.web.drawing.geometry import Box, Place, Segment
from app.web.drawing.layout import BOTTOM, EDGE, HEIGHT, TOP, WIDTH, Column
from app.web.drawing.lettering import BOLD, width
from app.web.drawing.neurons import PILL_HEIGHT
from app.web.drawing.pen import Pen

LONGEST = 34
_SIZE, _HEIGHT = 14.0, 28.0
_ON_CONNECTION = frozenset({"product", "blame", "gradient", "moment", "new_weight"})
_ON_NEURON = frozenset({"loss", "loss_derivative", "slope", "delta", "bias_gradient"})
_COLOURS = {"product": "ink", "new_weight": "ink", "moment": "ink", "loss": "ink", "slope": "ink"}
_PRICE_TAKEN, _PRICE_BRIGHT, _PRICE_DIM = 3_000.0, 60.0, 4.0


@dataclass(frozen=True)
class Spot:
    """Hold where a tag may stand: its middle, the point of a line it speaks of, and how far off that is."""

    x: float
    y: float
    about: tuple[float, float] | None
    price: float


def draw_tag(
    pen: Pen,
    event: Event | None,
    explanation: Explanation | None,
    columns: Sequence[Column],
    drawn: Sequence[Wire],
) -> str:
    """Write the event's numbers, where the diagram does not show them already."""
    if event is None or explanation is None:
        return ""
    text = tag_text(explanation)
    box = Box(0, 0, 24 + BOLD * width(text, _SIZE), _HEIGHT)
    spots = _spots(event, columns, drawn, box)
    if not spots:
        return ""
    best = _cheapest(spots, box, Surroundings.of(columns, drawn))
    return _draw(pen, text, best, box, _COLOURS.get(event.kind, "error"))


def tag_text(explanation: Explanation) -> str:
    """Return the event's formula with its numbers, or only its result where that is long."""
    text = explanation.substituted.text
    if len(text) <= LONGEST and "=" in text:
        return text
    return f"{explanation.label} = {explanation.written.shown}"


def _spots(event: Event, columns: Sequence[Column], drawn: Sequence[Wire], box: Box) -> list[Spot]:
    if event.kind in _ON_CONNECTION:
        key = (event.layer, event.neuron, event.index)
        if event.kind == "blame":
            key = (event.layer + 1, event.index, event.neuron)
        wire = next((wire for wire in drawn if wire.key == key), None)
        return [] if wire is None else list(_beside_line(wire.line, box))
    if event.kind not in _ON_NEURON:
        return []
    acting = neuron_of(event)
    place = None if acting is None else columns[acting[0]].places.get(acting[1])
    return [] if place is None else list(_beside_place(place, box))


def _beside_line(line: Segment, box: Box) -> Iterator[Spot]:
    length = line.length or 1.0
    nx, ny = -(line.y2 - line.y1) / length, (line.x2 - line.x1) / length
    clear = (abs(nx) * box.width + abs(ny) * box.height) / 2 + 5
    for step in range(14):
        x, y = line.at(0.18 + step * 0.05)
        for extra in (0.0, 14.0, 30.0, 50.0):
            for side in (clear + extra, -clear - extra):
                away = abs(step - 6.5) * 2 + abs(side) * 0.8
                yield Spot(x + nx * side, y + ny * side, (x, y), away)


def _beside_place(place: Place, box: Box) -> Iterator[Spot]:
    across, down = place.r + box.width / 2 + 12, place.r + box.height / 2 + 14
    ways = ((-1, 0), (-0.85, -0.75), (-0.85, 0.75), (0, -1), (0, 1), (1, 0))
    for rank, (sx, sy) in enumerate(ways):
        for extra in (0.0, 10.0, 24.0, 40.0):
            x, y = place.x + sx * (across + extra), place.y + sy * (down + extra)
            yield Spot(x, y, None, rank * 3 + extra)


@dataclass(frozen=True)
class Surroundings:
    """Hold what a tag should not cover."""

    taken: tuple[Box, ...]
    lines: tuple[tuple[Segment, float], ...]

    @classmethod
    def of(cls, columns: Sequence[Column], drawn: Sequence[Wire]) -> Surroundings:
        """Gather them, each line with what it costs to cover it."""
        lines = (
            (wire.line, _PRICE_DIM if wire.strength == "dim" else _PRICE_BRIGHT) for wire in drawn
        )
        return cls(tuple(_taken(columns)), tuple(lines))

    def price(self, here: Box) -> float:
        """Say what a box would cover."""
        outside = (
            here.x < EDGE
            or here.x + here.width > WIDTH - EDGE
            or here.y < TOP - 16
            or here.y + here.height > BOTTOM + 10
        )
        covered = outside + sum(here.overlaps(taken) for taken in self.taken)
        if covered:
            return _PRICE_TAKEN * covered
        return sum(price for line, price in self.lines if _meets(line, here))


def _cheapest(spots: list[Spot], box: Box, around: Surroundings) -> Spot:
    best, least = spots[0], math.inf
    for spot in sorted(spots, key=lambda spot: spot.price):
        if spot.price >= least:
            break
        here = Box(spot.x - box.width / 2, spot.y - box.height / 2, box.width, box.height)
        price = spot.price + around.price(here)
        if price < least:
            best, least = spot, price
    return best


def _taken(columns: Sequence[Column]) -> Iterator[Box]:
    """Yield the room of neurons with their pills, of the picture, and of the names at both sides."""
    for column in columns:
        if column.picture is not None:
            yield column.picture
            continue
        more = PILL_HEIGHT / 2 + 3
        for place in column.places.values():
            wide, high = place.r + 8, place.r + more
            yield Box(place.x - wide, place.y - high, 2 * wide, 2 * high)
    first, last = columns[0], columns[-1]
    if first.picture is None:
        yield Box(0, 0, first.x - 20, HEIGHT)
    yield Box(last.x + 20, 0, WIDTH, HEIGHT)


def _meets(line: Segment, box: Box) -> bool:
    """Tell whether a line touches a box (Liang and Barsky)."""
    dx, dy = line.x2 - line.x1, line.y2 - line.y1
    start, end = 0.0, 1.0
    sides = (
        (-dx, line.x1 - box.x),
        (dx, box.x + box.width - line.x1),
        (-dy, line.y1 - box.y),
        (dy, box.y + box.height - line.y1),
    )
    for p, q in sides:
        if p == 0:
            if q < 0:
                return False
        elif p < 0:
            start = max(start, q / p)
        else:
            end = min(end, q / p)
    return start <= end


def _draw(pen: Pen, text: str, spot: Spot, box: Box, colour: str) -> str:
    leader = ""
    if spot.about is not None and math.dist(spot.about, (spot.x, spot.y)) > box.height:
        x, y = spot.about
        leader = pen.mark(
            "line", stroke="ink-soft", stroke_width=1, x1=spot.x, y1=spot.y, x2=x, y2=y
        ) + pen.mark("circle", fill="ink-soft", cx=x, cy=y, r=2.5)
    return (
        leader
        + pen.mark(
            "rect",
            fill="surface",
            stroke=colour,
            stroke_width=1.5,
            x=spot.x - box.width / 2,
            y=spot.y - box.height / 2,
            width=box.width,
            height=box.height,
            rx=box.height / 2,
        )
        + pen.text(
            text,
            spot.x,
            spot.y + 4.9,
            font_size=_SIZE,
            font_weight=650,
            text_anchor="middle",
        )
    )
