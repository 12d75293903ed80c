import numpy as np
import pytest

from app.data.csv_choice import to_dataset
from app.data.csv_table import read_table
from app.data.limits import Limits
from app.errors import InvalidInput, TooLarge

CSV = """bill,sex,island,note,species,eggs,all
39.1,male,Torgersen,,Adelie,2,1
50.0,female,Biscoe,a,Gentoo,1,1
,male,Dream,b,Adelie,2,1
45.5,female,Dream,c,Chinstrap,1,1
"""
TABLE = read_table(CSV)


def test_inputs_are_scaled_and_coded() -> None:
    dataset = to_dataset(TABLE, ["bill", "sex", "island"], ["species"])
    assert dataset.input_names == (
        "bill",
        "sex",
        "island = Biscoe",
        "island = Dream",
        "island = Torgersen",
    )
    assert [scale.kind for scale in dataset.scaling] == [
        "standardised",
        "coded",
        "one-hot",
        "one-hot",
        "one-hot",
    ]
    assert np.isclose(dataset.inputs[:, 0].std(), 1.0)
    assert dataset.inputs[:, 1].tolist() == [1.0, -1.0, -1.0]
    assert dataset.inputs[0, 2:].tolist() == [0.0, 0.0, 1.0]
    assert dataset.raw(0) == ("39.1", "male", "Torgersen", "Torgersen", "Torgersen")


def test_rows_with_a_missing_cell_are_left_out_and_counted() -> None:
    dataset = to_dataset(TABLE, ["bill"], ["species"])
    assert dataset.observations == 3
    assert dataset.dropped == 1
    assert [dataset.row_label(row) for row in range(3)] == ["line 2", "line 3", "line 5"]
    assert to_dataset(TABLE, ["sex"], ["species"]).dropped == 0


def test_a_category_as_target_becomes_one_output_each() -> None:
    dataset = to_dataset(TABLE, ["bill"], ["species"])
    assert dataset.target_names == dataset.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert dataset.targets.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert dataset.class_of(1) == "Gentoo"


def test_numbers_as_targets_go_from_0_to_1() -> None:
    dataset = to_dataset(TABLE, ["sex"], ["bill"])
    assert dataset.targets[:2, 0].tolist() == [0.0, 1.0]
    assert dataset.target_scaling[0].text(0.0) == "39.1"
    assert dataset.target_scaling[0].text(1.0) == "50"
    assert dataset.classes == ()


def test_several_targets_say_which_is_which() -> None:
    dataset = to_dataset(TABLE, ["bill"], ["sex", "eggs"])
    assert dataset.target_names == ("sex = female", "sex = male", "eggs")
    assert dataset.classes == ()


def test_numbers_can_be_read_as_categories() -> None:
    dataset = to_dataset(TABLE, ["bill"], ["eggs"], categories=["eggs"])
    assert dataset.classes == ("1", "2")
    assert dataset.targets.tolist() == [[0, 1], [1, 0], [1, 0]]


@pytest.mark.parametrize(
    ("inputs", "targets", "pointer", "said"),
    [
        ([], ["species"], "/input_columns", "at least one"),
        (["bill"], [], "/target_columns", "at least one"),
        (["bill", "beak"], ["species"], "/input_columns/1", "no column “beak”"),
        (["bill", "bill"], ["species"], "/input_columns/1", "chosen twice"),
        (["bill"], ["species", "bill"], "/target_columns/1", "chosen twice"),
        (["all"], ["species"], "/input_columns/0", "the same in every row"),
        (["bill"], ["all"], "/target_columns/0", "the same in every row"),
    ],
)
def test_a_choice_that_cannot_be_used_is_pointed_at(
    inputs: list[str], targets: list[str], pointer: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        to_dataset(TABLE, inputs, targets, pointer="/data")
    assert caught.value.faults[0].pointer == f"/data{pointer}"


def test_a_category_that_is_the_same_in_all_rows_left_is_refused() -> None:
    table = read_table("x,word,y\n1,a,1\n2,a,2\n,b,3\n")
    with pytest.raises(InvalidInput, match="“word” is the same"):
        to_dataset(table, ["x", "word"], ["y"])


def test_numbers_too_close_to_scale_are_refused() -> None:
    table = read_table("x,y\n1e-200,1\n2e-200,2\n")
    with pytest.raises(InvalidInput, match="“x” is the same"):
        to_dataset(table, ["x"], ["y"])


def test_text_is_refused_with_the_line_that_is_no_number() -> None:
    table = read_table("x,y\n1,1\nb,2\nc,3\n", Limits(categories=2))
    with pytest.raises(InvalidInput, match="line 3 says “b”"):
        to_dataset(table, ["x"], ["y"])


def test_too_many_different_numbers_are_no_categories() -> None:
    table = read_table("x,y\n1,1\n2,2\n3,3\n", Limits(categories=2))
    with pytest.raises(InvalidInput, match="too many different values"):
        to_dataset(table, ["x"], ["y"], categories=["x"])


def test_two_complete_rows_are_needed() -> None:
    with pytest.raises(InvalidInput, match="At least two rows"):
        to_dataset(read_table("x,y\n1,\n,2\n3,3\n"), ["x"], ["y"])


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(neurons=4), "need 5 inputs; a network has at most 4"),
        (Limits(neurons=5, cells=30), "need 32 cells; at most 30"),
    ],
)
def test_the_encoded_choice_keeps_the_limits(limits: Limits, said: str) -> None:
    with pytest.raises(TooLarge, match=said) as caught:
        to_dataset(read_table(CSV, limits), ["eggs", "sex", "island"], ["species"])
    assert caught.value.faults[0].pointer == "/input_columns"
