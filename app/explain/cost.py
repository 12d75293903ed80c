"""The cost in words: losses, penalties and what they come to."""

from __future__ import annotations

from functools import partial

import numpy as np

from app.engine.addresses import Address
from app.engine.training import weight_mask
from app.explain.expression import (
    ONE,
    TWO,
    Add,
    Call,
    Const,
    Div,
    Mul,
    Node,
    Pow,
    Rest,
    Setting,
    Sum,
    Symbol,
    total,
)
from app.explain.labels import Label
from app.explain.scene import Draft, Pattern, Scene, Speech

MOST_OBSERVATIONS = 32
FEW_WEIGHTS = 32
BATCH = Label("B")


def batch_size(scene: Scene) -> Setting:
    """Return B, the number of observations."""
    return Setting(BATCH, float(scene.tape.batch))


def _terms(scene: Scene, observation: int) -> Pattern:
    generic = Symbol(Label("Loss", "k"), "cost")
    column = scene.tape.terms[:, observation]
    return Pattern(
        "k",
        generic,
        scene.sizes[-1],
        lambda output: scene.ref("loss_term", observation, output),
        lambda start, end: float(column[start:end].sum()),
    )


def loss(scene: Scene, address: Address) -> Draft:
    """Explain the loss of one observation."""
    outputs = scene.sizes[-1]

    def sentence(speech: Speech) -> str:
        whose = f"the loss of this {scene.names.observation}"
        if outputs == 1:
            return f"There is one output, so its {speech.result} is {whose}."
        return f"The {outputs} outputs together make {whose}: {speech.result}."

    return Draft("The loss: add up the outputs", sentence, _terms(scene, address.path[0]).total())


def _average(scene: Scene) -> Node:
    """Return the formula of the batch's average loss."""
    batch = scene.tape.batch
    if batch == 1:
        return _terms(scene, 0).total()
    losses = Pattern(
        "n",
        Symbol(Label("Loss", sup="n"), "cost"),
        batch,
        lambda observation: scene.ref("loss", observation, sup=str(observation + 1)),
        lambda start, end: float(scene.tape.losses[start:end].sum()),
    )
    return Mul((Div(ONE, batch_size(scene)), losses.total(MOST_OBSERVATIONS)))


def data_cost(scene: Scene, address: Address) -> Draft:
    """Explain the batch's average loss."""
    return Draft(
        "The data's part of the cost",
        partial(_said_average, scene, "the data's cost"),
        _average(scene),
    )


def _said_average(scene: Scene, what: str, speech: Speech) -> str:
    factor = _FACTOR.get(scene.tape.network.cost, "")
    batch = scene.tape.batch
    if batch > 1:
        return (
            f"The losses of the {batch} {scene.names.observations} in this batch are "
            f"{speech.result} on average: {what}{factor}."
        )
    outputs = scene.sizes[-1]
    if outputs > 1:
        return f"The {outputs} losses add up to {speech.result}: {what} of this {scene.names.observation}{factor}."
    return f"The one loss, {speech.result}, is {what} of this {scene.names.observation}{factor}."


_FACTOR = {
    "mse": " (squares, without a ½)",
    "half_squared_error": " (half of the squares)",
}


def cost(scene: Scene, address: Address) -> Draft:
    """Explain the cost of the batch."""
    if not scene.tape.training.penalised:
        expression = _average(scene)
        how = "add up the losses" if scene.tape.batch == 1 else "average the losses"
        return Draft(f"The cost: {how}", partial(_said_cost, scene), expression)
    parts = scene.ref("data_cost"), scene.ref("penalty")

    def sentence(speech: Speech) -> str:
        return (
            f"The data costs {speech(parts[0])} and the size of the weights {speech(parts[1])} more: "
            f"{speech.result} together, the cost C.{_WHAT_NOW}"
        )

    return Draft("The cost: losses and penalty", sentence, Add(parts))


def _said_cost(scene: Scene, speech: Speech) -> str:
    return _said_average(scene, "the cost C", speech) + _WHAT_NOW


_WHAT_NOW = (
    " Training makes this one number smaller. So who is to blame for it, and how much? "
    "To find out, we now go back through the network."
)


def penalty(scene: Scene, address: Address) -> Draft:
    """Explain what l1 and l2 add to the cost."""
    training = scene.tape.training
    parts: list[Node] = []
    if training.l2:
        share = Setting(Label("λ₂"), training.l2)
        parts.append(Mul((Div(share, TWO), _over_weights(scene, squared=True))))
    if training.l1:
        parts.append(Mul((Setting(Label("λ₁"), training.l1), _over_weights(scene, squared=False))))

    def sentence(speech: Speech) -> str:
        if not parts:
            return "No penalty is switched on, so the size of the weights costs nothing."
        return f"Large weights cost extra, {speech.result} in all; the biases are free."

    whole = parts[0] if len(parts) == 1 else Add(tuple(parts)) if parts else Const(0.0)
    return Draft("The penalty for large weights", sentence, whole)


def _over_weights(scene: Scene, *, squared: bool) -> Sum:
    """Return Σ w² or Σ |w| over all weights of the network."""
    letter = Symbol(Label("W"), "weight")
    generic: Node = Pow(letter, TWO) if squared else Call("abs", (letter,))
    places = _weight_places(scene, FEW_WEIGHTS)
    weights = [scene.ref("w", *place) for place in places]
    terms: list[Node] = [Pow(w, TWO) if squared else Call("abs", (w,)) for w in weights]
    every = scene.old_weights * weight_mask(scene.tape.network)
    count = sum(a * b for a, b in zip(scene.sizes, scene.sizes[1:], strict=False))
    if count > len(terms):
        sizes = np.square(every) if squared else np.abs(every)
        told = sum(w.value**2 if squared else abs(w.value) for w in weights)
        terms.append(Rest(count - len(terms), float(sizes.sum()) - told))
    return total("", generic, tuple(terms))


def _weight_places(scene: Scene, most: int) -> list[tuple[int, int, int]]:
    places: list[tuple[int, int, int]] = []
    for layer in range(1, scene.depth + 1):
        for neuron in range(scene.sizes[layer]):
            for source in range(scene.sizes[layer - 1]):
                if len(places) == most:
                    return places
                places.append((layer, neuron, source))
    return places


def cost_after(scene: Scene, address: Address) -> Draft:
    """Explain the same batch's cost after the update."""
    before = scene.ref("cost")

    def sentence(speech: Speech) -> str:
        if speech.value == before.value:
            return f"The same batch, run again with the new weights, still costs {speech.result}."
        way = "less" if speech.value < before.value else "more"
        return (
            f"The same batch, run again with the new weights and biases, costs {speech.result}: "
            f"{way} than the {speech(before)} before the update."
        )

    return Draft("The cost after the update", sentence, apart_from=before.value)
