"""What the next click will do, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.engine.events import Event
from app.engine.tape import Tape
from app.explain.names import Names, Voice, memory, sentence_start


def next_sentence(tape: Tape, event: int, by: str, names: Names | None = None) -> str:
    """Say what a step will do.

    Args:
        tape: the iteration.
        event: how many of its events have happened.
        by: term, neuron, layer, pass, iteration or epoch.
        names: what the data's columns and rows are called.
    """
    names = names or Names()
    if by == "epoch":
        return "Go on to the end of the epoch: train on every batch up to there."
    if event == tape.events.count:
        return f"A new iteration begins. {next_sentence(tape, 0, by, names)}"
    first = tape.events.at(event + 1)
    if by == "iteration":
        return _iteration(event, first)
    if by == "pass":
        return _pass(tape, event, first, names)
    return _within_layer(tape, event, by, Voice(tape.network, tape.training.optimizer.name, names))


def _within_layer(tape: Tape, event: int, by: str, voice: Voice) -> str:
    first = tape.events.at(event + 1)
    if by == "layer":
        return _layer(tape, event, first, voice)
    if by == "neuron":
        return _neuron(tape, event, first, voice)
    return _TERMS[first.kind](voice, first)


def _iteration(event: int, first: Event) -> str:
    if event == 0:
        return "Run a whole iteration: forward pass, cost, backward pass and update."
    return f"Finish this iteration: {_REMAINING[first.phase]}."


_REMAINING = {
    "forward": "the rest of the forward pass, the cost, the backward pass and the update",
    "cost": "the cost, the backward pass and the update",
    "backward": "the backward pass and the update",
    "update": "the update of the weights and biases",
}


def _pass(tape: Tape, event: int, first: Event, names: Names) -> str:
    phases = tape.events.phase_ends
    begun = event not in (0, phases["cost"], phases["backward"])
    if first.phase in ("forward", "cost"):
        batch = tape.batch
        who = f"{batch} {names.observations}" if batch > 1 else f"one {names.observation}"
        if not begun:
            return f"Run the forward pass: {who} in, predictions and their cost out."
        return "Finish the forward pass, up to the predictions and their cost."
    word = "Finish" if begun else "Run"
    if first.phase == "backward":
        return f"{word} the backward pass: carry the error back until every weight and bias has its gradient."
    return f"{word} the update: every weight and bias takes one step against its gradient."


def _layer(tape: Tape, event: int, first: Event, voice: Voice) -> str:
    begun = tape.events.segment(event + 1).start < event
    if first.phase == "cost":
        return "Judge the predictions: a loss for each output, then the cost."
    output = first.layer == tape.network.depth
    layer = "the output layer" if output else voice.layer(first.layer)
    finish = f"Finish {layer}" if begun else sentence_start(layer)
    if first.phase == "forward":
        return f"{finish}: each neuron weighs what comes in, adds its bias and {_curve(tape, first.layer)}."
    if first.phase == "update":
        return f"{finish}: each weight and bias takes its step."
    finish = f"Finish going back through {layer}" if begun else f"Back through {layer}"
    if output:
        return f"{finish}: each output gets its error, and its weights their gradients."
    return f"{finish}: each neuron collects its blame, finds its error and gives its weights their gradients."


def _curve(tape: Tape, layer: int) -> str:
    name = tape.network.activations[layer - 1]
    if name == "softmax":
        return "takes its share by softmax"
    if name == "linear":
        return "hands on the sum"
    return f"applies {_NAMES.get(name, name)}"


_NAMES = {"relu": "ReLU", "leaky_relu": "leaky ReLU", "elu": "ELU"}


def _neuron(tape: Tape, event: int, first: Event, voice: Voice) -> str:
    segment = tape.events.segment(event + 1)
    if first.phase == "cost":
        return _layer(tape, event, first, voice)
    if tape.events.next_stop(event, "neuron") == event + 1:
        return _TERMS[first.kind](voice, first)
    before = event - segment.start - segment.opening_length
    begun = before % segment.body_length != 0
    neuron = voice.place(first.layer, first.neuron)
    return f"{'Finish ' if begun else ''}{neuron}: {_NEURON_DOES[first.phase](tape, first)}."


def _forward_neuron(tape: Tape, first: Event) -> str:
    if tape.network.activations[first.layer - 1] == "softmax":
        return "weigh what comes in and add the bias"
    return "weigh what comes in, add the bias and apply the activation"


def _backward_neuron(tape: Tape, first: Event) -> str:
    if first.layer == tape.network.depth:
        return "find its error and the gradients of its weights and bias"
    return "collect its blame, then its error and the gradients of its weights and bias"


_NEURON_DOES: Mapping[str, Callable[[Tape, Event], str]] = MappingProxyType(
    {
        "forward": _forward_neuron,
        "backward": _backward_neuron,
        "update": lambda tape, first: "step its weights and its bias",
    }
)


def _product(voice: Voice, event: Event) -> str:
    source = voice.called(event.layer - 1, event.index)
    return f"Multiply {source} by its weight and add that to the sum of {_here(voice, event)}."


def _activation(voice: Voice, event: Event) -> str:
    name = voice.network.activations[event.layer - 1]
    if name == "softmax":
        return f"Give {_here(voice, event)} its share by softmax."
    if name == "linear":
        return f"Hand on the sum of {_here(voice, event)} as it is."
    return f"Put the sum of {_here(voice, event)} through {_NAMES.get(name, name)}."


def _loss(voice: Voice, event: Event) -> str:
    return f"Compare the prediction for {voice.called(event.layer, event.index)} with its actual value."


def _cost(voice: Voice, event: Event) -> str:
    return "Put the losses together: that is the cost, the one number to make smaller."


def _loss_derivative(voice: Voice, event: Event) -> str:
    called = voice.called(event.layer, event.neuron)
    return f"Ask how the cost would move if the prediction for {called} rose a little."


def _blame(voice: Voice, event: Event) -> str:
    target = voice.called(event.layer + 1, event.index)
    return f"Send the error of {target} back to {_here(voice, event)}, through the weight between them."


def _slope(voice: Voice, event: Event) -> str:
    return f"See how steep the activation of {_here(voice, event)} is at its sum."


def _delta(voice: Voice, event: Event) -> str:
    joined = voice.network.joined and event.layer == voice.network.depth
    if joined:
        return f"Take the error of {_here(voice, event)}: two rules joined, prediction − actual."
    if voice.network.activations[event.layer - 1] == "softmax":
        return f"Take the blame on {_here(voice, event)} back through softmax: that is its error."
    return f"Multiply the blame on {_here(voice, event)} by the slope: that is its error."


def _gradient(voice: Voice, event: Event) -> str:
    source = voice.called(event.layer - 1, event.index)
    return f"Multiply the error of {_here(voice, event)} by what {source} sent: the gradient of that weight."


def _bias_gradient(voice: Voice, event: Event) -> str:
    return f"Take the error of {_here(voice, event)} as the gradient of its bias."


def _moment(voice: Voice, event: Event) -> str:
    what = memory(voice.optimizer, event.moment)
    return f"Renew the {what} of the weight {_connection(voice, event)}."


def _bias_moment(voice: Voice, event: Event) -> str:
    what = memory(voice.optimizer, event.moment)
    return f"Renew the {what} of the bias of {_here(voice, event)}."


def _new_weight(voice: Voice, event: Event) -> str:
    return f"Step the weight {_connection(voice, event)} {_by_what(voice)}."


def _new_bias(voice: Voice, event: Event) -> str:
    return f"Step the bias of {_here(voice, event)} {_by_what(voice)}."


def _by_what(voice: Voice) -> str:
    return "against its gradient" if voice.optimizer == "sgd" else "by the optimizer's rule"


def _bias(voice: Voice, event: Event) -> str:
    return f"Add the bias of {_here(voice, event)} to its sum."


def _here(voice: Voice, event: Event) -> str:
    return voice.called(event.layer, event.neuron)


def _connection(voice: Voice, event: Event) -> str:
    return voice.connection(event.layer, event.neuron, event.index)


_TERMS: Mapping[str, Callable[[Voice, Event], str]] = MappingProxyType(
    {
        "product": _product,
        "bias": _bias,
        "activation": _activation,
        "loss": _loss,
        "cost": _cost,
        "loss_derivative": _loss_derivative,
        "blame": _blame,
        "slope": _slope,
        "delta": _delta,
        "gradient": _gradient,
        "bias_gradient": _bias_gradient,
        "moment": _moment,
        "bias_moment": _bias_moment,
        "new_weight": _new_weight,
        "new_bias": _new_bias,
    }
)
