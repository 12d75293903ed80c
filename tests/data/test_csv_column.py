import random
from dataclasses import fields

import numpy as np
import pytest

from app.data.csv_column import Column, ColumnReader, number_in, tidy
from app.data.limits import Limits

LIMITS = Limits(categories=3, name_characters=10, table_number=1e6)


def column(*cells: str) -> Column:
    reader = ColumnReader("x", LIMITS)
    reader.extend(cells, range(2, len(cells) + 2))
    return reader.column(len(cells))


def test_numbers_are_kept_and_missing_ones_counted() -> None:
    read = column("1.5", "", "-2e3", "NA", "7", "8")
    assert read.kind == "number"
    assert np.array_equal(read.numbers, [1.5, np.nan, -2000.0, np.nan, 7, 8], equal_nan=True)
    assert read.missing == 2
    assert read.categories == ()
    assert read.problem() is None


def test_a_few_different_numbers_may_be_categories_too() -> None:
    read = column("10", "9", "", "10")
    assert read.kind == "number"
    assert read.categories == ("9", "10")
    assert read.places.tolist() == [1, 0, -1, 1]


def test_few_words_are_categories_in_alphabetical_order() -> None:
    read = column("male", "female", "?", "male")
    assert read.kind == "category"
    assert read.categories == ("female", "male")
    assert read.places.tolist() == [1, 0, -1, 1]
    assert read.odd == (2, "male")
    assert len(read.numbers) == 0


@pytest.mark.parametrize(
    "cells", [("1", "b", "c", "d"), ("1", "2", "3", "4", "b"), ("a long word indeed",)]
)
def test_many_or_long_words_are_text(cells: tuple[str, ...]) -> None:
    read = column(*cells)
    assert read.kind == "text"
    assert len(read.places) == 0
    assert read.problem() is not None


def test_text_says_where_it_stopped_being_numbers() -> None:
    said = column("1", "2", "3", "4", "b").problem()
    assert said is not None
    assert "line 6 says “b”" in said


def test_a_column_without_values_is_empty() -> None:
    read = column("", "n/a")
    assert read.kind == "empty"
    assert read.problem() == "“x” has no values."


def test_blocks_of_any_size_are_read_alike() -> None:
    """Numbers are read many at once where they can be: it must not show."""
    draw = random.Random(3)
    rare = [
        "",
        " NA ",
        "1_0",
        "inf",
        "nan",
        "2e6",
        "-1e6",
        "b",
        "c\u200b",
        "\u0663",
        "7 8",
        "a long word",
    ]
    for _ in range(400):
        often = draw.choice([0.0, 0.02, 0.3])
        cells = [
            draw.choice(rare) if draw.random() < often else f" {draw.randrange(12) / 4}"
            for _ in range(60)
        ]
        one_by_one, in_blocks = ColumnReader("x", LIMITS), ColumnReader("x", LIMITS)
        for line, cell in enumerate(cells):
            one_by_one.extend([cell], [line])
        size = draw.randrange(2, 61)
        for at in range(0, 60, size):
            in_blocks.extend(cells[at : at + size], range(at, min(at + size, 60)))
        expected, read = one_by_one.column(60), in_blocks.column(60)
        for field in fields(Column):
            np.testing.assert_equal(getattr(read, field.name), getattr(expected, field.name))


def test_characters_that_do_not_print_are_no_part_of_a_category() -> None:
    assert column("a\u202eb", "\u200b", "a b").categories == ("a b",)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1", 1.0),
        ("-.5e-3", -0.0005),
        ("1_000", None),
        ("inf", None),
        ("1e999", None),
        ("=1+1", None),
        ("0x10", None),
        ("", None),
    ],
)
def test_a_cell_is_a_number_or_not(cell: str, number: float | None) -> None:
    assert number_in(cell) == number


def test_numbers_beyond_the_limit_are_not_taken_for_numbers() -> None:
    assert column("1e7", "2").kind == "category"


def test_labels_are_tidied() -> None:
    assert tidy("  a\t\tb\x07c ", 10) == "a b c"
    assert tidy("abcdefghijkl", 10) == "abcdefghi…"
