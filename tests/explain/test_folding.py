from __future__ import annotations

from app.engine.addresses import Address
from app.explain.expression import (
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
    Rest,
    Sub,
    Sum,
    Symbol,
    evaluate,
    total,
)
from app.explain.folding import fold
from app.explain.labels import Label

LETTER = Symbol(Label("x", "i"))


def numbers(count: int) -> tuple[Node, ...]:
    return tuple(Const(float(value)) for value in range(1, count + 1))


def test_a_short_sum_stays() -> None:
    short = total("i", LETTER, numbers(8))
    assert fold(short) == short


def test_a_long_sum_keeps_its_ends_and_says_what_the_middle_comes_to() -> None:
    folded = fold(total("i", LETTER, numbers(20)))
    assert isinstance(folded, Sum)
    first, middle, last = folded.terms[:3], folded.terms[3], folded.terms[4:]
    assert (first, last) == (numbers(3), numbers(20)[-3:])
    assert middle == Rest(14, float(sum(range(4, 18))))
    assert evaluate(folded) == 210.0


def test_a_rest_at_the_end_takes_up_the_last_terms() -> None:
    folded = fold(total("i", LETTER, (*numbers(10), Rest(30, 5.0))))
    assert isinstance(folded, Sum)
    assert folded.terms == (*numbers(3), Rest(37, 54.0))


def test_a_long_sum_in_the_making_keeps_its_current_term_and_hints_at_what_comes() -> None:
    folded = fold(Sum("i", LETTER, numbers(20), 12, 11))
    assert isinstance(folded, Sum)
    assert folded.terms[-1] == Rest(8, None)
    assert folded.terms[folded.current] == Const(12.0)
    assert evaluate(folded) == 78.0
    begun = fold(Sum("i", LETTER, numbers(20), 2, 1))
    assert begun == Sum("i", LETTER, (*numbers(2), Rest(18, None)), 2, 1)


def test_sums_are_found_wherever_they_stand() -> None:
    long, short = total("i", LETTER, numbers(9)), Const(1.0)
    inside = fold(long)
    around: list[tuple[Node, Node]] = [
        (Add((short, long)), Add((short, inside))),
        (Mul((short, long)), Mul((short, inside))),
        (Sub(short, long), Sub(short, inside)),
        (Div(short, long), Div(short, inside)),
        (Neg(long), Neg(inside)),
        (Pow(long, TWO), Pow(inside, TWO)),
        (Part(Address("cost"), long), Part(Address("cost"), inside)),
        (Current(long), Current(inside)),
        (Pending(long), Pending(inside)),
        (Call("exp", (long,)), Call("exp", (inside,))),
    ]
    for node, folded in around:
        assert fold(node) == folded
