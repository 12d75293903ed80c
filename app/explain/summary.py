"""What a larger step did, in words: a neuron, a layer, a pass, an iteration."""

from __future__ import annotations

import math

import numpy as np

from app.engine.addresses import Address
from app.engine.arrays import FloatArray
from app.engine.events import Segment
from app.engine.tape import Tape
from app.explain.curves import applied
from app.explain.digits import DIGITS, agree, claim
from app.explain.expression import Add, Mul, Ref
from app.explain.figures import Summary, Teller
from app.explain.names import Names, curve_name
from app.explain.scene import Scene

COARSE = frozenset({"neuron", "layer", "pass", "iteration", "epoch"})


def summary(  # noqa: PLR0911 - one line for each kind of step
    tape: Tape,
    event: int,
    by: str,
    names: Names | None = None,
    observation: int = 0,
    digits: int = DIGITS,
) -> Summary | None:
    """Tell what the larger step that ends at this event did; None for a small step, or amid one.

    Args:
        tape: the iteration.
        event: how many of its events have happened.
        by: the granularity of the step.
        names: what the data's columns and rows are called.
        observation: the one in focus.
        digits: the learner's choice.
    """
    if by not in COARSE or event == 0:
        return None
    teller = Teller(Scene(tape, names or Names(), observation), digits)
    ends = tape.events.phase_ends
    if event == ends["update"]:
        return _done(teller)
    if event == ends["cost"]:
        return _cost(teller)
    if event == ends["backward"] and by not in ("neuron", "layer"):
        return _gradients(teller)
    segment = tape.events.segment(event)
    if by == "neuron":
        return _neuron(teller, segment, event)
    if event != segment.end:
        return None
    return {"forward": _forward, "backward": _backward, "update": _update}[segment.phase](
        teller, segment.layer
    )


def _neuron(teller: Teller, segment: Segment, event: int) -> Summary | None:
    """Tell what a neuron's share of a layer came to; a step of a single event tells that itself."""
    start = teller.tape.events.previous_stop(event, "neuron")
    if segment.neuron_end(event) != event or start == event - 1:
        return None
    neuron = segment.at(event).neuron
    return {"forward": _signal, "backward": _error, "update": _step}[segment.phase](
        teller, segment.layer, neuron
    )


def _signal(teller: Teller, layer: int, neuron: int) -> Summary:
    scene, observation = teller.scene, teller.scene.observation
    place, name = scene.voice.place(layer, neuron), scene.tape.network.activations[layer - 1]
    z, count = scene.ref("z", layer, observation, neuron), scene.sizes[layer - 1]
    signals = "The weighted signal" if count == 1 else f"The {count} weighted signals"
    said = f"{signals} and the bias make the sum Z: "
    if name == "softmax":
        said += f"{teller.show(z)}. Softmax shares 1 out once all the sums are there."
        return teller.summary(f"{place}: its sum", said, [z])
    a, y = scene.ref("a", layer, observation, neuron), scene.ref("y", observation, neuron)
    precision = agree([claim(applied(name, z), a.value, "operands")], teller.digits)
    said += (
        f"{teller.show(z, precision)}. {curve_name(name)} makes {teller.show(a, precision)} of it"
    )
    if layer < scene.depth:
        said += ", the activation A that this neuron sends on."
        return teller.summary(f"{place}: its signal", said, [z, a])
    called = scene.voice.called(layer, neuron)
    said += f", the prediction for {called}; the actual value is {teller.show(y)}."
    return teller.summary(f"{place}: its prediction", said, [z, a, y])


def _error(teller: Teller, layer: int, neuron: int) -> Summary:
    scene = teller.scene
    place = (layer, scene.observation, neuron)
    delta, sources = scene.ref("delta", *place), range(scene.sizes[layer - 1])
    gradients = [scene.ref("dw", layer, neuron, source) for source in sources]
    numbers = [delta, *gradients]
    said = _how_error_came(teller, place, delta)
    said += f" Times each incoming signal, that gives {_own(scene, layer)}."
    title = f"{scene.voice.place(layer, neuron)}: its error and gradients"
    return teller.summary(title, said, numbers, [scene.ref("db", layer, neuron)])


def _how_error_came(teller: Teller, place: tuple[int, int, int], delta: Ref) -> str:
    scene, layer = teller.scene, place[0]
    network = scene.tape.network
    output = layer == scene.depth
    if output and (network.joined or network.activations[-1] == "softmax"):
        way = "prediction − actual" if network.joined else "found through softmax"
        return f"Its error δ, {way}, is {teller.show(delta)}."
    blame, slope = scene.ref("blame", *place), scene.ref("slope", *place)
    precision = agree([claim(Mul((blame, slope)), delta.value)], teller.digits)
    came = "The errors of the neurons it feeds came back through the weights between: its blame is"
    if output:
        came = f"The prediction for {scene.voice.called(layer, place[2])} gets the blame"
    return (
        f"{came} {teller.show(blame, precision)}. Times the slope of its curve, {teller.show(slope, precision)}, "
        f"that is its error δ: {teller.outcome(delta, precision)}."
    )


def _own(scene: Scene, layer: int) -> str:
    count = scene.sizes[layer - 1]
    weights = (
        "the gradient of its weight" if count == 1 else f"the gradients of its {count} weights"
    )
    return f"{weights}; its bias has the error itself"


def _step(teller: Teller, layer: int, neuron: int) -> Summary:
    scene, count = teller.scene, teller.scene.sizes[layer - 1]
    weights = "weight" if count == 1 else f"{count} weights"
    places = [Address("new_w", (layer, neuron, source)) for source in range(count)]
    return teller.stepped(
        f"{scene.voice.place(layer, neuron)}: new weights",
        f"Its {weights} and its bias {teller.step}.",
        [*places, Address("new_b", (layer, neuron))],
    )


def _forward(teller: Teller, layer: int) -> Summary:
    scene = teller.scene
    name, count = scene.voice.layer(layer), scene.sizes[layer]
    each = "Its neuron adds" if count == 1 else f"Each of its {count} neurons adds"
    curve = curve_name(scene.tape.network.activations[layer - 1])
    sent = teller.of_layer("a", layer)
    what = "It sends on" if layer < scene.depth else _predictions(count)
    return teller.summary(
        f"{name}: the whole layer",
        f"{each} up its weighted signals and its bias to a sum Z. {curve} makes the activation A of it. "
        f"{what} {teller.several(sent)}.",
        sent,
    )


def _predictions(count: int) -> str:
    return "The prediction is" if count == 1 else "The predictions are"


def _backward(teller: Teller, layer: int) -> Summary:
    scene = teller.scene
    errors = teller.of_layer("delta", layer)
    return teller.summary(
        f"{scene.voice.layer(layer)}: errors and gradients",
        f"{_how_errors_came(scene, layer)}: {teller.several(errors)}. "
        "Error times signal is the gradient of each weight into this layer.",
        errors,
    )


def _how_errors_came(scene: Scene, layer: int) -> str:
    network = scene.tape.network
    if layer < scene.depth:
        came = "Blame came back to each neuron from those it feeds, through the weights between"
        return f"{came}; times the slope of its curve, that is its error δ"
    if network.joined:
        return "The error δ of each output is prediction − actual"
    if network.activations[-1] == "softmax":
        return "Softmax carries the blame of all outputs back to the error δ of each"
    return "How far off each prediction is gives its blame; times the slope of its curve, that is its error δ"


def _update(teller: Teller, layer: int) -> Summary:
    scene = teller.scene
    count = scene.sizes[layer] * (scene.sizes[layer - 1] + 1)
    steps = scene.tape.after.theta - scene.tape.state.theta
    old = " All errors were found with the old ones." if layer == 1 else ""
    return teller.stepped(
        f"{scene.voice.layer(layer)}: new weights",
        f"Its {count} weights and biases {teller.step}.{old} Here is the one that moved furthest.",
        [_largest(scene, steps, ("new_w", "new_b"), range(layer, layer + 1))],
    )


def _largest(scene: Scene, values: FloatArray, kinds: tuple[str, str], layers: range) -> Address:
    """Return the parameter of some layers that has the largest of these values, whatever its sign."""
    network = scene.tape.network
    found: list[tuple[float, Address]] = []
    for layer in layers:
        parts = network.weights(values, layer), network.biases(values, layer)
        for kind, sizes in zip(kinds, map(np.abs, parts), strict=True):
            place = np.unravel_index(int(sizes.argmax()), sizes.shape)
            found.append((float(sizes[place]), Address(kind, (layer, *map(int, place)))))
    return max(found, key=lambda one: one[0])[1]


def _cost(teller: Teller) -> Summary:
    scene, tape = teller.scene, teller.tape
    cost, many = scene.ref("cost"), tape.batch > 1
    what = f"the prediction for this {scene.names.observation} costs"
    if many:
        what = f"the predictions for the {tape.batch} {scene.names.observations} cost on average"
    outputs = range(0 if many else scene.sizes[-1])
    losses = [scene.ref("loss_term", scene.observation, output) for output in outputs]
    extra = [scene.ref("penalty")] if tape.training.penalised else []
    added = [] if many else [claim(Add((*losses, *extra)), cost.value, "operands")]
    precision = agree(added, teller.digits)
    return teller.summary(
        "Forward pass done: the cost is known",
        f"The signal went all the way through, and {what} {teller.show(cost, precision)}. "
        "Who is to blame for it? To find out, the error goes back now.",
        losses,
        [*extra, cost],
        precision,
    )


def _gradients(teller: Teller) -> Summary:
    scene, count = teller.scene, teller.scene.tape.network.parameter_count
    layers = range(1, scene.depth + 1)
    steepest = scene.own(_largest(scene, scene.tape.gradient, ("dw", "db"), layers))
    return teller.summary(
        "Backward pass done: every gradient is known",
        "The error went back layer by layer, through the weights and times the slopes; error times signal is a "
        f"weight's gradient. Each of the {count} weights and biases knows now which way, and how strongly, it moves "
        "the cost. Here is the strongest.",
        [steepest],
    )


def _done(teller: Teller) -> Summary:
    scene, tape = teller.scene, teller.tape
    before = scene.ref("cost")
    if not math.isfinite(tape.cost_after):
        said = "The new weights give a cost too large to be written."
        return teller.summary("Iteration done", said)
    after = scene.ref("cost_after")
    way = "fell" if after.value < before.value else "rose" if after.value > before.value else ""
    whose = "this batch" if tape.batch > 1 else f"this {scene.names.observation}"
    precision = teller.apart(before, after)
    old, new = teller.show(before, precision), teller.show(after, precision)
    moved = f"{way} from {old} to {new}" if way else f"stayed at {new}"
    title = "Iteration done: every weight took its step"
    said = f"All weights and biases {teller.step}. With the new ones the cost of {whose} {moved}."
    plainly = teller.summary(title, said)
    return Summary(title, plainly.told, (teller.change(before, after),))
