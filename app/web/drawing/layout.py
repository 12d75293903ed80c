"""Where the parts of a drawing stand. Pure arithmetic, in pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.web.drawing.geometry import Box, Place, Shape

WIDTH, HEIGHT = 1280.0, 720.0
TOP, BOTTOM = 112.0, 562.0
"""The network stands between these heights."""
EDGE = 40.0
"""Nothing stands nearer to the border."""
LEFT, RIGHT = 206.0, 1050.0
"""The input and the output columns stand here; what is beside them is for their names."""

MANY = 10
"""A layer with more neurons folds to the strongest few."""
FEW = 6
DETAIL_PITCH = 78.0
"""With less room a neuron is drawn without its pills: its numbers stand over and under it."""

_LARGEST = {"input": 26.0, "hidden": 46.0, "output": 38.0}
_WIDEST = {"input": 98.0, "hidden": 190.0, "output": 118.0}
_PILLS, _LINES, _RINGS, _SMALL = 24.0, 20.0, 11.0, 20.0
_CELL, _PICTURE_WIDTH, _PICTURE_HEIGHT = 30.0, 240.0, 330.0


@dataclass(frozen=True)
class Column:
    """Hold a layer's places.

    Args:
        x: of its middle.
        places: of the neurons that are drawn.
        folded: how many are not.
        more_y: where it says so.
        detailed: whether there is room for a neuron's pills.
        picture: the frame around the pixels, where the inputs are a picture.
    """

    x: float
    places: Mapping[int, Place]
    folded: int = 0
    more_y: float = 0.0
    detailed: bool = True
    picture: Box | None = None


@dataclass(frozen=True)
class Wish:
    """Say what to place of a layer.

    Args:
        size: how many neurons it has.
        shown: which of them are drawn, in order.
        picture: (height, width) of the pixels that the inputs are, or None.
    """

    size: int
    shown: Sequence[int]
    picture: tuple[int, int] | None = None


def layout(wishes: Sequence[Wish]) -> tuple[Column, ...]:
    """Stand the layers side by side, the input first."""
    depth = len(wishes) - 1
    gap = (RIGHT - LEFT) / depth
    columns = []
    for layer, wish in enumerate(wishes):
        x = LEFT + gap * layer
        if wish.picture is not None:
            columns.append(_picture(wish, wish.picture, x, gap))
        else:
            kind = "input" if layer == 0 else "output" if layer == depth else "hidden"
            columns.append(_column(wish, kind, x, gap))
    return tuple(columns)


def _column(wish: Wish, kind: str, x: float, gap: float) -> Column:
    folded = wish.size - len(wish.shown)
    slots = len(wish.shown) + (1 if folded else 0)
    pitch = min(_WIDEST[kind], (BOTTOM - TOP) / slots)
    detailed = kind == "input" or pitch >= DETAIL_PITCH
    r = _radius(kind, pitch, gap, detailed)
    first = (TOP + BOTTOM) / 2 - pitch * (slots - 1) / 2
    shape: Shape = "square" if kind == "input" else "round"
    places = {
        neuron: Place(x, first + pitch * slot, r, shape) for slot, neuron in enumerate(wish.shown)
    }
    last = first + pitch * (slots - 1)
    return Column(x, MappingProxyType(places), folded, last, detailed)


def _radius(kind: str, pitch: float, gap: float, detailed: bool) -> float:
    if kind == "input":
        room = pitch * 0.4
    elif detailed:
        room = (pitch - _PILLS) / 2
    else:
        room = min(_SMALL, (pitch - (_RINGS if kind == "output" else _LINES)) / 2)
    return round(min(_LARGEST[kind], room, gap * 0.24), 1)


def _picture(wish: Wish, picture: tuple[int, int], x: float, gap: float) -> Column:
    down, across = picture
    cell = min(_CELL, _PICTURE_HEIGHT / down, (_PICTURE_WIDTH + gap * 0.1) / across)
    wide, high = cell * across, cell * down
    box = Box(max(EDGE, x - wide * 0.55), (TOP + BOTTOM - high) / 2, wide, high)
    places = {
        pixel: Place(
            box.x + cell * (pixel % across + 0.5),
            box.y + cell * (pixel // across + 0.5),
            cell / 2,
            "cell",
        )
        for pixel in range(wish.size)
    }
    return Column(box.x + box.width / 2, MappingProxyType(places), picture=box)
