"""What the page must show of a session: worked out from the API's answer alone, by the page's rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.engine.addresses import parse
from app.explain.digits import MOST_DIGITS, display

Session = dict[str, Any]
# What fits into a neuron.
MOST_IN_DIAGRAM: Final = 4
COST_DIGITS: Final = 4


@dataclass(frozen=True)
class Promise:
    """Know a session as the API gives it, and the digits a learner chose."""

    session: Session
    digits: int

    @property
    def values(self) -> Session:
        """The numbers computed so far."""
        found: Session = self.session["values"]
        return found

    @property
    def sizes(self) -> list[int]:
        """The number of neurons by layer."""
        return [layer["size"] for layer in self.session["network"]["layers"]]

    @property
    def phase(self) -> str:
        """The phase at this moment."""
        return str(self.session["position"]["phase"])

    def neurons(self) -> dict[str, dict[str, str]]:
        """Return the texts of every neuron of the diagram, by its part."""
        return {
            f"n:{layer}:{neuron}": {
                "value": self._value(layer, neuron),
                "bias": self._bias(layer, neuron) if layer else "",
                "error": self._error(layer, neuron) if layer else "",
            }
            for layer, size in enumerate(self.sizes)
            for neuron in range(size)
        }

    def _value(self, layer: int, neuron: int) -> str:
        if (a := self._of("a", layer, neuron)) is not None:
            return self._drawn(a)
        total = self._growing(layer, neuron)
        if total is not None and self.phase != "backward":
            return f"Σ {self._drawn(total)}"
        z = self._of("z", layer, neuron)
        return "" if z is None else f"z {self._drawn(z)}"

    def _bias(self, layer: int, neuron: int) -> str:
        now = self.session["network"]["layers"][layer]["biases"][neuron]
        if not self._passed(layer, neuron, None):
            return f"bias {self._drawn(now)}"
        return apart(self.values["previous_biases"][layer][neuron], now, self._in_diagram)

    def _error(self, layer: int, neuron: int) -> str:
        if self.phase != "backward":
            return ""
        if (delta := self._of("delta", layer, neuron)) is not None:
            return f"δ {self._drawn(delta)}"
        total = self._growing(layer, neuron)
        return "" if total is None else f"Σ {self._drawn(total)}"

    def _passed(self, layer: int, neuron: int, index: int | None) -> bool:
        """Tell whether the update has passed a parameter; a bias is the last of its neuron."""
        if self.values["previous_weights"] is None:
            return False
        event = self.session["event"]
        if self.phase == "done":
            return True
        last = index is None
        reached = event["kind"] in {"new_bias", "new_weight"}
        here = (event["layer"], event["neuron"], event["kind"] == "new_bias", event["index"])
        return reached and (layer, neuron, last, -1 if index is None else index) <= here

    def _growing(self, layer: int, neuron: int) -> float | None:
        event = self.session["event"]
        here = event and event["running"] and (event["layer"], event["neuron"]) == (layer, neuron)
        return float(event["running"][0]) if here else None

    def _of(self, kind: str, layer: int, neuron: int) -> float | None:
        rows = self.values[kind][layer]
        return None if rows is None else rows[0][neuron]

    @property
    def _in_diagram(self) -> int:
        return min(self.digits, MOST_IN_DIAGRAM)

    def _drawn(self, value: float) -> str:
        return display(value, self._in_diagram)

    def written(self, value: float) -> str:
        """Write a number with the digits chosen."""
        return display(value, self.digits)

    def change(self) -> str:
        """Return how the present event changes a weight; empty where it changes none."""
        event = self.session["event"]
        if event["kind"] != "new_weight":
            return ""
        layer, neuron, index = event["layer"], event["neuron"], event["index"]
        now = self.session["network"]["layers"][layer]["weights"][neuron][index]
        before = self.values["previous_weights"][layer][neuron][index]
        return apart(before, now, self._in_diagram)

    def targets(self) -> list[str]:
        """Return the texts of the targets beside the outputs."""
        return [f"actual {self._drawn(target)}" for target in self.session["batch"]["targets"][0]]

    def cost(self) -> str:
        """Return the reading of the cost in the dock."""
        digits = max(COST_DIGITS, self.digits)
        iteration, history = self.session["position"]["iteration"], self.session["history"]
        cost, after = self.values["cost"], self.values["cost_after"]
        if cost is None and iteration < history["iterations"]:
            # The curve knows it from the last time the learner was here.
            cost = history["costs"][iteration - history["iterations"]]
        if cost is None:
            return "cost not known yet"
        return f"cost {display(cost, digits)}" + (
            "" if after is None else f" → {display(after, digits)}"
        )

    def at(self, address: str) -> float | None:
        """Return the number at an address; None where it is not computed yet."""
        found = parse(address)
        first, *rest = found.path or (None,)
        if found.kind == "cost":
            here: Any = self.values["cost"]
        elif found.kind == "y":
            here, rest = self.session["batch"]["targets"], list(found.path)
        elif found.kind == "loss_term":
            here, rest = self.values["loss_terms"], list(found.path)
        else:
            here = self._layer(found.kind, first)
        for index in rest:
            here = None if here is None else here[index]
        return None if here is None else float(here)

    def _layer(self, kind: str, layer: Any) -> Any:
        values, now = self.values, self.session["network"]["layers"][layer]
        if kind in {"w", "b"}:
            before = values[{"w": "previous_weights", "b": "previous_biases"}[kind]]
            return now[{"w": "weights", "b": "biases"}[kind]] if before is None else before[layer]
        if kind in {"new_w", "new_b"}:
            return now[{"new_w": "weights", "new_b": "biases"}[kind]]
        if kind == "blame_term":
            # [n][k] for the observation in focus.
            return [values["blame_terms"][layer]]
        names = {"dw": "weight_gradients", "db": "bias_gradients"}
        return values[names.get(kind, kind)][layer]

    def writings(self, address: str) -> set[str]:
        """Return the ways a formula may write a number: with the digits chosen, or more of them."""
        value = self.at(address)
        assert value is not None, f"{address} is shown, and the API has no such number yet"
        return {
            display(value, self.digits, extra) for extra in range(MOST_DIGITS - self.digits + 1)
        }


def apart(before: float, after: float, digits: int) -> str:
    """Write two numbers with as many digits as it takes to see that they differ."""
    for enough in range(digits, MOST_DIGITS):
        one, other = display(before, enough), display(after, enough)
        if _bare(one) != _bare(other) or before == after:
            break
    return f"{one} → {other}"


def _bare(text: str) -> str:
    return re.sub(r"\.?0+$", "", text) if "." in text else text


def without_result(token: dict[str, Any]) -> dict[str, Any]:
    """Leave out the "= result" at a formula's end: on the page it has a line of its own."""
    items = token.get("items", [])
    equals = [k for k, item in enumerate(items) if (item["t"], item.get("text")) == ("op", "=")]
    return {**token, "items": items[: equals[-1]]} if equals else token


def numbers(token: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """List the numbers of a formula's tokens with their addresses, in reading order."""
    if token["t"] == "num":
        yield token["text"], token.get("address")
    for name in ("top", "bottom", "base", "exponent", "body"):
        if name in token:
            yield from numbers(token[name])
    for name in ("items", "args"):
        for inside in token.get(name, ()):
            yield from numbers(inside)
