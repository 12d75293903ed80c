"""The activation functions as a learner meets them: what each means, what it did, and how steep it is."""

from __future__ import annotations

from app.explain.expression import (
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
    Sub,
    Symbol,
    total,
)
from app.explain.labels import FUNCTION_LETTERS, Label
from app.explain.scene import ENDS, FEW_TERMS, Speech

ZERO = Const(0.0)
LEAK = Const(0.01)
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0}
FLAT = 0.2
"""Below this share of its steepest slope a curve is called almost flat."""


def exp(node: Node) -> Call:
    """Return e to a power."""
    return Call("exp", (node,))


def ln(node: Node) -> Call:
    """Return a natural logarithm."""
    return Call("ln", (node,))


def sigma(node: Node) -> Call:
    """Return σ of a node, without spelling it out."""
    return Call("sigmoid", (node,), "σ")


def applied(name: str, z: Ref) -> Node:
    """Return an activation applied to z."""
    if name == "linear":
        return z
    return Call(name, (z,), FUNCTION_LETTERS[name], _meaning(name, z))


def _meaning(name: str, z: Ref) -> Node:  # noqa: PLR0911 - one line for each activation
    if name == "sigmoid":
        return Div(ONE, Add((ONE, exp(Neg(z)))))
    if name == "tanh":
        up, down = exp(z), exp(Neg(z))
        return Div(Sub(up, down), Add((up, down)))
    if name == "relu":
        return Call("max", (ZERO, z), shown=2)
    if name == "leaky_relu":
        return Call("max", (Mul((LEAK, z)), z), shown=2)
    if name == "elu":
        return z if z.value > 0 else Sub(exp(z), ONE)
    if name == "softplus":
        return ln(Add((ONE, exp(z))))
    return Mul((z, sigma(z)))


def shared(own: Ref, everyone: tuple[Ref, ...]) -> Node:
    """Return softmax: an output's share of the whole."""
    powers: tuple[Node, ...] = tuple(exp(z) for z in everyone)
    if len(powers) > FEW_TERMS:
        powers = (*powers[:ENDS], Rest(len(powers) - 2 * ENDS, None), *powers[-ENDS:])
    whole = total("k", exp(Symbol(Label("Z", "k"), own.role)), powers)
    return Call("softmax", (own, *everyone), "softmax", Div(exp(own), whole))


def slope(name: str, z: Ref, a: Ref) -> Node:  # noqa: PLR0911 - one line for each activation
    """Return the slope of an activation at z, written by what is already known where that is shorter."""
    if name == "sigmoid":
        return Mul((a, Sub(ONE, a)))
    if name == "tanh":
        return Sub(ONE, Pow(a, TWO))
    if name == "relu":
        return Call("step", (z,))
    if name == "leaky_relu":
        return Call("max", (LEAK, Call("step", (z,))), shown=2)
    if name == "elu":
        return exp(Call("min", (ZERO, z), shown=2))
    if name == "softplus":
        return sigma(z)
    if name == "swish":
        return Mul((sigma(z), Add((ONE, Mul((z, Sub(ONE, sigma(z))))))))
    return ONE


def what_it_did(name: str, z: float, speech: Speech) -> str:  # noqa: PLR0911 - one line for each activation
    """Say what an activation made of z."""
    if name == "sigmoid":
        return f"Sigmoid squashes the sum {speech(z)} into the range from 0 to 1: {speech.result}."
    if name == "tanh":
        return f"Tanh squashes the sum {speech(z)} into the range from −1 to 1: {speech.result}."
    if name in ("relu", "leaky_relu"):
        return _rectified(name, z, speech)
    if name == "elu" and z <= 0:
        return f"ELU bends a negative sum ({speech(z)}) softly, never below −1: {speech.result}."
    if name == "elu":
        return f"The sum is positive, so ELU lets it through unchanged: {speech.result}."
    if name == "softplus":
        return f"Softplus is ReLU with a rounded corner: it makes {speech.result} of the sum {speech(z)}."
    if name == "swish":
        return f"Swish takes the sum {speech(z)} times its own sigmoid: {speech.result}."
    return f"A linear neuron hands its sum on as it is: {speech.result}."


def _rectified(name: str, z: float, speech: Speech) -> str:
    if z > 0:
        letter = "ReLU" if name == "relu" else "leaky ReLU"
        return f"The sum is positive, so {letter} lets it through unchanged: {speech.result}."
    if z == 0:
        return "The sum is exactly 0, and so is what comes out."
    if name == "relu":
        return f"The sum is negative ({speech(z)}), so ReLU lets nothing through: 0."
    return f"The sum is negative ({speech(z)}), so leaky ReLU lets only a hundredth through: {speech.result}."


def how_active(name: str, value: float) -> str:
    """Say how active a sigmoid neuron is; nothing of the others."""
    if name != "sigmoid":
        return ""
    if value < 0.1:
        return " The neuron is almost off."
    if value > 0.9:
        return " The neuron is almost fully on."
    return " The neuron is in between, neither off nor fully on." if 0.35 < value < 0.65 else ""


def how_steep(name: str, z: float, value: float, speech: Speech) -> str:
    """Say how steep an activation is at z, and what that means for the blame."""
    if name in STEEPEST:
        return _bell(name, z, value, speech)
    if name == "linear":
        return "A linear neuron has slope 1 everywhere, so the blame passes unchanged."
    if name in ("relu", "leaky_relu", "elu") and z > 0:
        return (
            f"The sum is positive ({speech(z)}), so the slope is 1 and the blame passes unchanged."
        )
    sign = "0" if z == 0 else f"negative ({speech(z)})"
    if name == "relu":
        return (
            f"The sum is {sign}, so ReLU is flat here: slope 0. "
            "Nudging the sum would change nothing, so no blame gets through."
        )
    if name == "leaky_relu":
        return f"The sum is {sign}, so only a hundredth of the blame gets through."
    return (
        f"At {speech(z)} the curve has slope {speech.result}: that share of the blame gets through."
    )


def _bell(name: str, z: float, value: float, speech: Speech) -> str:
    curve, steepest = FUNCTION_LETTERS[name] if name == "tanh" else name, STEEPEST[name]
    if value < FLAT * steepest:
        return (
            f"At {speech(z)} the {curve} curve is almost flat (slope {speech.result}): "
            "the neuron is saturated, and hardly any blame gets through."
        )
    if value > 0.9 * steepest:
        return (
            f"At {speech(z)} the {curve} curve is about as steep as it gets: slope {speech.result}. "
            "That share of the blame gets through."
        )
    return (
        f"At {speech(z)} the {curve} curve rises with slope {speech.result} ({steepest:g} at its steepest). "
        "That share of the blame gets through."
    )
