from dataclasses import FrozenInstanceError, fields

import pytest

from app.data.limits import Limits


def test_every_limit_is_documented() -> None:
    assert Limits.__doc__
    for field in fields(Limits):
        assert f"        {field.name}: " in Limits.__doc__


def test_limits_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Limits().rows = 1  # type: ignore[misc]
