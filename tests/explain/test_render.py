from __future__ import annotations

import pytest

from app.engine.addresses import Address
from app.explain.digits import Precision
from app.explain.expression import (
    HALF,
    ONE,
    TWO,
    Add,
    Call,
    Const,
    Div,
    Mul,
    Neg,
    Node,
    Pow,
    Ref,
    Rest,
    Setting,
    Sub,
    Sum,
    Symbol,
    total,
)
from app.explain.labels import Label
from app.explain.render import Formula
from app.explain.tokens import Writer, row, symbol

W = Ref(Address("w", (1, 0, 1)), Label("W", "2,1"), -0.42)
Z = Ref(Address("z", (1, 0, 1)), Label("Z", "2"), 3.1e-7)
SLOPE = Ref(Address("slope", (1, 0, 1)), Label("Z", "2", function="σ′"), 0.25)
DATA = Ref(Address("data_dw", (1, 0, 1)), Label("W", "2,1", derivative=True, prefix="data"), -0.25)
OLD = Ref(Address("old_moment_w", (0, 1, 0, 1)), Label("W", "2,1", "", "M", prefix="old"), 0.5)
LOSS = Symbol(Label("Loss", sup="n"))


def exp(node: Node) -> Call:
    return Call("exp", (node,))


@pytest.mark.parametrize(
    ("node", "text", "latex"),
    [
        (W, "W₂,₁", "W_{2,1}"),
        (SLOPE, "σ′(Z₂)", r"\sigma'\left(Z_{2}\right)"),
        (DATA, "data ∂C/∂W₂,₁", r"\text{data } \frac{\partial C}{\partial W_{2,1}}"),
        (OLD, "old M(W₂,₁)", r"\text{old } M\left(W_{2,1}\right)"),
        (Div(ONE, Add((ONE, exp(Neg(Z))))), "1 / (1 + e^−Z₂)", None),
        (Div(Sub(W, Z), TWO), "(W₂,₁ − Z₂) / 2", r"\frac{W_{2,1} - Z_{2}}{2}"),
        (Div(ONE, Div(W, Z)), "1 / (W₂,₁ / Z₂)", r"\frac{1}{\frac{W_{2,1}}{Z_{2}}}"),
        (Mul((HALF, Pow(Sub(W, Z), TWO))), "½ · (W₂,₁ − Z₂)²", None),
        (Pow(Setting(Label("β₁"), 0.9), Setting(Label("t"), 3.0)), "β₁^t", r"{\beta_1}^{t}"),
        (exp(Add((W, Z))), "e^(W₂,₁ + Z₂)", r"{e}^{W_{2,1} + Z_{2}}"),
        (exp(Call("min", (W, Z), shown=2)), "e^min(W₂,₁, Z₂)", None),
        (total("n", LOSS, (W,)), "Σₙ Loss⁽ⁿ⁾", r"\sum_{n} \operatorname{Loss}^{(n)}"),
        (Call("abs", (W,)), "|W₂,₁|", r"\left|W_{2,1}\right|"),
        (Call("sqrt", (W,), "√"), "√(W₂,₁)", r"\sqrt{W_{2,1}}"),
        (Call("relu", (W,), "ReLU"), "ReLU(W₂,₁)", r"\operatorname{ReLU}\left(W_{2,1}\right)"),
        (Call("ln", (W,)), "ln(W₂,₁)", r"\ln\left(W_{2,1}\right)"),
        (Rest(5, None), "…", r"\cdots"),
        (HALF, "½", r"\tfrac{1}{2}"),
    ],
)
def test_symbols(node: Node, text: str, latex: str | None) -> None:
    formula = Formula(Writer(None).write(node))
    assert formula.text == text
    if latex is not None:
        assert formula.latex == latex


@pytest.mark.parametrize(
    ("node", "text", "latex"),
    [
        (Mul((W, Z)), "−0.42 · 3.1 × 10⁻⁷", r"-0.42 \cdot 3.1 \times 10^{-7}"),
        (Const(1e8), "10⁸", "10^{8}"),
        (Const(-1e-8), "−10⁻⁸", "-10^{-8}"),
        (Const(10.0), "10", "10"),
        (Const(1.1), "1.1", "1.1"),
        (Rest(58, 1.5), "(58 more: 1.5)", r"\text{(58 more: 1.5)}"),
        (
            Sum("i", W, (W, W, W), 2, 1),
            "−0.42 + −0.42 + …",
            r"-0.42 + -0.42 + \cdots",
        ),
        (Pow(Setting(Label("β₁"), 0.9), Setting(Label("t"), 12.0)), "0.9¹²", "{0.9}^{12}"),
        (Pow(TWO, Const(-0.5)), "2^−0.5", "{2}^{-0.5}"),
    ],
)
def test_numbers(node: Node, text: str, latex: str) -> None:
    formula = Formula(Writer(Precision()).write(node))
    assert formula.text == text
    assert formula.latex == latex


def test_words_are_upright_in_latex() -> None:
    label = Formula(row(symbol(Label("data cost"))))
    assert label.text == "data cost"
    assert label.latex == r"\text{data cost}"
