from __future__ import annotations

import pytest

from app.engine.tape import Tape
from app.engine.training import Training
from app.explain.expression import evaluate
from app.explain.names import Names
from tests.explain.cases import Case, explained, one_neuron, output_neuron, said, tape_of, tape_with

NAMES = Names(("x",), ("Torgersen", "Biscoe"), observation="penguin")
OLD = "(Blame goes back by the weights the iteration began with.)"
ALL = "That is all its blame, ∂C/∂A."


def two_outputs(weights: tuple[float, float], targets: tuple[float, float]) -> Tape:
    """A hidden neuron which sends 1 to two linear outputs."""
    layers = [[[1.0, 0.0]], [[weights[0], 0.0], [weights[1], 0.0]]]
    return tape_with(layers, ("linear", "linear"), "mse", [[1.0]], [list(targets)])


def test_too_low_goes_back_as_a_negative_error() -> None:
    tape = two_outputs((0.35, 0.5), (0.47, 0.6))
    assert said(tape, "blame_term[1][0][0][0]", NAMES) == (
        "The prediction for Torgersen came out too low, so its error is negative (−0.24). "
        f"This neuron fed it through a positive weight (0.35): its blame (Σ) starts at −0.084. {OLD}"
    )
    assert said(tape, "blame_term[1][0][0][1]", NAMES) == (
        "The prediction for Biscoe came out too low, so its error is negative (−0.20). "
        "This neuron fed it through a positive weight (0.5): "
        f"that lowers its blame by 0.100, from −0.084 to −0.18. {ALL}"
    )


def test_a_negative_weight_turns_the_sign() -> None:
    tape = two_outputs((-0.5, 0.5), (-0.6, 0.5))
    assert said(tape, "blame_term[1][0][0][0]", NAMES) == (
        "The prediction for Torgersen came out too high, so its error is positive (0.20). This neuron fed it "
        f"through a negative weight (−0.5), which turns the sign: its blame (Σ) starts at −0.100. {OLD}"
    )


def test_no_error_and_no_weight_send_no_blame() -> None:
    tape = two_outputs((0.5, 0.0), (0.5, 1.0))
    assert said(tape, "blame_term[1][0][0][0]", NAMES) == (
        "The prediction for Torgersen has no error (0), so no blame comes back from it."
    )
    assert said(tape, "blame_term[1][0][0][1]", NAMES) == (
        "The prediction for Biscoe came out too low, so its error is negative (−2). "
        f"But the weight to it is 0, so none of that is this neuron's doing. {ALL}"
    )


def test_the_blame_so_far_is_told_on_the_way() -> None:
    tape = tape_of(Case())
    assert " its blame by " in said(tape, "blame_term[1][0][0][1]")
    running = explained(tape, "blame_term[1][0][0][1]").running
    assert running is not None
    assert (running.label, running.done, running.of) == ("∂C/∂A₁", 2, 3)
    assert running.value == evaluate(running.expression)
    assert running.counted == "so far 2 of 3 shares"
    last = explained(tape, "blame_term[1][0][0][2]").running
    assert last is not None
    assert last.counted == "all 3 shares"


def test_a_share_too_small_to_move_the_blame_is_told_as_that() -> None:
    tape = two_outputs((0.5, 0.00001), (0.0, 0.5))
    assert said(tape, "blame_term[1][0][0][1]", NAMES).endswith(
        f": that lowers its blame by only 1.00 × 10⁻⁵: it stays near 0.5. {ALL}"
    )


def test_an_error_that_does_not_follow_the_miss_is_only_named() -> None:
    # Through softmax an output that is too high can still have an error that pulls it up.
    layers = [[[1.0, 0.0]], [[1.0, 0.0], [0.9, 0.0], [-3.0, 0.0]]]
    for seed in range(3):
        targets = [[0.0, 0.0, 0.0]]
        targets[0][seed] = 1.0
        tape = tape_with(layers, ("linear", "softmax"), "mse", [[1.0]], targets)
        for output in range(3):
            miss = tape.a[2][output, 0] - targets[0][output]
            sentence = said(tape, f"blame_term[1][0][0][{output}]")
            follows = (miss < 0) == (tape.delta[2][output, 0] < 0)
            assert ("came out" in sentence) == follows


def test_the_error_of_a_hidden_follower_is_told_by_its_sign() -> None:
    tape = tape_of(Case(sizes=(2, 2, 2, 3)))
    assert said(tape, "blame_term[1][0][0][0]").startswith("Hidden 2, neuron 1 has a ")


def test_all_the_blame() -> None:
    tape = two_outputs((0.35, 0.5), (0.47, 0.6))
    assert said(tape, "blame[1][0][0]") == (
        "The blame from both neurons it feeds comes to −0.18. "
        "A slightly larger activation of Hidden 1, neuron 1 would lower the cost."
    )
    assert said(one_neuron("linear", 1.0, target=0.5), "blame[1][0][0]") == (
        "The only blame comes to 1. A slightly larger activation of Hidden 1, neuron 1 would raise the cost."
    )
    assert said(tape_of(Case()), "blame[1][0][0]").startswith("The blame from all 3 neurons ")
    assert said(one_neuron("linear", 1.0, target=1.0), "blame[1][0][0]") == (
        "Nothing comes back to Hidden 1, neuron 1: a small change of its activation would not move the cost."
    )


@pytest.mark.parametrize(
    ("cost", "x", "formula", "sentence"),
    [
        (
            "mse",
            0.5,
            "∂C/∂A₁ = 2 · (A₁ − Actual₁)",
            "The prediction for Torgersen is too low by 0.5. If it rose a little, the cost would fall 1 times as much: "
            "its blame, ∂C/∂A, is −1. (The 2 comes from the square.)",
        ),
        (
            "half_squared_error",
            1.5,
            "∂C/∂A₁ = A₁ − Actual₁",
            "The prediction for Torgersen is too high by 0.5. If it rose a little, the cost would rise 0.5 times as "
            "much: its blame, ∂C/∂A, is 0.5. (The square's 2 and the ½ have cancelled.)",
        ),
        (
            "mse",
            1.0,
            "∂C/∂A₁ = 2 · (A₁ − Actual₁)",
            "The prediction for Torgersen is exactly right, so it gets no blame: 0.",
        ),
    ],
)
def test_how_the_cost_feels_an_output(cost: str, x: float, formula: str, sentence: str) -> None:
    one = explained(output_neuron("linear", cost, x, 1.0), "blame[1][0][0]", NAMES)
    assert one.formula.text == formula
    assert one.sentence == sentence


@pytest.mark.parametrize(
    ("output", "cost", "batch", "formula"),
    [
        ("linear", "mse", 3, "∂C/∂A₁ = 2 / B · (A₁ − Actual₁)"),
        ("linear", "half_squared_error", 3, "∂C/∂A₁ = 1 / B · (A₁ − Actual₁)"),
        (
            "softmax",
            "binary_cross_entropy",
            1,
            "∂C/∂A₁ = (A₁ − Actual₁) / (A₁ · (1 − A₁))",
        ),
        (
            "softmax",
            "binary_cross_entropy",
            3,
            "∂C/∂A₁ = (A₁ − Actual₁) / (B · A₁ · (1 − A₁))",
        ),
    ],
)
def test_the_batch_is_in_the_loss_derivative(
    output: str, cost: str, batch: int, formula: str
) -> None:
    one = explained(tape_of(Case("tanh", output, cost, batch=batch)), "blame[2][0][0]", NAMES)
    assert one.formula.text == formula
    assert one.sentence.endswith("(With 3 penguins in the batch, each counts 1/3.)") == (batch > 1)


def test_an_error_is_blame_times_slope() -> None:
    one = explained(one_neuron("relu", 1.0, target=0.5), "delta[1][0][0]")
    assert one.formula.text == "δ₁ = ∂C/∂A₁ · ReLU′(Z₁)"
    assert one.sentence == (
        "Blame 1 times slope 1 is this neuron's error, written δ: 1. A larger sum Z would raise the cost."
    )
    assert said(one_neuron("relu", -1.0, target=0.5), "delta[1][0][0]") == (
        "This neuron's error, written δ, is 0: its curve is flat here, "
        "so a nudge of its sum Z would not move the cost."
    )
    assert said(one_neuron("linear", 1.0, target=1.0), "delta[1][0][0]") == (
        "This neuron's error, written δ, is 0: it got no blame, "
        "so a nudge of its sum Z would not move the cost."
    )


@pytest.mark.parametrize(
    ("target", "how"), [(1.0, "too low"), (0.0, "too high"), (0.5, "exactly right")]
)
def test_sigmoid_with_its_cross_entropy_joins_two_rules(target: float, how: str) -> None:
    tape = output_neuron("sigmoid", "binary_cross_entropy", 0.0, target, Training())
    one = explained(tape, "delta[1][0][0]")
    assert one.title == "Output 1: its error (two rules joined)"
    assert one.formula.text == "δ₁ = A₁ − Actual₁"
    assert one.sentence.startswith(
        "The sigmoid's slope and the derivative of binary cross-entropy join to one short rule, "
        f"prediction − actual. This output is {how}: its error, written δ, is "
    )


def test_softmax_with_its_cross_entropy_joins_two_rules() -> None:
    one = explained(tape_of(Case("tanh", "softmax", "cross_entropy", batch=3)), "delta[2][0][0]")
    assert one.formula.text == "δ₁ = (A₁ − Actual₁) / B"
    assert one.sentence.startswith("The derivatives of softmax and cross-entropy join to one ")


def test_softmax_alone_weighs_the_blame_of_all() -> None:
    one = explained(tape_of(Case("tanh", "softmax", "mse")), "delta[2][0][0]")
    assert one.title == "Output 1: its error, through softmax"
    assert one.formula.text == "δ₁ = A₁ · (∂C/∂A₁ − Σₖ Aₖ · ∂C/∂Aₖ)"
    assert len(one.operands) == 6


def test_many_followers_stay_short() -> None:
    tape = tape_of(Case(sizes=(2, 2, 40)))
    one = explained(tape, "blame_term[1][0][0][30]")
    assert one.running is not None
    assert len(one.running.written.substituted.text) < 160
    assert len(explained(tape, "blame[1][0][0]").substituted.text) < 160
    softmax = tape_of(Case("tanh", "softmax", "mse", sizes=(2, 2, 150)))
    assert len(explained(softmax, "delta[2][0][0]").substituted.text) < 220
