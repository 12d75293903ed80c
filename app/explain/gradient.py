"""The gradient in words: what the errors say about each weight and bias."""

from __future__ import annotations

from functools import partial

from app.engine.addresses import Address
from app.engine.arrays import FloatArray
from app.explain.cost import MOST_OBSERVATIONS
from app.explain.digits import Claim, claim
from app.explain.expression import Add, Call, Mul, Node, Part, Ref, Setting, Symbol
from app.explain.folding import fold
from app.explain.labels import Label, layer_role
from app.explain.scene import Draft, Pattern, Scene, Speech


def weight_gradient(scene: Scene, address: Address) -> Draft:
    """Explain ∂C/∂w: error times activation, summed over the batch, and the penalties' share."""
    layer, neuron, source = address.path
    data = _data_gradient(scene, layer, neuron, source)
    shares = penalty_shares(scene, address.path) if address.kind == "dw" else ()
    whole: Node = Part(Address("data_dw", address.path), data) if shares else data
    called = scene.voice.called(layer - 1, source)
    title = f"{scene.voice.place(layer, neuron)}: gradient of the weight from {called}"
    if address.kind == "data_dw":
        title += ", the data's part"
    part = scene.ref("data_dw", *address.path)
    if not shares:
        return Draft(title, partial(_said_whole, scene, address), data)
    value = scene.value("dw", *address.path)
    share = value - part.value
    added = Claim(lambda on: on.told(part.value) + on.told(share), value)
    told = added, claim(fold(data), part.value, "told")
    sentence = partial(_said_parts, scene, address, part)
    return Draft(title, sentence, Add((whole, *shares)), told=told)


def _data_gradient(scene: Scene, layer: int, neuron: int, source: int) -> Node:
    def product(observation: int, sup: str = "") -> Mul:
        error = scene.ref("delta", layer, observation, neuron, sup=sup)
        return Mul((error, scene.ref("a", layer - 1, observation, source, sup=sup)))

    if scene.tape.batch == 1:
        return product(0)
    error = Symbol(Label("δ", str(neuron + 1), "n"), "error")
    sent = Label(scene.sender(layer - 1), str(source + 1), "n")
    generic = Mul((error, Symbol(sent, layer_role(scene.tape.network, layer - 1))))
    errors, activations = scene.tape.delta[layer][neuron], scene.tape.a[layer - 1][source]
    return Pattern(
        "n",
        generic,
        scene.tape.batch,
        lambda observation: product(observation, str(observation + 1)),
        lambda start, end: float(errors[start:end] @ activations[start:end]),
    ).total(MOST_OBSERVATIONS)


def penalty_shares(scene: Scene, place: tuple[int, ...]) -> tuple[Node, ...]:
    """Return what l2 and l1 add to the gradient of a weight."""
    training, weight = scene.tape.training, scene.ref("w", *place)
    shares: list[Node] = []
    if training.l2:
        shares.append(Mul((Setting(Label("λ₂"), training.l2), weight)))
    if training.l1:
        shares.append(Mul((Setting(Label("λ₁"), training.l1), Call("sign", (weight,)))))
    return tuple(shares)


def _said_whole(scene: Scene, address: Address, speech: Speech) -> str:
    what = "the data's part of the weight's gradient"
    further = ""
    if address.kind == "dw":
        what = "the weight's gradient, ∂C/∂W"
        further = "" if address.path[2] else _FURTHER
    said = _said_data(scene, address.path, f"{what}: {speech.result}", speech)
    return said + (further if speech.value else "") + _direction(speech.value)


_FURTHER = " (The further from 0 the signal, the further from 0 the gradient.)"


def _said_parts(scene: Scene, address: Address, data: Ref, speech: Speech) -> str:
    share = speech.told(speech.value - data.value)
    return (
        f"{_said_data(scene, address.path, speech.told(data), speech)} The penalty on large weights (λ) adds {share}, "
        f"so the weight's gradient, ∂C/∂W, is {speech.result}.{_direction(speech.value)}"
    )


def _said_data(scene: Scene, place: tuple[int, ...], gives: str, speech: Speech) -> str:
    layer, neuron, source = place
    if scene.tape.batch > 1:
        return (
            f"The neuron's error times what {scene.voice.called(layer - 1, source)} sent, added up over the "
            f"{scene.tape.batch} {scene.names.observations}, gives {gives}."
        )
    error = scene.ref("delta", layer, 0, neuron)
    sent = scene.ref("a", layer - 1, 0, source)
    came = f"{scene.voice.sender(layer - 1, source)} {'sent' if layer > 1 else 'came in as'} {speech(sent)}"
    if sent.value == 0:
        return f"{came}, so a nudge of this weight would not be felt. That gives {gives}."
    if error.value == 0:
        return f"The neuron has no error ({speech(error)}), so there is nothing to mend. That gives {gives}."
    return (
        f"{came}, so a nudge of this weight moves the sum Z {speech(sent)} times as much. "
        f"Times the neuron's error ({speech(error)}), that gives {gives}."
    )


def _direction(value: float) -> str:
    if value == 0:
        return ""
    return f" A larger weight would {'lower' if value < 0 else 'raise'} the cost."


def bias_gradient(scene: Scene, address: Address) -> Draft:
    """Explain ∂C/∂b: the neuron's errors, summed over the batch."""
    layer, neuron = address.path
    title = f"{scene.voice.place(layer, neuron)}: gradient of the bias"
    many = scene.tape.batch > 1
    expression: Node = scene.ref("delta", layer, 0, neuron)
    if many:
        expression = _errors(scene, layer, neuron, scene.tape.delta[layer][neuron])

    def sentence(speech: Speech) -> str:
        whose = " itself"
        if many:
            whose = f", summed over the {scene.tape.batch} {scene.names.observations}"
        return (
            "A bias is like a weight whose input is always 1, so its gradient is the neuron's error δ"
            f"{whose}: {speech.result}."
        )

    return Draft(title, sentence, expression)


def _errors(scene: Scene, layer: int, neuron: int, errors: FloatArray) -> Node:
    def error(observation: int) -> Ref:
        return scene.ref("delta", layer, observation, neuron, sup=str(observation + 1))

    return Pattern(
        "n",
        Symbol(Label("δ", str(neuron + 1), "n"), "error"),
        scene.tape.batch,
        error,
        lambda start, end: float(errors[start:end].sum()),
    ).total(MOST_OBSERVATIONS)
