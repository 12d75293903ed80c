"""The forward pass in words: products, weighted sums and activations."""

from __future__ import annotations

from functools import partial

from app.engine.addresses import Address
from app.engine.arrays import FloatArray
from app.explain.curves import applied, how_active, shared, what_it_did
from app.explain.expression import Add, Current, Mul, Node, Part, Pending, Ref, evaluate
from app.explain.names import sentence_start
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
    so_far = _signals(scene, layer, observation, neuron).so_far(source + 1)
    whole = Add((so_far, Pending(bias)))
    goal = scene.label(Address("z", (layer, observation, neuron)))
    progress = Progress(goal, whole, evaluate(whole), source + 1, scene.sizes[layer - 1])
    voice = scene.voice
    title = f"{voice.place(layer, neuron)}: add {voice.called(layer - 1, source)}"
    sentence = partial(_product_sentence, scene, address, signal)
    return Draft(title, sentence, signal, progress)


def _product_sentence(scene: Scene, address: Address, signal: Mul, speech: Speech) -> str:
    layer, observation, _, source = address.path
    weight, sent = (item.value for item in signal.items if isinstance(item, Ref))
    sender = sentence_start(scene.voice.called(layer - 1, source))
    if sent == 0:
        return f"{sender} is 0, so it adds nothing here, whatever its weight ({speech(weight)})."
    said = _what_is_sent(scene, layer - 1, observation, source, speech(sent))
    if weight == 0:
        return f"{said} The weight is 0, so nothing of it arrives."
    sign = "positive" if weight > 0 else "negative"
    if weight < 0 and sent < 0:
        why = f"The weight is negative too ({speech(weight)}), and two negatives make a plus"
    else:
        why = f"The weight is {sign} ({speech(weight)})"
    return f"{said} {why}, so {_effect(source == 0, speech)}."


def _effect(first: bool, speech: Speech) -> str:
    if first:
        return f"the sum starts at {speech.result}"
    way = "raises" if speech.value > 0 else "lowers"
    return f"this {way} the sum by {speech.result_size}, to {speech.sofar}"


def _what_is_sent(scene: Scene, layer: int, observation: int, source: int, value: str) -> str:
    called = sentence_start(scene.voice.called(layer, source))
    if layer:
        return f"{called} sends {value}."
    names = scene.names
    reading = names.reading(observation, source)
    measured = f"{called} ({reading})" if reading else called
    if source < len(names.standardized) and names.standardized[source]:
        side = "below" if value.startswith("−") else "above"
        return f"{measured} is {side} average: {value}."
    return f"{measured} comes in as {value}."


def weighted_sum(scene: Scene, address: Address) -> Draft:
    """Explain a neuron's z: the weighted sum with its bias."""
    layer, observation, neuron = address.path
    bias = scene.ref("b", layer, neuron)
    signals = _signals(scene, layer, observation, neuron).total()
    before = evaluate(signals)

    def sentence(speech: Speech) -> str:
        if bias.value == 0:
            return (
                f"The weighted signals add up to {speech.result}; "
                "the neuron's own bias is still 0 and changes nothing."
            )
        added = f"The weighted signals add up to {speech(before)}."
        if speech(before) == speech.result:
            return f"{added} The neuron's own bias, {speech(bias.value)}, hardly changes that."
        way = "raises" if bias.value > 0 else "lowers"
        return (
            f"{added} The neuron's own bias, {speech(bias.value)}, {way} that to {speech.result}."
        )

    title = f"{scene.voice.place(layer, neuron)}: add the bias"
    return Draft(title, sentence, Add((signals, Current(bias))))


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
        said = what_it_did(name, z.value, speech)
        if layer == scene.depth:
            return said + _prediction(scene, observation, neuron, speech)
        return said + how_active(name, speech.value)

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
    called = scene.voice.called(scene.depth, neuron)
    shares = f"Softmax shares 1 out among the {scene.sizes[-1]} outputs, most to the largest sum."
    actual = scene.value("y", observation, neuron)
    return f"{shares} {sentence_start(called)} gets {speech.result}; the actual value is {speech(actual)}."


def _prediction(scene: Scene, observation: int, neuron: int, speech: Speech) -> str:
    called, actual = scene.voice.called(scene.depth, neuron), scene.value("y", observation, neuron)
    return f" That is the prediction for {called}; the actual value is {speech(actual)}."
