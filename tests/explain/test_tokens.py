from __future__ import annotations

from app.engine.addresses import Address
from app.explain.digits import Precision
from app.explain.expression import (
    HALF,
    ONE,
    TWO,
    Add,
    Call,
    Const,
    Current,
    Div,
    Mul,
    Neg,
    Node,
    Part,
    Pending,
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
from app.explain.tokens import Token, Writer, meaning, row, symbol

W = Ref(Address("w", (1, 0, 1)), Label("W", "2,1"), -0.42, "weight-negative")
A = Ref(Address("a", (0, 0, 1)), Label("In", "2"), 0.873, "input")
BIAS = Ref(Address("b", (1, 0)), Label("Bias", "1"), -0.2, "bias")
TINY = Ref(Address("dw", (1, 0, 1)), Label("W", "2,1", derivative=True), 3.14e-7, "gradient")
GENERIC = Mul((Symbol(Label("W", "i,1"), "weight"), Symbol(Label("In", "i"), "input")))
ETA = Setting(Label("η"), 0.123456)


def symbols(node: Node) -> str:
    return Formula(Writer(None).write(node)).text


def numbers(node: Node) -> str:
    return Formula(Writer(Precision()).write(node)).text


def test_the_tree_goes_over_the_wire_with_addresses_roles_and_marks() -> None:
    so_far = Sum("i", GENERIC, (Part(Address("product", (1, 0, 0, 1)), Mul((W, A))), A), 1, 0)
    token = Writer(Precision()).write(Add((so_far, Pending(BIAS))))
    assert token.json() == {
        "t": "row",
        "items": [
            {
                "t": "row",
                "items": [
                    {
                        "t": "num",
                        "text": "−0.42",
                        "address": "w[1][0][1]",
                        "role": "weight-negative",
                        "value": -0.42,
                    },
                    {"t": "op", "text": "·"},
                    {
                        "t": "num",
                        "text": "0.87",
                        "address": "a[0][0][1]",
                        "role": "input",
                        "value": 0.873,
                    },
                ],
                "address": "product[1][0][0][1]",
                "current": True,
            },
            {"t": "op", "text": "+", "pending": True},
            {
                "t": "num",
                "text": "0.87",
                "address": "a[0][0][1]",
                "role": "input",
                "pending": True,
                "value": 0.873,
            },
            {"t": "op", "text": "+", "pending": True},
            {
                "t": "num",
                "text": "−0.2",
                "address": "b[1][0]",
                "role": "bias",
                "pending": True,
                "value": -0.2,
            },
        ],
    }


def test_nothing_is_marked_in_symbols() -> None:
    so_far = Sum("i", GENERIC, (Mul((W, A)),), 1, 0)
    token = Writer(None).write(Add((so_far, Current(BIAS), Pending(BIAS))))
    assert "current" not in str(token.json())
    assert "pending" not in str(token.json())
    assert Formula(token).text == "Σᵢ Wᵢ,₁ · Inᵢ + Bias₁ + Bias₁"


def test_every_kind_of_token_has_its_keys() -> None:
    assert Writer(None).write(Div(A, TINY)).json() == {
        "t": "frac",
        "top": {"t": "sym", "text": "In", "sub": "2", "address": "a[0][0][1]", "role": "input"},
        "bottom": {
            "t": "frac",
            "top": {"t": "sym", "text": "∂C"},
            "bottom": {"t": "sym", "text": "∂W", "sub": "2,1"},
            "address": "dw[1][0][1]",
            "role": "gradient",
        },
    }
    squared = Writer(Precision()).write(Pow(W, TWO)).json()
    assert squared["t"] == "sup"
    assert set(squared) == {"t", "base", "exponent"}
    assert squared["exponent"] == {"t": "num", "text": "2", "value": 2.0}
    assert isinstance(squared["base"], dict)
    assert set(squared["base"]) == {"t", "body"}
    generic = Writer(None).write(total("i", GENERIC, (A,))).json()
    assert (generic["t"], generic["index"]) == ("sum", "i")
    called = Writer(None).write(Call("sigmoid", (A,), "σ")).json()
    assert (called["t"], called["name"]) == ("call", "σ")
    assert isinstance(called["args"], list)
    new = symbol(Label("W", "2,1", prefix="new")).json()
    assert new == {"t": "sym", "text": "W", "sub": "2,1", "prefix": "new"}
    rest = Writer(Precision()).write(Rest(58, 1.234)).json()
    assert rest == {"t": "dots", "text": "(58 more: 1.23)", "count": 58, "value": 1.234}


def test_dots_without_a_value_only_hint() -> None:
    assert Writer(Precision()).write(Rest(5, None)) == Token("dots", "…", count=5)
    assert Writer(None).write(Rest(5, 2.0)) == Token("dots", "…", count=5)


def test_brackets_stand_where_they_are_needed() -> None:
    assert numbers(Sub(A, W)) == "0.87 − (−0.42)"
    assert numbers(Add((A, W))) == "0.87 + −0.42"
    assert numbers(Mul((A, W))) == "0.87 · −0.42"
    assert numbers(Neg(W)) == "−(−0.42)"
    assert numbers(Pow(W, TWO)) == "(−0.42)²"
    assert numbers(Pow(A, TWO)) == "0.87²"
    assert numbers(Pow(TINY, TWO)) == "(3.1 × 10⁻⁷)²"
    assert symbols(Pow(TINY, TWO)) == "(∂C/∂W₂,₁)²"
    assert symbols(Mul((W, Sub(ONE, A)))) == "W₂,₁ · (1 − In₂)"
    assert symbols(Sub(A, Add((W, ONE)))) == "In₂ − (W₂,₁ + 1)"
    assert symbols(Add((A, Neg(W)))) == "In₂ + (−W₂,₁)"
    assert symbols(Pow(Call("exp", (A,)), TWO)) == "(e^In₂)²"
    assert symbols(Mul((Current(Add((A, W))), A))) == "(In₂ + W₂,₁) · In₂"


def test_a_sum_is_bracketed_by_how_it_is_written() -> None:
    many, one = total("i", GENERIC, (A, W)), total("i", GENERIC, (A,))
    assert symbols(Mul((HALF, many))) == "½ · Σᵢ Wᵢ,₁ · Inᵢ"
    assert numbers(Mul((HALF, many))) == "½ · (0.87 + −0.42)"
    assert numbers(Mul((HALF, one))) == "½ · 0.87"
    assert symbols(total("i", Add((A, W)), (A,))) == "Σᵢ (In₂ + W₂,₁)"
    assert symbols(Div(Pow(A, TWO), Sub(A, W))) == "In₂² / (In₂ − W₂,₁)"


def test_settings_and_constants_are_shown_in_full() -> None:
    assert numbers(Mul((ETA, Const(0.01), HALF))) == "0.123456 · 0.01 · ½"
    assert symbols(ETA) == "η"


def test_a_part_keeps_its_address_around_a_single_token() -> None:
    token = Writer(Precision()).write(Part(Address("cost"), A))
    assert (token.t, token.address, len(token.items)) == ("row", "cost", 1)
    nested = Part(Address("cost"), Part(Address("penalty"), A))
    assert Writer(None).write(nested).items[0].address == "penalty"


def test_only_a_function_has_a_meaning() -> None:
    assert meaning(A) is None
    assert meaning(Call("relu", (A,), "ReLU", body=A)) == A
    assert row(Token("op", "+")) == Token("op", "+")
