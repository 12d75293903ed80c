"""Two ways with NumPy: Glassbox's own, and the loop over lists of matrices that most tutorials teach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from app.engine.arrays import FloatArray
from app.engine.schedule import Schedule
from app.engine.train import Trainer
from app.engine.training import State
from benchmarks.jobs import Job

Function = Callable[[FloatArray], Any]


class Glassbox:
    """Train as the application does, the cost of every update recorded."""

    def __init__(self, job: Job) -> None:
        training = job.training
        schedule = Schedule(len(job.inputs), job.batch, training.shuffle, training.seed)
        state = State.start(job.theta, training.optimizer)
        self._trainer = Trainer(
            job.network, training, schedule, job.inputs, job.targets, state, iteration=0
        )

    def advance(self, updates: int) -> None:
        self._trainer.advance(updates)

    def theta(self) -> FloatArray:
        return self._trainer.state().theta


def sigmoid(z: FloatArray) -> Any:
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z: FloatArray) -> Any:
    return sigmoid(z) * (1.0 - sigmoid(z))


def tanh(z: FloatArray) -> Any:
    return np.tanh(z)


def tanh_prime(z: FloatArray) -> Any:
    return 1.0 - np.tanh(z) ** 2


def softmax(z: FloatArray) -> Any:
    powers = np.exp(z - z.max(axis=0, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)


FUNCTIONS: dict[str, Function] = {"sigmoid": sigmoid, "tanh": tanh, "softmax": softmax}
PRIMES: dict[str, Function] = {"sigmoid": sigmoid_prime, "tanh": tanh_prime}


class Textbook:
    """Train with a list of weight matrices and a list of bias columns, new arrays at each step."""

    def __init__(self, job: Job) -> None:
        network, theta = job.network, job.theta
        layers = range(1, network.depth + 1)
        self.weights = [network.weights(theta, layer).copy() for layer in layers]
        self.biases = [network.biases(theta, layer).reshape(-1, 1).copy() for layer in layers]
        self.functions = [FUNCTIONS[name] for name in network.activations]
        self.primes = [PRIMES.get(name) for name in network.activations]
        self.inputs, self.targets = job.inputs, job.targets
        self.batch, self.rate, self.start = job.batch, job.rate, 0

    def advance(self, updates: int) -> None:
        for _ in range(updates):
            rows = slice(self.start, self.start + self.batch)
            self.update(self.inputs[rows].T, self.targets[rows].T)
            self.start = (self.start + self.batch) % len(self.inputs)

    def update(self, x: FloatArray, y: FloatArray) -> None:
        gradients_w, gradients_b = self.backprop(x, y)
        self.weights = [w - self.rate * g for w, g in zip(self.weights, gradients_w, strict=True)]
        self.biases = [b - self.rate * g for b, g in zip(self.biases, gradients_b, strict=True)]

    def backprop(self, x: FloatArray, y: FloatArray) -> tuple[list[FloatArray], list[FloatArray]]:
        a, zs, activations = x, [], [x]
        for w, b, function in zip(self.weights, self.biases, self.functions, strict=True):
            z = w @ a + b
            zs.append(z)
            a = function(z)
            activations.append(a)
        gradients_w, gradients_b = [], []
        delta = self.last_delta(zs[-1], a, y)
        for layer in range(len(zs) - 1, -1, -1):
            gradients_w.append(delta @ activations[layer].T)
            gradients_b.append(delta.sum(axis=1, keepdims=True))
            prime = self.primes[layer - 1]
            if layer > 0 and prime is not None:
                delta = (self.weights[layer].T @ delta) * prime(zs[layer - 1])
        return gradients_w[::-1], gradients_b[::-1]

    def last_delta(self, z: FloatArray, a: FloatArray, y: FloatArray) -> Any:
        prime = self.primes[-1]
        if prime is None:  # softmax with cross-entropy
            return (a - y) / y.shape[1]
        return 2.0 * (a - y) / y.shape[1] * prime(z)

    def theta(self) -> FloatArray:
        pairs = zip(self.weights, self.biases, strict=True)
        return np.concatenate([np.hstack([w, b]).reshape(-1) for w, b in pairs])
