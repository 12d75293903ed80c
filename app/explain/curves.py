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


def what_it_did(name: str, z: Ref, speech: Speech) -> str:  # noqa: PLR0911 - one line for each activation
    """Say what an activation made of z."""
    if name == "sigmoid":
        return f"Sigmoid squashes the sum {speech(z)} into the range from 0 to 1: {speech.result}."
    if name == "tanh":
        return f"Tanh squashes the sum {speech(z)} into the range from −1 to 1: {speech.result}."
    if name in ("relu", "leaky_relu"):
        return _rectified(name, z, speech)
    if name == "elu" and z.value <= 0:
        return f"ELU bends a negative sum ({speech(z)}) softly, never below −1: {speech.result}."
    if name == "elu":
        return f"The sum is positive, so ELU lets it through unchanged: {speech.result}."
    if name == "softplus":
        return f"Softplus is ReLU with a rounded corner: it makes {speech.result} of the sum {speech(z)}."
    if name == "swish":
        return f"Swish takes the sum {speech(z)} times its own sigmoid: {speech.result}."
    return f"A linear neuron hands its sum on as it is: {speech.result}."


def _rectified(name: str, z: Ref, speech: Speech) -> str:
    if z.value > 0:
        letter = "ReLU" if name == "relu" else "leaky ReLU"
        return f"The sum is positive, so {letter} lets it through unchanged: {speech.result}."
    if z.value == 0:
        return "The sum is exactly 0, and so is what comes out."
    if name == "relu":
        return f"The sum is negative ({speech(z)}), so ReLU lets nothing through: {speech.result}."
    return f"The sum is negative ({speech(z)}), so leaky ReLU lets only a hundredth through: {speech.result}."


def how_active(name: str, value: float) -> str:
    """Say how active a sigmoid neuron is; nothing of the others."""
    if name != "sigmoid":
        return ""
    if value < 0.1:
        return "; the neuron is almost off"
    if value > 0.9:
        return "; the neuron is almost fully on"
    return "; the neuron is neither off nor fully on" if 0.35 < value < 0.65 else ""


def how_steep(name: str, z: Ref, speech: Speech) -> str:
    """Say how steep an activation is at z, and what that means for the blame."""
    if name in STEEPEST:
        return _bell(name, z, speech)
    if name == "linear":
        return (
            f"A linear neuron has slope {speech.result} everywhere, so the blame passes unchanged."
        )
    if name in ("relu", "leaky_relu", "elu") and z.value > 0:
        return f"The sum is positive ({speech(z)}), so the slope is {speech.result} and the blame passes unchanged."
    sign = speech(z) if z.value == 0 else f"negative ({speech(z)})"
    if name == "relu":
        return (
            f"The sum is {sign}, so ReLU is flat here: slope {speech.result}. "
            "A nudge of the sum would change nothing, so no blame gets through."
        )
    if name == "leaky_relu":
        return (
            f"The sum is {sign}, so the slope is only {speech.result}: "
            "a hundredth of the blame gets through."
        )
    return f"At Z = {speech(z)} the curve has slope {speech.result}. {_passes(speech.value)}"


def _bell(name: str, z: Ref, speech: Speech) -> str:
    curve, steepest = f"At Z = {speech(z)} the {name} curve", STEEPEST[name]
    if speech.value < FLAT * steepest:
        return (
            f"{curve} is almost flat, with slope {speech.result}: the neuron is saturated. "
            "A nudge of its sum hardly comes out, so hardly any blame gets through."
        )
    if speech.value > 0.9 * steepest:
        return f"{curve} is about as steep as it gets, with slope {speech.result}. {_passes(speech.value)}"
    return (
        f"{curve} rises with slope {speech.result} ({steepest:g} at its steepest). "
        f"{_passes(speech.value)}"
    )


def _passes(steepness: float) -> str:
    """Say why the slope is the share of the blame that goes on."""
    if steepness < 0:
        return (
            "A nudge of the sum comes out that much, and turned, so the blame gets through turned."
        )
    return "A nudge of the sum comes out that many times as large, so that share of the blame gets through."
