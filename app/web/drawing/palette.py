"""The colours of a drawing, read from the page's own table of colours: static/css/tokens.css."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from app.web.assets import web_root

USED = (
    "paper",
    "surface",
    "ink",
    "ink-soft",
    "muted",
    "line",
    "empty",
    "highlight",
    "input",
    "input-ink",
    *(f"hidden-{number}{kind}" for number in range(1, 9) for kind in ("", "-ink")),
    "output",
    "output-ink",
    "weight-negative",
    "weight-positive",
    "error",
    "error-ink",
)
"""The names a drawing may use."""

HIDDEN_COLOURS = 8

_COLOUR = re.compile(r"--([a-z0-9-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", re.ASCII)


@dataclass(frozen=True)
class Palette:
    """Hold each colour by its name, for light and for dark paper."""

    colours: Mapping[str, tuple[str, str]]

    def light(self, name: str) -> str:
        """Return a colour on light paper."""
        return self.colours[name][0]

    def style(self) -> str:
        """Write the style of every drawing: what it looks like on a dark screen.

        The light colours are attributes of the drawing itself, so that a program without styles shows them, and
        paper stays white. The text is always the same, so that a security policy can name it by its hash.
        """
        rules = [
            f".f-{name}{{fill:{dark}}}.s-{name}{{stroke:{dark}}}"
            for name, (_, dark) in self.colours.items()
        ]
        screen = "@media screen and (prefers-color-scheme:dark)"
        return f'text{{font-feature-settings:"tnum"}}{screen}{{{"".join(rules)}}}'


def parse(css: str) -> Palette:
    """Read the colours a drawing uses.

    Raises:
        KeyError: the table lacks one.
    """
    found = {name: (light, dark) for name, light, dark in _COLOUR.findall(css)}
    return Palette(MappingProxyType({name: found[name] for name in USED}))


@cache
def palette() -> Palette:
    """Return the page's colours; the table is read once."""
    return parse((web_root() / "static" / "css" / "tokens.css").read_text(encoding="utf-8"))


def role_colour(role: str) -> str:
    """Return the name of a role's colour; hidden layers beyond the colours begin again."""
    if not role.startswith("hidden-"):
        return role
    number = int(role.removeprefix("hidden-"))
    return f"hidden-{(number - 1) % HIDDEN_COLOURS + 1}"
