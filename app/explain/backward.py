"""The backward pass in words: blame, slopes, errors."""

from __future__ import annotations

from functools import partial

from app.engine.addresses import Address
from app.explain.cost import batch_size
from app.explain.curves import how_steep, slope
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
    evaluate,
)
from app.explain.labels import Label
from app.explain.names import sentence_start
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
            all_of_them = "both" if followers == 2 else f"all {followers}"
            whole = f"The blame from {all_of_them} neurons it feeds"
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
    so_far = _shares(scene, layer, observation, neuron).so_far(target + 1)
    goal = scene.label(Address("blame", (layer, observation, neuron)))
    progress = Progress(goal, so_far, evaluate(so_far), target + 1, scene.sizes[layer + 1])
    voice = scene.voice
    title = f"{voice.place(layer, neuron)}: blame from {voice.called(layer + 1, target)}"
    return Draft(title, partial(_said_share, scene, address, share), share, progress)


def _said_share(scene: Scene, address: Address, share: Mul, speech: Speech) -> str:
    layer, observation, _, target = address.path
    weight, error = (item.value for item in share.items if isinstance(item, Ref))
    follower = sentence_start(scene.voice.called(layer + 1, target))
    if error == 0:
        return f"{follower} has no error (0), so no blame comes back from it."
    said = _said_error(scene, layer + 1, observation, target, speech(error))
    if weight == 0:
        return f"{said} But the weight to it is 0, so none of that is this neuron's doing."
    way = f"through a weight of {speech(weight)}"
    if weight < 0:
        way = f"through a negative weight ({speech(weight)}), which turns the sign,"
    share_said = (
        f"{said} This neuron feeds it {way} and takes that share of the error: {speech.result}"
    )
    return share_said + _running_blame(target, scene.sizes[layer + 1], speech)


def _running_blame(target: int, targets: int, speech: Speech) -> str:
    if target == 0:
        return ". (Blame goes by the weights the iteration began with.)"
    if target + 1 < targets:
        return f", which makes {speech.sofar} so far."
    return f". All the blame together is {speech.sofar}."


def _said_error(scene: Scene, layer: int, observation: int, neuron: int, error: str) -> str:
    sign = "negative" if error.startswith("−") else "positive"
    called = sentence_start(scene.voice.called(layer, neuron))
    if layer < scene.depth:
        return f"{called} has a {sign} error ({error})."
    miss = scene.value("a", layer, observation, neuron) - scene.value("y", observation, neuron)
    if miss == 0 or (miss < 0) != (sign == "negative"):
        return f"{called} has a {sign} error ({error})."
    side = "low" if miss < 0 else "high"
    return f"{called} came out too {side}, so its error is {sign} ({error})."


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
    return Draft(title, partial(_said_derivative, scene, neuron, a.value - y.value), expression)


def _said_derivative(scene: Scene, neuron: int, miss: float, speech: Speech) -> str:
    called = scene.voice.called(scene.depth, neuron)
    average = _one_of_many(scene)
    if miss == 0:
        return f"The prediction for {called} is exactly right, so there is no slope to follow: 0."
    side, way = ("low", "lower") if miss < 0 else ("high", "raise")
    why = _FACTOR_SAID.get(scene.tape.network.cost, "")
    return (
        f"The prediction for {called} is too {side} by {speech.size(miss)}: raising it a little would {way} "
        f"the cost, at a rate of {speech.result}.{why}{average}"
    )


_FACTOR_SAID = {
    "mse": " The 2 comes from the square.",
    "half_squared_error": " The square's 2 and the ½ have cancelled.",
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

    def sentence(speech: Speech) -> str:
        return how_steep(name, z.value, speech.value, speech)

    return Draft(title, sentence, slope(name, z, a))


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
            return f"The error is 0: {reason}, so nudging its weighted sum would not move the cost."
        way = "lower" if speech.value < 0 else "raise"
        return (
            f"Blame {speech(blamed.value)} times slope {speech(steepness.value)} is this neuron's error: "
            f"{speech.result}. A larger weighted sum would {way} the cost."
        )

    title = f"{scene.voice.place(layer, neuron)}: its error"
    return Draft(title, sentence, Mul((blamed, steepness)))


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
            f"{rules} join to one short rule, prediction − actual. "
            f"This output is {side}: its error is {speech.result}.{_one_of_many(scene)}"
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

    def sentence(speech: Speech) -> str:
        return (
            "Softmax outputs share one whole, so raising one lowers the others. What counts is the "
            f"blame {speech(blamed.value)} beside the average of all, {speech(evaluate(average))}: "
            f"the error is {speech.result}."
        )

    title = f"{scene.voice.place(layer, neuron)}: its error, through softmax"
    return Draft(title, sentence, Mul((a, Sub(blamed, average))))
