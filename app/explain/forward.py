"""The forward pass in words: products, weighted sums and activations."""

from __future__ import annotations

from functools import partial

from app.engine.addresses import Address
from app.engine.arrays import FloatArray
from app.explain.curves import applied, how_active, shared, what_it_did
from app.explain.digits import Claim, alike, claim
from app.explain.expression import (
    Add,
    Current,
    Mul,
    Node,
    Part,
    Pending,
    Ref,
    evaluate,
)
from app.explain.folding import fold
from app.explain.names import counted
from app.explain.scene import Draft, Pattern, Progress, Scene, Speech


def _signal(scene: Scene, layer: int, observation: int, neuron: int, source: int) -> Mul:
    weight = scene.ref("w", layer, neuron, source)
    return Mul((weight, scene.ref("a", layer - 1, observation, source)))


def _signals(scene: Scene, layer: int, observation: int, neuron: int) -> Pattern:
    """Return how the weighted sum of a neuron is made."""

    def term(source: int) -> Node:
        address = Address("product", (layer, observation, neuron, source))
        return Part(address, _signal(scene, layer, observation, neuron, source))

    weights = scene.tape.network.weights(scene.old_weights, layer)[neuron]
    sent = scene.tape.a[layer - 1][:, observation]
    letter = scene.symbol(scene.sender(layer - 1), "i", layer - 1)
    generic = Mul((scene.symbol("W", f"i,{neuron + 1}", kind="weight"), letter))
    return Pattern("i", generic, scene.sizes[layer - 1], term, partial(_dot, weights, sent))


def _dot(left: FloatArray, right: FloatArray, start: int, end: int) -> float:
    return float(left[start:end] @ right[start:end])


def product(scene: Scene, address: Address) -> Draft:
    """Explain what one connection adds to a weighted sum."""
    layer, observation, neuron, source = address.path
    signal = _signal(scene, layer, observation, neuron, source)
    bias = scene.ref("b", layer, neuron)
    sums = _signals(scene, layer, observation, neuron)
    whole = Add((sums.so_far(source + 1), Pending(bias)))
    progress = Progress(
        label=scene.label(Address("z", (layer, observation, neuron))),
        expression=whole,
        before=evaluate(sums.so_far(source)) if source else 0.0,
        value=evaluate(whole),
        done=source + 1,
        of=sums.count,
        counted=f"so far {counted(source + 1, sums.count, 'signal')}, then the bias",
    )
    voice = scene.voice
    title = f"{voice.place(layer, neuron)}: add {voice.called(layer - 1, source)}"
    sentence = partial(_product_sentence, scene, address, signal, progress)
    return Draft(title, sentence, signal, progress)


def _product_sentence(
    scene: Scene, address: Address, signal: Mul, progress: Progress, speech: Speech
) -> str:
    layer, observation, _, source = address.path
    weight, sent = (item for item in signal.items if isinstance(item, Ref))
    if sent.value == 0:
        said = f"{scene.voice.sender(layer - 1, source)} is {speech(sent)}, "
        said += f"so it adds nothing here, whatever its weight ({speech(weight)})."
        return said + _unmoved(progress, speech)
    said = _what_is_sent(scene, layer - 1, observation, source, sent, speech)
    if weight.value == 0:
        return f"{said} The weight is 0, so nothing of it arrives.{_unmoved(progress, speech)}"
    return f"{said} {_why(weight, sent, speech)}, so {_effect(progress, speech)}."


def _why(weight: Ref, sent: Ref, speech: Speech) -> str:
    if weight.value < 0 and sent.value < 0:
        return f"The weight is negative too ({speech(weight)}), and two negatives make a plus"
    if weight.value < 0:
        return f"The weight is negative ({speech(weight)}) and turns the sign"
    keeps = " and keeps the sign" if sent.value < 0 else ""
    return f"The weight is positive ({speech(weight)}){keeps}"


def _effect(progress: Progress, speech: Speech) -> str:
    if progress.done == 1:
        return f"their product starts the sum (Σ) at {speech.result}"
    way = "raises" if speech.value > 0 else "lowers"
    before = speech.told(progress.before)
    if alike(before, speech.so_far):
        return f"their product {way} the sum by only {speech.size}: it stays near {before}"
    return f"their product {way} the sum by {speech.size}, from {before} to {speech.so_far}"


def _unmoved(progress: Progress, speech: Speech) -> str:
    verb = "starts at" if progress.done == 1 else "stays"
    return f" The sum (Σ) {verb} {speech.so_far}."


def _what_is_sent(
    scene: Scene, layer: int, observation: int, source: int, sent: Ref, speech: Speech
) -> str:
    called = scene.voice.sender(layer, source)
    if layer:
        return f"{called} sends {speech(sent)}."
    names = scene.names
    reading = names.reading(observation, source)
    measured = f"{called} ({reading})" if reading else called
    if source < len(names.standardized) and names.standardized[source]:
        side = "below" if sent.value < 0 else "above"
        return f"{measured} is {side} average: {speech(sent)}."
    return f"{measured} comes in as {speech(sent)}."


def weighted_sum(scene: Scene, address: Address) -> Draft:
    """Explain a neuron's z: the weighted sum with its bias."""
    layer, observation, neuron = address.path
    bias = scene.ref("b", layer, neuron)
    signals = _signals(scene, layer, observation, neuron).total()
    before = evaluate(signals)

    def sentence(speech: Speech) -> str:
        if bias.value == 0:
            return (
                "The neuron's own bias is still 0, so its weighted signals alone make the whole sum, "
                f"called Z: {speech.result}."
            )
        own = f"The neuron's own bias, {speech(bias)},"
        added = f"The weighted signals add up to {speech.told(before)}. {own}"
        if alike(speech.told(before), speech.told(speech.value)):
            return f"{added} hardly changes that: the whole sum, called Z, is {speech.result}."
        way = "raises" if bias.value > 0 else "lowers"
        return f"{added} {way} that to {speech.result}: the whole sum, called Z."

    title = f"{scene.voice.place(layer, neuron)}: add the bias"
    total = scene.value("z", *address.path)
    told = (
        Claim(lambda on: on.told(before) + on.number(bias.value), total),
        claim(fold(signals), before, "told"),
    )
    return Draft(title, sentence, Add((signals, Current(bias))), told=told)


def activation(scene: Scene, address: Address) -> Draft:
    """Explain what a neuron's activation function makes of z."""
    layer, observation, neuron = address.path
    name = scene.tape.network.activations[layer - 1]
    z = scene.ref("z", layer, observation, neuron)
    title = f"{scene.voice.place(layer, neuron)}: {_TITLES.get(name, f'apply {name}')}"
    if name == "softmax":
        everyone = tuple(scene.ref("z", layer, observation, k) for k in range(scene.sizes[layer]))
        return Draft(title, partial(_share, scene, address), shared(z, everyone))

    def sentence(speech: Speech) -> str:
        said = what_it_did(name, z, speech)
        if layer == scene.depth:
            return said + _prediction(scene, observation, neuron, speech)
        return (
            f"{said} That is its activation A, which it sends on{how_active(name, speech.value)}."
        )

    return Draft(title, sentence, applied(name, z))


_TITLES = {
    "sigmoid": "squash with sigmoid",
    "tanh": "squash with tanh",
    "relu": "apply ReLU",
    "leaky_relu": "apply leaky ReLU",
    "elu": "apply ELU",
    "linear": "hand the sum on",
    "softmax": "take a share with softmax",
}


def _share(scene: Scene, address: Address, speech: Speech) -> str:
    _, observation, neuron = address.path
    called, actual = scene.voice.called(scene.depth, neuron), scene.ref("y", observation, neuron)
    return (
        f"Softmax shares 1 out among the {scene.sizes[-1]} outputs, most to the largest sum. "
        f"The share of {called} is {speech.result}; the actual value is {speech(actual)}."
    )


def _prediction(scene: Scene, observation: int, neuron: int, speech: Speech) -> str:
    called, actual = scene.voice.called(scene.depth, neuron), scene.ref("y", observation, neuron)
    return f" That is A, the prediction for {called}; the actual value is {speech(actual)}."
