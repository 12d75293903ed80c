from __future__ import annotations

import math

import pytest

from app.explain.expression import Const, Rest, Symbol, evaluate
from app.explain.labels import Label
from app.explain.names import Names
from app.explain.scene import Pattern, Scene
from tests.explain.cases import Case, tape_of


def pattern(count: int) -> Pattern:
    return Pattern(
        "i",
        Symbol(Label("x", "i")),
        count,
        lambda place: Const(float(place)),
        lambda start, end: float(sum(range(start, end))),
    )


def test_a_pattern_spells_out_its_terms_or_adds_up_the_middle() -> None:
    assert pattern(5).total(5).terms == tuple(Const(float(place)) for place in range(5))
    long = pattern(1000).total(10)
    assert long.terms[3] == Rest(994, float(sum(range(3, 997))))
    assert evaluate(long) == sum(range(1000))


@pytest.mark.parametrize("count", [3, 8, 9, 40])
def test_a_sum_so_far_counts_what_is_done_and_marks_the_last(count: int) -> None:
    for done in range(1, count + 1):
        so_far = pattern(count).so_far(done)
        assert evaluate(so_far) == sum(range(done))
        assert so_far.terms[so_far.current] == Const(float(done - 1))
        assert (len(so_far.terms) > so_far.done) == (done < count)


def test_a_scene_reads_the_tape() -> None:
    tape = tape_of(Case())
    scene = Scene(tape, Names())
    assert scene.sizes == (2, 2, 3)
    assert scene.depth == 2
    assert math.isclose(scene.ref("cost").value, scene.value("cost"))
    assert scene.ref("delta", 1, 0, 0, sup="1").label.text == "δ₁⁽¹⁾"
    assert scene.symbol("A", "k", 1).role == "hidden-1"
    assert scene.symbol("W", "i,1", kind="weight").role == "weight"
    assert [scene.sender(layer) for layer in (0, 1)] == ["In", "A"]
