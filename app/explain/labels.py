"""The letters that stand for a number in a formula, as the article writes them: W₅,₁, Z₂, In₃, δ₂, ∂C/∂A₂."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.engine.addresses import Address
from app.engine.network import Network

SUBSCRIPTS = str.maketrans("0123456789ijkn", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙ")
SUPERSCRIPTS = str.maketrans("0123456789−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ")


@dataclass(frozen=True)
class Label:
    """Hold a symbol with what decorates it.

    Args:
        base: the letter or short word: W, Z, In, Bias, δ.
        sub: its index, one-based: "5,1", or a letter in a sum: "i,1".
        sup: the observation it belongs to, one-based or "n"; empty where the one in focus is meant.
        function: "σ′" makes σ′(Z₂).
        derivative: whether it is ∂C/∂ of the symbol.
        prefix: "new", "old" or "data" (the part of a gradient that the penalties have no share in).
    """

    base: str
    sub: str = ""
    sup: str = ""
    function: str = ""
    derivative: bool = False
    prefix: str = ""

    def at(self, observation: str) -> Label:
        """Return the label with the observation it belongs to."""
        return replace(self, sup=observation)

    @property
    def text(self) -> str:
        """The label in Unicode."""
        sup = f"⁽{self.sup.translate(SUPERSCRIPTS)}⁾" if self.sup else ""
        text = self.base + self.sub.translate(SUBSCRIPTS) + sup
        if self.function:
            text = f"{self.function}({text})"
        if self.derivative:
            text = f"∂C/∂{text}"
        return f"{self.prefix} {text}" if self.prefix else text


FUNCTION_LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "sigmoid": "σ",
        "tanh": "tanh",
        "relu": "ReLU",
        "leaky_relu": "LeakyReLU",
        "elu": "ELU",
        "softplus": "softplus",
        "swish": "swish",
        "linear": "linear",
        "softmax": "softmax",
    }
)

MOMENT_LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sgd": (),
        "momentum": ("V",),
        "nesterov": ("V",),
        "rmsprop": ("S",),
        "adam": ("M", "V"),
    }
)
"""What an optimizer remembers: V a velocity (Adam's: a mean square), M a running mean, S a mean square."""

_WHOLE: Mapping[str, Label] = MappingProxyType(
    {
        "cost": Label("C"),
        "data_cost": Label("data cost"),
        "penalty": Label("penalty"),
        "cost_after": Label("C", prefix="new"),
        "loss": Label("Loss"),
    }
)
_NEURON: Mapping[str, str] = MappingProxyType(
    {
        "a": "A",
        "z": "Z",
        "slope": "Z",
        "blame": "A",
        "delta": "δ",
        "y": "Actual",
        "loss_term": "Loss",
    }
)


def article_index(neuron: int, source: int) -> tuple[int, int]:
    """Turn a weight's place w[l][neuron][source] into the article's (a, b): from a to b, one-based.

    This is the one place where the order of a weight's indices is turned.
    """
    return source + 1, neuron + 1


def weight_label(neuron: int, source: int) -> Label:
    """Return the article's label of the weight from `source` to `neuron`, both zero-based."""
    a, b = article_index(neuron, source)
    return Label("W", f"{a},{b}")


def bias_label(neuron: int) -> Label:
    """Return the label of a neuron's bias."""
    return Label("Bias", str(neuron + 1))


def label(network: Network, optimizer: str, address: Address) -> Label:
    """Return the label of an address; the two kinds that are products have `label_text` only."""
    kind, path = address.kind, address.path
    if kind in _WHOLE:
        return _WHOLE[kind]
    if kind in _NEURON:
        return _neuron_label(network, kind, path)
    prefix = next((word for word in ("new", "old", "data") if kind.startswith(word)), "")
    if "moment" in kind:
        letter = MOMENT_LETTERS[optimizer][path[0]]
        return replace(_parameter_label(kind, path[2:]), function=letter, prefix=prefix)
    plain = _parameter_label(kind, path[1:])
    return replace(plain, derivative=kind.startswith("d"), prefix=prefix)


def _neuron_label(network: Network, kind: str, path: tuple[int, ...]) -> Label:
    base, sub = _NEURON[kind], str(path[-1] + 1)
    if kind == "a" and path[0] == 0:
        base = "In"
    if kind == "slope":
        return Label(base, sub, function=slope_letter(network, path[0]))
    return Label(base, sub, derivative=kind == "blame")


def _parameter_label(kind: str, path: tuple[int, ...]) -> Label:
    return weight_label(*path) if kind.endswith("w") else bias_label(*path)


def slope_letter(network: Network, layer: int) -> str:
    """Return the letter of the slope of a layer's activation: σ′."""
    return FUNCTION_LETTERS[network.activations[layer - 1]] + "′"


def label_text(network: Network, optimizer: str, address: Address) -> str:
    """Return any address's label in Unicode."""
    if address.kind == "product":
        layer, observation, neuron, source = address.path
        sent = Address("a", (layer - 1, observation, source))
        return f"{weight_label(neuron, source).text} · {label(network, optimizer, sent).text}"
    if address.kind == "blame_term":
        _, _, neuron, target = address.path
        return f"{weight_label(target, neuron).text} · {Label('δ', str(target + 1)).text}"
    return label(network, optimizer, address).text


def role(network: Network, address: Address, value: float = 0.0) -> str:
    """Return what an address's number is coloured by; a weight's sign counts."""
    kind, path = address.kind, address.path
    if kind in ("w", "new_w"):
        return "weight-negative" if value < 0 else "weight-positive" if value > 0 else "weight"
    if kind in ("a", "z", "slope"):
        return layer_role(network, path[0])
    return _ROLES.get(kind, "plain")


def layer_role(network: Network, layer: int) -> str:
    """Return a layer's role: input, hidden-1, hidden-2, … or output."""
    if layer == 0:
        return "input"
    return "output" if layer == network.depth else f"hidden-{layer}"


_ROLES: Mapping[str, str] = MappingProxyType(
    {
        "b": "bias",
        "new_b": "bias",
        "delta": "error",
        "blame": "error",
        "blame_term": "error",
        "dw": "gradient",
        "db": "gradient",
        "data_dw": "gradient",
        "moment_w": "gradient",
        "moment_b": "gradient",
        "old_moment_w": "gradient",
        "old_moment_b": "gradient",
        "loss": "cost",
        "loss_term": "cost",
        "cost": "cost",
        "data_cost": "cost",
        "penalty": "cost",
        "cost_after": "cost",
    }
)
