"""The shape of a network and the layout of its parameters in one flat vector."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from app.engine.arrays import FloatArray
from app.engine.once import once
from app.errors import InvalidInput

JOINED_RULES = frozenset({("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")})
"""Output activation and cost whose derivatives join to (a − y)/B."""

COST_NEEDS = {
    "cross_entropy": frozenset({"softmax"}),
    "binary_cross_entropy": frozenset({"sigmoid", "softmax"}),
}
"""Costs with a logarithm take outputs that are probabilities."""


@dataclass(frozen=True)
class Network:
    """Describe a fully connected network.

    Layer 0 is the input and layer L the output. The parameters are one flat vector: for each layer l a
    C-ordered block (n_l, n_(l-1) + 1) whose last column is the bias.

    Args:
        sizes: neurons by layer, input first.
        activations: one name for each layer after the input.
        cost: the cost's name.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    cost: str

    def __post_init__(self) -> None:
        if len(self.sizes) < 2 or len(self.activations) != len(self.sizes) - 1:
            raise InvalidInput(
                "A network needs an output layer, and one activation for each layer."
            )
        for layer, name in enumerate(self.activations[:-1]):
            if name == "softmax":
                raise InvalidInput.at(
                    f"/network/layers/{layer}/activation",
                    "softmax belongs to the output layer: it shares one whole among all outputs.",
                )
        needs = COST_NEEDS.get(self.cost)
        if needs is not None and self.activations[-1] not in needs:
            raise InvalidInput.at(
                "/network/cost",
                f"{self.cost} takes logarithms of the outputs, so the output layer needs "
                f"{' or '.join(sorted(needs))}, not {self.activations[-1]}.",
            )
        lonely = self.sizes[-1] == 1 and self.activations[-1] == "softmax"
        if lonely and self.cost == "binary_cross_entropy":
            raise InvalidInput.at(
                "/network/cost",
                "A softmax with one output is always 1, and binary_cross_entropy would take the logarithm of 1 − 1. "
                "Use sigmoid for a single output.",
            )

    @property
    def depth(self) -> int:
        """L, the number of layers with parameters."""
        return len(self.sizes) - 1

    @property
    def joined(self) -> bool:
        """Whether the output's activation and the cost go straight to delta = (a − y)/B."""
        return (self.activations[-1], self.cost) in JOINED_RULES

    @once
    def offsets(self) -> tuple[int, ...]:
        """Where each layer's block begins in the flat vector; the last entry is its length."""
        offsets = [0]
        for before, here in pairwise(self.sizes):
            offsets.append(offsets[-1] + here * (before + 1))
        return tuple(offsets)

    @property
    def parameter_count(self) -> int:
        """How many weights and biases there are."""
        return self.offsets[-1]

    def augmented(self, flat: FloatArray, layer: int) -> FloatArray:
        """View layer's block of `flat` as (n_l, n_(l-1) + 1), the bias last."""
        block = flat[self.offsets[layer - 1] : self.offsets[layer]]
        return block.reshape(self.sizes[layer], self.sizes[layer - 1] + 1)

    def weights(self, flat: FloatArray, layer: int) -> FloatArray:
        """View the weights into `layer` as (n_l, n_(l-1))."""
        return self.augmented(flat, layer)[:, :-1]

    def biases(self, flat: FloatArray, layer: int) -> FloatArray:
        """View the biases of `layer` as (n_l,)."""
        return self.augmented(flat, layer)[:, -1]

    def weight_index(self, layer: int, neuron: int, source: int) -> int:
        """Return where the weight from `source` to `neuron` of `layer` stands in the flat vector."""
        return self.offsets[layer - 1] + neuron * (self.sizes[layer - 1] + 1) + source

    def bias_index(self, layer: int, neuron: int) -> int:
        """Return where the bias of `neuron` of `layer` stands in the flat vector."""
        return self.weight_index(layer, neuron, self.sizes[layer - 1])
