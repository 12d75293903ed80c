from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.sessions.strict_model import StrictModel


class Thing(StrictModel):
    number: float = 0.0
    whole: int = 0
    word: str = ""
    rows: list[list[float]] | None = None
    pair: tuple[int, int] | None = None


@pytest.mark.parametrize(
    "text",
    [
        '{"unknown": 1}',
        '{"number": "3"}',
        '{"number": true}',
        '{"number": NaN}',
        '{"number": Infinity}',
        '{"number": 1e999}',
        '{"whole": 1.0}',
        '{"whole": true}',
        '{"word": 3}',
        '{"rows": [["1"]]}',
        '{"pair": [1]}',
    ],
)
def test_nothing_is_taken_for_something_else(text: str) -> None:
    with pytest.raises(ValidationError):
        Thing.model_validate_json(text)


def test_whole_numbers_are_numbers() -> None:
    assert Thing.model_validate_json('{"number": 3, "pair": [1, 2]}').number == 3.0


def test_a_model_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        setattr(Thing(), "number", 1.0)  # noqa: B010 - mypy would refuse the plain form


def test_a_hostile_list_stops_at_its_first_fault() -> None:
    with pytest.raises(ValidationError) as caught:
        Thing.model_validate({"rows": [["x"] * 1_000] * 1_000})
    assert caught.value.error_count() == 1


def test_faults_in_different_places_are_all_told() -> None:
    with pytest.raises(ValidationError) as caught:
        Thing.model_validate({"number": "3", "whole": "3", "more": 1})
    assert caught.value.error_count() == 3
