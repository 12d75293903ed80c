"""Small data sets made up for teaching, from fixed seeds: the same numbers every time."""

from __future__ import annotations

import numpy as np

from app.data.dataset import About, Dataset, dataset_of
from app.data.encoding import as_they_are, coded, one_hot
from app.engine.arrays import FloatArray

SEED = 2020
POINTS = 100
SINE_POINTS = 60
PLANE = ("x", "y")
PLACES = ("first", "second", "third", "fourth", "fifth")
CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))


def worked_example() -> Dataset:
    """Give the one row of the best-known example worked by hand."""
    about = About(
        "worked-example",
        "Worked example",
        "One observation with round numbers, so that every step can be followed with a pencil.",
        "The numbers of Matt Mazur's “A Step by Step Backpropagation Example” (2015)",
        "",
        made_up=True,
        row_noun="example",
    )
    inputs = as_they_are(["x1", "x2"], [[0.05, 0.10]])
    return dataset_of(about, inputs, as_they_are(["y1", "y2"], [[0.01, 0.99]]))


def logical_and() -> Dataset:
    """Give the truth table of “and”."""
    return _truth_table("and", "Both inputs have to be 1.", [0, 0, 0, 1])


def logical_or() -> Dataset:
    """Give the truth table of “or”."""
    return _truth_table("or", "One input that is 1 is enough.", [0, 1, 1, 1])


def logical_xor() -> Dataset:
    """Give the truth table of “exclusive or”."""
    summary = "1 when the inputs differ. No single neuron can draw this line; a hidden layer can."
    return _truth_table("xor", summary, [0, 1, 1, 0])


def encoder() -> Dataset:
    """Give five rows, each with a single 1, whose targets are the inputs themselves."""
    about = _about(
        "encoder-5",
        "Encoder",
        "One of five inputs is 1, and the same output should be. "
        "Between them the network has to find a short code.",
        "row",
    )
    inputs = as_they_are([f"input {place}" for place in range(1, 6)], np.eye(5))
    targets = one_hot([f"output {place}" for place in range(1, 6)], range(5), PLACES)
    return dataset_of(about, inputs, targets, classes=PLACES)


def moons() -> Dataset:
    """Make two half moons that reach into each other."""
    generator = np.random.default_rng(SEED)
    angle = np.linspace(0.0, np.pi, POINTS)
    upper = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    lower = np.column_stack([0.5 - np.cos(angle), 0.25 - np.sin(angle)])
    about = _about("moons", "Two moons", "Two half moons that reach into each other.")
    return _two_classes(about, [upper, lower], generator, 0.1, ("upper", "lower"))


def circles() -> Dataset:
    """Make a ring around a disc."""
    generator = np.random.default_rng(SEED)
    angle = np.linspace(0.0, 2.0 * np.pi, POINTS, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    about = _about("circles", "Ring and disc", "A disc with a ring around it.")
    return _two_classes(about, [ring, 0.45 * ring], generator, 0.08, ("outside", "inside"))


def spirals() -> Dataset:
    """Make two spirals wound around each other."""
    generator = np.random.default_rng(SEED)
    along = np.linspace(0.1, 1.0, POINTS)
    turn = 1.5 * 2.0 * np.pi * along
    arm = np.column_stack([along * np.cos(turn), along * np.sin(turn)])
    about = _about("spirals", "Two spirals", "Two spirals wound around each other: a hard one.")
    return _two_classes(about, [arm, -arm], generator, 0.02, ("first", "second"))


def noisy_sine() -> Dataset:
    """Make points along one wave of a sine, with noise."""
    generator = np.random.default_rng(SEED)
    x = np.linspace(-1.0, 1.0, SINE_POINTS)
    y = 0.5 + 0.35 * np.sin(np.pi * x) + generator.normal(0.0, 0.03, SINE_POINTS)
    about = _about(
        "noisy-sine",
        "Noisy sine",
        "One wave of a sine between 0 and 1, measured badly. Which curve lies behind the points?",
    )
    return dataset_of(
        about, as_they_are(["x"], x.round(3)[:, None]), as_they_are(["y"], y.round(3)[:, None])
    )


def _about(identifier: str, title: str, summary: str, row_noun: str = "point") -> About:
    source = "Made up for Glassbox; not measured anywhere"
    return About(identifier, title, summary, source, "CC0 1.0", made_up=True, row_noun=row_noun)


def _truth_table(name: str, summary: str, answers: list[int]) -> Dataset:
    about = _about(name, f"Logic: {name}", summary, "row")
    targets = coded(f"a {name} b", answers, (("false", 0.0), ("true", 1.0)))
    return dataset_of(about, as_they_are(["a", "b"], CORNERS), targets, classes=["false", "true"])


def _two_classes(
    about: About,
    shapes: list[FloatArray],
    generator: np.random.Generator,
    noise: float,
    classes: tuple[str, str],
) -> Dataset:
    """Scatter points about two shapes; the classes take turns, so that any first rows hold both."""
    points = np.stack(shapes, axis=1).reshape(-1, 2)
    points = (points + generator.normal(0.0, noise, points.shape)).round(3)
    places = np.tile([0, 1], len(points) // 2)
    targets = coded(classes[1], places, tuple(zip(classes, (0.0, 1.0), strict=True)))
    return dataset_of(about, as_they_are(PLANE, points), targets, classes=classes)
