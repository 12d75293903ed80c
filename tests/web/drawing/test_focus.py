from __future__ import annotations

import pytest

from app.engine.addresses import parse
from app.explain.events import explain_event
from app.web.drawing.focus import Focus, focus_of, neuron_of, part_name, part_of
from tests.web.diagrams import SMALL, session


def lit(event: str) -> Focus:
    one = session(SMALL, event)
    explanation = explain_event(one.tape, one.position.event)
    return focus_of(one.setup.network, one.tape.events.at(one.position.event), explanation)


def test_nothing_is_dimmed_where_nothing_happens() -> None:
    focus = focus_of(session(SMALL).setup.network, None, None)
    assert focus.strength((1, 0)) == "plain"


def test_a_product_lights_its_connection_and_keeps_those_before() -> None:
    focus = lit("forward product 1 1 2")
    assert focus.strength((1, 1, 2)) == focus.strength((0, 2)) == focus.strength((1, 1)) == "lit"
    assert focus.strength((1, 1, 0)) == focus.strength((0, 1)) == "recent"
    assert focus.strength((1, 0, 2)) == focus.strength((2, 0)) == "dim"


def test_blame_lights_the_connection_it_comes_back_through() -> None:
    focus = lit("backward blame 1 0 1")
    assert focus.strength((2, 1, 0)) == focus.strength((2, 1)) == focus.strength((1, 0)) == "lit"
    assert focus.strength((2, 0, 0)) == focus.strength((2, 0)) == "recent"


def test_the_error_keeps_the_blame_it_was_made_of() -> None:
    focus = lit("backward delta 1 0 -1")
    assert focus.strength((2, 0, 0)) == focus.strength((2, 1, 0)) == "recent"
    assert lit("backward delta 2 0 -1").recent == frozenset()


def test_the_activation_keeps_the_sum_it_was_made_of() -> None:
    focus = lit("forward activation 1 1 -1")
    assert {(1, 1, source) for source in range(3)} <= focus.recent


@pytest.mark.parametrize("kind", ["backward gradient", "update new_weight"])
def test_weights_that_came_before_stay_in_sight(kind: str) -> None:
    focus = lit(f"{kind} 1 1 1")
    assert focus.strength((1, 1, 1)) == "lit"
    assert focus.strength((1, 1, 0)) == "recent"


def test_a_loss_is_about_its_output_and_the_cost_about_all() -> None:
    focus = lit("cost loss 2 0 1")
    assert focus.strength((2, 1)) == "lit"
    assert focus.strength((2, 0)) == "dim"
    assert {(2, 0), (2, 1)} <= lit("cost cost 2 0 -1").lit
    event = session(SMALL).setup.events.at(session(SMALL, "cost loss 2 0 1").position.event)
    assert neuron_of(event) == (2, 1)


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("a[0][1][2]", "n:0:2"),
        ("delta[2][0][1]", "n:2:1"),
        ("y[0][1]", "n:2:1"),
        ("b[1][1]", "n:1:1"),
        ("w[1][0][2]", "c:1:0:2"),
        ("product[2][1][0][1]", "c:2:0:1"),
        ("blame_term[1][0][0][1]", "c:2:1:0"),
        ("cost", None),
        ("loss[0]", None),
    ],
)
def test_every_number_belongs_to_a_part(address: str, part: str | None) -> None:
    key = part_of(session(SMALL).setup.network, parse(address))
    assert (None if key is None else part_name(key)) == part
