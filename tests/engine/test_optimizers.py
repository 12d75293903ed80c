"""The update formulas beside the oracle's, parameter by parameter, on the same gradients."""

import math

import numpy as np
import pytest

from app.engine.arrays import FloatArray, run
from app.engine.optimizers import BUILDERS, Update
from app.engine.training import MOMENT_COUNTS, Optimizer, Training
from tests import oracle

STEPS = 8


class Descent:
    """Hold an update on vectors of its own."""

    def __init__(self, optimizer: Optimizer, rate: float, theta: FloatArray) -> None:
        self.theta, self.gradient = theta.copy(), np.zeros_like(theta)
        self.moments = np.zeros((optimizer.moment_count, len(theta)))
        training = Training(learning_rate=rate, optimizer=optimizer)
        self.update = Update(training, self.theta, self.gradient, self.moments)

    def step(self, gradient: FloatArray) -> None:
        self.gradient[:] = gradient
        run(self.update.steps)


def drawn_gradients() -> FloatArray:
    """Draw gradients from very small to very large, of both signs, with a 0 among them."""
    generator = np.random.default_rng(2)
    gradients = generator.normal(size=(STEPS, 7)) * 10.0 ** np.arange(-4.0, 3.0)
    gradients[:, 0] = 0.0
    return gradients


def test_every_optimizer_is_judged() -> None:
    assert {*BUILDERS} == {*MOMENT_COUNTS} == {*oracle.OPTIMISERS}


@pytest.mark.parametrize(
    "optimizer",
    [
        *map(Optimizer, MOMENT_COUNTS),
        Optimizer("momentum", momentum=0.5),
        Optimizer("nesterov", momentum=0.0),
        Optimizer("rmsprop", alpha=0.5, epsilon=1e-3),
        Optimizer("adam", beta1=0.0, beta2=0.5, epsilon=0.1),
    ],
    ids=str,
)
def test_updates_are_the_oracles(optimizer: Optimizer) -> None:
    theta = np.linspace(-1.0, 1.0, 7)
    descent = Descent(optimizer, 0.05, theta)
    judge = oracle.Optimiser(
        optimizer.name,
        0.05,
        optimizer.momentum,
        optimizer.alpha,
        optimizer.beta1,
        optimizer.beta2,
        optimizer.epsilon,
    )
    expected = theta.tolist()
    for gradient in drawn_gradients():
        descent.step(gradient)
        judge.steps += 1
        expected = [
            value - judge.change((key,), float(slope))
            for key, (value, slope) in enumerate(zip(expected, gradient, strict=True))
        ]
        np.testing.assert_allclose(descent.theta, expected, rtol=1e-13, atol=1e-14)
        buffers = [judge.first, judge.second][: optimizer.moment_count]
        for row, buffer in zip(descent.moments, buffers, strict=True):
            np.testing.assert_allclose(row, [buffer[key,] for key in range(7)], rtol=1e-13)
        np.testing.assert_array_equal(descent.gradient, gradient)


@pytest.mark.parametrize("name", MOMENT_COUNTS)
def test_only_adam_counts_its_updates(name: str) -> None:
    descent = Descent(Optimizer(name), 0.1, np.ones(2))
    for _ in range(3):
        descent.step(np.ones(2))
    assert descent.update.updates == (3 if name == "adam" else 0)


def test_adams_first_step_is_as_large_as_the_rate() -> None:
    descent = Descent(Optimizer("adam"), 0.1, np.zeros(3))
    descent.step(np.array([1e-3, -5.0, 1e3]))
    np.testing.assert_allclose(descent.theta, [-0.1, 0.1, -0.1], rtol=1e-4)


def test_adam_goes_on_from_a_count() -> None:
    one, two = (Descent(Optimizer("adam"), 0.1, np.ones(2)) for _ in range(2))
    for _ in range(4):
        one.step(np.array([0.3, -2.0]))
    two.theta[:], two.moments[:], two.update.updates = one.theta, one.moments, one.update.updates
    one.step(np.array([0.1, 0.2]))
    two.step(np.array([0.1, 0.2]))
    assert one.theta.tobytes() == two.theta.tobytes()


@pytest.mark.parametrize("name", MOMENT_COUNTS)
def test_no_gradient_moves_nothing(name: str) -> None:
    descent = Descent(Optimizer(name), 0.1, np.array([0.5, -0.5]))
    descent.step(np.zeros(2))
    assert descent.theta.tolist() == [0.5, -0.5]


@pytest.mark.parametrize("name", MOMENT_COUNTS)
def test_a_rate_of_0_learns_nothing(name: str) -> None:
    descent = Descent(Optimizer(name), 0.0, np.array([0.5, -0.5]))
    descent.step(np.array([math.pi, -1e9]))
    assert descent.theta.tolist() == [0.5, -0.5]
