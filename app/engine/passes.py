"""The arithmetic of one iteration, prepared once and run many times: the only one in Glassbox.

A pass is a list of prepared NumPy calls on preallocated, contiguous buffers. The training loop runs the calls and
keeps nothing; the tape runs the same calls once and keeps the buffers. So both have the same bits by construction.

Layout: everything of one pass lies in one flat stretch of memory. In the columns stand the observations, and layer
l's activations are a view (n_l + 1, B) whose last row is 1, so that one product with the augmented weights
(n_l, n_(l-1) + 1) adds the bias too, and one product with the deltas gives the bias's gradient too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np

from app.engine.activations import ACTIVATIONS, softmax_delta
from app.engine.arrays import FloatArray, Step, aligned_zeros, constant, product, run
from app.engine.costs import FILLS_ACTIVATIONS, Output, prepare_cost
from app.engine.network import Network
from app.engine.optimizers import Update
from app.engine.training import State, Training, weight_mask

KINDS = ("a", "slope", "blame", "delta", "z")
"""What a pass computes for each neuron and observation, in the order it lies in memory."""


class Parameters:
    """Hold the parameters, their gradient and the optimizer's memory in one flat stretch, and prepare the update."""

    def __init__(self, network: Network, training: Training) -> None:
        size, kept = network.parameter_count, training.optimizer.moment_count
        rows = aligned_zeros((3 + kept) * size).reshape(3 + kept, size)
        self.memory = rows.reshape(-1)
        self.theta, self.data_gradient, self.gradient = rows[0], rows[1], rows[2]
        self.moments = rows[3:]
        if not training.penalised:
            self.gradient = self.data_gradient
        self._penalties = Penalties(network, training, self)
        self._update = Update(training, self.theta, self.gradient, self.moments)
        self.update_steps: list[Step] = self._penalties.gradient_steps + self._update.steps

    def load(self, state: State) -> None:
        """Take over a state."""
        self.theta[:] = state.theta
        self.moments[:] = state.moments
        self._update.updates = state.updates

    def finite(self) -> bool:
        """Tell whether every parameter, every gradient and all that the optimizer remembers is finite."""
        return bool(np.isfinite(self.memory).all())

    def state(self) -> State:
        """Return a frozen copy of the present state."""
        theta, moments = self.theta.copy(), self.moments.copy()
        theta.flags.writeable = moments.flags.writeable = False
        return State(theta, moments, self._update.updates)

    def penalty(self) -> float:
        """Return the penalties' share of the cost: (l2/2)·Σw² + l1·Σ|w|, biases left out."""
        return self._penalties.value()


class Penalties:
    """Prepare what l1 and l2 add to the cost and to the gradient; biases are left out."""

    def __init__(self, network: Network, training: Training, parameters: Parameters) -> None:
        self._training, self._theta = training, parameters.theta
        self._mask = weight_mask(network)
        self._weights, self._share = np.zeros_like(self._theta), np.zeros_like(self._theta)
        self.gradient_steps: list[Step] = []
        if training.penalised:
            self.gradient_steps = self._gradient_steps(parameters)

    def _gradient_steps(self, parameters: Parameters) -> list[Step]:
        share, weights, total = self._share, self._weights, parameters.gradient
        return [
            partial(np.multiply, self._theta, self._mask, weights),
            partial(np.multiply, weights, constant(self._training.l2), share),
            partial(np.add, parameters.data_gradient, share, total),
            partial(np.sign, weights, share),
            partial(np.multiply, share, constant(self._training.l1), share),
            partial(np.add, total, share, total),
        ]

    def value(self) -> float:
        """Return the penalties' share of the cost."""
        if not self._training.penalised:
            return 0.0
        np.multiply(self._theta, self._mask, self._weights)
        squares = float(self._weights.dot(self._weights))
        np.absolute(self._weights, self._share)
        return self._training.l2 / 2.0 * squares + self._training.l1 * float(self._share.sum())


class Pass:
    """Prepare the forward pass, the cost and the backward pass for batches of one size.

    `forward_steps` end with the loss terms, so `data_cost()` can follow.
    `block` (n_L + n_0 + 1, B) is where a batch goes: its targets, its inputs and a row of ones.
    `z, a, slope, blame, delta` are by layer, (n_l, B); `blame` is ∂C/∂a. `terms` (n_L, B) are the loss terms.
    """

    def __init__(self, network: Network, parameters: Parameters, batch: int) -> None:
        self.network, self.parameters, self.batch = network, parameters, batch
        heights = [size + 1 for size in network.sizes]
        inner, outputs = sum(heights), network.sizes[-1]
        self.memory = aligned_zeros((outputs + len(KINDS) * inner + outputs) * batch)
        rows = self.memory.reshape(-1, batch)
        self.block = rows[: outputs + heights[0]]
        self.targets, self.terms = rows[:outputs], rows[-outputs:]
        self._rows = dict(zip(KINDS, np.split(rows[outputs:-outputs], len(KINDS)), strict=True))
        self._starts = [sum(heights[:layer]) for layer in range(network.depth + 1)]
        self.a, self.slope, self.blame, self.delta, self.z = map(self._layers, KINDS)
        self._padded_a = self._layers("a", last_row=1)
        self._padded_blame = self._layers("blame", last_row=1)
        for layer in self._padded_a:
            layer[-1] = 1.0
        result = self.delta[-1] if network.joined else self.blame[-1]
        output = Output(self.z[-1], self.a[-1], self.targets, result, self.terms)
        cost = prepare_cost(network.cost, network.joined, output)
        self.forward_steps = self._forward() + cost.terms
        self.backward_steps = self._backward(cost.derivative)
        self.data_cost = self._averaged_terms()

    def _layers(self, kind: str, last_row: int = 0) -> list[FloatArray]:
        return [
            self._rows[kind][start : start + size + last_row]
            for start, size in zip(self._starts, self.network.sizes, strict=True)
        ]

    def _averaged_terms(self) -> Callable[[], Any]:
        # Beside the terms lie all z. One product adds up the terms, each by 1/B, and keeps watch: its zeros meet the
        # z, and 0·∞ is not a number. Else an infinite z could vanish in a sigmoid or a ReLU, and training at speed
        # would pass over an overflow. The inputs have no z.
        unused = self._starts[1] * self.batch
        watched = self.memory[-(self._rows["z"].size + self.terms.size) + unused :]
        shares = aligned_zeros(watched.size)
        shares[-self.terms.size :] = 1.0 / self.batch
        return partial(watched.dot, shares)

    def _forward(self) -> list[Step]:
        steps: list[Step] = []
        for layer, name in enumerate(self.network.activations, start=1):
            weights = self.network.augmented(self.parameters.theta, layer)
            steps.append(product(weights, self._padded_a[layer - 1], self.z[layer]))
            if layer < self.network.depth or self.network.cost not in FILLS_ACTIVATIONS:
                steps += ACTIVATIONS[name].forward(self.z[layer], self.a[layer])
        return steps

    def _slopes(self) -> list[Step]:
        # Neighbouring layers with one activation lie side by side, so one call serves them all; what it writes
        # into the rows of ones between them is never read.
        steps: list[Step] = []
        separable = [
            layer
            for layer, name in enumerate(self.network.activations, start=1)
            if name != "softmax" and not (layer == self.network.depth and self.network.joined)
        ]
        for name, group in groupby(
            separable, key=lambda layer: self.network.activations[layer - 1]
        ):
            layers = list(group)
            first, last = self._starts[layers[0]], self._starts[layers[-1]]
            span = slice(first, last + self.network.sizes[layers[-1]])
            a, z, slope = (self._rows[kind][span] for kind in ("a", "z", "slope"))
            steps += ACTIVATIONS[name].slope(z, a, slope)
        return steps

    def _output_delta(self) -> list[Step]:
        a, blame, delta = self.a[-1], self.blame[-1], self.delta[-1]
        if self.network.joined:
            return []
        if self.network.activations[-1] == "softmax":
            return softmax_delta(a, blame, delta)
        return [partial(np.multiply, blame, self.slope[-1], delta)]

    def _backward(self, derivative: list[Step]) -> list[Step]:
        parameters, network = self.parameters, self.network
        steps = self._slopes() + derivative + self._output_delta()
        for layer in range(network.depth, 0, -1):
            gradient = network.augmented(parameters.data_gradient, layer)
            steps.append(product(self.delta[layer], self._padded_a[layer - 1].T, gradient))
            if layer > 1:
                backwards = network.augmented(parameters.theta, layer).T
                below = layer - 1
                steps += [
                    product(backwards, self.delta[layer], self._padded_blame[below]),
                    partial(np.multiply, self.blame[below], self.slope[below], self.delta[below]),
                ]
        return steps

    def put(self, inputs: FloatArray, targets: FloatArray) -> None:
        """Take a batch: inputs (m, B) and targets (n, B)."""
        self.targets[:] = targets
        self.a[0][:] = inputs

    def finite(self) -> bool:
        """Tell whether every number of the pass is finite."""
        # The gaps between the layers may hold what no one reads, so they count only if a first look found something.
        if bool(np.isfinite(self.memory).all()):
            return True
        kinds = (self.a, self.z, self.slope, self.blame, self.delta, [self.terms])
        return all(bool(np.isfinite(layer).all()) for layers in kinds for layer in layers)

    def forward_cost(self) -> float:
        """Run the forward pass and return the whole cost, penalties included."""
        run(self.forward_steps)
        return float(self.data_cost()) + self.parameters.penalty()
