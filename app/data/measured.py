"""The bundled tables of real measurements: penguins, irises and handwritten digits."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from app.data.dataset import About, Dataset, dataset_of
from app.data.encoding import Columns, beside, coded, one_hot, ranged, standardised
from app.engine.arrays import FloatArray

TABLES = Path(__file__).with_name("tables")

PENGUINS = (
    "Gorman, Williams and Fraser (2014), PLoS ONE 9(3): e90081; as in palmerpenguins, "
    "Horst, Hill and Gorman (2020)"
)
INCOMPLETE = 11
COLONIES = (
    "Adelie Biscoe",
    "Adelie Dream",
    "Adelie Torgersen",
    "Chinstrap Dream",
    "Gentoo Biscoe",
)
SPECIES = ("Adelie", "Chinstrap", "Gentoo")
MEASURES = (
    ("bill_length_mm", "bill length", "mm"),
    ("bill_depth_mm", "bill depth", "mm"),
    ("flipper_length_mm", "flipper length", "mm"),
    ("body_mass_g", "body mass", "g"),
)
SEX = (("female", -1.0), ("male", 1.0))
OTHER_OR_GENTOO = (("another species", 0.0), ("Gentoo", 1.0))

IRISES = ("setosa", "versicolor", "virginica")
IRIS_MEASURES = ("sepal length", "sepal width", "petal length", "petal width")

SIDE, MOST_INK = 8, 16.0


def penguin_colonies() -> Dataset:
    """Read five measurements of each penguin and the colony it nests in."""
    rows = _complete_penguins()
    about = _about_penguins(
        "penguin-colonies",
        "Penguin colonies",
        "Which of five colonies does a penguin nest in? The species differ in size; "
        "the three Adelie colonies hardly do, so no network can tell all of them apart.",
    )
    places = [COLONIES.index(f"{row['species']} {row['island']}") for row in rows]
    targets = one_hot(COLONIES, places, COLONIES)
    return dataset_of(about, _five_measures(rows), targets, classes=COLONIES, dropped=INCOMPLETE)


def penguin_species() -> Dataset:
    """Read five measurements of each penguin and its species."""
    rows = _complete_penguins()
    about = _about_penguins(
        "penguin-species",
        "Penguin species",
        "Adelie, chinstrap or gentoo? Bill, flippers, weight and sex tell them apart.",
    )
    places = [SPECIES.index(row["species"]) for row in rows]
    targets = one_hot(SPECIES, places, SPECIES)
    return dataset_of(about, _five_measures(rows), targets, classes=SPECIES, dropped=INCOMPLETE)


def penguin_gentoo_flipper() -> Dataset:
    """Read each penguin's flipper length and whether it is a gentoo."""
    rows = _complete_penguins()
    about = _about_penguins(
        "penguin-gentoo-flipper",
        "Gentoo or not, by flipper",
        "Gentoos have the longest flippers. How far does that one measurement go?",
    )
    return _gentoo(about, rows, _measure(rows, *MEASURES[2]))


def penguin_gentoo() -> Dataset:
    """Read five measurements of each penguin and whether it is a gentoo."""
    rows = _complete_penguins()
    about = _about_penguins(
        "penguin-gentoo",
        "Gentoo or not, by five measurements",
        "Is this penguin a gentoo? Five measurements and one question.",
    )
    return _gentoo(about, rows, _five_measures(rows))


def iris() -> Dataset:
    """Read four measurements of each flower and its species."""
    rows = _rows("iris.csv")
    about = About(
        "iris",
        "Iris flowers",
        "Three species of iris, told apart by the length and width of their petals and sepals.",
        "Fisher (1936), Annals of Eugenics 7(2): 179–188; as in scikit-learn's copy",
        "CC BY 4.0 (UCI Machine Learning Repository)",
        row_noun="flower",
    )
    inputs = [_measure(rows, f"{name.replace(' ', '_')}_cm", name, "cm") for name in IRIS_MEASURES]
    places = [IRISES.index(row["species"]) for row in rows]
    return dataset_of(about, beside(inputs), one_hot(IRISES, places, IRISES), classes=IRISES)


def digits() -> Dataset:
    """Read 8 × 8 pixels of each handwritten digit and which digit it is."""
    table = np.loadtxt(TABLES / "digits.csv", delimiter=",", skiprows=1)
    about = About(
        "digits",
        "Handwritten digits",
        "Small pictures of handwritten digits, 8 × 8 pixels from 0 (paper) to 16 (ink).",
        "Alpaydin and Kaynak (1998), UCI Machine Learning Repository, test part; "
        "as in scikit-learn's copy",
        "CC BY 4.0",
        row_noun="digit",
        picture=(SIDE, SIDE),
    )
    places = [(row, column) for row in range(1, SIDE + 1) for column in range(1, SIDE + 1)]
    names = [f"row {row}, column {column}" for row, column in places]
    classes = tuple("0123456789")
    targets = one_hot(classes, table[:, -1], classes)
    inputs = ranged(names, table[:, :-1], 0.0, MOST_INK, "of 16")
    return dataset_of(about, inputs, targets, classes=classes)


def _rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _complete_penguins() -> list[dict[str, str]]:
    return [row for row in _rows("penguins.csv") if all(row.values())]


def _about_penguins(identifier: str, title: str, summary: str) -> About:
    return About(identifier, title, summary, PENGUINS, "CC0 1.0", row_noun="penguin")


def _measure(rows: list[dict[str, str]], column: str, name: str, unit: str) -> Columns:
    readings: FloatArray = np.array([float(row[column]) for row in rows])
    return standardised(name, readings, unit)


def _five_measures(rows: list[dict[str, str]]) -> Columns:
    sexes = [name for name, _ in SEX]
    sex = coded("sex", [sexes.index(row["sex"]) for row in rows], SEX)
    return beside([*(_measure(rows, *measure) for measure in MEASURES), sex])


def _gentoo(about: About, rows: list[dict[str, str]], inputs: Columns) -> Dataset:
    places = [int(row["species"] == "Gentoo") for row in rows]
    targets = coded("Gentoo", places, OTHER_OR_GENTOO)
    classes = [name for name, _ in OTHER_OR_GENTOO]
    return dataset_of(about, inputs, targets, classes=classes, dropped=INCOMPLETE)
