"""An explanation: one number with its meaning, its formula, the numbers in it, and where they lead."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.addresses import Address
from app.explain.digits import Precision, agree, agree_evenly
from app.explain.expression import Const, Node, Ref, operands
from app.explain.folding import fold
from app.explain.labels import role
from app.explain.render import Formula
from app.explain.scene import Draft, Progress, Scene, Speech
from app.explain.tokens import Token, Writer, meaning, number, operator, row, symbol
from app.explain.uses import used_by


@dataclass(frozen=True)
class Written:
    """Hold a formula in symbols and with its numbers.

    Args:
        formula, substituted: the two, the second with its result.
        shown: the result as it is displayed.
        adds_up: whether the displayed operands give the displayed result; then it is written "=", otherwise "≈".
    """

    formula: Formula
    substituted: Formula
    shown: str
    adds_up: bool = True


@dataclass(frozen=True)
class Running:
    """Hold the sum that a product or a share of blame adds to.

    Args:
        label: what the sum will be.
        value: the sum so far.
        done, of: how many terms are counted, of how many.
        expression, written: its formula, what is still to come marked as pending.
    """

    label: str
    value: float
    done: int
    of: int
    expression: Node
    written: Written


@dataclass(frozen=True)
class Explanation:
    """Explain one number.

    Args:
        address, label, name: which number it is: its path, its letter and its plain name.
        title: what is done, and where.
        value: the number.
        sentence: what it means, with its numbers.
        expression: its formula as a tree; None for a number that is given.
        written: the formula in symbols and with its numbers.
        operands: the numbers it is worked out from.
        used_by: the numbers that are worked out from it.
        running: the sum it adds to, if it does.
    """

    address: Address
    label: str
    name: str
    title: str
    value: float
    sentence: str
    expression: Node | None
    written: Written
    operands: tuple[Ref, ...]
    used_by: tuple[Address, ...]
    running: Running | None = None

    @property
    def formula(self) -> Formula:
        """The formula in symbols."""
        return self.written.formula

    @property
    def substituted(self) -> Formula:
        """The formula with its numbers and its result."""
        return self.written.substituted


def assemble(scene: Scene, address: Address, draft: Draft, digits: int) -> Explanation:
    """Write an explanation from its draft."""
    value = scene.tape.value(address)
    progress, expression = draft.progress, draft.expression
    running = _running(progress, digits) if progress else None
    folded = fold(expression) if expression is not None else None
    precision = _precision(folded, value, digits, draft.apart_from)
    speech = Speech(precision, value, running.written.shown if running else "")
    left = (
        None if progress else symbol(scene.label(address), role(scene.tape.network, address, value))
    )
    result = number(
        precision.outcome(value), value, str(address), role(scene.tape.network, address, value)
    )
    if folded is None:
        assert left is not None
        written = Written(Formula(left), Formula(result), result.text)
    else:
        written = write(folded, left, result, precision)
    return Explanation(
        address=address,
        label=scene.label_text(address),
        name=scene.voice.name(address),
        title=draft.title,
        value=value,
        sentence=draft.sentence(speech),
        expression=expression,
        written=written,
        operands=() if expression is None else operands(expression),
        used_by=used_by(scene, address),
        running=running,
    )


def _precision(
    expression: Node | None, value: float, digits: int, apart_from: float | None
) -> Precision:
    base = Precision(digits)
    if apart_from is None or apart_from == value:
        return base if expression is None else agree(expression, value, digits)
    while base.confuses(value, apart_from) and not base.is_full:
        base = base.finer()
    return base if expression is None else agree_evenly(expression, value, digits, base.result)


def _running(progress: Progress, digits: int) -> Running:
    precision = agree(progress.expression, progress.value, digits)
    result = number(precision.outcome(progress.value), progress.value)
    left = symbol(progress.label)
    written = write(progress.expression, left, result, precision)
    return Running(
        progress.label.text,
        progress.value,
        progress.done,
        progress.of,
        progress.expression,
        written,
    )


def write(folded: Node, left: Token | None, result: Token, precision: Precision) -> Written:
    """Write a formula in symbols, after what it gives, and with its numbers, before its result."""
    in_symbols, in_numbers = Writer(None), Writer(precision)
    meant = meaning(folded)
    symbols, numbers = [in_symbols.write(folded)], [in_numbers.write(folded)]
    if meant is not None:
        symbols += [operator("="), in_symbols.write(meant)]
        numbers += [operator("="), in_numbers.write(meant)]
    if left is not None:
        symbols = [left, operator("="), *symbols]
    if isinstance(folded, (Ref, Const)):
        numbers = [result]
    else:
        numbers += [operator("=" if precision.adds_up else "≈"), result]
    return Written(Formula(row(*symbols)), Formula(row(*numbers)), result.text, precision.adds_up)
