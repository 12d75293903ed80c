import numpy as np
import pytest

from app.data import made_up
from app.data.bundled import bundled

MADE_UP = [
    "worked-example",
    "and",
    "or",
    "xor",
    "encoder-5",
    "moons",
    "circles",
    "spirals",
    "noisy-sine",
]


@pytest.mark.parametrize("identifier", MADE_UP)
def test_made_up_sets_say_so(identifier: str) -> None:
    assert bundled(identifier).about.made_up


@pytest.mark.parametrize(
    ("identifier", "answers"), [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0])]
)
def test_truth_tables_are_true(identifier: str, answers: list[int]) -> None:
    dataset = bundled(identifier)
    assert dataset.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert dataset.targets[:, 0].tolist() == answers
    assert dataset.class_of(0) == "false"


def test_the_encoder_answers_what_it_is_given() -> None:
    dataset = bundled("encoder-5")
    assert np.array_equal(dataset.inputs, np.eye(5))
    assert np.array_equal(dataset.targets, np.eye(5))
    assert dataset.class_of(2) == "third"


def test_the_worked_example_has_its_known_numbers() -> None:
    dataset = bundled("worked-example")
    assert dataset.inputs.tolist() == [[0.05, 0.1]]
    assert dataset.targets.tolist() == [[0.01, 0.99]]


@pytest.mark.parametrize("identifier", ["moons", "circles", "spirals"])
def test_points_of_two_classes_take_turns(identifier: str) -> None:
    dataset = bundled(identifier)
    assert dataset.inputs.shape == (200, 2)
    assert dataset.targets[:, 0].tolist() == [0.0, 1.0] * 100
    assert np.abs(dataset.inputs).max() < 2.0


def test_the_ring_lies_around_the_disc() -> None:
    dataset = bundled("circles")
    radius = np.hypot(*dataset.inputs.T)
    assert radius[dataset.targets[:, 0] == 0].mean() > 2 * radius[dataset.targets[:, 0] == 1].mean()


def test_the_sine_stays_where_a_sigmoid_reaches() -> None:
    dataset = bundled("noisy-sine")
    assert 0.05 < dataset.targets.min() < dataset.targets.max() < 0.95
    assert dataset.classes == ()


def test_the_numbers_are_the_same_every_time() -> None:
    assert np.array_equal(made_up.moons().inputs, made_up.moons().inputs)
    assert made_up.noisy_sine().targets[0, 0] == bundled("noisy-sine").targets[0, 0]
