"""Lines, boxes and arrows. Pure arithmetic, in pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Shape = Literal["square", "round", "cell"]


@dataclass(frozen=True)
class Box:
    """Hold a rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box) -> bool:
        """Tell whether two boxes share room."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True)
class Place:
    """Hold where a neuron stands: its centre, half its size and its shape."""

    x: float
    y: float
    r: float
    shape: Shape


@dataclass(frozen=True)
class Segment:
    """Hold a straight line from one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def length(self) -> float:
        """How long it is."""
        return math.hypot(self.x2 - self.x1, self.y2 - self.y1)

    def at(self, share: float) -> tuple[float, float]:
        """Return the point that lies a share of the way along."""
        return self.x1 + (self.x2 - self.x1) * share, self.y1 + (self.y2 - self.y1) * share


def between(start: Place, end: Place, gap_start: float = 0.0, gap_end: float = 0.0) -> Segment:
    """Draw the line between two places from rim to rim, a gap kept from each."""
    return Segment(*_rim(start, end, gap_start), *_rim(end, start, gap_end))


def _rim(place: Place, towards: Place, gap: float) -> tuple[float, float]:
    dx, dy = towards.x - place.x, towards.y - place.y
    length = math.hypot(dx, dy) or 1.0
    reach = place.r
    if place.shape == "square":
        reach = min(place.r * length / max(abs(dx), abs(dy), 1e-9), place.r * 1.2)
    elif place.shape == "cell":
        reach = 0.0
    share = (reach + gap) / length
    return place.x + dx * share, place.y + dy * share


def arrow(line: Segment, width: float) -> str:
    """Outline an arrow along a line, its tip at the end, as the data of a path."""
    length = line.length or 1.0
    ux, uy = (line.x2 - line.x1) / length, (line.y2 - line.y1) / length
    head, wing = min(length * 0.5, 7 + width * 1.3), 3 + width * 0.85
    neck = (line.x2 - ux * head, line.y2 - uy * head)

    def side(point: tuple[float, float], aside: float) -> str:
        return f"{point[0] - uy * aside:.1f} {point[1] + ux * aside:.1f}"

    start, half = (line.x1, line.y1), width / 2
    points = [side(start, half), side(neck, half), side(neck, wing), f"{line.x2:.1f} {line.y2:.1f}"]
    points += [side(neck, -wing), side(neck, -half), side(start, -half)]
    return f"M{'L'.join(points)}Z"
