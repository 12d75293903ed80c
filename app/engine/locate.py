"""Where a number's event stands: from an event to the address it computes, and back."""

from __future__ import annotations

from app.engine.addresses import Address
from app.engine.events import Event, EventMap
from app.engine.network import Network
from app.engine.training import Training
from app.errors import InvalidInput

EVENT_ADDRESSES = {
    "product": "product",
    "bias": "z",
    "activation": "a",
    "loss": "loss_term",
    "cost": "cost",
    "loss_derivative": "blame",
    "blame": "blame_term",
    "slope": "slope",
    "delta": "delta",
    "gradient": "dw",
    "bias_gradient": "db",
    "moment": "moment_w",
    "bias_moment": "moment_b",
    "new_weight": "new_w",
    "new_bias": "new_b",
}
"""Which number each kind of event computes."""


def check_address(network: Network, training: Training, batch: int, address: Address) -> None:
    """Refuse an address that this iteration has no number for."""
    kind = address.kind
    layer = address.get("l")
    lowest = 0 if kind == "a" else 1
    highest = network.depth - 1 if kind == "blame_term" else network.depth
    _within(address, "l", layer, lowest, highest, "layers")
    layer = network.depth if layer is None else layer
    _within(address, "b", address.get("b"), 0, batch - 1, "observations of this batch")
    _within(address, "j", address.get("j"), 0, network.sizes[layer] - 1, "neurons of that layer")
    _within(address, "i", address.get("i"), 0, network.sizes[layer - 1] - 1, "neurons before it")
    if address.get("k") is not None:
        _within(address, "k", address.get("k"), 0, network.sizes[layer + 1] - 1, "neurons after it")
    kept = training.optimizer.moment_count
    _within(address, "m", address.get("m"), 0, kept - 1, "numbers the optimizer remembers")
    if layer == network.depth and kind in ("slope", "blame"):
        softmax = network.activations[-1] == "softmax"
        if network.joined or (softmax and kind == "slope"):
            raise InvalidInput(f"{address} has no number here: the output goes straight to delta.")


def _within(
    address: Address, letter: str, step: int | None, low: int, high: int, what: str
) -> None:
    if step is not None and not low <= step <= high:
        allowed = f"from {low} to {high}" if high >= low else "none"
        raise InvalidInput(f"{address}: [{letter}] is {step}, but the {what} are {allowed}.")


def event_address(event: Event, observation: int) -> Address:
    """Return the address of the number an event computes, for one observation of the batch."""
    kind, neuron, index = EVENT_ADDRESSES[event.kind], event.neuron, event.index
    if kind == "cost":
        return Address(kind)
    if kind == "loss_term":
        return Address(kind, (observation, index))
    if kind in ("product", "blame_term"):
        return Address(kind, (event.layer, observation, neuron, index))
    if kind in ("z", "a", "blame", "slope", "delta"):
        return Address(kind, (event.layer, observation, neuron))
    moment = (event.moment,) if event.moment >= 0 else ()
    source = (index,) if index >= 0 else ()
    return Address(kind, (*moment, event.layer, neuron, *source))


def event_number(network: Network, events: EventMap, address: Address) -> int:
    """Return the event after which an address's number is known; 0 for what is given from the start."""
    kind, last = address.kind, network.depth
    layer, neuron = address.get("l") or 0, address.get("j") or 0
    if kind in ("w", "b", "y", "old_moment_w", "old_moment_b") or (kind == "a" and layer == 0):
        return 0
    if kind == "cost_after":
        return events.count
    if kind in ("cost", "data_cost", "penalty"):
        return events.phase_ends["cost"]
    if kind in ("loss_term", "loss"):
        output = neuron if kind == "loss_term" else network.sizes[-1] - 1
        return _found(events.number("cost", "loss", last, 0, output))
    place = _event_place(address, layer == last, network)
    phase, name, index, moment = place
    return _found(events.number(phase, name, layer, neuron, index, moment))


def _event_place(address: Address, output: bool, network: Network) -> tuple[str, str, int, int]:
    """Return phase, kind, index and moment of the event that computes an address."""
    kind, source = address.kind, address.get("i")
    index = -1 if source is None else source
    if kind == "blame":
        if output:
            return "backward", "loss_derivative", -1, -1
        return "backward", "blame", network.sizes[address.path[0] + 1] - 1, -1
    if kind == "blame_term":
        return "backward", "blame", address.path[3], -1
    forward = {"product": "product", "z": "bias", "a": "activation"}
    if kind in forward:
        return "forward", forward[kind], index, -1
    backward = {"dw": "gradient", "data_dw": "gradient", "db": "bias_gradient"}
    if kind in ("slope", "delta") or kind in backward:
        return "backward", backward.get(kind, kind), index, -1
    update = {
        "new_w": "new_weight",
        "new_b": "new_bias",
        "moment_w": "moment",
        "moment_b": "bias_moment",
    }
    moment = address.get("m")
    return "update", update[kind], index, -1 if moment is None else moment


def _found(number: int | None) -> int:
    if number is None:
        raise InvalidInput("This network has no such number.")
    return number
