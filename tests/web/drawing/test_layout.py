from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.drawing.layout import BOTTOM, EDGE, FEW, MANY, TOP, WIDTH, Wish, layout

SIZES = st.lists(st.integers(1, MANY), min_size=2, max_size=11)


def wish(size: int) -> Wish:
    return Wish(size, range(size if size <= MANY else FEW))


@given(SIZES)
def test_columns_stand_evenly_and_nothing_overlaps(sizes: list[int]) -> None:
    columns = layout([wish(size) for size in sizes])
    gaps = [b.x - a.x for a, b in pairwise(columns)]
    assert max(gaps) - min(gaps) < 1e-9
    for column, size in zip(columns, sizes, strict=True):
        places = list(column.places.values())
        assert len(places) == size
        assert all(p.y - p.r >= TOP - 10 and p.y + p.r <= BOTTOM + 10 for p in places)
        assert all(p.x - p.r > EDGE and p.x + p.r < WIDTH - EDGE for p in places)
        assert all(b.y - a.y > 2 * a.r for a, b in pairwise(places))
        assert all(2 * p.r < gaps[0] for p in places)


def test_a_folded_layer_says_how_many_are_left_out() -> None:
    _, column, _ = layout([wish(2), Wish(100, (4, 7, 70)), wish(1)])
    assert (list(column.places), column.folded) == ([4, 7, 70], 97)
    assert column.more_y > column.places[70].y + column.places[70].r


def test_few_neurons_have_room_for_their_pills_and_many_do_not() -> None:
    _, few, _ = layout([wish(2), wish(5), wish(1)])
    _, many, _ = layout([wish(2), wish(MANY), wish(1)])
    assert few.detailed
    assert not many.detailed


@pytest.mark.parametrize("picture", [(8, 8), (4, 16), (16, 4), (1, 128)])
def test_pixels_stand_in_rows_within_their_frame(picture: tuple[int, int]) -> None:
    down, across = picture
    column, _ = layout([Wish(down * across, range(down * across), picture), wish(3)])
    frame = column.picture
    assert frame is not None
    assert frame.x >= EDGE
    assert frame.y >= TOP
    first, last = column.places[0], column.places[down * across - 1]
    assert (first.x - first.r, first.y - first.r) == pytest.approx((frame.x, frame.y))
    assert last.x + last.r == pytest.approx(frame.x + frame.width)
    assert last.y + last.r == pytest.approx(frame.y + frame.height)
    if across < down * across:
        assert column.places[across].y > column.places[across - 1].y
