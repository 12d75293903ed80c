"""An explanation: one number with its meaning, its formula, the numbers in it, and where they lead."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.addresses import Address
from app.explain.digits import Claim, Kind, Precision, agree, claim
from app.explain.expression import Const, Node, Ref, operands
from app.explain.folding import fold
from app.explain.render import Formula
from app.explain.scene import Draft, Progress, Scene, Speech
from app.explain.sentence import Part, parts, plain
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
        counted: that in words.
        expression, written: its formula, what is still to come marked as pending.
    """

    label: str
    value: float
    done: int
    of: int
    counted: str
    expression: Node
    written: Written


@dataclass(frozen=True)
class Explanation:
    """Explain one number.

    Args:
        address, label, name: which number it is: its path, its letter and its plain name.
        title: what is done, and where.
        value: the number.
        told: what it means, with its numbers.
        expression: its formula as a tree; None for a number that is given.
        written: the formula in symbols and with its numbers.
        operands: the numbers it is worked out from.
        used_by: the numbers that are worked out from it.
        running: the sum it adds to, if it does.
        note: why it is displayed with more digits than the learner chose; "" where it is not.
    """

    address: Address
    label: str
    name: str
    title: str
    value: float
    told: tuple[Part, ...]
    expression: Node | None
    written: Written
    operands: tuple[Ref, ...]
    used_by: tuple[Address, ...]
    running: Running | None = None
    note: str = ""

    @property
    def sentence(self) -> str:
        """What it means, as it is read."""
        return plain(self.told)

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
    own, expression, progress = scene.own(address), draft.expression, draft.progress
    folded = fold(expression) if expression is not None else None
    claims = _claims(own.value, folded, draft)
    precision = _precision(claims, own.value, digits, draft)
    running = _running(progress, precision) if progress else None
    speech = Speech(precision, own, progress.value if progress else None)
    result = number(speech.own_text(own.value), own.value, str(address), own.role)
    left = None if progress else symbol(scene.label(address), own.role)
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
        value=own.value,
        told=parts(draft.sentence(speech)),
        expression=expression,
        written=written,
        operands=() if expression is None else operands(expression),
        used_by=used_by(scene, address),
        running=running,
        note=_note(precision, draft.apart_from is not None),
    )


def _claims(value: float, folded: Node | None, draft: Draft) -> tuple[Claim, ...]:
    """Return what has to add up: the formula, what the sentence tells, and the sum that grows."""
    kind: Kind = "told" if draft.progress else "result"
    claims = [] if folded is None else [claim(folded, value, kind)]
    claims += draft.told
    progress = draft.progress
    if progress is not None:
        if progress.done > 1:
            before = progress.before
            step = Claim(lambda on: on.told(before) + on.told(value), progress.value)
            claims.append(step)
        claims.append(claim(progress.expression, progress.value))
    return tuple(claims)


def _precision(claims: tuple[Claim, ...], value: float, digits: int, draft: Draft) -> Precision:
    base, other = Precision(digits), draft.apart_from
    moved = other is not None and other != value
    while moved and base.confuses(value, other or 0.0) and not base.is_full:
        base = base.finer()
    if not claims:
        return base
    return agree(claims, digits, base.result, evenly=moved or draft.progress is not None)


def _note(precision: Precision, moves: bool) -> str:
    if not precision.adds_up:
        return "Even all the digits do not quite add up here: the computer rounds at every step."
    more = precision.operands
    if more == 0:
        return ""
    chosen = "1 digit" if precision.digits == 1 else f"{precision.digits} digits"
    fails = "the step could not be followed" if moves else "this would not add up"
    many = "all" if precision.is_full else f"up to {precision.digits + more}"
    return f"With {chosen} {fails}, so {many} are shown."


def _running(progress: Progress, precision: Precision) -> Running:
    result = number(precision.outcome(progress.value), progress.value)
    return Running(
        progress.label.text,
        progress.value,
        progress.done,
        progress.of,
        progress.counted,
        progress.expression,
        write(progress.expression, symbol(progress.label), result, precision),
    )


def write(folded: Node, left: Token | None, result: Token, precision: Precision) -> Written:
    """Write a formula in symbols, after what it gives, and with its numbers, before its result."""
    adds_up = precision.adds_up or claim(folded, result.value or 0.0).holds(precision)
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
        numbers += [operator("=" if adds_up else "≈"), result]
    return Written(Formula(row(*symbols)), Formula(row(*numbers)), result.text, adds_up)
