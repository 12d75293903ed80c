from __future__ import annotations

import pytest

from app.engine.training import Optimizer, Training
from app.explain.names import Names
from tests.explain.cases import explained, one_neuron, said

NAMES = Names(("flipper length",), ("Torgersen",), (True,), "penguin", (("181 mm",),))
STAYS = "Inputs are given; training never changes them."


@pytest.mark.parametrize(
    ("x", "names", "sentence"),
    [
        (
            -1.2,
            NAMES,
            "This penguin's flipper length was 181 mm; to the network that is −1.2, below the average of the data.",
        ),
        (
            1.2,
            NAMES,
            "This penguin's flipper length was 181 mm; to the network that is 1.2, above the average of the data.",
        ),
        (0.0, NAMES, "This penguin's flipper length was 181 mm; to the network that is 0."),
        (0.3, Names(), "This observation's input 1 is 0.3."),
    ],
)
def test_an_input(x: float, names: Names, sentence: str) -> None:
    assert said(one_neuron("sigmoid", x), "a[0][0][0]", names) == f"{sentence} {STAYS}"


def test_a_target() -> None:
    one = explained(one_neuron("sigmoid", 1.0, target=0.25), "y[0][0]", NAMES)
    assert one.title == "Output 1 (Torgersen): the actual value"
    assert one.sentence == (
        "For this penguin the right answer for Torgersen is 0.25. "
        "The network never sees it on the way forward, only when its prediction is judged."
    )


@pytest.mark.parametrize(
    ("weight", "sentence"),
    [
        (
            0.4,
            "A positive weight (0.4): the more flipper length sends, the further it pushes "
            "Hidden 1, neuron 1 up. This is its value when the iteration began.",
        ),
        (
            -0.4,
            "A negative weight (−0.4): the more flipper length sends, the further it pushes "
            "Hidden 1, neuron 1 down. This is its value when the iteration began.",
        ),
        (0.0, "A weight of 0: whatever flipper length sends, Hidden 1, neuron 1 does not hear it."),
    ],
)
def test_a_weight(weight: float, sentence: str) -> None:
    one = explained(one_neuron("sigmoid", 1.0, weight), "w[1][0][0]", NAMES)
    assert one.sentence == sentence
    assert one.expression is None
    assert one.operands == ()
    assert one.formula.text == "W₁,₁"
    assert one.substituted.text == one.written.shown


def test_a_bias() -> None:
    assert said(one_neuron("sigmoid", 1.0, 1.0, 0.3), "b[1][0]") == (
        "With nothing coming in, the sum Z of Hidden 1, neuron 1 would be just its bias, 0.3. "
        "This is its value when the iteration began."
    )


def test_what_an_optimizer_remembers_at_first() -> None:
    training = Training(optimizer=Optimizer("momentum"))
    one = explained(one_neuron("sigmoid", 1.0, training=training), "old_moment_b[0][1][0]")
    assert one.title == "Velocity of the bias of Hidden 1, neuron 1, before"
    assert one.sentence == "The optimizer has felt no gradient here yet, so it remembers 0."
