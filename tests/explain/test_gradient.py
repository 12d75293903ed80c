from __future__ import annotations

from app.engine.training import Training
from app.explain.names import Names
from tests.explain.cases import Case, explained, one_neuron, said, tape_of

FURTHER = " (The further from 0 the signal, the further from 0 the gradient.)"
PENGUINS = Names(("bill length",), observation="penguin")


def test_error_times_what_was_sent() -> None:
    one = explained(one_neuron("linear", 0.5, target=1.0), "dw[1][0][0]", PENGUINS)
    assert one.title == "Hidden 1, neuron 1: gradient of the weight from bill length"
    assert one.formula.text == "∂C/∂W₁,₁ = δ₁ · In₁"
    assert one.sentence == (
        "This penguin's bill length came in as 0.5, so a nudge of this weight moves the sum Z 0.5 times as much. "
        "Times the neuron's error (−1), that gives the weight's gradient, ∂C/∂W: −0.5."
        f"{FURTHER} A larger weight would lower the cost."
    )
    outgoing = explained(one_neuron("linear", 0.5, target=0.0), "dw[2][0][0]")
    assert outgoing.formula.text == "∂C/∂W₁,₁ = δ₁ · A₁"
    assert outgoing.sentence == (
        "Hidden 1, neuron 1 sent 0.5, so a nudge of this weight moves the sum Z 0.5 times as much. "
        "Times the neuron's error (1), that gives the weight's gradient, ∂C/∂W: 0.5."
        f"{FURTHER} A larger weight would raise the cost."
    )


def test_no_signal_and_no_error_give_no_gradient() -> None:
    assert said(one_neuron("linear", 0.0, target=1.0), "dw[1][0][0]", PENGUINS) == (
        "This penguin's bill length came in as 0, so a nudge of this weight would not be felt. "
        "That gives the weight's gradient, ∂C/∂W: 0."
    )
    assert said(one_neuron("linear", 1.0, target=1.0), "dw[1][0][0]", PENGUINS) == (
        "The neuron has no error (0), so there is nothing to mend. That gives the weight's gradient, ∂C/∂W: 0."
    )


def test_a_batch_is_summed_and_each_observation_is_marked() -> None:
    one = explained(tape_of(Case(batch=3)), "dw[1][0][1]", PENGUINS)
    assert one.formula.text == "∂C/∂W₂,₁ = Σₙ δ₁⁽ⁿ⁾ · In₂⁽ⁿ⁾"
    assert one.sentence.startswith(
        "The neuron's error times what input 2 sent, added up over the 3 penguins, gives the weight's gradient, ∂C/∂W: "
    )
    assert [operand.label.text for operand in one.operands[:2]] == ["δ₁⁽¹⁾", "In₂⁽¹⁾"]


def test_a_large_batch_names_a_few_observations() -> None:
    tape = tape_of(Case(batch=100))
    one = explained(tape, "dw[1][0][1]")
    assert "(94 more: " in one.substituted.text
    assert len(one.operands) == 12
    assert "(94 more: " in explained(tape, "db[1][0]").substituted.text


def test_the_penaltys_share_is_told_apart() -> None:
    tape = one_neuron("linear", 0.5, 2.0, target=0.0, training=Training(l1=0.1, l2=0.25))
    one = explained(tape, "dw[1][0][0]")
    assert one.formula.text == "∂C/∂W₁,₁ = δ₁ · In₁ + λ₂ · W₁,₁ + λ₁ · sign(W₁,₁)"
    assert one.substituted.text == "2 · 0.5 + 0.25 · 2 + 0.1 · sign(2) = 1.6"
    assert one.sentence == (
        "This observation's input 1 came in as 0.5, so a nudge of this weight moves the sum Z 0.5 times as much. "
        "Times the neuron's error (2), that gives 1. The penalty on large weights (λ) adds 0.60, "
        "so the weight's gradient, ∂C/∂W, is 1.6. A larger weight would raise the cost."
    )
    data = explained(tape, "data_dw[1][0][0]")
    assert data.formula.text == "data ∂C/∂W₁,₁ = δ₁ · In₁"
    assert data.title.endswith(", the data's part")
    assert "the data's part of the weight's gradient: 1." in data.sentence
    assert [str(user) for user in data.used_by] == ["dw[1][0][0]"]


def test_the_bias_gets_the_error_itself() -> None:
    one = explained(one_neuron("linear", 0.5, target=1.0), "db[1][0]")
    assert one.formula.text == "∂C/∂Bias₁ = δ₁"
    assert one.substituted.text == "−1"
    assert one.sentence == (
        "A bias is like a weight whose input is always 1, so its gradient is the neuron's error δ itself: −1."
    )
    batch = explained(tape_of(Case(batch=3)), "db[1][0]", PENGUINS)
    assert batch.formula.text == "∂C/∂Bias₁ = Σₙ δ₁⁽ⁿ⁾"
    assert "summed over the 3 penguins: " in batch.sentence
