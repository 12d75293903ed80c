"""A formula as a tree of tokens: what the page draws, and what the text and the LaTeX are written from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.explain.digits import Precision, in_words
from app.explain.expression import (
    Add,
    Call,
    Const,
    Current,
    Div,
    Mul,
    Neg,
    Node,
    Part,
    Pending,
    Pow,
    Ref,
    Rest,
    Setting,
    Sub,
    Sum,
    Symbol,
)
from app.explain.labels import Label

SUM_LEVEL, PRODUCT_LEVEL, POWER_LEVEL, ATOM_LEVEL = 1, 2, 3, 4


@dataclass(frozen=True)
class Token:
    """Hold one token.

    Args:
        t: num, sym, op, row, frac, sup, sum, paren, call or dots.
        text: a number's digits, a symbol's letter, an operator, a function's name or a sum's index.
        items: the tokens inside: of a frac top and bottom, of a sup base and exponent.
        sub, sup, prefix: a symbol's index, its observation, "new" or "old".
        value: the exact number behind the digits.
        count: how many terms the dots stand for.
        current, pending: whether the present event computes it, or it is still to come.
    """

    t: str
    text: str = ""
    items: tuple[Token, ...] = ()
    sub: str = ""
    sup: str = ""
    prefix: str = ""
    value: float | None = None
    address: str = ""
    role: str = ""
    count: int = 0
    current: bool = False
    pending: bool = False

    def json(self) -> dict[str, object]:
        """Return the token as it goes over the wire: only the keys that say something."""
        said: dict[str, object] = {"t": self.t, **self._inside()}
        if self.text and self.t not in _TEXT_KEYS:
            said["text"] = self.text
        for key in ("sub", "sup", "prefix", "address", "role", "count", "current", "pending"):
            if value := getattr(self, key):
                said[key] = value
        if self.value is not None:
            said["value"] = self.value
        return said

    def _inside(self) -> dict[str, object]:
        inside: dict[str, object] = {}
        if self.t in _TEXT_KEYS:
            inside[_TEXT_KEYS[self.t]] = self.text
        keys = _ITEM_KEYS.get(self.t)
        if keys is not None:
            inside |= {key: item.json() for key, item in zip(keys, self.items, strict=True)}
        elif self.t in _LIST_KEYS:
            inside[_LIST_KEYS[self.t]] = [item.json() for item in self.items]
        return inside


_TEXT_KEYS = {"call": "name", "sum": "index"}
_LIST_KEYS = {"row": "items", "call": "args"}
_ITEM_KEYS = {
    "frac": ("top", "bottom"),
    "sup": ("base", "exponent"),
    "sum": ("body",),
    "paren": ("body",),
}


def row(*items: Token) -> Token:
    """Return tokens side by side."""
    return items[0] if len(items) == 1 else Token("row", items=items)


def operator(text: str) -> Token:
    """Return an operator."""
    return Token("op", text)


def number(text: str, value: float, address: str = "", role: str = "") -> Token:
    """Return a displayed number."""
    return Token("num", text, value=value, address=address, role=role)


def symbol(label: Label, role: str = "", address: str = "") -> Token:
    """Return a label: a symbol, a derivative's fraction or a function of a symbol."""
    base = ("∂" if label.derivative else "") + label.base
    token = Token("sym", base, sub=label.sub, sup=label.sup)
    if label.function:
        token = Token("call", label.function, (token,))
    elif label.derivative:
        token = Token("frac", items=(Token("sym", "∂C"), token))
    return replace(token, prefix=label.prefix, role=role, address=address)


class Writer:
    """Write a folded formula as tokens.

    Args:
        precision: how numbers are displayed; None writes symbols instead of numbers.
    """

    def __init__(self, precision: Precision | None) -> None:
        self._precision = precision

    def write(self, node: Node) -> Token:  # noqa: PLR0911 - one line for each kind of node
        """Write a formula."""
        match node:
            case Ref() | Setting() | Const() | Symbol() | Rest():
                return self._leaf(node)
            case Part():
                return self._addressed(node)
            case Current():
                return _marked(self.write(node.body), current=self._precision is not None)
            case Pending():
                return _marked(self.write(node.body), pending=self._precision is not None)
            case Sum():
                return self._sum(node)
            case Call():
                return self._call(node)
        return self._operation(node)

    def _leaf(self, node: Ref | Setting | Const | Symbol | Rest) -> Token:
        precision = self._precision
        match node:
            case Const():
                return number(node.text or in_words(node.value), node.value)
            case Rest():
                return self._dots(node)
            case Symbol():
                return symbol(node.label, node.role)
        address, role = (str(node.address), node.role) if isinstance(node, Ref) else ("", "")
        if precision is None:
            return symbol(node.label, role, address)
        in_full = isinstance(node, Setting)
        text = in_words(node.value) if in_full else precision.operand(node.value)
        return number(text, node.value, address, role)

    def _dots(self, node: Rest) -> Token:
        if self._precision is None or node.value is None:
            return Token("dots", "…", count=node.count)
        text = f"({node.count} more: {self._precision.operand(node.value)})"
        return Token("dots", text, count=node.count, value=node.value)

    def _addressed(self, node: Part) -> Token:
        inside = self.write(node.body)
        inside = (
            inside if inside.t == "row" and not inside.address else Token("row", items=(inside,))
        )
        return replace(inside, address=str(node.address))

    def _operation(self, node: Add | Sub | Mul | Div | Neg | Pow) -> Token:
        match node:
            case Add():
                return self._join("+", node.items, SUM_LEVEL)
            case Mul():
                return self._join("·", node.items, PRODUCT_LEVEL)
            case Sub():
                right = self._inner(node.right, PRODUCT_LEVEL, after_minus=True)
                return row(self._inner(node.left, SUM_LEVEL), operator("−"), right)
            case Div():
                return Token("frac", items=(self.write(node.top), self.write(node.bottom)))
            case Neg():
                return row(operator("−"), self._inner(node.item, PRODUCT_LEVEL, after_minus=True))
        return Token("sup", items=(self._base(node.base), self.write(node.exponent)))

    def _join(self, sign: str, items: tuple[Node, ...], level: int) -> Token:
        written = [self._inner(items[0], level)]
        for item in items[1:]:
            # A leading minus needs brackets when it is an operator, not when it belongs to a number.
            inner = max(level, POWER_LEVEL) if isinstance(item, Neg) else level
            pending = self._precision is not None and isinstance(item, Pending)
            written += [_marked(operator(sign), pending=pending), self._inner(item, inner)]
        return row(*_flat(written))

    def _inner(self, node: Node, level: int, *, after_minus: bool = False) -> Token:
        token = self.write(node)
        twice = after_minus and token.text.startswith("−")
        return Token("paren", items=(token,)) if twice or self._level(node) < level else token

    def _base(self, node: Node) -> Token:
        token = self.write(node)
        plain = token.t in ("num", "sym") and not (token.prefix or token.text.startswith("−"))
        loose = not plain or "×" in token.text
        return Token("paren", items=(token,)) if loose else token

    def _level(self, node: Node) -> int:  # noqa: PLR0911 - one line for each kind of node
        match node:
            case Part() | Current() | Pending():
                return self._level(node.body)
            case Sum():
                return PRODUCT_LEVEL if self._precision is None else self._sum_level(node)
            case Add() | Sub():
                return SUM_LEVEL
            case Mul() | Div() | Neg():
                return PRODUCT_LEVEL
            case Pow():
                return POWER_LEVEL
            case Call():
                return POWER_LEVEL if node.name == "exp" else ATOM_LEVEL
        return ATOM_LEVEL

    def _sum_level(self, node: Sum) -> int:
        return SUM_LEVEL if len(node.terms) > 1 else self._level(node.terms[0])

    def _sum(self, node: Sum) -> Token:
        if self._precision is None:
            return Token("sum", node.index, (self._inner(node.generic, PRODUCT_LEVEL),))
        written: list[Token] = []
        for place, term in enumerate(node.terms):
            pending, current = place >= node.done, place == node.current
            token = _marked(self._inner(term, SUM_LEVEL), current, pending)
            if written:
                written.append(_marked(operator("+"), pending=pending))
            written.append(token)
        return row(*written)

    def _call(self, node: Call) -> Token:
        args = tuple(self.write(arg) for arg in node.args[: node.shown])
        if node.name == "exp":
            return Token("sup", items=(Token("sym", "e"), args[0]))
        return Token("call", node.letter or node.name, args)


def _marked(token: Token, current: bool = False, pending: bool = False) -> Token:
    return replace(token, current=current, pending=pending) if current or pending else token


def _flat(written: list[Token]) -> list[Token]:
    """Open a sum that stands first in a longer sum, so that its terms and the next are one row."""
    first = written[0]
    if first.t == "row" and not (first.address or first.current or first.pending):
        return [*first.items, *written[1:]]
    return written


def meaning(node: Node) -> Node | None:
    """Return what the formula's function means, where that is worth writing beside it."""
    return node.body if isinstance(node, Call) else None
