"""The data sets that come with Glassbox, by id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from app.data import made_up, measured
from app.data.dataset import Dataset
from app.errors import NotFound

BUILDERS: Mapping[str, Callable[[], Dataset]] = MappingProxyType(
    {
        "penguin-colonies": measured.penguin_colonies,
        "penguin-species": measured.penguin_species,
        "penguin-gentoo": measured.penguin_gentoo,
        "penguin-gentoo-flipper": measured.penguin_gentoo_flipper,
        "iris": measured.iris,
        "digits": measured.digits,
        "worked-example": made_up.worked_example,
        "and": made_up.logical_and,
        "or": made_up.logical_or,
        "xor": made_up.logical_xor,
        "encoder-5": made_up.encoder,
        "moons": made_up.moons,
        "circles": made_up.circles,
        "spirals": made_up.spirals,
        "noisy-sine": made_up.noisy_sine,
    }
)
IDS = tuple(BUILDERS)


@cache
def bundled(identifier: str) -> Dataset:
    """Return a bundled data set, read or made on first use.

    Raises:
        NotFound: there is none of that id.
    """
    builder = BUILDERS.get(identifier)
    if builder is None:
        raise NotFound(f"There is no data set “{identifier[:40]}”. There are {', '.join(IDS)}.")
    return builder()
