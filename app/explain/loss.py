"""What one output costs, in words: squares and logarithms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from types import MappingProxyType

from app.engine.addresses import Address
from app.explain.curves import ln
from app.explain.digits import Claim, claim
from app.explain.expression import HALF, ONE, TWO, Add, Call, Mul, Neg, Node, Pow, Ref, Sub
from app.explain.scene import Draft, Scene, Speech

SATURATED = 1e-6
"""Nearer than this to 0 or 1 a double no longer holds the small rest, so the loss is written with z."""


def loss_term(scene: Scene, address: Address) -> Draft:
    """Explain what one output adds to the loss of its observation."""
    observation, output = address.path
    network = scene.tape.network
    prediction = scene.ref("a", scene.depth, observation, output)
    actual = scene.ref("y", observation, output)
    expression = _term(scene, observation, output, prediction, actual)
    what = "square the difference" if network.cost in _SQUARES else "how surprised the network is"
    title = f"{scene.voice.place(scene.depth, output)}: {what}"
    said = partial(_SAID[network.cost], scene, output, prediction, actual)
    value = scene.value("loss_term", observation, output)
    return Draft(title, said, expression, told=_told(network.cost, prediction, actual, value))


def _told(cost: str, a: Ref, y: Ref, loss: float) -> tuple[Claim, ...]:
    """Return what the sentence says on the way: the difference and its square, or the chance left."""
    miss = a.value - y.value
    if cost in _SQUARES:
        share = Decimal(1) if cost == "mse" else Decimal("0.5")
        squared = Claim(lambda on: share * on.told(miss) ** 2, loss)
        return claim(Sub(a, y), miss, "told"), squared
    if cost == "binary_cross_entropy" and y.value == 0:
        return (claim(Sub(ONE, a), 1 - a.value, "told"),)
    return ()


def written_with_z(scene: Scene, observation: int, output: int) -> bool:
    """Tell whether a loss term is written with z, because its prediction is too near to 0 or 1."""
    network = scene.tape.network
    if not network.joined:
        return False
    a = float(scene.tape.a[-1][output, observation])
    actual = float(scene.tape.targets[output, observation])
    near = not SATURATED < a < 1 - SATURATED
    return near and (actual != 0 or network.cost == "binary_cross_entropy")


def _term(scene: Scene, observation: int, output: int, a: Ref, y: Ref) -> Node:
    cost = scene.tape.network.cost
    if cost in _SQUARES:
        square = Pow(Sub(a, y), TWO)
        return square if cost == "mse" else Mul((HALF, square))
    if written_with_z(scene, observation, output):
        return _term_of_z(scene, observation, output, y)
    if cost == "cross_entropy":
        return Neg(Mul((y, ln(a))))
    miss = Mul((Sub(ONE, y), ln(Sub(ONE, a))))
    return Neg(Add((Mul((y, ln(a))), miss)))


def _term_of_z(scene: Scene, observation: int, output: int, y: Ref) -> Node:
    z = scene.ref("z", scene.depth, observation, output)
    if scene.tape.network.cost == "binary_cross_entropy":
        return Sub(Call("softplus", (z,), "softplus"), Mul((z, y)))
    everyone = tuple(scene.ref("z", scene.depth, observation, k) for k in range(scene.sizes[-1]))
    return Mul((y, Sub(Call("log_sum", everyone, "logsumexp", shown=len(everyone)), z)))


def _said_miss(scene: Scene, output: int, a: Ref, y: Ref, speech: Speech) -> str:
    called = scene.voice.called(scene.depth, output)
    if a.value == y.value:
        return (
            f"The prediction for {called} hits the actual value {speech(y)} exactly: "
            f"it costs nothing ({speech.result})."
        )
    side = "low" if a.value < y.value else "high"
    return (
        f"The prediction for {called} is too {side}: the difference (prediction − actual) is "
        f"{speech.told(a.value - y.value)}. {_WHAT_A_SQUARE_COSTS[scene.tape.network.cost](speech.result)}"
    )


_WHAT_A_SQUARE_COSTS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "mse": lambda loss: (
            f"Squared, that costs {loss}; being twice as far off would cost four times as much."
        ),
        "half_squared_error": lambda loss: (
            f"Squared and halved, that costs {loss}; the ½ is there to cancel the slope's 2 later."
        ),
    }
)


def _said_binary(scene: Scene, output: int, a: Ref, y: Ref, speech: Speech) -> str:
    called = scene.voice.called(scene.depth, output)
    if y.value not in (0.0, 1.0):
        return (
            f"The actual value of {called} is {speech(y)} and the network says {speech(a)}. "
            f"The logarithms weigh both sides of that: {speech.result}."
        )
    chance = speech(a) if y.value else speech.told(1 - a.value)
    return (
        f"The actual value of {called} is {speech(y)}, and the network gave that a chance of "
        f"{chance}. The smaller the chance it gave the truth, the higher the cost: {speech.result}."
    )


def _said_share(scene: Scene, output: int, a: Ref, y: Ref, speech: Speech) -> str:
    called = scene.voice.called(scene.depth, output)
    if y.value == 0:
        return (
            f"The right answer here is not {called} (actual {speech(y)}), so it adds nothing itself: "
            f"{speech.result}. Its share ({speech(a)}) only counts by what it takes from the right one."
        )
    return (
        f"The share of {called} should be {speech(y)} and is {speech(a)}. "
        f"The smaller the share of the right answer, the higher the cost: {speech.result}."
    )


_SQUARES = ("mse", "half_squared_error")
_SAID = {
    "mse": _said_miss,
    "half_squared_error": _said_miss,
    "binary_cross_entropy": _said_binary,
    "cross_entropy": _said_share,
}
