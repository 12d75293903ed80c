"""Explain any number of a tape, and any event."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.engine.addresses import Address
from app.engine.locate import event_address
from app.engine.tape import Tape
from app.errors import Conflict, NotComputedYet
from app.explain import backward, cost, forward, given, gradient, loss, update
from app.explain.digits import DIGITS
from app.explain.explanation import Explanation, assemble
from app.explain.names import Names
from app.explain.scene import Draft, Scene

_EXPLAIN: Mapping[str, Callable[[Scene, Address], Draft]] = MappingProxyType(
    {
        "y": given.target,
        "w": given.weight,
        "b": given.bias,
        "old_moment_w": given.old_moment,
        "old_moment_b": given.old_moment,
        "product": forward.product,
        "z": forward.weighted_sum,
        "loss_term": loss.loss_term,
        "loss": cost.loss,
        "data_cost": cost.data_cost,
        "penalty": cost.penalty,
        "cost": cost.cost,
        "cost_after": cost.cost_after,
        "blame": backward.blame,
        "blame_term": backward.blame_term,
        "slope": backward.slope_of,
        "delta": backward.delta,
        "dw": gradient.weight_gradient,
        "data_dw": gradient.weight_gradient,
        "db": gradient.bias_gradient,
        "moment_w": update.moment,
        "moment_b": update.moment,
        "new_w": update.new_parameter,
        "new_b": update.new_parameter,
    }
)
_PHASE_NAMES = {
    "forward": "forward pass",
    "cost": "cost",
    "backward": "backward pass",
    "update": "update",
}


def explain(
    tape: Tape,
    address: Address,
    event: int,
    digits: int = DIGITS,
    names: Names | None = None,
    observation: int = 0,
) -> Explanation:
    """Explain one number of an iteration.

    Args:
        tape: the iteration.
        address: which number.
        event: how many events have happened.
        digits: the learner's choice, 1 to 17, see `digits.py`.
        names: what the data's columns and rows are called.
        observation: the one in focus, for numbers that belong to the whole batch.

    Raises:
        InvalidInput: this iteration has no such number.
        NotComputedYet: its event has not happened; the detail says when it will.
        Conflict: the number is not finite.
    """
    number = tape.event_number(address)
    own = address.get("b")
    scene = Scene(tape, names or Names(), observation if own is None else own)
    if number > event:
        raise NotComputedYet(_when(scene, address, number, event), number)
    if not math.isfinite(tape.value(address)):
        raise Conflict(overflow_sentence(scene, address, number))
    return assemble(scene, address, draft_of(scene, address), digits)


def explain_event(
    tape: Tape,
    event: int,
    observation: int = 0,
    digits: int = DIGITS,
    names: Names | None = None,
) -> Explanation:
    """Explain the number that an event, 1 to N, computes."""
    address = event_address(tape.events.at(event), observation)
    return explain(tape, address, event, digits, names, observation)


def draft_of(scene: Scene, address: Address) -> Draft:
    """Return what an address's explanation is made of."""
    if address.kind == "a":
        layer = address.path[0]
        return forward.activation(scene, address) if layer else given.given_input(scene, address)
    return _EXPLAIN[address.kind](scene, address)


def _when(scene: Scene, address: Address, number: int, event: int) -> str:
    name = scene.voice.name(address)
    phase = _PHASE_NAMES[scene.tape.events.at(number).phase]
    here = f"you are at event {event}" if event else "nothing has been computed yet"
    return f"The {name} is not known yet: it comes with event {number}, in the {phase}; {here}."


def overflow_sentence(scene: Scene, address: Address, event: int) -> str:
    """Say that a number grew beyond what the computer can hold, and when."""
    name = scene.voice.name(address)
    return (
        f"At event {event}, the {name} grew too large for the computer to hold. "
        "A smaller learning rate keeps the numbers in bounds."
    )
