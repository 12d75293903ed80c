"""A formula's tokens written as Unicode text and as LaTeX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.explain.labels import SUBSCRIPTS, Label
from app.explain.tokens import Token

_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")


@dataclass(frozen=True)
class Formula:
    """Hold one formula in its three forms."""

    tokens: Token

    @property
    def text(self) -> str:
        """The formula in Unicode."""
        return text(self.tokens)

    @property
    def latex(self) -> str:
        """The formula in LaTeX."""
        return latex(self.tokens)


def text(token: Token) -> str:
    """Write a token in Unicode."""
    prefix = f"{token.prefix} " if token.prefix else ""
    return prefix + _bare_text(token)


def _bare_text(token: Token) -> str:  # noqa: PLR0911 - one line for each kind of token
    match token.t:
        case "row":
            return _row_text(token.items)
        case "sym":
            return Label(token.text, token.sub, token.sup).text
        case "frac":
            return _frac_text(*token.items)
        case "sup":
            return _sup_text(*token.items)
        case "sum":
            return f"Σ{token.text.translate(SUBSCRIPTS)} {text(token.items[0])}"
        case "paren":
            return f"({text(token.items[0])})"
        case "call":
            return _call_text(token)
    return token.text


def _row_text(items: tuple[Token, ...]) -> str:
    written: list[str] = []
    for place, item in enumerate(_spoken(items)):
        if item.t == "op":
            written.append(f" {item.text} " if place else item.text)
        else:
            written.append(text(item))
    return "".join(written)


def _spoken(items: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return a row with what is still to come said by dots."""
    if not any(item.pending for item in items):
        return items
    done = tuple(item for item in items if not item.pending)
    return (*done, Token("op", "+"), Token("dots", "…"))


def _frac_text(top: Token, bottom: Token) -> str:
    if top.text == "∂C":
        return f"∂C/{text(bottom)}"
    above = f"({text(top)})" if top.t == "row" else text(top)
    below = f"({text(bottom)})" if bottom.t in ("row", "frac") else text(bottom)
    return f"{above} / {below}"


def _sup_text(base: Token, exponent: Token) -> str:
    if exponent.t == "num" and exponent.text.isdigit():
        return text(base) + exponent.text.translate(_DIGITS)
    written = text(exponent)
    simple = exponent.t in ("num", "sym", "call") or (
        exponent.t == "row" and len(exponent.items) == 2
    )
    return f"{text(base)}^{written}" if simple else f"{text(base)}^({written})"


def _call_text(token: Token) -> str:
    if token.text == "abs":
        return f"|{text(token.items[0])}|"
    return f"{token.text}({', '.join(text(item) for item in token.items)})"


_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "σ": r"\sigma",
        "σ′": r"\sigma'",
        "δ": r"\delta",
        "∂C": r"\partial C",
        "η": r"\eta",
        "μ": r"\mu",
        "α": r"\alpha",
        "ε": r"\varepsilon",
        "λ₁": r"\lambda_1",
        "λ₂": r"\lambda_2",
        "β₁": r"\beta_1",
        "β₂": r"\beta_2",
        "ln": r"\ln",
        "max": r"\max",
        "tanh": r"\tanh",
        "+": "+",
        "−": "-",
        "·": r"\cdot",
        "=": "=",
        "≈": r"\approx",
        "½": r"\tfrac{1}{2}",
    }
)


def latex(token: Token) -> str:
    """Write a token in LaTeX."""
    prefix = rf"\text{{{token.prefix} }} " if token.prefix else ""
    return prefix + _bare_latex(token, token.items)


def _bare_latex(token: Token, inside: tuple[Token, ...]) -> str:  # noqa: PLR0911 - one line for each kind of token
    match token.t:
        case "row":
            return " ".join(latex(item) for item in _spoken(inside))
        case "sym":
            return _symbol_latex(token)
        case "frac":
            return rf"\frac{{{latex(inside[0])}}}{{{latex(inside[1])}}}"
        case "sup":
            return rf"{{{latex(inside[0])}}}^{{{latex(inside[1])}}}"
        case "sum":
            return rf"\sum_{{{token.text}}} {latex(inside[0])}"
        case "paren":
            return rf"\left({latex(inside[0])}\right)"
        case "call":
            return _call_latex(token)
    return _leaf_latex(token)


def _leaf_latex(token: Token) -> str:
    if token.t == "dots":
        return r"\cdots" if token.text == "…" else rf"\text{{{token.text}}}"
    return _number_latex(token.text) if token.t == "num" else _COMMANDS[token.text]


def _number_latex(number: str) -> str:
    if number in _COMMANDS:
        return _COMMANDS[number]
    mantissa, times, power = number.rpartition("10")
    if not power or power[0] not in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
        return number.translate(_PLAIN)
    before = mantissa.translate(_PLAIN).replace(" × ", r" \times ")
    return rf"{before}{times}^{{{power.translate(_PLAIN)}}}"


def _word_latex(word: str) -> str:
    if word in _COMMANDS or len(word) == 1:
        return _COMMANDS.get(word, word)
    if word.startswith("∂"):
        return rf"\partial {_word_latex(word[1:])}"
    name, prime, _ = word.partition("′")
    return rf"\operatorname{{{name}}}" + ("'" if prime else "")


def _symbol_latex(token: Token) -> str:
    word = token.text
    written = rf"\text{{{word}}}" if " " in word else _word_latex(word)
    written += f"_{{{token.sub}}}" if token.sub else ""
    return written + (f"^{{({token.sup})}}" if token.sup else "")


def _call_latex(token: Token) -> str:
    args = ", ".join(latex(item) for item in token.items)
    if token.text == "abs":
        return rf"\left|{args}\right|"
    if token.text == "√":
        return rf"\sqrt{{{args}}}"
    return rf"{_word_latex(token.text)}\left({args}\right)"
