"""The plain names of layers, neurons and numbers: "weight from body mass to Hidden 1, neuron 2"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.engine.addresses import Address
from app.engine.network import Network

_WORD = re.compile(r"[^\W\d_]{2}")
"""Two letters side by side: what has none, such as 0, y or x1, is not read as a name by itself."""


@dataclass(frozen=True)
class Names:
    """Hold what the data's columns and rows are called.

    Args:
        inputs, targets: the columns' names; empty where they have none.
        standardized: for each input whether 0 is the data's average, so that −1.20 is "below average".
        observation: what one row is: "penguin".
        readings: for each observation of the batch, in its order, what was measured: "181 mm"; may be short.
        target_noun: what an output stands for where its column is called by no word: "digit 0", "output y".
    """

    inputs: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    standardized: tuple[bool, ...] = ()
    observation: str = "observation"
    readings: tuple[tuple[str, ...], ...] = ()
    target_noun: str = "output"

    @property
    def observations(self) -> str:
        """What several rows are."""
        return f"{self.observation}s"

    def reading(self, observation: int, source: int) -> str:
        """Return what was measured for an input, or nothing."""
        if observation >= len(self.readings):
            return ""
        return _nth(self.readings[observation], source)


@dataclass(frozen=True)
class Voice:
    """Call the parts of a network by their names.

    Args:
        network: the network.
        optimizer: the optimizer's name, for what it remembers.
        names: what the data's columns are called.
    """

    network: Network
    optimizer: str
    names: Names

    def layer(self, layer: int) -> str:
        """Return a layer's name: Input, Hidden 1, Hidden 2, …, Output."""
        if layer == 0:
            return "Input"
        return "Output" if layer == self.network.depth else f"Hidden {layer}"

    def called(self, layer: int, neuron: int) -> str:
        """Return what a neuron is called within a sentence: the name of its column where it has one."""
        if layer == 0:
            return _spoken(self.names.inputs, neuron, "input")
        if layer == self.network.depth:
            return _spoken(self.names.targets, neuron, self.names.target_noun)
        return f"Hidden {layer}, neuron {neuron + 1}"

    def sender(self, layer: int, neuron: int) -> str:
        """Return what a neuron is called where a sentence begins; a column's name keeps its letters."""
        called = self.called(layer, neuron)
        return called if layer else f"This {self.names.observation}'s {called}"

    def place(self, layer: int, neuron: int) -> str:
        """Return a neuron's name for a title: with its number, and its column's name where it has one."""
        if 0 < layer < self.network.depth:
            return self.called(layer, neuron)
        numbered = f"{self.layer(layer)} {neuron + 1}"
        column = _nth(self.names.targets if layer else self.names.inputs, neuron)
        if layer and self.names.target_noun != "output":
            column = column and self.called(layer, neuron)
        return f"{numbered} ({column})" if column else numbered

    def connection(self, layer: int, neuron: int, source: int) -> str:
        """Return a connection's name: "from body mass to Hidden 1, neuron 2"."""
        return f"from {self.called(layer - 1, source)} to {self.called(layer, neuron)}"

    def name(self, address: Address) -> str:  # noqa: PLR0911 - one line for each family of numbers
        """Return the plain name of the number at an address."""
        kind, path = address.kind, address.path
        if kind in _WHOLE:
            return _WHOLE[kind]
        if kind in ("y", "loss_term"):
            output = self.called(self.network.depth, path[1])
            return f"{_OUTPUT[kind]} {output}"
        if kind in _NEURON:
            return self._neuron_name(kind, path[0], path[2])
        if kind == "product":
            return f"weighted signal {self.connection(path[0], path[2], path[3])}"
        if kind == "blame_term":
            source, target = self.called(path[0] + 1, path[3]), self.called(path[0], path[2])
            return f"blame from {source} to {target}"
        if "moment" in kind:
            return self._memory_name(kind, path)
        return f"{_PARAMETER[kind]} {self._parameter_name(path)}"

    def _neuron_name(self, kind: str, layer: int, neuron: int) -> str:
        called = self.called(layer, neuron)
        if kind == "a" and layer == 0:
            return called
        if kind == "a" and layer == self.network.depth:
            return f"prediction for {called}"
        return f"{_NEURON[kind]} {self.place(layer, neuron)}"

    def _parameter_name(self, path: tuple[int, ...]) -> str:
        return self.connection(*path) if len(path) == 3 else f"of {self.place(*path)}"

    def _memory_name(self, kind: str, path: tuple[int, ...]) -> str:
        what = memory(self.optimizer, path[0])
        old = "old " if kind.startswith("old") else ""
        parameter = "weight" if kind.endswith("w") else "bias"
        return f"{old}{what} of the {parameter} {self._parameter_name(path[1:])}"


def curve_name(activation: str) -> str:
    """Return what an activation function is called where a sentence begins."""
    return _CURVES.get(activation, activation.capitalize())


def rule_name(optimizer: str) -> str:
    """Return what an optimizer's rule is called."""
    return _RULES.get(optimizer, optimizer)


def memory(optimizer: str, moment: int) -> str:
    """Return what an optimizer's remembered number is called."""
    if optimizer in ("momentum", "nesterov"):
        return "velocity"
    if optimizer == "adam" and moment == 0:
        return "running average of the gradient"
    return "running average of the squared gradient"


def sentence_start(text: str) -> str:
    """Return a text with its first letter as a sentence begins, the rest untouched."""
    return text[:1].upper() + text[1:]


def counted(done: int, of: int, noun: str) -> str:
    """Say how many of something there are so far: "2 of 5 signals", "both signals", "all 5 signals"."""
    if done < of:
        return f"{done} of {of} {noun}s"
    return all_of(of, noun)


def all_of(count: int, noun: str) -> str:
    """Say that it is all of them: "the only signal", "both signals", "all 5 signals"."""
    if count == 1:
        return f"the only {noun}"
    return f"both {noun}s" if count == 2 else f"all {count} {noun}s"


def _spoken(names: tuple[str, ...], place: int, noun: str) -> str:
    name = _nth(names, place) or str(place + 1)
    return name if _WORD.search(name) else f"{noun} {name}"


def _nth(names: tuple[str, ...], place: int) -> str:
    return names[place] if place < len(names) else ""


_CURVES = {
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "linear": "Its straight line",
}
_RULES = {"nesterov": "Nesterov", "rmsprop": "RMSProp", "adam": "Adam"}
_WHOLE = {
    "loss": "loss of this observation",
    "data_cost": "average loss of the batch",
    "penalty": "penalty for large weights",
    "cost": "cost of the batch",
    "cost_after": "cost of the same batch after the update",
}
_OUTPUT = {"y": "actual value of", "loss_term": "loss from"}
_NEURON = {
    "a": "activation of",
    "z": "weighted sum of",
    "slope": "slope of",
    "blame": "blame on",
    "delta": "error of",
}
_PARAMETER = {
    "w": "weight",
    "b": "bias",
    "dw": "gradient of the weight",
    "db": "gradient of the bias",
    "data_dw": "data's part of the gradient of the weight",
    "new_w": "new weight",
    "new_b": "new bias",
}
