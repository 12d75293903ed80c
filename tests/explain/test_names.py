from __future__ import annotations

import pytest

from app.engine.addresses import parse
from app.engine.network import Network
from app.explain.names import (
    Names,
    Voice,
    counted,
    curve_name,
    memory,
    rule_name,
    sentence_start,
)

NETWORK = Network((2, 2, 1), ("sigmoid", "sigmoid"), "mse")
NAMED = Voice(NETWORK, "adam", Names(("bill length", "body mass"), ("Gentoo",)))
PLAIN = Voice(NETWORK, "momentum", Names())


@pytest.mark.parametrize(
    ("address", "named", "plain"),
    [
        ("a[0][0][1]", "body mass", "input 2"),
        ("a[1][0][1]", "activation of Hidden 1, neuron 2", "activation of Hidden 1, neuron 2"),
        ("a[2][0][0]", "prediction for Gentoo", "prediction for output 1"),
        ("z[2][0][0]", "weighted sum of Output 1 (Gentoo)", "weighted sum of Output 1"),
        ("y[0][0]", "actual value of Gentoo", "actual value of output 1"),
        (
            "w[1][1][1]",
            "weight from body mass to Hidden 1, neuron 2",
            "weight from input 2 to Hidden 1, neuron 2",
        ),
        ("b[2][0]", "bias of Output 1 (Gentoo)", "bias of Output 1"),
        (
            "product[2][0][0][1]",
            "weighted signal from Hidden 1, neuron 2 to Gentoo",
            "weighted signal from Hidden 1, neuron 2 to output 1",
        ),
        (
            "blame_term[1][0][1][0]",
            "blame from Gentoo to Hidden 1, neuron 2",
            "blame from output 1 to Hidden 1, neuron 2",
        ),
        (
            "moment_b[0][1][0]",
            "running average of the gradient of the bias of Hidden 1, neuron 1",
            "velocity of the bias of Hidden 1, neuron 1",
        ),
        (
            "old_moment_w[0][1][0][0]",
            "old running average of the gradient of the weight from bill length to Hidden 1, neuron 1",
            "old velocity of the weight from input 1 to Hidden 1, neuron 1",
        ),
        ("cost", "cost of the batch", "cost of the batch"),
    ],
)
def test_names(address: str, named: str, plain: str) -> None:
    assert NAMED.name(parse(address)) == named
    assert PLAIN.name(parse(address)) == plain


def test_layers_and_places() -> None:
    assert [PLAIN.layer(layer) for layer in range(3)] == ["Input", "Hidden 1", "Output"]
    assert NAMED.place(0, 1) == "Input 2 (body mass)"
    assert PLAIN.place(0, 1) == "Input 2"
    assert NAMED.place(1, 0) == "Hidden 1, neuron 1"


def test_short_lists_of_names_leave_the_rest_without() -> None:
    voice = Voice(NETWORK, "sgd", Names(("bill length",), (), readings=(("39.1 mm",),)))
    assert voice.called(0, 1) == "input 2"
    assert voice.names.reading(0, 0) == "39.1 mm"
    assert voice.names.reading(0, 1) == ""
    assert voice.names.reading(1, 0) == ""


def test_what_optimizers_remember() -> None:
    assert memory("nesterov", 0) == "velocity"
    assert memory("rmsprop", 0) == memory("adam", 1) == "running average of the squared gradient"


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest() -> None:
    assert sentence_start("bill length of iPads") == "Bill length of iPads"
    assert sentence_start("") == ""


def test_a_column_called_by_no_word_gets_a_noun() -> None:
    voice = Voice(NETWORK, "sgd", Names(("a", "x2"), ("7",)))
    assert [voice.called(0, 0), voice.called(0, 1), voice.called(2, 0)] == [
        "input a", "input x2", "output 7",
    ]  # fmt: skip
    assert voice.place(2, 0) == "Output 1 (7)"
    pictures = Voice(NETWORK, "sgd", Names(("a", "b"), ("7",), target_noun="digit"))
    assert pictures.called(2, 0) == "digit 7"
    assert pictures.place(2, 0) == "Output 1 (digit 7)"
    assert pictures.place(0, 0) == "Input 1 (a)"
    nameless = Voice(NETWORK, "sgd", Names(target_noun="digit"))
    assert nameless.place(2, 0) == "Output 1"


def test_a_sentence_begins_with_no_column_of_its_own() -> None:
    names = Names(("bill length", "y"), observation="penguin")
    voice = Voice(NETWORK, "sgd", names)
    assert voice.sender(0, 0) == "This penguin's bill length"
    assert voice.sender(0, 1) == "This penguin's input y"
    assert voice.sender(1, 0) == "Hidden 1, neuron 1"


def test_how_many_of_them() -> None:
    assert [counted(done, 5, "signal") for done in (2, 5)] == ["2 of 5 signals", "all 5 signals"]
    assert (counted(1, 1, "share"), counted(2, 2, "share")) == ("the only share", "both shares")


def test_curves_and_rules_have_names() -> None:
    names = ("sigmoid", "leaky_relu", "linear")
    assert [curve_name(name) for name in names] == ["Sigmoid", "Leaky ReLU", "Its straight line"]
    assert [rule_name(name) for name in ("momentum", "rmsprop")] == ["momentum", "RMSProp"]
