from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.drawing.scales import FILL, WEIGHT, along, domain, share, weight_colour

SIZES = st.floats(1e-9, 1e9)


@pytest.mark.parametrize(
    ("values", "least", "end"),
    [([], 0, 1), ([0.3, -0.7], 0, 1), ([1.2], 0, 2), ([-4.9], 0, 5), ([0.011], 0.05, 0.05)],
)
def test_a_scale_ends_at_1_2_or_5(values: list[float], least: float, end: float) -> None:
    assert domain(values, least) == end


@given(st.lists(SIZES, min_size=1))
def test_a_scale_holds_every_value(values: list[float]) -> None:
    assert domain(values) >= max(values) * (1 - 1e-9)


@given(SIZES, SIZES)
def test_a_larger_weight_is_never_thinner(one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert WEIGHT[0] <= along(WEIGHT, small, 10) <= along(WEIGHT, -large, 10) <= WEIGHT[1]


def test_a_fill_never_hides_its_number() -> None:
    assert along(FILL, 1e9, 1) <= 0.55
    assert share(-3, 2) == 1


def test_the_sign_has_its_colour() -> None:
    assert weight_colour(-1e-9) == "weight-negative"
    assert weight_colour(0.0) == "weight-positive"
