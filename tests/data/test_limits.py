from dataclasses import FrozenInstanceError, fields
from inspect import getdoc

import pytest

from app.data.limits import Limits


def test_every_limit_is_documented() -> None:
    # Cleaned of its indent, which Python 3.13 takes away and older ones keep.
    told = getdoc(Limits)
    assert told
    for field in fields(Limits):
        assert f"\n    {field.name}: " in told


def test_limits_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Limits().rows = 1  # type: ignore[misc]
