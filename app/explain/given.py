"""What is given before an iteration begins, in words: inputs, targets, weights and biases."""

from __future__ import annotations

from app.engine.addresses import Address
from app.explain.names import sentence_start
from app.explain.scene import Draft, Scene, Speech


def given_input(scene: Scene, address: Address) -> Draft:
    """Explain an input."""
    _, observation, source = address.path
    called = scene.voice.sender(0, source)
    reading = scene.names.reading(observation, source)
    usual = source < len(scene.names.standardized) and scene.names.standardized[source]

    def sentence(speech: Speech) -> str:
        measured = f"{called} is"
        if reading:
            measured = f"{called} was {reading}; to the network that is"
        side = ""
        if usual and speech.value:
            side = f", {'below' if speech.value < 0 else 'above'} the average of the data"
        return f"{measured} {speech.result}{side}. Inputs are given; training never changes them."

    return Draft(f"{scene.voice.place(0, source)}: an input", sentence)


def target(scene: Scene, address: Address) -> Draft:
    """Explain a target."""
    output = address.path[1]
    called = scene.voice.called(scene.depth, output)

    def sentence(speech: Speech) -> str:
        return (
            f"For this {scene.names.observation} the right answer for {called} is {speech.result}. "
            "The network never sees it on the way forward, only when its prediction is judged."
        )

    return Draft(f"{scene.voice.place(scene.depth, output)}: the actual value", sentence)


def weight(scene: Scene, address: Address) -> Draft:
    """Explain a weight as it was when the iteration began."""
    layer, neuron, source = address.path
    voice = scene.voice
    sender, receiver = voice.called(layer - 1, source), voice.called(layer, neuron)
    title = f"{voice.place(layer, neuron)}: weight from {voice.called(layer - 1, source)}"

    def sentence(speech: Speech) -> str:
        if speech.value == 0:
            return f"A weight of 0: whatever {sender} sends, {receiver} does not hear it."
        way = "up" if speech.value > 0 else "down"
        sign = "positive" if speech.value > 0 else "negative"
        return (
            f"A {sign} weight ({speech.result}): the more {sender} sends, the further it pushes {receiver} {way}. "
            "This is its value when the iteration began."
        )

    return Draft(title, sentence)


def bias(scene: Scene, address: Address) -> Draft:
    """Explain a bias as it was when the iteration began."""
    layer, neuron = address.path
    called = scene.voice.called(layer, neuron)

    def sentence(speech: Speech) -> str:
        return (
            f"With nothing coming in, the sum Z of {called} would be just its bias, {speech.result}. "
            "This is its value when the iteration began."
        )

    return Draft(f"{scene.voice.place(layer, neuron)}: its bias", sentence)


def old_moment(scene: Scene, address: Address) -> Draft:
    """Explain what the optimizer remembered before this iteration."""
    what = sentence_start(scene.voice.name(address).removeprefix("old "))
    return Draft(f"{what}, before", _remembered)


def _remembered(speech: Speech) -> str:
    if speech.value == 0:
        return "The optimizer has felt no gradient here yet, so it remembers 0."
    return f"What the optimizer remembers from the iterations before: {speech.result}."
