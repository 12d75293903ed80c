"""The shapes of an event and of the explanation of a number."""

from __future__ import annotations

from typing import Any

from app.web.schema_base import Finite, View


class FormulaView(View):
    """A formula as Unicode text, as LaTeX, and as the token tree that the page draws."""

    text: str
    latex: str
    tokens: dict[str, Any]


class OperandView(View):
    """One number that another is worked out from."""

    address: str
    label: str
    value: Finite


class PartView(View):
    """Some words of a sentence, or one of its numbers with the address that leads to it."""

    text: str
    address: str | None
    role: str | None


class RunningView(View):
    """The sum that this number adds to, with what is still to come marked; `counted` says how far it has come."""

    label: str
    value: Finite
    done: int
    of: int
    counted: str
    shown: str
    adds_up: bool
    formula: FormulaView
    substituted: FormulaView


class ExplanationView(View):
    """One number: what it is, what it means, and how it is worked out.

    `sentence_parts` is the sentence once more, cut at its numbers. `digits_note` says why more digits are shown than
    were asked for.
    """

    address: str
    label: str
    name: str
    title: str
    value: Finite
    shown: str
    sentence: str
    sentence_parts: list[PartView]
    formula: FormulaView
    substituted: FormulaView
    adds_up: bool
    digits_note: str | None
    operands: list[OperandView]
    used_by: list[str]
    running: RunningView | None = None


class AbsentView(View):
    """Why a number cannot be explained at this position, and the event it comes with, if it comes."""

    address: str
    absent: str
    event: int | None


class FigureView(View):
    """One of the numbers that a larger step came to; `before` is what it was, where it was something."""

    label: str
    name: str
    number: PartView
    before: PartView | None


class SummaryView(View):
    """What the larger step that ends here did, and the few numbers that matter; `more` of their kind are left out."""

    title: str
    sentence: str
    sentence_parts: list[PartView]
    figures: list[FigureView]
    more: int


class CodeView(View):
    """The line of NumPy and of PyTorch that do this step for its whole layer."""

    numpy: str
    pytorch: str


class EventView(View):
    """One elementary event; `values` and `running` hold one number for each observation, or just one.

    `shares` are what each observation of a batch adds to a gradient, the first 64 of them.
    """

    number: int
    phase: str
    kind: str
    layer: int
    neuron: int
    index: int
    moment: int
    observation: int
    address: str
    values: list[Finite]
    running: list[Finite] | None
    shares: list[Finite] | None
    explanation: ExplanationView
    code: CodeView


class EventsView(View):
    """A stretch of the tape, up to where it may be seen."""

    events: list[EventView]
    count: int
