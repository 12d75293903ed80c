from __future__ import annotations

import pytest

from app.engine.tape import Tape
from app.engine.training import Optimizer, Training
from tests.explain.cases import Case, explained, one_neuron, said, tape_of

STEADY = " (Only now do the weights change: all errors were found with the old ones.)"
RATE = "the learning rate η = 0.1"


def stepped(name: str, target: float, rate: float = 0.1) -> Tape:
    training = Training(learning_rate=rate, optimizer=Optimizer(name))
    return one_neuron("linear", 0.5, target=target, training=training)


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (
            1.0,
            "The gradient is negative (−0.5), so a larger weight lowers the cost. "
            f"A step against it, of {RATE} times the gradient, takes the weight up from 1 to 1.05.{STEADY}",
        ),
        (
            0.0,
            "The gradient is positive (0.5), so a smaller weight lowers the cost. "
            f"A step against it, of {RATE} times the gradient, takes the weight down from 1 to 0.95.{STEADY}",
        ),
        (0.5, "The gradient is 0, so there is nothing to change: the weight stays 1."),
    ],
)
def test_plain_gradient_descent(target: float, sentence: str) -> None:
    one = explained(stepped("sgd", target), "new_w[1][0][0]")
    assert one.formula.text == "new W₁,₁ = W₁,₁ − η · ∂C/∂W₁,₁"
    assert one.sentence == sentence


def test_a_bias_steps_too() -> None:
    one = explained(stepped("sgd", 1.0), "new_b[1][0]")
    assert one.title == "Hidden 1, neuron 1: new bias"
    assert one.sentence == (
        "The gradient is negative (−1), so a larger bias lowers the cost. "
        f"A step against it, of {RATE} times the gradient, takes the bias up from 0 to 0.1."
    )


def test_old_and_new_are_told_apart_however_small_the_step() -> None:
    one = explained(stepped("sgd", 1.0, 1e-5), "new_w[1][0][0]")
    assert one.substituted.text == "1 − 0.00001 · −0.5 = 1.00001"
    assert "from 1 to 1.00001" in one.sentence


def test_a_step_too_small_for_a_double_is_called_tiny() -> None:
    assert said(stepped("sgd", 1.0, 1e-30), "new_w[1][0][0]") == (
        "The step is tiny: the weight stays 1."
    )


@pytest.mark.parametrize(
    ("name", "moment", "formula", "words"),
    [
        (
            "momentum",
            0,
            "V(W₁,₁) = μ · old V(W₁,₁) + ∂C/∂W₁,₁",
            "keeps μ = 0.9 of its velocity (0)",
        ),
        ("nesterov", 0, "V(W₁,₁) = μ · old V(W₁,₁) + ∂C/∂W₁,₁", "pushes it on: −0.5"),
        (
            "rmsprop",
            0,
            "S(W₁,₁) = α · old S(W₁,₁) + (1 − α) · (∂C/∂W₁,₁)²",
            "α = 0.99 of the old average of its squares (0) and 0.01 of the new square make 0.0025",
        ),
        (
            "adam",
            0,
            "M(W₁,₁) = β₁ · old M(W₁,₁) + (1 − β₁) · ∂C/∂W₁,₁",
            "β₁ = 0.9 of the old average (0) and 0.1 of the new gradient (−0.5) make −0.050",
        ),
        (
            "adam",
            1,
            "V(W₁,₁) = β₂ · old V(W₁,₁) + (1 − β₂) · (∂C/∂W₁,₁)²",
            "β₂ = 0.999 of the old average of its squares (0) and 0.001 of the new square make 0.00025",
        ),
    ],
)
def test_what_an_optimizer_remembers(name: str, moment: int, formula: str, words: str) -> None:
    one = explained(stepped(name, 1.0), f"moment_w[{moment}][1][0][0]")
    assert one.formula.text == formula
    assert words in one.sentence


@pytest.mark.parametrize(
    ("name", "formula", "words"),
    [
        (
            "momentum",
            "new W₁,₁ = W₁,₁ − η · V(W₁,₁)",
            "The velocity, not the gradient alone, sets the step; "
            f"times {RATE}, that takes the weight up from 1 to 1.05.",
        ),
        (
            "nesterov",
            "new W₁,₁ = W₁,₁ − η · (∂C/∂W₁,₁ + μ · V(W₁,₁))",
            "Gradient and velocity together set the step, as if looking ahead; "
            f"times {RATE}, that takes the weight up from 1 to 1.10.",
        ),
        (
            "rmsprop",
            "new W₁,₁ = W₁,₁ − η · ∂C/∂W₁,₁ / (√(S(W₁,₁)) + ε)",
            "The gradient is measured by its own usual size, so steep and flat directions step alike; "
            f"times {RATE}, that takes the weight up from 1 to 2.00.",
        ),
        (
            "adam",
            "new W₁,₁ = W₁,₁ − η · M(W₁,₁) / (1 − β₁^t) / (√(V(W₁,₁) / (1 − β₂^t)) + ε)",
            "The average gradient is measured by its own usual size (both corrected for having started at 0); "
            f"times {RATE}, that takes the weight up from 1 to 1.10.",
        ),
    ],
)
def test_the_other_optimizers_steps(name: str, formula: str, words: str) -> None:
    one = explained(stepped(name, 1.0), "new_w[1][0][0]")
    assert one.formula.text == formula
    assert one.sentence == words + STEADY


def test_a_velocity_can_carry_a_weight_against_its_gradient() -> None:
    tape = tape_of(Case("tanh", optimizer="momentum", batch=1), iterations=4)
    network = tape.network
    sentences = {
        (layer, neuron, source): said(tape, f"new_w[{layer}][{neuron}][{source}]")
        for layer in (1, 2)
        for neuron in range(network.sizes[layer])
        for source in range(network.sizes[layer - 1])
    }
    for (layer, neuron, source), sentence in sentences.items():
        place = network.weight_index(layer, neuron, source)
        against = tape.gradient[place] * tape.after.moments[0][place] < 0
        assert ("against today's gradient" in sentence) == against
