"""The pen: writes marks as SVG text, every name and number escaped, every colour by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from app.web.drawing.palette import Palette

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = str | float | int | None


def clean(text: str) -> str:
    """Replace what XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def decimal(value: float) -> str:
    """Write a coordinate: at most two decimals, no −0."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _attribute(name: str, value: str | float | int) -> str:
    name = name.rstrip("_").replace("_", "-")
    if isinstance(value, str):
        return f" {name}={quoteattr(clean(value))}"
    return f' {name}="{decimal(value)}"'


def tag(name: str, *children: str, **attributes: Value) -> str:
    """Write an element; its children are marks already, an attribute of None is left out."""
    written = "".join(
        _attribute(key, value) for key, value in attributes.items() if value is not None
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


@dataclass(frozen=True)
class Pen:
    """Draw in a palette's colours."""

    palette: Palette

    def mark(self, name: str, *children: str, **attributes: Value) -> str:
        """Write an element; its fill and its stroke are colours by name, "none" is no colour."""
        classes = []
        for place in ("fill", "stroke"):
            colour = attributes.get(place)
            if isinstance(colour, str) and colour != "none":
                classes.append(f"{place[0]}-{colour}")
                attributes[place] = self.palette.light(colour)
        return tag(name, *children, class_=" ".join(classes) or None, **attributes)

    def text(
        self, content: str, x: float, y: float, *, fill: str = "ink", **attributes: Value
    ) -> str:
        """Write words at a place; nothing where there are none."""
        if not content:
            return ""
        return self.mark("text", escape(clean(content)), fill=fill, x=x, y=y, **attributes)

    def outlined(
        self, content: str, x: float, y: float, *, fill: str, rim: float = 3, **attributes: Value
    ) -> str:
        """Write words with a rim of paper, legible on top of lines."""
        return self.text(
            content,
            x,
            y,
            fill=fill,
            stroke="paper" if rim else None,
            stroke_width=rim or None,
            stroke_linejoin="round" if rim else None,
            paint_order="stroke" if rim else None,
            **attributes,
        )
