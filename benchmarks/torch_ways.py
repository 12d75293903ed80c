"""Two ways with PyTorch: a step written by hand without autograd, and the usual one with it.

PyTorch is not installed with the project: `pip install torch` (the CPU build will do) adds these two.
"""

from __future__ import annotations

import itertools
from importlib import import_module, util
from typing import Any

import numpy as np

from app.engine.arrays import FloatArray
from benchmarks.jobs import Job


def pytorch() -> Any:
    """Return PyTorch on one thread and in double precision, as everyone here computes; None if it is absent."""
    if util.find_spec("torch") is None:
        return None
    torch = import_module("torch")
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    return torch


class Batches:
    """Give the batches in the rows' order, again and again, as views made once."""

    def __init__(self, torch: Any, job: Job) -> None:
        inputs, targets = torch.tensor(job.inputs), torch.tensor(job.targets)
        pairs = zip(inputs.split(job.batch), targets.split(job.batch), strict=True)
        self._batches, self._next = list(pairs), 0

    def take(self, count: int) -> list[tuple[Any, Any]]:
        many = -(-(self._next + count) // len(self._batches))
        taken = (self._batches * many)[self._next : self._next + count]
        self._next = (self._next + count) % len(self._batches)
        return taken


def flat(weights: list[Any], biases: list[Any]) -> FloatArray:
    blocks = [
        np.hstack([w.detach().numpy(), b.detach().numpy().reshape(-1, 1)]).reshape(-1)
        for w, b in zip(weights, biases, strict=True)
    ]
    return np.concatenate(blocks)


class ByHand:
    """Train by hand: every tensor made once, every operation in place or into it, the gradient never stored."""

    def __init__(self, torch: Any, job: Job) -> None:
        self.torch, self.batches, self.names = torch, Batches(torch, job), job.network.activations
        network, theta = job.network, job.theta
        layers = range(1, network.depth + 1)
        self.weights = [torch.tensor(network.weights(theta, layer)) for layer in layers]
        self.biases = [torch.tensor(network.biases(theta, layer)) for layer in layers]
        shapes = [(job.batch, size) for size in network.sizes[1:]]
        self.outputs, self.deltas, self.scratch = (
            [torch.zeros(s) for s in shapes] for _ in range(3)
        )
        # The 1/B, and the 2 of the square, go into the rate: one operation less.
        self.rate = job.rate / job.batch * (2.0 if job.network.cost == "mse" else 1.0)

    def advance(self, updates: int) -> None:
        with self.torch.no_grad():
            for x, y in self.batches.take(updates):
                self.step(x, y)

    def step(self, x: Any, y: Any) -> None:
        torch, a = self.torch, x
        for layer, name in enumerate(self.names):
            out = self.outputs[layer]
            torch.addmm(self.biases[layer], a, self.weights[layer].T, out=out)
            a = torch.softmax(out, 1, out=out) if name == "softmax" else getattr(out, name + "_")()
        last = len(self.names) - 1
        torch.sub(a, y, out=self.deltas[last])
        if self.names[last] != "softmax":
            self.times_slope(last)
        for layer in range(last, -1, -1):
            delta = self.deltas[layer]
            if layer > 0:
                torch.mm(delta, self.weights[layer], out=self.deltas[layer - 1])
                self.times_slope(layer - 1)
            source = self.outputs[layer - 1] if layer > 0 else x
            self.weights[layer].addmm_(delta.T, source, alpha=-self.rate)
            self.biases[layer].sub_(delta.sum(0), alpha=self.rate)

    def times_slope(self, layer: int) -> None:
        a, delta, scratch = self.outputs[layer], self.deltas[layer], self.scratch[layer]
        if self.names[layer] == "sigmoid":  # delta·(a − a²)
            self.torch.addcmul(a, a, a, value=-1.0, out=scratch)
            delta.mul_(scratch)
        else:  # tanh: delta − (delta·a)·a
            self.torch.mul(delta, a, out=scratch)
            delta.addcmul_(scratch, a, value=-1.0)

    def theta(self) -> FloatArray:
        return flat(self.weights, self.biases)


class Autograd:
    """Train as PyTorch's tutorials do: modules, a loss, backward, an optimizer."""

    def __init__(self, torch: Any, job: Job) -> None:
        self.torch, self.batches, self.job = torch, Batches(torch, job), job
        sizes, modules = job.network.sizes, []
        self.linear = [torch.nn.Linear(m, n) for m, n in itertools.pairwise(sizes)]
        for layer, module in enumerate(self.linear, start=1):
            with torch.no_grad():
                module.weight.copy_(torch.tensor(job.network.weights(job.theta, layer)))
                module.bias.copy_(torch.tensor(job.network.biases(job.theta, layer)))
        kinds = {"tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "softmax": torch.nn.Identity}
        for module, name in zip(self.linear, job.network.activations, strict=True):
            modules += [module, kinds[name]()]
        self.model = torch.nn.Sequential(*modules)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=job.rate)
        self.loss = self.loss_of(job)

    def loss_of(self, job: Job) -> Any:
        if job.network.cost == "cross_entropy":
            return self.torch.nn.CrossEntropyLoss()
        squares, batch = self.torch.nn.MSELoss(reduction="sum"), job.batch
        return lambda outputs, y: squares(outputs, y) / batch

    def advance(self, updates: int) -> None:
        for x, y in self.batches.take(updates):
            self.optimizer.zero_grad()
            self.loss(self.model(x), y).backward()
            self.optimizer.step()

    def theta(self) -> FloatArray:
        return flat([one.weight for one in self.linear], [one.bias for one in self.linear])
