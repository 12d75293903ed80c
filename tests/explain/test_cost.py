from __future__ import annotations

import pytest

from app.engine.training import Training
from app.explain.names import Names
from tests.explain.cases import Case, explained, output_neuron, said, tape_of, tape_with

PENGUINS = Names(observation="penguin")
NOW = (
    " Training makes this one number smaller. So who is to blame for it, and how much? "
    "To find out, we now go back through the network."
)


@pytest.mark.parametrize(
    ("cost", "sentence"),
    [
        (
            "mse",
            "The one loss, 0.25, is the cost C of this penguin (squares, without a ½).",
        ),
        (
            "half_squared_error",
            "The one loss, 0.13, is the cost C of this penguin (half of the squares).",
        ),
    ],
)
def test_each_squared_cost_says_its_factor(cost: str, sentence: str) -> None:
    assert said(output_neuron("linear", cost, 0.5, 1.0), "cost", PENGUINS) == sentence + NOW


def test_one_observation() -> None:
    tape = tape_of(Case())
    one = explained(tape, "cost")
    assert one.title == "The cost: add up the losses"
    assert one.formula.text == "C = Σₖ Lossₖ"
    assert one.sentence.startswith("The 3 losses add up to ")
    assert ": the cost C of this observation (squares, without a ½)." in one.sentence


def test_a_batch_is_averaged() -> None:
    tape = tape_of(Case(batch=3))
    one = explained(tape, "cost", PENGUINS)
    assert one.title == "The cost: average the losses"
    assert one.formula.text == "C = 1 / B · Σₙ Loss⁽ⁿ⁾"
    assert one.sentence.startswith("The losses of the 3 penguins in this batch are ")
    assert " on average: the cost C (squares, without a ½)." in one.sentence
    assert [str(operand.address) for operand in one.operands] == ["loss[0]", "loss[1]", "loss[2]"]


def test_a_large_batch_stays_short() -> None:
    one = explained(tape_of(Case(batch=100)), "cost")
    assert "94 more: " in one.substituted.text
    assert len(one.operands) == 6


def test_the_loss_of_an_observation() -> None:
    assert said(tape_of(Case()), "loss[0]", PENGUINS).startswith(
        "The 3 outputs together make the loss of this penguin: "
    )
    assert said(output_neuron("linear", "mse", 0.5, 1.0), "loss[0]", PENGUINS) == (
        "There is one output, so its 0.25 is the loss of this penguin."
    )


def test_penalties() -> None:
    layers = [[[3.0, 5.0]], [[-2.0, 5.0]]]
    tape = tape_with(
        layers, ("linear", "linear"), "mse", [[0.0]], [[0.0]], Training(l1=0.1, l2=0.2)
    )
    one = explained(tape, "penalty")
    assert one.formula.text == "penalty = λ₂ / 2 · Σ W² + λ₁ · Σ |W|"
    assert one.substituted.text == "0.2 / 2 · (3² + (−2)²) + 0.1 · (|3| + |−2|) = 1.8"
    assert one.sentence == "Large weights cost extra, 1.8 in all; the biases are free."
    whole = explained(tape, "cost")
    assert whole.formula.text == "C = data cost + penalty"
    assert whole.sentence.startswith("The data costs 25 and the size of the weights 1.8 more: 26.8")


def test_one_penalty_alone_and_none() -> None:
    formulas = {
        (l1, l2): explained(tape_of(Case(penalty=(l1, l2))), "penalty").formula.text
        for l1, l2 in ((0.1, 0.0), (0.0, 0.1), (0.0, 0.0))
    }
    assert list(formulas.values()) == [
        "penalty = λ₁ · Σ |W|",
        "penalty = λ₂ / 2 · Σ W²",
        "penalty = 0",
    ]
    assert "No penalty is switched on" in said(tape_of(Case()), "penalty")


def test_the_penalty_of_many_weights_names_a_few() -> None:
    tape = tape_of(Case(penalty=(0.1, 0.1), sizes=(20, 4, 3)))
    one = explained(tape, "penalty")
    assert one.substituted.text.count("(89 more: ") == 2
    assert len(one.operands) == 32


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.1, "costs 0.090: less than the 0.25 before"),
        (1.2, "costs 3.61: more than the 0.25 before"),
    ],
)
def test_the_cost_after_the_update(rate: float, words: str) -> None:
    tape = output_neuron("linear", "mse", 1.0, 1.5, Training(learning_rate=rate))
    one = explained(tape, "cost_after")
    assert words in one.sentence
    assert one.formula.text == "new C"
    assert one.operands == ()


def test_the_cost_after_no_step_stays() -> None:
    tape = output_neuron("linear", "mse", 1.0, 1.5, Training(learning_rate=0.0))
    assert said(tape, "cost_after") == (
        "The same batch, run again with the new weights, still costs 0.25."
    )
