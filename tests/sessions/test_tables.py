from __future__ import annotations

from typing import Any

import pytest

from app.errors import InvalidInput
from app.settings import Settings
from tests.sessions.cases import SETTINGS, changed, started
from tests.sessions.documents import CSV, Document, changed_at, opened, written

TABLE = "/data/0/table"


@pytest.fixture(scope="module")
def document() -> Document:
    body = {"data": CSV, "network": {"layers": [{"size": 3, "activation": "softmax"}]}}
    return written(changed(started(body), values={"a[0][0][0]": 0.125, "y[0][0]": -0.0}))


def test_a_table_is_written_as_a_person_reads_it(document: Document) -> None:
    table = document["data"][0]["table"]
    assert table["rows"][:2] == ["=0.125 2 2 2 =-0 2 2", "2 0 0 0 1 1 1"]
    assert table["row_numbers"] == [2, 3, 5, 6]
    assert table["dropped"] == 1
    names = [column["name"] for column in table["inputs"]]
    assert names == ["mass", "colour = blue", "colour = green", "colour = red"]
    assert table["inputs"][3]["coding"] == [["blue", 0.0], ["green", 0.0], ["red", 1.0]]


def test_rows_that_count_from_one_are_not_numbered() -> None:
    table = written(started({"data": {"inputs": [[1.0], [0.0]], "targets": [[2.5], [-0.0]]}}))[
        "data"
    ][0]
    assert table["table"]["row_numbers"] is None
    assert table["table"]["rows"] == ["1 2.5", "0 -0"]


FAULTS: list[tuple[str, Any, str, str]] = [
    ("rows/0", "", "rows/0", "A row has 7 numbers"),
    ("rows/0", "1 0 0 0 0 0", "rows/0", "A row has 7 numbers"),
    ("rows/1", "1 0 0 0 0 0 0 ", "rows/1", "A row has 7 numbers"),
    ("rows/1", "1 0 0 0 0 0 nan", "rows/1", "A row has 7 numbers"),
    ("rows/1", "1 0 0 0 0 0 1_0", "rows/1", "A row has 7 numbers"),
    ("rows/1", "1 0 0 0 0 0 ٣", "rows/1", "A row has 7 numbers"),
    ("rows/1", "1 0 0 0 0 0 ==1", "rows/1", "A row has 7 numbers"),
    ("rows/1", "1e999 0 0 0 0 0 0", "rows/1", "Readings go"),
    ("rows/1", "2e12 0 0 0 0 0 0", "rows/1", "Readings go"),
    ("rows/1", "1 0.5 0 0 0 0 0", "rows/1", "A category is told"),
    ("rows/1", "1 -1 0 0 0 0 0", "rows/1", "A category is told"),
    ("rows/1", "1 0 0 0 0 3 0", "rows/1", "A category is told"),
    ("rows/1", "1 0 0 0 0 0 =2000000", "rows/1", "Numbers go from"),
    ("inputs/0/sd", 1e-300, "rows/1", "Numbers go from"),
    ("inputs/0/sd", 0.0, "inputs/0/sd", "more than 0"),
    ("inputs/0/sd", -1.0, "inputs/0/sd", "more than 0"),
    ("inputs/0/kind", "range", "rows/1", "Numbers go from"),
    ("inputs/0/kind", "coded", "inputs/0/coding", "Only a column of categories"),
    ("inputs/0/coding", [["x", 1.0]], "inputs/0/coding", "Only a column of categories"),
    ("targets/0/coding", [["x", 1.0], ["y", 1.0], ["z", 0.0]], "targets/0/coding", "its own"),
    ("targets/0/kind", "range", "targets/0/coding", "Only a column"),
    ("classes", ["a", "b"], "classes", "a class for each target"),
    ("row_numbers", [1], "row_numbers", "Every row"),
    ("picture", [2, 3], "picture", "4 pixels"),
]


@pytest.mark.parametrize(("place", "value", "pointer", "detail"), FAULTS)
def test_a_fault_is_pointed_at(
    document: Document, place: str, value: Any, pointer: str, detail: str
) -> None:
    spoilt = changed_at(document, f"{TABLE}/{place}", value)
    if place == "inputs/0/kind" and value == "range":
        spoilt = changed_at(spoilt, f"{TABLE}/inputs/0/high", 1e-9)
    with pytest.raises(InvalidInput, match=detail) as caught:
        opened(spoilt)
    assert caught.value.faults[0].pointer == f"{TABLE}/{pointer}"


def test_a_range_has_two_ends() -> None:
    body = {"data": {**CSV, "target_columns": ["mass"], "input_columns": ["size"]}}
    document = written(started(body))
    assert opened(document).setup.dataset.target_scaling[0].kind == "range"
    high = document["data"][0]["table"]["targets"][0]["low"]
    with pytest.raises(InvalidInput, match="two different ends") as caught:
        opened(changed_at(document, f"{TABLE}/targets/0/high", high))
    assert caught.value.faults[0].pointer == f"{TABLE}/targets/0/high"


@pytest.mark.parametrize(
    ("limit", "place"),
    [
        ({"max_observations": 3}, "/rows"),
        ({"max_layer_neurons": 3}, "/inputs"),
        ({"max_cells": 27}, ""),
    ],
)
def test_a_table_keeps_to_the_limits(document: Document, limit: dict[str, Any], place: str) -> None:
    number = next(iter(limit.values()))
    with pytest.raises(InvalidInput, match=f"at most {number}") as caught:
        opened(document, Settings(**limit))
    assert caught.value.status == 413
    assert caught.value.faults[0].pointer == f"/data/0/table{place}"


def test_readings_may_be_as_large_as_the_numbers_a_server_takes() -> None:
    generous = Settings(max_number=1e20)
    body = {"data": {"inputs": [[1e15], [0.5]], "targets": [[1.0], [0.0]]}}
    document = written(started(body, generous), generous)
    assert opened(document, generous).setup.dataset.inputs[0, 0] == 1e15
    with pytest.raises(InvalidInput, match="Readings go"):
        opened(document, SETTINGS)


def test_targets_keep_to_the_limits_too() -> None:
    rows = {"inputs": [[1.0], [2.0]], "targets": [[1.0, 2.0], [3.0, 4.0]]}
    layers = {"layers": [{"size": 2, "activation": "linear"}]}
    document = written(started({"data": rows, "network": layers}))
    with pytest.raises(InvalidInput, match="There are 2 columns; at most 1") as caught:
        opened(document, Settings(max_layer_neurons=1))
    assert caught.value.faults[0].pointer == f"{TABLE}/targets"
