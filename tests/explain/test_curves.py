from __future__ import annotations

import pytest

from tests.explain.cases import explained, one_neuron, said

PASSES = "A nudge of the sum comes out that many times as large, so that share of the blame gets through."


@pytest.mark.parametrize(
    ("activation", "formula"),
    [
        ("sigmoid", "A₁ = σ(Z₁) = 1 / (1 + e^−Z₁)"),
        ("tanh", "A₁ = tanh(Z₁) = (e^Z₁ − e^−Z₁) / (e^Z₁ + e^−Z₁)"),
        ("relu", "A₁ = ReLU(Z₁) = max(0, Z₁)"),
        ("leaky_relu", "A₁ = LeakyReLU(Z₁) = max(0.01 · Z₁, Z₁)"),
        ("elu", "A₁ = ELU(Z₁) = e^Z₁ − 1"),
        ("softplus", "A₁ = softplus(Z₁) = ln(1 + e^Z₁)"),
        ("swish", "A₁ = swish(Z₁) = Z₁ · σ(Z₁)"),
        ("linear", "A₁ = Z₁"),
    ],
)
def test_what_each_activation_means(activation: str, formula: str) -> None:
    assert explained(one_neuron(activation, -0.5), "a[1][0][0]").formula.text == formula


def test_a_positive_sum_passes_elu() -> None:
    one = explained(one_neuron("elu", 0.5), "a[1][0][0]")
    assert one.formula.text == "A₁ = ELU(Z₁) = Z₁"


@pytest.mark.parametrize(
    ("activation", "formula"),
    [
        ("sigmoid", "σ′(Z₁) = A₁ · (1 − A₁)"),
        ("tanh", "tanh′(Z₁) = 1 − A₁²"),
        ("relu", "ReLU′(Z₁) = step(Z₁)"),
        ("leaky_relu", "LeakyReLU′(Z₁) = max(0.01, step(Z₁))"),
        ("elu", "ELU′(Z₁) = e^min(0, Z₁)"),
        ("softplus", "softplus′(Z₁) = σ(Z₁)"),
        ("swish", "swish′(Z₁) = σ(Z₁) · (1 + Z₁ · (1 − σ(Z₁)))"),
        ("linear", "linear′(Z₁) = 1"),
    ],
)
def test_each_slope(activation: str, formula: str) -> None:
    assert explained(one_neuron(activation, -0.5), "slope[1][0][0]").formula.text == formula


@pytest.mark.parametrize(
    ("activation", "z", "sentence"),
    [
        (
            "sigmoid",
            0.1,
            f"At Z = 0.1 the sigmoid curve is about as steep as it gets, with slope 0.25. {PASSES}",
        ),
        (
            "sigmoid",
            1.5,
            f"At Z = 1.5 the sigmoid curve rises with slope 0.15 (0.25 at its steepest). {PASSES}",
        ),
        (
            "tanh",
            -3.0,
            "At Z = −3 the tanh curve is almost flat, with slope 0.0099: the neuron is saturated. "
            "A nudge of its sum hardly comes out, so hardly any blame gets through.",
        ),
        (
            "relu",
            1.5,
            "The sum is positive (1.5), so the slope is 1 and the blame passes unchanged.",
        ),
        (
            "relu",
            -1.5,
            "The sum is negative (−1.5), so ReLU is flat here: slope 0. "
            "A nudge of the sum would change nothing, so no blame gets through.",
        ),
        (
            "relu",
            0.0,
            "The sum is 0, so ReLU is flat here: slope 0. "
            "A nudge of the sum would change nothing, so no blame gets through.",
        ),
        (
            "leaky_relu",
            -1.5,
            "The sum is negative (−1.5), so the slope is only 0.01: a hundredth of the blame gets through.",
        ),
        ("elu", -1.5, f"At Z = −1.5 the curve has slope 0.22. {PASSES}"),
        ("softplus", 1.0, f"At Z = 1 the curve has slope 0.73. {PASSES}"),
        (
            "swish",
            -2.0,
            "At Z = −2 the curve has slope −0.091. "
            "A nudge of the sum comes out that much, and turned, so the blame gets through turned.",
        ),
        (
            "linear",
            1.0,
            "A linear neuron has slope 1 everywhere, so the blame passes unchanged.",
        ),
    ],
)
def test_how_steep(activation: str, z: float, sentence: str) -> None:
    assert said(one_neuron(activation, z), "slope[1][0][0]") == sentence
