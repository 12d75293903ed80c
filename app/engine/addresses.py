"""Addresses: the name of every number of an iteration, as a zero-based path into the wire's arrays.

An observation of the batch is `b`, a layer `l`, a neuron `j`, the neuron a connection comes from `i`, goes to `k`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.errors import InvalidInput

PATHS: Mapping[str, str] = MappingProxyType(
    {
        "a": "lbj",  # activation; layer 0 holds the inputs
        "z": "lbj",  # weighted sum plus bias
        "slope": "lbj",  # f'(z)
        "blame": "lbj",  # dC/da
        "delta": "lbj",  # dC/dz, the neuron's error
        "y": "bj",  # target
        "loss_term": "bj",  # one output's share of the loss
        "loss": "b",  # one observation's loss
        "data_cost": "",  # the losses' average
        "penalty": "",  # what l1 and l2 add
        "cost": "",
        "cost_after": "",  # the same batch's cost after the update
        "w": "lji",  # weight at the iteration's start
        "b": "lj",  # bias at the iteration's start
        "product": "lbji",  # w·a
        "blame_term": "lbjk",  # w·delta from neuron k of the next layer
        "dw": "lji",  # dC/dw, penalties included
        "db": "lj",
        "data_dw": "lji",  # dC/dw without the penalties' share
        "moment_w": "mlji",  # the optimizer's number m after the update
        "moment_b": "mlj",
        "old_moment_w": "mlji",  # and before it
        "old_moment_b": "mlj",
        "new_w": "lji",
        "new_b": "lj",
    }
)
"""The letters of each address's path: l layer, b observation, j neuron, i source, k target, m moment."""

_SHAPE = re.compile(r"([a-z_]+)((?:\[(?:0|[1-9][0-9]{0,6})\])*)", re.ASCII)


@dataclass(frozen=True)
class Address:
    """Name one number, for example `Address("w", (1, 0, 4))`, written `w[1][0][4]`."""

    kind: str
    path: tuple[int, ...] = ()

    def __str__(self) -> str:
        return self.kind + "".join(f"[{step}]" for step in self.path)

    def get(self, letter: str) -> int | None:
        """Return the step of the path that a letter stands for, or None."""
        place = PATHS[self.kind].find(letter)
        return self.path[place] if place >= 0 else None


def parse(text: str) -> Address:
    """Read an address such as `w[1][0][4]`.

    Raises:
        InvalidInput: it is not one; the detail says what one looks like.
    """
    match = _SHAPE.fullmatch(text)
    if match is None or match[1] not in PATHS:
        raise InvalidInput(
            "That is not the address of a number. Addresses look like w[1][0][4] or cost; "
            f"they begin with one of {', '.join(PATHS)}."
        )
    path = tuple(int(step) for step in re.findall(r"[0-9]+", match[2]))
    letters = PATHS[match[1]]
    if len(path) != len(letters):
        spelled = match[1] + "".join(f"[{letter}]" for letter in letters)
        raise InvalidInput(f"{match[1]} takes {len(letters)} numbers in brackets: {spelled}.")
    return Address(match[1], path)
