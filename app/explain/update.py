"""The update in words: what the optimizer remembers, and the step of each weight and bias."""

from __future__ import annotations

from functools import partial

from app.engine.addresses import Address
from app.explain.digits import in_words
from app.explain.expression import ONE, TWO, Add, Call, Div, Mul, Node, Pow, Ref, Setting, Sub
from app.explain.labels import Label
from app.explain.names import memory
from app.explain.scene import Draft, Scene, Speech

ETA, MU, ALPHA, EPSILON = Label("η"), Label("μ"), Label("α"), Label("ε")
BETA_1, BETA_2, UPDATES = Label("β₁"), Label("β₂"), Label("t")


def _letter(address: Address) -> str:
    return "w" if address.kind.endswith("w") else "b"


def moment(scene: Scene, address: Address) -> Draft:
    """Explain what the optimizer remembers of a parameter after this gradient."""
    which, *place = address.path
    letter, training = _letter(address), scene.tape.training
    gradient = scene.ref(f"d{letter}", *place)
    old = scene.ref(f"old_moment_{letter}", *address.path)
    name, optimizer = training.optimizer.name, training.optimizer
    if name in ("momentum", "nesterov"):
        kept = Setting(MU, optimizer.momentum)
        expression: Node = Add((Mul((kept, old)), gradient))
    else:
        squared = name == "rmsprop" or which == 1
        kept = _decay(scene, which)
        new = Pow(gradient, TWO) if squared else gradient
        expression = Add((Mul((kept, old)), Mul((Sub(ONE, kept), new))))
    what = memory(name, which)
    title = f"{_titled(scene, place)}: {what}"
    return Draft(title, partial(_said_moment, name, which, kept, gradient, old), expression)


def _decay(scene: Scene, which: int) -> Setting:
    optimizer = scene.tape.training.optimizer
    if optimizer.name == "rmsprop":
        return Setting(ALPHA, optimizer.alpha)
    return Setting(BETA_2, optimizer.beta2) if which else Setting(BETA_1, optimizer.beta1)


def _titled(scene: Scene, place: list[int]) -> str:
    layer, neuron, *source = place
    where = scene.voice.place(layer, neuron)
    return (
        f"{where}, weight from {scene.voice.called(layer - 1, source[0])}"
        if source
        else f"{where}, bias"
    )


def _said_moment(
    name: str, which: int, kept: Setting, gradient: Ref, old: Ref, speech: Speech
) -> str:
    share = f"{kept.label.text} = {in_words(kept.value)}"
    if name in ("momentum", "nesterov"):
        return (
            f"Like a rolling ball, it keeps {share} of its velocity ({speech(old)}) and the gradient "
            f"({speech(gradient)}) pushes it on: {speech.result}."
        )
    rest = in_words(float(f"{1 - kept.value:.6g}"))
    if name == "rmsprop" or which == 1:
        return (
            f"How large has this gradient been lately? {share} of the old average of its squares ({speech(old)}) "
            f"and {rest} of the new square make {speech.result}."
        )
    return (
        f"Which way has this gradient pointed lately? {share} of the old average ({speech(old)}) and "
        f"{rest} of the new gradient ({speech(gradient)}) make {speech.result}."
    )


def new_parameter(scene: Scene, address: Address) -> Draft:
    """Explain the step of a weight or a bias."""
    letter, place = _letter(address), address.path
    old = scene.ref(letter, *place)
    gradient = scene.ref(f"d{letter}", *place)
    rate = Setting(ETA, scene.tape.training.learning_rate)
    expression = Sub(old, _move(scene, letter, place, rate, gradient))
    what = "new weight" if letter == "w" else "new bias"
    title = f"{scene.voice.place(*place[:2])}: {what}"
    if letter == "w":
        title += f" from {scene.voice.called(place[0] - 1, place[2])}"
    sentence = partial(_said_step, scene, place, old, gradient)
    return Draft(title, sentence, expression, apart_from=old.value)


def _move(scene: Scene, letter: str, place: tuple[int, ...], rate: Setting, gradient: Ref) -> Node:
    optimizer = scene.tape.training.optimizer
    if optimizer.name == "sgd":
        return Mul((rate, gradient))
    kept = scene.ref(f"moment_{letter}", 0, *place)
    if optimizer.name == "momentum":
        return Mul((rate, kept))
    if optimizer.name == "nesterov":
        return Mul((rate, Add((gradient, Mul((Setting(MU, optimizer.momentum), kept))))))
    if optimizer.name == "rmsprop":
        bottom = Add((Call("sqrt", (kept,), "√"), Setting(EPSILON, optimizer.epsilon)))
        return Mul((rate, Div(gradient, bottom)))
    return _adam_move(scene, letter, place, rate)


def _adam_move(scene: Scene, letter: str, place: tuple[int, ...], rate: Setting) -> Node:
    optimizer = scene.tape.training.optimizer
    updates = Setting(UPDATES, float(scene.tape.after.updates))
    mean, square = (scene.ref(f"moment_{letter}", which, *place) for which in (0, 1))

    def unlean(beta: Setting) -> Node:
        return Sub(ONE, Pow(beta, updates))

    first, second = Setting(BETA_1, optimizer.beta1), Setting(BETA_2, optimizer.beta2)
    root = Call("sqrt", (Div(square, unlean(second)),), "√")
    top = Div(mean, unlean(first))
    return Mul((rate, Div(top, Add((root, Setting(EPSILON, optimizer.epsilon))))))


def _said_step(
    scene: Scene, place: tuple[int, ...], old: Ref, gradient: Ref, speech: Speech
) -> str:
    what = "weight" if len(place) == 3 else "bias"
    if speech.value == old.value:
        reason = "The step is tiny"
        if gradient.value == 0:
            reason = f"The gradient is {speech(gradient)}, so there is nothing to change"
        return f"{reason}: the {what} stays {speech.result}."
    turned = "up" if speech.value > old.value else "down"
    said = _why(scene, what, gradient, turned, speech)
    first = place in ((1, 0, 0),)
    only_now = " (Only now do the weights change: all errors were found with the old ones.)"
    return f"{said} {turned} from {speech(old)} to {speech.result}.{only_now if first else ''}"


def _why(scene: Scene, what: str, gradient: Ref, turned: str, speech: Speech) -> str:
    name = scene.tape.training.optimizer.name
    rate = f"the learning rate η = {in_words(scene.tape.training.learning_rate)}"
    sign = "negative" if gradient.value < 0 else "positive"
    helps = "up" if gradient.value < 0 else "down"
    if name == "sgd":
        larger = "larger" if gradient.value < 0 else "smaller"
        return (
            f"The gradient is {sign} ({speech(gradient)}), so a {larger} {what} lowers the cost. "
            f"A step against it, of {rate} times the gradient, takes the {what}"
        )
    led = {
        "momentum": "The velocity, not the gradient alone, sets the step",
        "nesterov": "Gradient and velocity together set the step, as if looking ahead",
        "rmsprop": "The gradient is measured by its own usual size, so steep and flat directions step alike",
        "adam": "The average gradient is measured by its own usual size (both corrected for having started at 0)",
    }[name]
    against = " against today's gradient" if gradient.value and helps != turned else ""
    return f"{led}; times {rate}, that takes the {what}{against}"
