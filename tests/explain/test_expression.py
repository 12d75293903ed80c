from __future__ import annotations

import math

import pytest

from app.engine.addresses import Address
from app.explain.expression import (
    HALF,
    ONE,
    TWO,
    Add,
    Call,
    Const,
    Current,
    Div,
    Mul,
    Neg,
    Node,
    Part,
    Pending,
    Pow,
    Ref,
    Rest,
    Setting,
    Sub,
    Sum,
    Symbol,
    evaluate,
    operands,
    total,
    walk,
)
from app.explain.labels import Label

X = Ref(Address("cost"), Label("x"), 3.0)
Y = Ref(Address("penalty"), Label("y"), -2.0)
ETA = Setting(Label("η"), 0.5)
LETTER = Symbol(Label("x", "i"))


@pytest.mark.parametrize(
    ("node", "value"),
    [
        (X, 3.0),
        (ETA, 0.5),
        (Add((X, Y, ONE)), 2.0),
        (Sub(X, Y), 5.0),
        (Mul((X, Y, HALF)), -3.0),
        (Div(X, Y), -1.5),
        (Neg(Y), 2.0),
        (Pow(Y, TWO), 4.0),
        (Call("max", (X, Y)), 3.0),
        (Call("exp", (Const(0.0),)), 1.0),
        (Part(Address("cost"), X), 3.0),
        (Current(X), 3.0),
        (Pending(X), 0.0),
        (Rest(4, 2.5), 2.5),
        (Rest(4, None), 0.0),
        (total("i", LETTER, (X, Y)), 1.0),
        (Sum("i", LETTER, (X, Y), 1, 0), 3.0),
    ],
)
def test_evaluate(node: Node, value: float) -> None:
    assert evaluate(node) == value


def test_zero_times_an_infinite_logarithm_is_zero() -> None:
    assert evaluate(Mul((Const(0.0), Call("ln", (Const(0.0),))))) == 0.0


def test_a_letter_has_no_value() -> None:
    with pytest.raises(TypeError, match="xᵢ stands for no number"):
        evaluate(LETTER)


def test_operands_are_the_tapes_numbers_once_each_in_order() -> None:
    formula = Add((Mul((X, Y)), Pow(Y, TWO), Sub(ETA, Call("exp", (Neg(X),)))))
    assert operands(formula) == (X, Y)


def test_walk_reaches_every_node() -> None:
    formula = Div(Current(Part(Address("cost"), X)), total("i", LETTER, (Pending(Y), ONE)))
    assert [type(node).__name__ for node in walk(formula)] == (
        ["Div", "Current", "Part", "Ref", "Sum", "Pending", "Ref", "Const"]
    )
    assert math.isinf(evaluate(Neg(Const(math.inf)))) is True
