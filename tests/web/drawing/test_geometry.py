from __future__ import annotations

import math

import pytest

from app.web.drawing.geometry import Box, Place, Segment, arrow, between


def test_boxes_that_only_touch_do_not_overlap() -> None:
    box = Box(0, 0, 10, 10)
    assert box.overlaps(Box(9, 9, 5, 5))
    assert not box.overlaps(Box(10, 0, 5, 5))
    assert not box.overlaps(Box(0, 10, 5, 5))


def test_a_line_runs_from_rim_to_rim() -> None:
    line = between(Place(0, 0, 10, "round"), Place(100, 0, 20, "round"), 1, 5)
    assert (line.x1, line.x2, line.y1, line.y2) == (11, 75, 0, 0)
    assert line.length == 64
    assert line.at(0.25) == (27, 0)


def test_a_square_is_left_at_its_side_and_a_pixel_at_its_middle() -> None:
    square = between(Place(0, 0, 10, "square"), Place(100, 50, 1, "round"))
    assert square.x1 == pytest.approx(10)
    assert square.y1 == pytest.approx(5)
    assert between(Place(0, 0, 10, "cell"), Place(0, 90, 10, "round")).y1 == 0


def test_the_corner_of_a_square_is_round() -> None:
    line = between(Place(0, 0, 10, "square"), Place(100, 100, 1, "round"))
    assert math.hypot(line.x1, line.y1) == pytest.approx(12)


def test_an_arrow_ends_in_its_tip() -> None:
    assert arrow(Segment(0, 0, 50, 0), 2).split("L")[3] == "50.0 0.0"
    assert arrow(Segment(5, 5, 5, 5), 2).startswith("M")
