"""A sentence whose numbers know what they are: marked while it is written, in parts afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass

# No column can be called so: names are printable.
_OPEN, _NEXT, _CLOSE = "\x02", "\x1f", "\x03"
_MARKED = re.compile(f"{_OPEN}(.*?){_NEXT}(.*?){_NEXT}(.*?){_CLOSE}")


@dataclass(frozen=True)
class Part:
    """Hold some words of a sentence, or one of its numbers.

    Args:
        text: as it is read.
        address, role: of a number that has an address: which one, and what it is coloured by; "" otherwise.
    """

    text: str
    address: str = ""
    role: str = ""


def mark(text: str, address: str, role: str) -> str:
    """Return a number's text marked with its address, to be put into a sentence."""
    return f"{_OPEN}{address}{_NEXT}{role}{_NEXT}{text}{_CLOSE}"


def parts(marked: str) -> tuple[Part, ...]:
    """Cut a marked sentence into its parts."""
    words, *rest = _MARKED.split(marked)
    found = [Part(words)]
    for address, role, text, words in zip(*[iter(rest)] * 4, strict=True):
        found += [Part(text, address, role), Part(words)]
    return tuple(part for part in found if part.text)


def plain(cut: tuple[Part, ...]) -> str:
    """Return a sentence as it is read."""
    return "".join(part.text for part in cut)
