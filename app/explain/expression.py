"""The formula of a number as a small tree that can be shown in symbols, shown with its numbers, and worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.engine.addresses import Address
from app.explain.arithmetic import DOUBLES, Arithmetic, Number
from app.explain.labels import Label


@dataclass(frozen=True)
class Ref:
    """Stand for another number of the tape: a letter in symbols, its value with the numbers."""

    address: Address
    label: Label
    value: float
    role: str = "plain"


@dataclass(frozen=True)
class Setting:
    """Stand for a number that has no address of its own: η, λ₂, B; always shown in full."""

    label: Label
    value: float


@dataclass(frozen=True)
class Const:
    """Hold a number of the formula itself; `text` replaces its digits, as in ½."""

    value: float
    text: str = ""


@dataclass(frozen=True)
class Symbol:
    """Stand for no number in particular: the W_(i,2) under a sum sign."""

    label: Label
    role: str = "plain"


@dataclass(frozen=True)
class Add:
    """Add all items."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Sub:
    """Take `right` from `left`."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Mul:
    """Multiply all items; a zero ends it, so that 0 · ln 0 is 0."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Div:
    """Divide `top` by `bottom`."""

    top: Node
    bottom: Node


@dataclass(frozen=True)
class Neg:
    """Turn the sign."""

    item: Node


@dataclass(frozen=True)
class Pow:
    """Raise `base` to a whole power."""

    base: Node
    exponent: Const | Setting


@dataclass(frozen=True)
class Call:
    """Apply a named function.

    Args:
        name: a key of `Arithmetic.functions`.
        args: what it is applied to.
        letter: how it is written: σ; empty for those with a notation of their own.
        body: what it means, to be shown beside it; never worked out.
        shown: how many of the arguments are written; the rest only take part.
    """

    name: str
    args: tuple[Node, ...]
    letter: str = ""
    body: Node | None = None
    shown: int = 1


@dataclass(frozen=True)
class Part:
    """Mark a part of a formula as a number with an address of its own, such as a product in a weighted sum."""

    address: Address
    body: Node


@dataclass(frozen=True)
class Current:
    """Mark the part that the present event computes."""

    body: Node


@dataclass(frozen=True)
class Pending:
    """Mark a part that is still to come: shown faintly, not yet counted."""

    body: Node


@dataclass(frozen=True)
class Rest:
    """Stand for `count` terms of a long sum that are not spelled out, by what they add up to.

    Without a value they are only hinted at by dots.
    """

    count: int
    value: float | None


@dataclass(frozen=True)
class Sum:
    """Add up terms of one pattern.

    Args:
        index: the letter that runs: i.
        generic: the pattern, made of Symbols.
        terms: the terms in order; a Rest may stand for some.
        done: how many are counted so far.
        current: which one the present event adds; −1 when none.
    """

    index: str
    generic: Node
    terms: tuple[Node, ...]
    done: int
    current: int = -1


Node: TypeAlias = (
    Ref
    | Setting
    | Const
    | Symbol
    | Add
    | Sub
    | Mul
    | Div
    | Neg
    | Pow
    | Call
    | Part
    | Current
    | Pending
    | Rest
    | Sum
)

ONE = Const(1.0)
TWO = Const(2.0)
HALF = Const(0.5, "½")


def total(index: str, generic: Node, terms: tuple[Node, ...]) -> Sum:
    """Return a sum all of whose terms are counted."""
    return Sum(index, generic, terms, len(terms))


def evaluate(node: Node) -> float:
    """Work a formula out in doubles."""
    return calculate(node, DOUBLES)


def calculate(node: Node, on: Arithmetic[Number]) -> Number:  # noqa: PLR0911 - one line for each kind of node
    """Work a formula out on one kind of number."""
    match node:
        case Ref():
            return on.number(node.value)
        case Rest():
            return on.number(node.value or 0.0)
        case Const() | Setting():
            return on.exact(node.value)
        case Part() | Current():
            return calculate(node.body, on)
        case Call():
            return on.functions[node.name](*(calculate(arg, on) for arg in node.args))
        case Add():
            return _sum(node.items, on)
        case Sum():
            return _sum(node.terms[: node.done], on)
        case Pending():
            return on.exact(0.0)
        case Symbol():
            raise TypeError(f"{node.label.text} stands for no number in particular")
    return _operate(node, on)


def _sum(items: tuple[Node, ...], on: Arithmetic[Number]) -> Number:
    result = on.exact(0.0)
    for item in items:
        result = result + calculate(item, on)
    return result


def _operate(node: Sub | Mul | Div | Neg | Pow, on: Arithmetic[Number]) -> Number:
    match node:
        case Sub():
            return calculate(node.left, on) - calculate(node.right, on)
        case Div():
            return calculate(node.top, on) / calculate(node.bottom, on)
        case Neg():
            return -calculate(node.item, on)
        case Pow():
            return _power(calculate(node.base, on), calculate(node.exponent, on))
    return _product(node.items, on)


def _power(base: Number, exponent: Number) -> Number:
    result: Number = base ** int(exponent)
    return result


def _product(items: tuple[Node, ...], on: Arithmetic[Number]) -> Number:
    result = calculate(items[0], on)
    for item in items[1:]:
        if result == 0:
            break
        result = result * calculate(item, on)
    return result


def children(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911 - one line for each kind of node
    """Return what a node is worked out from."""
    match node:
        case Add() | Mul():
            return node.items
        case Sub():
            return node.left, node.right
        case Div():
            return node.top, node.bottom
        case Neg():
            return (node.item,)
        case Pow():
            return (node.base,)
        case Part() | Current() | Pending():
            return (node.body,)
        case Call():
            return node.args
        case Sum():
            return node.terms
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, in the order in which it is written."""
    yield node
    for child in children(node):
        yield from walk(child)


def operands(node: Node) -> tuple[Ref, ...]:
    """Return the numbers of the tape that a formula is worked out from, each once, in order."""
    found = {item.address: item for item in walk(node) if isinstance(item, Ref)}
    return tuple(found.values())
