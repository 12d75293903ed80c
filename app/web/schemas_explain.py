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


class RunningView(View):
    """The sum that this number adds to, with what is still to come marked."""

    label: str
    value: Finite
    done: int
    of: int
    shown: str
    formula: FormulaView
    substituted: FormulaView


class ExplanationView(View):
    """One number: what it is, what it means, and how it is worked out."""

    address: str
    label: str
    name: str
    title: str
    value: Finite
    shown: str
    sentence: str
    formula: FormulaView
    substituted: FormulaView
    adds_up: bool
    operands: list[OperandView]
    used_by: list[str]
    running: RunningView | None = None


class AbsentView(View):
    """Why a number cannot be explained at this position, and the event it comes with, if it comes."""

    address: str
    absent: str
    event: int | None


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
