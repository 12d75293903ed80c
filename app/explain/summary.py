"""What a larger step did, in a title and a sentence: a layer, a pass, an iteration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.engine.tape import Tape
from app.explain.digits import DIGITS, display
from app.explain.names import Names, Voice

FEW = 5
COARSE = frozenset({"layer", "pass", "iteration", "epoch"})


@dataclass(frozen=True)
class Summary:
    """Hold a title and a sentence."""

    title: str
    sentence: str


@dataclass(frozen=True)
class _Teller:
    tape: Tape
    voice: Voice
    names: Names
    observation: int
    digits: int

    def show(self, value: float) -> str:
        return display(value, self.digits)

    def several(self, values: Sequence[float]) -> str:
        """Write a few numbers as a list in words."""
        shown = [self.show(value) for value in values[:FEW]]
        if len(values) > FEW:
            return f"{', '.join(shown)} and {len(values) - FEW} more"
        return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"

    def column(self, array: object) -> list[float]:
        return [float(value) for value in array[:, self.observation]]  # type: ignore[index]

    def forward(self, layer: int) -> Summary:
        name, count = self.voice.layer(layer), self.tape.network.sizes[layer]
        curve = self.tape.network.activations[layer - 1]
        each = "Its neuron adds" if count == 1 else f"Each of its {count} neurons adds"
        sent = self.several(self.column(self.tape.a[layer]))
        what = "The prediction" if layer == self.tape.network.depth else "It sends on"
        colon = ":" if layer == self.tape.network.depth else ""
        return Summary(
            f"{name}: the whole layer",
            f"{each} up the weighted signals and the bias, and puts the sum through {curve}. "
            f"{what}{colon} {sent}.",
        )

    def backward(self, layer: int) -> Summary:
        errors = self.several(self.column(self.tape.delta[layer]))
        return Summary(
            f"{self.voice.layer(layer)}: errors and gradients",
            f"The error here: {errors}. Each weight into this layer has its gradient now: "
            "the error of its neuron times the signal that came through it.",
        )

    def update(self, layer: int) -> Summary:
        count = self.tape.network.sizes[layer] * (self.tape.network.sizes[layer - 1] + 1)
        return Summary(
            f"{self.voice.layer(layer)}: new weights",
            f"Its {count} weights and biases took a step against their gradients "
            f"(learning rate {self.show(self.tape.training.learning_rate)}).",
        )

    def cost(self) -> Summary:
        many = f" of the {self.tape.batch} {self.names.observations}" if self.tape.batch > 1 else ""
        return Summary(
            "Forward pass done: the cost is known",
            f"The signal went all the way through, and the prediction{many} costs "
            f"{self.show(self.tape.cost)}. Now the blame goes back.",
        )

    def gradients(self) -> Summary:
        count = self.tape.network.parameter_count
        return Summary(
            "Backward pass done: every gradient is known",
            f"Each of the {count} weights and biases knows now which way, and how strongly, it moves the cost.",
        )

    def done(self) -> Summary:
        before, after = self.tape.cost, self.tape.cost_after
        if not math.isfinite(after):
            return Summary("Iteration done", "The new weights give a cost too large to be written.")
        change = "fell" if after < before else "rose" if after > before else "stayed"
        whose = "this batch" if self.tape.batch > 1 else f"this {self.names.observation}"
        digits, (old, new) = self.digits, (self.show(before), self.show(after))
        while old == new and before != after and digits < 17:
            digits += 1
            old, new = display(before, digits), display(after, digits)
        return Summary(
            "Iteration done: every weight took its step",
            f"With the new weights the cost of {whose} {change} from {old} to {new}.",
        )


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
    known = names or Names()
    voice = Voice(tape.network, tape.training.optimizer.name, known)
    teller = _Teller(tape, voice, known, observation, digits)
    ends = tape.events.phase_ends
    if event == ends["update"]:
        return teller.done()
    if event == ends["backward"] and by != "layer":
        return teller.gradients()
    if event == ends["cost"]:
        return teller.cost()
    segment = tape.events.segment(event)
    if event != segment.end:
        return None
    if segment.phase == "forward":
        return teller.forward(segment.layer)
    return (
        teller.backward(segment.layer)
        if segment.phase == "backward"
        else teller.update(segment.layer)
    )
