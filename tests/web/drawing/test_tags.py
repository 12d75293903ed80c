from __future__ import annotations

import re

import pytest

from app.explain.events import explain_event
from app.web.drawing.geometry import Box, Segment
from app.web.drawing.palette import palette
from app.web.drawing.pen import Pen
from app.web.drawing.plan import plan_of
from app.web.drawing.scene import Scene
from app.web.drawing.tags import _meets, draw_tag, tag_text
from tests.web.diagrams import SMALL, session


def tagged(event: str, preset: str | None = None) -> tuple[str, Scene]:
    one = session(preset or SMALL, event)
    scene = Scene(one)
    explanation = explain_event(one.tape, one.position.event)
    plan = plan_of(scene, explanation)
    return draw_tag(Pen(palette()), scene.event, explanation, plan.columns, plan.drawn), scene


@pytest.mark.parametrize(
    "event",
    [
        "forward product 1 1 2",
        "backward blame 1 0 1",
        "backward gradient 1 0 0",
        "update new_weight 1 1 0",
        "cost loss 2 0 1",
        "backward slope 1 0 -1",
        "backward delta 2 1 -1",
    ],
)
def test_a_tag_covers_no_neuron(event: str) -> None:
    mark, scene = tagged(event)
    numbers = {
        name: float(value)
        for name, value in re.findall(
            r' (x|y|width|height)="([^"]+)"', mark.split("<rect")[1].split("/>")[0]
        )
    }
    box = Box(numbers["x"], numbers["y"], numbers["width"], numbers["height"])
    explanation = explain_event(scene.tape, scene.shown)
    for column in plan_of(scene, explanation).columns:
        for place in column.places.values():
            side = 2 * place.r
            assert not box.overlaps(Box(place.x - place.r, place.y - place.r, side, side))
    assert f">{tag_text(explanation)}</text>" in mark


@pytest.mark.parametrize(
    "event", ["forward bias 1 0 -1", "forward activation 1 0 -1", "cost cost 2 0 -1"]
)
def test_what_the_neuron_shows_has_no_tag(event: str) -> None:
    assert tagged(event)[0] == ""


def test_a_long_formula_is_left_to_the_caption() -> None:
    one = session("iris", "backward gradient 1 2 1")
    text = tag_text(explain_event(one.tape, one.position.event))
    assert re.fullmatch("∂C/∂W₂,₃ = −?[0-9.]+", text)


@pytest.mark.parametrize(
    ("line", "meets"),
    [
        (Segment(-5, 5, 15, 5), True),
        (Segment(-5, -5, 15, 15), True),
        (Segment(2, 2, 3, 3), True),
        (Segment(-5, 11, 15, 11), False),
        (Segment(11, -5, 11, 15), False),
        (Segment(-5, 5, -1, 5), False),
        (Segment(0, 25, 25, 0), False),
    ],
)
def test_a_line_meets_a_box_or_not(line: Segment, meets: bool) -> None:
    assert _meets(line, Box(0, 0, 10, 10)) == meets
