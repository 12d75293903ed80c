"""How much room words take, roughly, without a font at hand; and how they are cut to fit."""

from __future__ import annotations

from functools import cache
from unicodedata import combining, east_asian_width

NARROW = frozenset("iljtfrI.,:;'|!()[] ·")
BROAD = frozenset("mwMWΣ→×—@%")
BOLD = 1.06
"""How much wider bold letters run."""


def width(text: str, size: float) -> float:
    """Estimate how wide a line of a sans-serif face is; on the wide side."""
    return size * sum(_share(character) for character in text)


@cache
def _share(character: str) -> float:
    if combining(character):
        return 0.0
    if east_asian_width(character) in "WF":
        return 1.0
    if character in NARROW:
        return 0.33
    if character in BROAD:
        return 0.86
    return 0.68 if character.isupper() or character in "−+=∂" else 0.62


def shortened(text: str, size: float, room: float) -> str:
    """Cut a line that is too wide, and show that it was cut."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def wrapped(text: str, size: float, room: float, most: int) -> list[str]:
    """Break a text between words into at most so many lines; what does not fit is cut."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most:
        taken = 1
        while taken < len(rest) and width(" ".join(rest[: taken + 1]), size) <= room:
            taken += 1
        last = len(lines) == most - 1
        lines.append(shortened(" ".join(rest if last else rest[:taken]), size, room))
        rest = rest[taken:]
    return lines


def fitting(text: str, largest: float, room: float, smallest: float = 7.0) -> float:
    """Return the font size at which a line fits."""
    needed = width(text, 1.0)
    return max(smallest, min(largest, room / needed if needed else largest))
