import numpy as np

from app.data.encoding import as_they_are, beside, coded, one_hot, ranged, standardised


def test_a_standardised_column_has_mean_0_and_variance_1() -> None:
    readings = np.array([3.0, 5.0, 10.0, 22.0])
    columns = standardised("x", readings, "cm")
    assert np.isclose(columns.fed.mean(), 0.0)
    assert np.isclose((columns.fed**2).mean(), 1.0)
    assert columns.scaling[0].sd == np.sqrt(((readings - 10.0) ** 2).sum() / 4)


def test_each_category_gets_its_number() -> None:
    columns = coded("sex", [0, 1, 1], (("female", -1.0), ("male", 1.0)))
    assert columns.fed.tolist() == [[-1.0], [1.0], [1.0]]


def test_each_category_gets_its_column() -> None:
    columns = one_hot(["a?", "b?", "c?"], [2, 0], ["a", "b", "c"])
    assert columns.fed.tolist() == [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    assert [scale.read(2.0) for scale in columns.scaling] == ["c", "c", "c"]


def test_groups_stand_side_by_side() -> None:
    left = as_they_are(["x", "y"], [[1.0, 2.0], [3.0, 4.0]])
    right = ranged(["z"], np.array([[0.0], [5.0]]), 0.0, 10.0)
    both = beside([left, right])
    assert both.names == ("x", "y", "z")
    assert both.fed.tolist() == [[1.0, 2.0, 0.0], [3.0, 4.0, 0.5]]
    assert [scale.kind for scale in both.scaling] == ["none", "none", "range"]
