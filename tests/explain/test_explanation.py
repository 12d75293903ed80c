from __future__ import annotations

import pytest

from app.engine.addresses import parse
from app.errors import Conflict
from app.explain.events import explain, explain_event
from tests.explain.cases import Case, explained, output_neuron, tape_of, tape_with


def test_an_explanation_has_all_its_parts() -> None:
    one = explained(output_neuron("sigmoid", "mse", 0.5, 1.0), "delta[1][0][0]")
    assert str(one.address) == "delta[1][0][0]"
    assert one.label == "δ₁"
    assert one.name == "error of Output 1"
    assert one.title == "Output 1: its error"
    assert one.formula.text == "δ₁ = ∂C/∂A₁ · σ′(Z₁)"
    assert one.formula.latex.startswith(r"\delta_{1} = \frac{\partial C}{\partial A_{1}} \cdot ")
    assert one.substituted.text == "−0.76 · 0.24 = −0.18"
    assert one.written.shown == "−0.18"
    assert one.written.adds_up
    assert [str(operand.address) for operand in one.operands] == [
        "blame[1][0][0]",
        "slope[1][0][0]",
    ]
    assert [str(user) for user in one.used_by] == ["dw[1][0][0]", "db[1][0]"]


def test_the_result_stands_last_with_its_address() -> None:
    tokens = explained(output_neuron("sigmoid", "mse", 0.5, 1.0), "z[1][0][0]").substituted.tokens
    *_, equals, result = tokens.items
    assert (equals.t, equals.text) == ("op", "=")
    assert (result.t, result.text, result.value) == ("num", "0.5", 0.5)
    assert (result.address, result.role) == ("z[1][0][0]", "output")


def test_what_does_not_add_up_is_written_as_about_equal() -> None:
    # Full doubles: 0.1 + 0.2 − 0.3 is not quite 0 for the computer.
    layers = [[[1.0, 1.0, 1.0, 0.0]]]
    tape = tape_with(layers, ("linear",), "mse", [[0.1, 0.2, -0.3]], [[0.0]])
    one = explained(tape, "z[1][0][0]")
    assert not one.written.adds_up
    assert " ≈ " in one.substituted.text


def test_the_learner_chooses_the_digits() -> None:
    tape = output_neuron("sigmoid", "mse", 0.5, 1.0)
    texts = [
        explain(tape, parse("a[1][0][0]"), 3, digits).written.shown for digits in (1, 2, 4, 17)
    ]
    assert texts == ["0.6", "0.62", "0.6225", "0.6224593312018546"]


def test_the_observation_in_focus_decides_where_shared_numbers_are_used() -> None:
    tape = tape_of(Case(batch=3))
    users = explain(tape, parse("w[1][0][0]"), 0, observation=2).used_by
    assert str(users[0]) == "product[1][2][0][0]"
    assert str(explain_event(tape, 1, 2).address) == "product[1][2][0][0]"


def test_a_number_that_is_not_finite_is_refused_with_advice() -> None:
    tape = tape_with([[[1e200, 0.0]]], ("linear",), "mse", [[1e200]], [[0.0]])
    with pytest.raises(Conflict) as caught:
        explained(tape, "z[1][0][0]")
    assert caught.value.detail == (
        "At event 2, the weighted sum of Output 1 grew too large for the computer to hold. "
        "A smaller learning rate keeps the numbers in bounds."
    )
