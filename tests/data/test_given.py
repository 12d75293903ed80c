import math

import pytest

from app.data.given import dataset_from_values
from app.data.limits import Limits
from app.errors import InvalidInput, TooLarge


def test_rows_are_fed_as_they_are() -> None:
    dataset = dataset_from_values([[0.05, 0.1]], [[0.01, 0.99]], ["a", "b"], ["c", "d"])
    assert dataset.inputs.tolist() == [[0.05, 0.1]]
    assert dataset.targets.tolist() == [[0.01, 0.99]]
    assert (dataset.input_names, dataset.target_names) == (("a", "b"), ("c", "d"))
    assert dataset.raw(0) == ("0.05", "0.1")
    assert dataset.classes == ()


def test_names_are_given_where_there_are_none() -> None:
    dataset = dataset_from_values([[1, 2]], [[3]])
    assert dataset.input_names == ("x1", "x2")
    assert dataset.target_names == ("y1",)


@pytest.mark.parametrize(
    ("targets", "classes"),
    [
        ([[0], [1]], ("not y1", "y1")),
        ([[0, 1], [1, 0]], ("y1", "y2")),
        ([[1, 1], [1, 0]], ()),
        ([[0.5], [1]], ()),
    ],
)
def test_classes_are_recognised(targets: list[list[float]], classes: tuple[str, ...]) -> None:
    assert dataset_from_values([[1], [2]], targets).classes == classes


@pytest.mark.parametrize(
    ("inputs", "targets", "pointers"),
    [
        ([], [[1]], ["/data/inputs"]),
        ([[]], [[1]], ["/data/inputs"]),
        ([[1]], [], ["/data/targets"]),
        ([[1], [2, 3], [4], []], [[1]], ["/data/inputs/1", "/data/inputs/3"]),
        ([[1, math.nan], [math.inf, 10**400]], [[1]], ["/0/1", "/1/0", "/1/1"]),
        ([[1]], [[-1e7]], ["/data/targets/0/0"]),
        ([[1]], [[1], [2]], ["/data/targets"]),
    ],
)
def test_what_is_no_table_of_numbers_is_pointed_at(
    inputs: list[list[float]], targets: list[list[float]], pointers: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        dataset_from_values(inputs, targets)
    found = [fault.pointer for fault in caught.value.faults]
    assert [here.endswith(there) for here, there in zip(found, pointers, strict=True)]


def test_at_most_twenty_faults_are_listed() -> None:
    with pytest.raises(InvalidInput) as caught:
        dataset_from_values([[math.nan] * 15] * 15, [[1]])
    assert len(caught.value.faults) == 20


@pytest.mark.parametrize(
    ("names", "pointer", "said"),
    [
        (["a"], "/data/input_names", "1 names for 2 columns"),
        (["a", "a"], "/data/input_names/1", "used twice"),
        (["a", " "], "/data/input_names/1", "1 to 60"),
        (["a", "b\n"], "/data/input_names/1", "1 to 60"),
        (["a" * 61, "b"], "/data/input_names/0", "1 to 60"),
    ],
)
def test_names_that_do_not_fit_are_pointed_at(names: list[str], pointer: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        dataset_from_values([[1, 2]], [[1]], names)
    assert caught.value.faults[0].pointer == pointer


@pytest.mark.parametrize(
    ("limits", "pointer", "said"),
    [
        (Limits(rows=1), "/here/inputs", "2 rows; at most 1"),
        (Limits(neurons=1), "/here/inputs/0", "2 numbers; at most 1"),
        (Limits(cells=5), "/here", "6 cells; at most 5"),
    ],
)
def test_limits_are_kept(limits: Limits, pointer: str, said: str) -> None:
    with pytest.raises(TooLarge, match=said) as caught:
        dataset_from_values([[1, 2], [3, 4]], [[1], [2]], limits=limits, pointer="/here")
    assert caught.value.faults[0].pointer == pointer
