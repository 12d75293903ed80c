from __future__ import annotations

import pytest

from app.engine.tape import Tape
from app.explain.expression import evaluate
from app.explain.names import Names
from tests.explain.cases import Case, explained, one_neuron, output_neuron, said, tape_of, tape_with

NAMES = Names(
    ("flipper length", "sex"), ("Torgersen",), (True, False), "penguin", (("181 mm", "male"),)
)


def two_signals(weights: tuple[float, float], inputs: tuple[float, float], bias: float) -> Tape:
    layers = [[[*weights, bias]], [[1.0, 0.0]]]
    return tape_with(layers, ("sigmoid", "sigmoid"), "mse", [list(inputs)], [[1.0]])


@pytest.mark.parametrize(
    ("weight", "sent", "sentence"),
    [
        (
            -0.42,
            -1.2,
            "This penguin's flipper length (181 mm) is below average: −1.2. The weight is negative too (−0.42), "
            "and two negatives make a plus, so their product starts the sum (Σ) at 0.50.",
        ),
        (
            0.42,
            1.2,
            "This penguin's flipper length (181 mm) is above average: 1.2. The weight is positive (0.42), "
            "so their product starts the sum (Σ) at 0.50.",
        ),
        (
            0.42,
            -1.2,
            "This penguin's flipper length (181 mm) is below average: −1.2. The weight is positive (0.42) "
            "and keeps the sign, so their product starts the sum (Σ) at −0.50.",
        ),
        (
            -0.42,
            1.2,
            "This penguin's flipper length (181 mm) is above average: 1.2. The weight is negative (−0.42) "
            "and turns the sign, so their product starts the sum (Σ) at −0.50.",
        ),
        (
            0.42,
            0.0,
            "This penguin's flipper length is 0, so it adds nothing here, whatever its weight (0.42). "
            "The sum (Σ) starts at 0.",
        ),
        (
            0.0,
            1.2,
            "This penguin's flipper length (181 mm) is above average: 1.2. "
            "The weight is 0, so nothing of it arrives. The sum (Σ) starts at 0.",
        ),
    ],
)
def test_the_first_signal_starts_the_sum(weight: float, sent: float, sentence: str) -> None:
    tape = two_signals((weight, 0.5), (sent, 1.0), 0.0)
    assert said(tape, "product[1][0][0][0]", NAMES) == sentence


@pytest.mark.parametrize(
    ("weight", "sentence"),
    [
        (
            0.25,
            "This penguin's sex (male) comes in as 1. The weight is positive (0.25), "
            "so their product raises the sum by 0.25, from 0.5 to 0.75.",
        ),
        (
            -0.25,
            "This penguin's sex (male) comes in as 1. The weight is negative (−0.25) and turns the sign, "
            "so their product lowers the sum by 0.25, from 0.5 to 0.25.",
        ),
        (
            0.0001,
            "This penguin's sex (male) comes in as 1. The weight is positive (0.0001), "
            "so their product raises the sum by only 0.0001: it stays near 0.50.",
        ),
        (
            0.0,
            "This penguin's sex (male) comes in as 1. "
            "The weight is 0, so nothing of it arrives. The sum (Σ) stays 0.50123.",
        ),
    ],
)
def test_a_later_signal_moves_the_sum(weight: float, sentence: str) -> None:
    first = 0.50123 if abs(weight) < 0.01 else 0.5
    tape = two_signals((first, weight), (1.0, 1.0), 0.0)
    assert said(tape, "product[1][0][0][1]", NAMES) == sentence.replace(
        "stays 0.50123", "stays 0.50"
    )


def test_without_names_neurons_go_by_their_numbers() -> None:
    tape = two_signals((0.5, 0.25), (1.0, 1.0), 0.0)
    assert said(tape, "product[1][0][0][1]").startswith("This observation's input 2 comes in as 1.")
    assert said(tape, "product[2][0][0][0]").startswith("Hidden 1, neuron 1 sends 0.68.")
    assert explained(tape, "product[2][0][0][0]").title == "Output 1: add Hidden 1, neuron 1"


def test_a_product_comes_with_the_sum_it_adds_to() -> None:
    tape = two_signals((0.5, 0.25), (1.0, 1.0), 0.1)
    running = explained(tape, "product[1][0][0][0]").running
    assert running is not None
    assert (running.label, running.value, running.done, running.of) == ("Z₁", 0.5, 1, 2)
    assert evaluate(running.expression) == 0.5
    assert running.written.formula.text == "Z₁ = Σᵢ Wᵢ,₁ · Inᵢ + Bias₁"
    assert running.written.substituted.text == "0.5 · 1 + … = 0.5"
    assert running.counted == "so far 1 of 2 signals, then the bias"
    last = explained(tape, "product[1][0][0][1]").running
    assert last is not None
    assert last.counted == "so far both signals, then the bias"


def test_sixty_four_inputs_stay_short() -> None:
    tape = tape_of(Case(sizes=(64, 2, 3)))
    for address in ("z[1][0][0]", "product[1][0][0][40]"):
        one = explained(tape, address)
        written = one.running.written if one.running else one.written
        assert len(written.substituted.text) < 160
        assert len(one.sentence) < 200
    assert len(explained(tape, "z[1][0][0]").operands) == 129


@pytest.mark.parametrize(
    ("bias", "sentence"),
    [
        (
            0.25,
            "The weighted signals add up to 0.5. The neuron's own bias, 0.25, raises that to 0.75: "
            "the whole sum, called Z.",
        ),
        (
            -0.25,
            "The weighted signals add up to 0.5. The neuron's own bias, −0.25, lowers that to 0.25: "
            "the whole sum, called Z.",
        ),
        (
            0.00001,
            "The weighted signals add up to 0.50. The neuron's own bias, 0.00001, hardly changes that: "
            "the whole sum, called Z, is 0.50.",
        ),
        (
            0.0,
            "The neuron's own bias is still 0, so its weighted signals alone make the whole sum, called Z: 0.5.",
        ),
    ],
)
def test_the_bias_shifts_the_sum(bias: float, sentence: str) -> None:
    x = 0.50123 if abs(bias) < 0.01 and bias else 0.5
    assert said(one_neuron("sigmoid", x, 1.0, bias), "z[1][0][0]") == sentence


@pytest.mark.parametrize(
    ("activation", "z", "sentence"),
    [
        (
            "sigmoid",
            0.1,
            "Sigmoid squashes the sum 0.1 into the range from 0 to 1: 0.52.SENT; "
            "the neuron is neither off nor fully on.",
        ),
        (
            "sigmoid",
            -3.0,
            "Sigmoid squashes the sum −3 into the range from 0 to 1: 0.047.SENT; the neuron is almost off.",
        ),
        (
            "sigmoid",
            3.0,
            "Sigmoid squashes the sum 3 into the range from 0 to 1: 0.95.SENT; the neuron is almost fully on.",
        ),
        ("sigmoid", 1.0, "Sigmoid squashes the sum 1 into the range from 0 to 1: 0.73."),
        ("tanh", 1.0, "Tanh squashes the sum 1 into the range from −1 to 1: 0.76."),
        ("relu", 1.5, "The sum is positive, so ReLU lets it through unchanged: 1.5."),
        ("relu", -1.5, "The sum is negative (−1.5), so ReLU lets nothing through: 0."),
        ("relu", 0.0, "The sum is exactly 0, and so is what comes out."),
        ("leaky_relu", 1.5, "The sum is positive, so leaky ReLU lets it through unchanged: 1.5."),
        (
            "leaky_relu",
            -1.5,
            "The sum is negative (−1.5), so leaky ReLU lets only a hundredth through: −0.015.",
        ),
        ("elu", 1.5, "The sum is positive, so ELU lets it through unchanged: 1.5."),
        ("elu", -1.5, "ELU bends a negative sum (−1.5) softly, never below −1: −0.78."),
        ("softplus", 1.0, "Softplus is ReLU with a rounded corner: it makes 1.31 of the sum 1."),
        ("swish", 1.0, "Swish takes the sum 1 times its own sigmoid: 0.73."),
        ("linear", 1.0, "A linear neuron hands its sum on as it is: 1."),
    ],
)
def test_what_each_activation_did(activation: str, z: float, sentence: str) -> None:
    sent = " That is its activation A, which it sends on"
    expected = sentence.replace("SENT", sent) if "SENT" in sentence else f"{sentence}{sent}."
    assert said(one_neuron(activation, z), "a[1][0][0]") == expected


def test_the_output_says_what_it_predicts() -> None:
    tape = output_neuron("sigmoid", "mse", 0.0, 1.0)
    assert said(tape, "a[1][0][0]", NAMES).endswith(
        "0.5. That is A, the prediction for Torgersen; the actual value is 1."
    )


def test_softmax_shares_one() -> None:
    tape = tape_with(
        [[[1.0, 0.0], [0.0, 0.0]]], ("softmax",), "cross_entropy", [[1.0]], [[1.0, 0.0]]
    )
    one = explained(tape, "a[1][0][0]")
    assert one.sentence == (
        "Softmax shares 1 out among the 2 outputs, most to the largest sum. "
        "The share of output 1 is 0.73; the actual value is 1."
    )
    assert one.substituted.text == "softmax(1) = e¹ / (e¹ + e⁰) = 0.73"
    assert one.title == "Output 1: take a share with softmax"


def test_many_softmax_outputs_stay_short() -> None:
    tape = tape_of(Case("tanh", "softmax", "cross_entropy", sizes=(2, 2, 12)))
    text = explained(tape, "a[2][0][5]").substituted.text
    assert text.count("e^") == 7
    assert " + … + " in text
