from __future__ import annotations

import re

import pytest

from app.engine.activations import ACTIVATIONS
from app.web.drawing.curves import Curve, has_curve
from app.web.drawing.geometry import Box

BOX = Box(0, 0, 100, 50)


def test_every_activation_but_softmax_has_a_curve() -> None:
    assert {name for name in ACTIVATIONS if not has_curve(name)} == {"softmax"}
    assert not has_curve("")


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_the_curve_stays_in_its_box_and_rises(name: str) -> None:
    points = re.findall(r"(-?[0-9.]+) (-?[0-9.]+)", Curve(name, BOX).path())
    xs, ys = ([float(pair[k]) for pair in points] for k in (0, 1))
    assert xs == sorted(xs)
    assert min(xs) == 0
    assert max(xs) == 100
    assert all(0 <= y <= 50 for y in ys)
    assert ys[-1] < ys[0]


def test_the_dot_lies_on_the_curve_and_what_is_outside_on_the_rim() -> None:
    curve = Curve("sigmoid", BOX)
    assert curve.point(0, 0.5) == (50, 25)
    assert curve.point(1e300, 1) == (100, 0)
    assert curve.point(-1e300, 0) == (0, 50)
