"""Writes a name beside a neuron, and what belongs to it in smaller letters underneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from app.web.drawing.layout import EDGE, WIDTH
from app.web.drawing.lettering import BOLD, shortened, width, wrapped
from app.web.drawing.pen import Pen, clean

NAME, NOTE = 14.0, 12.5
_DENSE_NAME, _DENSE_NOTE = 13.0, 11.0
_NOTES = 2
"""So many notes make a label dense."""


@dataclass(frozen=True)
class Run:
    """Hold words of one colour and weight within a line."""

    text: str
    colour: str = "muted"
    weight: int = 400


@dataclass(frozen=True)
class Side:
    """Write on one side of the network.

    Args:
        anchor: which end of a line stands at `x`, "start" or "end".
        x: the side that faces the neurons.
    """

    anchor: str
    x: float

    @property
    def room(self) -> float:
        """How wide a line may be."""
        return WIDTH - EDGE - self.x if self.anchor == "start" else self.x - EDGE

    def draw(
        self, pen: Pen, middle: float, name: str, notes: Sequence[Sequence[Run]], dim: bool
    ) -> str:
        """Write a name, on two lines if it is long, and its notes, around a height."""
        dense = len(notes) == _NOTES
        large, small = (_DENSE_NAME, _DENSE_NOTE) if dense else (NAME, NOTE)
        most = 1 if dense or width(name, large) * BOLD <= self.room else 2
        names = wrapped(name, large, self.room / BOLD, most)
        gap = 1.5 if dense else 2.5
        y = middle - ((large + gap) * len(names) + (small + gap) * len(notes)) / 2 + large - 1.5
        parts = []
        for line in names:
            parts.append(self._line(pen, [Run(line, "muted" if dim else "ink", 600)], y, large))
            y += large + gap
        for runs in notes:
            parts.append(self._line(pen, self._cut(runs, small), y, small))
            y += small + gap
        return "".join(parts)

    def _cut(self, runs: Sequence[Run], size: float) -> list[Run]:
        """Cut the last words of a line that is too wide."""
        *first, last = runs
        room = self.room - sum(width(run.text, size) for run in first)
        return [*first, Run(shortened(last.text, size, room), last.colour, last.weight)]

    def _line(self, pen: Pen, runs: Sequence[Run], y: float, size: float) -> str:
        words = [
            pen.mark("tspan", escape(clean(run.text)), fill=run.colour, font_weight=run.weight)
            for run in runs
        ]
        return pen.mark("text", *words, x=self.x, y=y, font_size=size, text_anchor=self.anchor)
