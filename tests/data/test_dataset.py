from dataclasses import replace

import numpy as np
import pytest

from app.data.bundled import bundled
from app.data.dataset import About, accuracy, chosen_classes, confusion, dataset_of
from app.data.encoding import as_they_are

ABOUT = About("", "Mine", "", "", "")


def test_a_row_reads_as_it_was_measured_and_is_fed_scaled() -> None:
    penguins = bundled("penguin-colonies")
    assert (penguins.id, penguins.title) == ("penguin-colonies", "Penguin colonies")
    assert penguins.input_names[0] == "bill length"
    assert penguins.raw(0) == ("39.1 mm", "18.7 mm", "181 mm", "3750 g", "male")
    assert penguins.inputs[0].round(2).tolist() == [-0.9, 0.78, -1.43, -0.57, 1.0]
    assert set(penguins.raw_targets(0)) == {"Adelie Torgersen"}
    assert penguins.row_label(16) == "penguin 17"
    assert penguins.class_of(0) == "Adelie Torgersen"


def test_the_arrays_cannot_be_written() -> None:
    penguins = bundled("penguin-species")
    for array in (
        penguins.inputs,
        penguins.targets,
        penguins.readings,
        penguins.target_readings,
        penguins.row_numbers,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
        assert array.flags.c_contiguous


def test_parts_that_do_not_fit_are_refused() -> None:
    dataset = dataset_of(ABOUT, as_they_are(["x"], [[1.0]]), as_they_are(["y"], [[2.0]]))
    for wrong in (
        {"input_names": ("x", "z")},
        {"targets": np.zeros((2, 1))},
        {"scaling": ()},
        {"classes": ("only one",)},
        {"row_numbers": np.arange(3)},
    ):
        with pytest.raises(ValueError, match="do not fit"):
            replace(dataset, **wrong)


def test_rows_may_go_by_numbers_of_their_own() -> None:
    numbers = np.array([4, 9])
    dataset = dataset_of(
        replace(ABOUT, row_noun="line"),
        as_they_are(["x"], [[1.0], [2.0]]),
        as_they_are(["y"], [[1.0], [2.0]]),
        row_numbers=numbers,
    )
    numbers[0] = 7
    assert [dataset.row_label(row) for row in (0, 1)] == ["line 4", "line 9"]
    assert dataset.class_of(0) is None


def test_the_largest_of_several_outputs_chooses_the_class() -> None:
    assert chosen_classes(np.array([[0.1, 0.7, 0.2], [0.4, 0.4, 0.2]])).tolist() == [1, 0]


def test_a_single_output_chooses_by_the_half() -> None:
    assert chosen_classes(np.array([[0.49], [0.5], [0.9]])).tolist() == [0, 1, 1]


def test_confusion_has_actual_rows_and_predicted_columns() -> None:
    targets = np.eye(3)[[0, 0, 1, 2]]
    outputs = np.eye(3)[[0, 1, 1, 1]]
    assert confusion(outputs, targets).tolist() == [[1, 1, 0], [0, 1, 0], [0, 1, 0]]
    assert accuracy(outputs, targets) == 0.5
    single = confusion(np.array([[0.9], [0.1]]), np.array([[1.0], [1.0]]))
    assert single.tolist() == [[0, 0], [1, 1]]
