"""What the article's network says at every place is in golden/steps.txt; here are the other networks."""

from __future__ import annotations

import pytest

from app.explain.names import Names
from app.explain.next_step import next_sentence
from tests.explain.cases import ACTIVATIONS, CASES, NAMES, Case, tape_of

BY = ("term", "neuron", "layer", "pass", "iteration", "epoch")


@pytest.mark.parametrize("case", CASES[::5], ids=str)
def test_every_place_and_size_of_step_has_a_sentence(case: Case) -> None:
    tape = tape_of(case)
    for by in BY:
        for event in range(tape.events.count + 1):
            sentence = next_sentence(tape, event, by, NAMES)
            assert sentence[0].isupper()
            assert sentence.endswith(".")
            assert "_" not in sentence
            assert len(sentence) < 150


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_activations_have_their_own_words(hidden: str) -> None:
    tape = tape_of(Case(hidden))
    term, layer = next_sentence(tape, 3, "term"), next_sentence(tape, 0, "layer")
    words = {
        "relu": ("through ReLU.", "applies ReLU."),
        "leaky_relu": ("through leaky ReLU.", "applies leaky ReLU."),
        "elu": ("through ELU.", "applies ELU."),
        "linear": ("as it is.", "hands on the sum."),
    }.get(hidden, (f"through {hidden}.", f"applies {hidden}."))
    assert term.endswith(words[0])
    assert layer.endswith(words[1])


def test_softmax_takes_shares_after_all_sums() -> None:
    tape = tape_of(Case("tanh", "softmax", "mse"))
    first = tape.events.segments[1].start
    assert next_sentence(tape, first, "neuron") == "Output 1: weigh what comes in and add the bias."
    assert next_sentence(tape, first, "layer").endswith("takes its share by softmax.")
    activation = tape.events.number("forward", "activation", 2, 0)
    delta = tape.events.number("backward", "delta", 2, 0)
    assert activation is not None
    assert delta is not None
    assert next_sentence(tape, activation - 1, "neuron") == "Give output 1 its share by softmax."
    assert next_sentence(tape, delta - 1, "term") == (
        "Take the blame on output 1 back through softmax: that is its error."
    )


def test_a_batch_goes_in_together() -> None:
    sentence = next_sentence(tape_of(Case(batch=3)), 0, "pass", Names(observation="penguin"))
    assert sentence == "Run the forward pass: 3 penguins in, predictions and their cost out."


def test_joined_rules_and_optimizers_are_named() -> None:
    tape = tape_of(Case("tanh", "softmax", "cross_entropy", "adam"))
    said = [next_sentence(tape, event, "term") for event in range(tape.events.count)]
    assert "Take the error of output 1: two rules joined, prediction − actual." in said
    assert "Step the bias of output 1 by the optimizer's rule." in said
    assert "Renew the running average of the gradient of the bias of output 1." in said
