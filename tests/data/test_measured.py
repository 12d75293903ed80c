import csv

import numpy as np
import pytest

from app.data import measured
from app.data.bundled import bundled

PENGUINS = ("penguin-colonies", "penguin-species", "penguin-gentoo", "penguin-gentoo-flipper")


def test_the_333_complete_penguins_are_read() -> None:
    with (measured.TABLES / "penguins.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    complete = [row for row in rows if all(row.values())]
    assert (len(rows), len(complete)) == (344, 333)
    for identifier in PENGUINS:
        dataset = bundled(identifier)
        assert (dataset.observations, dataset.dropped) == (333, 11)
    for row, entry in enumerate(complete):
        bill, depth, flipper, mass = (float(entry[column]) for column, _, _ in measured.MEASURES)
        penguins = bundled("penguin-colonies")
        assert penguins.readings[row, :4].tolist() == [bill, depth, flipper, mass]
        assert penguins.raw(row)[4] == entry["sex"]
        assert penguins.class_of(row) == f"{entry['species']} {entry['island']}"
        assert bundled("penguin-species").class_of(row) == entry["species"]
        gentoo = entry["species"] == "Gentoo"
        assert bundled("penguin-gentoo").targets[row, 0] == gentoo


def test_the_colonies_have_their_order_and_sizes() -> None:
    dataset = bundled("penguin-colonies")
    assert dataset.target_names == dataset.classes == measured.COLONIES
    assert dataset.targets.sum(axis=0).tolist() == [44.0, 55.0, 47.0, 68.0, 119.0]


@pytest.mark.parametrize(
    ("identifier", "scaled"), [(PENGUINS[0], 4), (PENGUINS[3], 1), ("iris", 4)]
)
def test_measurements_are_standardised(identifier: str, scaled: int) -> None:
    inputs = bundled(identifier).inputs[:, :scaled]
    assert np.allclose(inputs.mean(axis=0), 0.0, atol=1e-12)
    assert np.allclose((inputs**2).mean(axis=0), 1.0)


def test_sex_is_plus_or_minus_one() -> None:
    dataset = bundled("penguin-gentoo")
    assert dataset.scaling[4].coding == (("female", -1.0), ("male", 1.0))
    assert set(dataset.inputs[:, 4].tolist()) == {-1.0, 1.0}


def test_gentoo_is_one_output() -> None:
    dataset = bundled("penguin-gentoo-flipper")
    assert dataset.input_names == ("flipper length",)
    assert dataset.classes == ("another species", "Gentoo")
    assert dataset.targets.sum() == 119


def test_the_irises_are_read() -> None:
    dataset = bundled("iris")
    assert dataset.raw(0) == ("5.1 cm", "3.5 cm", "1.4 cm", "0.2 cm")
    assert dataset.targets.sum(axis=0).tolist() == [50.0, 50.0, 50.0]


def test_the_digits_are_pictures_from_0_to_1() -> None:
    dataset = bundled("digits")
    assert dataset.inputs.shape == (1797, 64)
    assert dataset.about.picture == (8, 8)
    assert (dataset.inputs.min(), dataset.inputs.max()) == (0.0, 1.0)
    assert dataset.readings[0, :8].tolist() == [0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0]
    assert dataset.input_names[3] == "row 1, column 4"
    assert [dataset.class_of(row) for row in range(3)] == ["0", "1", "2"]
