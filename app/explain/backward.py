"""The backward pass in words: blame, slopes, errors."""

from __future__ import annotations

from functools import partial

from app.engine.addresses import Address
from app.explain.cost import batch_size
from app.explain.curves import how_steep, slope
from app.explain.digits import Claim, alike, claim
from app.explain.expression import (
    ONE,
    TWO,
    Div,
    Mul,
    Node,
    Part,
    Ref,
    Sub,
    Symbol,
    calculate,
    evaluate,
)
from app.explain.folding import fold
from app.explain.labels import Label
from app.explain.names import all_of, counted
from app.explain.scene import Draft, Pattern, Progress, Scene, Speech

JOINED = {
    "binary_cross_entropy": "The sigmoid's slope and the derivative of binary cross-entropy",
    "cross_entropy": "The derivatives of softmax and cross-entropy",
}


def blame(scene: Scene, address: Address) -> Draft:
    """Explain ∂C/∂a: how the cost answers when a neuron's activation rises."""
    layer, observation, neuron = address.path
    if layer == scene.depth:
        return _loss_derivative(scene, observation, neuron)
    followers = scene.sizes[layer + 1]
    called = scene.voice.called(layer, neuron)

    def sentence(speech: Speech) -> str:
        if speech.value == 0:
            return f"Nothing comes back to {called}: a small change of its activation would not move the cost."
        way = "lower" if speech.value < 0 else "raise"
        whole = "The only blame"
        if followers > 1:
            whole = f"The blame from {all_of(followers, 'neuron')} it feeds"
        return f"{whole} comes to {speech.result}. A slightly larger activation of {called} would {way} the cost."

    title = f"{scene.voice.place(layer, neuron)}: all the blame"
    return Draft(title, sentence, _shares(scene, layer, observation, neuron).total())


def _share(scene: Scene, layer: int, observation: int, neuron: int, target: int) -> Mul:
    weight = scene.ref("w", layer + 1, target, neuron)
    return Mul((weight, scene.ref("delta", layer + 1, observation, target)))


def _shares(scene: Scene, layer: int, observation: int, neuron: int) -> Pattern:
    """Return how the blame on a hidden neuron is made."""

    def term(target: int) -> Node:
        address = Address("blame_term", (layer, observation, neuron, target))
        return Part(address, _share(scene, layer, observation, neuron, target))

    weights = scene.tape.network.weights(scene.old_weights, layer + 1)[:, neuron]
    errors = scene.tape.delta[layer + 1][:, observation]
    generic = Mul(
        (scene.symbol("W", f"{neuron + 1},k", kind="weight"), scene.symbol("δ", "k", kind="error"))
    )
    return Pattern(
        "k",
        generic,
        scene.sizes[layer + 1],
        term,
        lambda start, end: float(weights[start:end] @ errors[start:end]),
    )


def blame_term(scene: Scene, address: Address) -> Draft:
    """Explain the share of one follower's error that comes back to a neuron."""
    layer, observation, neuron, target = address.path
    share = _share(scene, layer, observation, neuron, target)
    shares = _shares(scene, layer, observation, neuron)
    so_far, of = shares.so_far(target + 1), shares.count
    several = "so far " if target + 1 < of else ""
    progress = Progress(
        label=scene.label(Address("blame", (layer, observation, neuron))),
        expression=so_far,
        before=evaluate(shares.so_far(target)) if target else 0.0,
        value=evaluate(so_far),
        done=target + 1,
        of=of,
        counted=several + counted(target + 1, of, "share"),
    )
    voice = scene.voice
    title = f"{voice.place(layer, neuron)}: blame from {voice.called(layer + 1, target)}"
    return Draft(title, partial(_said_share, scene, address, share, progress), share, progress)


def _said_share(
    scene: Scene, address: Address, share: Mul, progress: Progress, speech: Speech
) -> str:
    layer, observation, _, target = address.path
    weight, error = (item for item in share.items if isinstance(item, Ref))
    last = progress.done == progress.of
    whole = " That is all its blame, ∂C/∂A." if last else ""
    if error.value == 0:
        of = _whose_error(scene, layer + 1, target)
        return f"{of} has no error ({speech(error)}), so no blame comes back from it.{whole}"
    said = _said_error(scene, layer + 1, observation, target, error, speech)
    if weight.value == 0:
        return f"{said} But the weight to it is 0, so none of that is this neuron's doing.{whole}"
    sign, turned = ("negative", ", which turns the sign") if weight.value < 0 else ("positive", "")
    way = f"This neuron fed it through a {sign} weight ({speech(weight)}){turned}"
    if progress.done == 1:
        whole += " (Blame goes back by the weights the iteration began with.)"
        return f"{said} {way}: its blame (Σ) starts at {speech.result}.{whole}"
    return f"{said} {way}: that {_moved_blame(progress, speech)}.{whole}"


def _moved_blame(progress: Progress, speech: Speech) -> str:
    way = "raises" if speech.value > 0 else "lowers"
    before = speech.told(progress.before)
    if alike(before, speech.so_far):
        return f"{way} its blame by only {speech.size}: it stays near {before}"
    return f"{way} its blame by {speech.size}, from {before} to {speech.so_far}"


def _whose_error(scene: Scene, layer: int, neuron: int) -> str:
    called = scene.voice.called(layer, neuron)
    return called if layer < scene.depth else f"The prediction for {called}"


def _said_error(
    scene: Scene, layer: int, observation: int, neuron: int, error: Ref, speech: Speech
) -> str:
    sign = "negative" if error.value < 0 else "positive"
    called = _whose_error(scene, layer, neuron)
    if layer < scene.depth:
        return f"{called} has a {sign} error ({speech(error)})."
    miss = scene.value("a", layer, observation, neuron) - scene.value("y", observation, neuron)
    if miss == 0 or (miss < 0) != (error.value < 0):
        return f"{called} has a {sign} error ({speech(error)})."
    side = "low" if miss < 0 else "high"
    return f"{called} came out too {side}, so its error is {sign} ({speech(error)})."


def _loss_derivative(scene: Scene, observation: int, neuron: int) -> Draft:
    a = scene.ref("a", scene.depth, observation, neuron)
    y = scene.ref("y", observation, neuron)
    difference = Sub(a, y)
    cost, many = scene.tape.network.cost, scene.tape.batch > 1
    if cost == "binary_cross_entropy":
        bottom: tuple[Node, ...] = (a, Sub(ONE, a))
        expression: Node = Div(difference, Mul((batch_size(scene), *bottom) if many else bottom))
    else:
        factor: Node | None = TWO if cost == "mse" else None
        if many:
            factor = Div(factor or ONE, batch_size(scene))
        expression = Mul((factor, difference)) if factor else difference
    title = f"{scene.voice.place(scene.depth, neuron)}: how the cost feels it"
    miss = a.value - y.value
    told = [claim(difference, miss, "told")]
    if isinstance(expression, Mul):
        rate = expression.items[0]
        told.append(Claim(lambda on: calculate(rate, on) * on.told(miss), evaluate(expression)))
    sentence = partial(_said_derivative, scene, neuron, miss)
    return Draft(title, sentence, expression, told=tuple(told))


def _said_derivative(scene: Scene, neuron: int, miss: float, speech: Speech) -> str:
    called = scene.voice.called(scene.depth, neuron)
    average = _one_of_many(scene)
    if miss == 0:
        return (
            f"The prediction for {called} is exactly right, so it gets no blame: {speech.result}."
        )
    side, way = ("low", "fall") if miss < 0 else ("high", "rise")
    why = _FACTOR_SAID.get(scene.tape.network.cost, "")
    return (
        f"The prediction for {called} is too {side} by {speech.told(abs(miss))}. If it rose a little, the cost "
        f"would {way} {speech.size} times as much: its blame, ∂C/∂A, is {speech.result}.{why}{average}"
    )


_FACTOR_SAID = {
    "mse": " (The 2 comes from the square.)",
    "half_squared_error": " (The square's 2 and the ½ have cancelled.)",
}


def _one_of_many(scene: Scene) -> str:
    batch = scene.tape.batch
    if batch == 1:
        return ""
    return f" (With {batch} {scene.names.observations} in the batch, each counts 1/{batch}.)"


def slope_of(scene: Scene, address: Address) -> Draft:
    """Explain the slope of a neuron's activation function at its z."""
    layer, _, neuron = address.path
    name = scene.tape.network.activations[layer - 1]
    z, a = scene.ref("z", *address.path), scene.ref("a", *address.path)
    title = f"{scene.voice.place(layer, neuron)}: slope of the curve"
    return Draft(title, partial(how_steep, name, z), slope(name, z, a))


def delta(scene: Scene, address: Address) -> Draft:
    """Explain a neuron's error, ∂C/∂z."""
    layer, observation, neuron = address.path
    if layer == scene.depth and scene.tape.network.joined:
        return _joined(scene, observation, neuron)
    if layer == scene.depth and scene.tape.network.activations[-1] == "softmax":
        return _through_softmax(scene, observation, neuron)
    blamed = scene.ref("blame", *address.path)
    steepness = scene.ref("slope", *address.path)

    def sentence(speech: Speech) -> str:
        if speech.value == 0:
            reason = "its curve is flat here" if steepness.value == 0 else "it got no blame"
            return (
                f"This neuron's error, written δ, is {speech.result}: {reason}, "
                "so a nudge of its sum Z would not move the cost."
            )
        return (
            f"Blame {speech(blamed)} times slope {speech(steepness)} is this neuron's error, "
            f"written δ: {speech.result}.{_what_error_means(speech)}"
        )

    title = f"{scene.voice.place(layer, neuron)}: its error"
    return Draft(title, sentence, Mul((blamed, steepness)))


def _what_error_means(speech: Speech) -> str:
    if speech.value == 0:
        return ""
    return f" A larger sum Z would {'lower' if speech.value < 0 else 'raise'} the cost."


def _joined(scene: Scene, observation: int, neuron: int) -> Draft:
    a = scene.ref("a", scene.depth, observation, neuron)
    y = scene.ref("y", observation, neuron)
    many = scene.tape.batch > 1
    expression = Div(Sub(a, y), batch_size(scene)) if many else Sub(a, y)
    rules = JOINED[scene.tape.network.cost]

    def sentence(speech: Speech) -> str:
        side = (
            "too low" if a.value < y.value else "too high" if a.value > y.value else "exactly right"
        )
        return (
            f"{rules} join to one short rule, prediction − actual. This output is {side}: "
            f"its error, written δ, is {speech.result}.{_what_error_means(speech)}{_one_of_many(scene)}"
        )

    title = f"{scene.voice.place(scene.depth, neuron)}: its error (two rules joined)"
    return Draft(title, sentence, expression)


def _through_softmax(scene: Scene, observation: int, neuron: int) -> Draft:
    layer = scene.depth
    a = scene.ref("a", layer, observation, neuron)
    blamed = scene.ref("blame", layer, observation, neuron)
    shares, blames = scene.tape.a[layer][:, observation], scene.tape.blame[layer][:, observation]
    letters = Symbol(Label("A", "k"), "output"), Symbol(Label("A", "k", derivative=True), "error")
    pattern = Pattern(
        "k",
        Mul(letters),
        scene.sizes[layer],
        lambda k: Mul(
            (scene.ref("a", layer, observation, k), scene.ref("blame", layer, observation, k))
        ),
        lambda start, end: float(shares[start:end] @ blames[start:end]),
    )
    average = pattern.total()
    mean = evaluate(average)

    def sentence(speech: Speech) -> str:
        return (
            f"Softmax outputs share one whole, so raising one lowers the others. What counts is the blame "
            f"{speech(blamed)} beside the average of all, {speech.told(mean)}, times this output's share, "
            f"{speech(a)}: its error, written δ, is {speech.result}."
        )

    title = f"{scene.voice.place(layer, neuron)}: its error, through softmax"
    told = (
        Claim(
            lambda on: on.number(a.value) * (on.number(blamed.value) - on.told(mean)),
            scene.value("delta", layer, observation, neuron),
        ),
        claim(fold(average), mean, "told"),
    )
    return Draft(title, sentence, Mul((a, Sub(blamed, average))), told=told)
