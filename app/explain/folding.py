"""Shorten long sums: some terms stay, the others become dots with what they add up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.explain.expression import (
    Add,
    Call,
    Current,
    Div,
    Mul,
    Neg,
    Node,
    Part,
    Pending,
    Pow,
    Rest,
    Sub,
    Sum,
    evaluate,
)

LONGEST = 8
"""Terms of a sum that are still spelled out one by one."""

KEPT_FIRST, KEPT_LAST = 3, 3


def fold(node: Node) -> Node:
    """Return a formula as it is displayed: long sums shortened."""
    return _fold_sum(node) if isinstance(node, Sum) else rebuild(node, fold)


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:  # noqa: PLR0911 - one line for each kind of node
    """Return a node with `change` applied to what it is worked out from."""
    match node:
        case Add() | Mul():
            return replace(node, items=tuple(change(item) for item in node.items))
        case Sub():
            return Sub(change(node.left), change(node.right))
        case Div():
            return Div(change(node.top), change(node.bottom))
        case Neg():
            return Neg(change(node.item))
        case Pow():
            return Pow(change(node.base), node.exponent)
        case Part() | Current() | Pending():
            return replace(node, body=change(node.body))
        case Call():
            return replace(node, args=tuple(change(arg) for arg in node.args))
    return node


def _fold_sum(node: Sum) -> Sum:
    if _length(node.terms) <= LONGEST:
        return node
    counted, coming = node.terms[: node.done], node.terms[node.done :]
    shown = _fold_counted(counted)
    current = node.current - len(counted) + len(shown) if node.current >= 0 else -1
    later = (Rest(_length(coming), None),) if coming else ()
    return replace(node, terms=(*shown, *later), done=len(shown), current=current)


def _fold_counted(terms: tuple[Node, ...]) -> tuple[Node, ...]:
    if _length(terms) <= LONGEST:
        return terms
    # A Rest at the end already stands for the last terms.
    kept = len(terms) if isinstance(terms[-1], Rest) else len(terms) - KEPT_LAST
    first, middle, last = terms[:KEPT_FIRST], terms[KEPT_FIRST:kept], terms[kept:]
    value = sum(evaluate(term) for term in middle)
    return (*first, Rest(_length(middle), value), *last)


def _length(terms: tuple[Node, ...]) -> int:
    return sum(term.count if isinstance(term, Rest) else 1 for term in terms)
