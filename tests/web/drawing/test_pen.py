from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.drawing.palette import palette
from app.web.drawing.pen import Pen, decimal, tag


@given(st.text(), st.text())
def test_any_words_are_well_formed(words: str, attribute: str) -> None:
    mark = Pen(palette()).text(words, 1, 2, data_part=attribute)
    if words:
        assert ElementTree.fromstring(mark).tag == "text"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (1.5, "1.5"), (-0.001, "0"), (2.0, "2"), (0.126, "0.13"), (10, "10")],
)
def test_a_coordinate_is_short(value: float, text: str) -> None:
    assert decimal(value) == text


def test_what_is_not_said_is_left_out() -> None:
    assert tag("line", x1=1, stroke_width=None) == '<line x1="1"/>'
    assert Pen(palette()).text("", 1, 2) == ""


def test_a_colour_is_an_attribute_and_a_class() -> None:
    mark = Pen(palette()).mark("circle", fill="ink", stroke="none")
    light = palette().light("ink")
    assert mark == f'<circle class="f-ink" fill="{light}" stroke="none"/>'
    with pytest.raises(KeyError):
        Pen(palette()).mark("circle", fill="red")
