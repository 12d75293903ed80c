from __future__ import annotations

import pytest

from app.engine.addresses import parse
from app.engine.network import Network
from app.engine.training import Optimizer, Training
from app.explain.labels import Label, article_index, label, label_text, role, weight_label

ARTICLE = Network((5, 2, 2, 5), ("sigmoid", "tanh", "sigmoid"), "mse")


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("w[1][0][4]", "W₅,₁"),
        ("new_w[1][0][4]", "new W₅,₁"),
        ("dw[1][0][4]", "∂C/∂W₅,₁"),
        ("data_dw[1][0][4]", "data ∂C/∂W₅,₁"),
        ("b[1][1]", "Bias₂"),
        ("new_b[1][1]", "new Bias₂"),
        ("db[1][1]", "∂C/∂Bias₂"),
        ("a[0][0][2]", "In₃"),
        ("a[1][0][1]", "A₂"),
        ("z[1][0][1]", "Z₂"),
        ("slope[1][0][1]", "σ′(Z₂)"),
        ("slope[2][0][1]", "tanh′(Z₂)"),
        ("blame[1][0][1]", "∂C/∂A₂"),
        ("delta[1][0][1]", "δ₂"),
        ("y[0][2]", "Actual₃"),
        ("loss_term[0][2]", "Loss₃"),
        ("loss[0]", "Loss"),
        ("cost", "C"),
        ("data_cost", "data cost"),
        ("penalty", "penalty"),
        ("cost_after", "new C"),
        ("product[1][0][1][4]", "W₅,₂ · In₅"),
        ("product[2][0][1][0]", "W₁,₂ · A₁"),
        ("blame_term[2][0][0][2]", "W₁,₃ · δ₃"),
        ("moment_w[0][1][0][4]", "M(W₅,₁)"),
        ("moment_w[1][1][0][4]", "V(W₅,₁)"),
        ("old_moment_b[1][1][1]", "old V(Bias₂)"),
    ],
)
def test_the_articles_labels(address: str, text: str) -> None:
    assert label_text(ARTICLE, "adam", parse(address)) == text


def test_every_weight_of_a_small_net_runs_from_a_to_b() -> None:
    for layer in range(1, ARTICLE.depth + 1):
        for neuron in range(ARTICLE.sizes[layer]):
            for source in range(ARTICLE.sizes[layer - 1]):
                a, b = article_index(neuron, source)
                assert (a, b) == (source + 1, neuron + 1)
                address = parse(f"w[{layer}][{b - 1}][{a - 1}]")
                found = label(ARTICLE, "sgd", address)
                assert found == weight_label(neuron, source) == Label("W", f"{a},{b}")


@pytest.mark.parametrize(
    ("optimizer", "letters"),
    [("momentum", "V"), ("nesterov", "V"), ("rmsprop", "S"), ("adam", "MV")],
)
def test_the_letters_of_what_an_optimizer_remembers(optimizer: str, letters: str) -> None:
    assert Training(optimizer=Optimizer(optimizer)).optimizer.moment_count == len(letters)
    for moment, letter in enumerate(letters):
        text = label_text(ARTICLE, optimizer, parse(f"moment_b[{moment}][1][0]"))
        assert text == f"{letter}(Bias₁)"


def test_an_observation_stands_above() -> None:
    assert Label("δ", "2").at("n").text == "δ₂⁽ⁿ⁾"
    assert Label("Loss").at("12").text == "Loss⁽¹²⁾"


@pytest.mark.parametrize(
    ("address", "value", "expected"),
    [
        ("a[0][0][0]", 1.0, "input"),
        ("a[1][0][0]", 1.0, "hidden-1"),
        ("z[2][0][0]", 1.0, "hidden-2"),
        ("a[3][0][0]", 1.0, "output"),
        ("w[1][0][0]", -1.0, "weight-negative"),
        ("new_w[1][0][0]", 1.0, "weight-positive"),
        ("w[1][0][0]", 0.0, "weight"),
        ("b[1][0]", 1.0, "bias"),
        ("delta[1][0][0]", 1.0, "error"),
        ("dw[1][0][0]", 1.0, "gradient"),
        ("cost", 1.0, "cost"),
        ("y[0][0]", 1.0, "plain"),
    ],
)
def test_roles(address: str, value: float, expected: str) -> None:
    assert role(ARTICLE, parse(address), value) == expected
