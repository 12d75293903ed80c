import csv
import io
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import chain

import pytest

from app.data.csv_choice import to_dataset
from app.data.csv_table import Table, preview, read_table
from app.data.limits import Limits
from app.errors import InvalidInput, TooLarge

PENGUINS = """species,mass,sex,note
Adelie,3750,male,
Gentoo,5000,female,
Adelie,NA,female,
Gentoo,5100,male,
"""


def test_columns_are_named_and_typed() -> None:
    table = read_table(PENGUINS)
    assert [column.name for column in table.columns] == ["species", "mass", "sex", "note"]
    kinds = [column.kind for column in table.columns]
    assert kinds == ["category", "number", "category", "empty"]
    assert table.lines.tolist() == [2, 3, 4, 5]
    assert table.header
    assert table.sample[0] == ("Adelie", "3750", "male", "")
    assert table.column("mass") is table.columns[1]
    assert table.column("weight") is None


def test_a_first_row_with_a_number_is_no_header() -> None:
    table = read_table("1;red\n2;blue\n")
    assert not table.header
    assert [column.name for column in table.columns] == ["column 1", "column 2"]
    assert table.lines.tolist() == [1, 2]


def test_whether_there_is_a_header_can_be_said() -> None:
    assert read_table("0,1\n5,6\n7,8\n", header=True).columns[0].name == "0"
    assert read_table("a,b\nc,d\n", header=False).columns[0].categories == ("a", "c")


def test_names_are_made_unique_and_present() -> None:
    names = [column.name for column in read_table("a,a,,a (2),a (2)\n1,2,3,4,5\n").columns]
    assert names == ["a", "a (2)", "column 3", "a (2) (4)", "a (2) (5)"]


def test_ragged_rows_are_reported_with_their_lines() -> None:
    with pytest.raises(InvalidInput, match="Line 3 has 1 of 2 cells") as caught:
        read_table("a,b\n1,2\n3\n4,5\n6,7,8\n")
    details = [fault.detail for fault in caught.value.faults]
    assert details == ["Line 3 has 1 of 2 cells.", "Line 5 has 3 of 2 cells."]


def test_not_every_ragged_row_is_reported() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_table("a,b\n" + "1\n" * 100)
    assert len(caught.value.faults) == 5


@pytest.mark.parametrize("content", ["", "\n\n", ",,\n,,\n", "a,b\n", "a,b\n,\n"])
def test_a_file_without_rows_is_refused(content: str) -> None:
    with pytest.raises(InvalidInput, match=r"empty|no rows"):
        read_table(content)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(columns=1), "2 columns; at most 1"),
        (Limits(rows=2), "more rows than 2"),
        (Limits(cells=5), "more cells than 5"),
        (Limits(field_characters=3), "Line 3 has a cell of more than 3 characters"),
    ],
)
def test_limits_are_kept(limits: Limits, said: str) -> None:
    with pytest.raises(TooLarge, match=said) as caught:
        read_table("a,b\n1,2\n3,four\n5,6\n", limits, pointer="/data/csv")
    assert caught.value.faults[0].pointer == "/data/csv"


def test_the_first_rows_are_a_sample_however_long_they_are() -> None:
    """A row of 126,000 characters is a block of its own."""
    rows = [",".join([f"row {row}", *["x" * 900] * 139]) for row in range(12)]
    sample = read_table("\n".join(rows), header=False).sample
    assert [cells[0] for cells in sample] == [f"row {row}" for row in range(10)]


def test_the_preview_proposes_a_choice() -> None:
    shown = preview(read_table("id,mass,sex,note\n1,5,m,x\n2,7,f,\n3,6,m,\n"))
    assert shown.rows == 3
    assert shown.columns[1].low == 5.0
    assert shown.columns[1].high == 7.0
    assert shown.columns[3].missing == 2
    assert shown.input_columns == ("mass", "sex")
    assert shown.target_columns == ("note",)
    table = read_table(PENGUINS)
    assert preview(table).columns[3].problem == "“note” has no values."
    assert preview(table).target_columns == ("sex",)


MIB = 2**20
# What a file may cost, in times of the yardstick: a file as large, read by Python's csv and float.
# Under a coverage trace, which slows our Python and not that C, ten times as much.
YARDSTICKS = 4.0 if sys.gettrace() is None else 40.0
HOSTILE = {
    "commas": b"," * 4 * MIB,
    "a million columns": b"a," * 10**6,
    "quotation marks": b'"' * 4 * MIB,
    "one open quotation mark": b'a,b\n"' + b"x\n" * (2 * MIB - 10),
    "line ends": b"\n" * 4 * MIB,
    "carriage returns": b"\r" * 4 * MIB,
    "very many rows": b"a,b\n" * MIB,
    "records over several lines": b'","\n' * MIB,
    "rows of nothing": (b"," * 131_000 + b"\n") * 31,
    "one long cell": b"a,b\n" + b"x" * (4 * MIB - 10),
    "emoji": ("a,b\n" + "😀,1\n" * 500_000).encode(),
    "an emoji in every cell": b"a,b\n" + ("x" * 990 + "😀,1\n").encode() * 4_000,
    "zero bytes": b"\0" * 4 * MIB,
    "a thousand columns": b"\n".join([b",".join([b"a%d" % i for i in range(1000)])] * 500),
}


def _ask(content: bytes) -> None:
    refusal = None
    try:
        table = read_table(content)
        proposed = preview(table)
        to_dataset(table, proposed.input_columns, proposed.target_columns)
    except InvalidInput as error:
        refusal = error
    assert refusal is None or (refusal.faults and len(refusal.detail) < 200)


def _honest(cell: Callable[[random.Random], str]) -> bytes:
    """Return a file nearly as large as any that is taken: a line of names, 19,000 rows of 25."""
    generator = random.Random(0)
    rows = ([cell(generator) for _ in range(25)] for _ in range(19_000))
    names = [f"c{place}" for place in range(25)]
    return "\n".join(",".join(row) for row in chain([names], rows)).encode()


def _cost(work: Callable[[], object]) -> float:
    """Return the seconds of the processor it takes, the lesser of two times."""
    costs = []
    for _ in range(2):
        start = time.process_time()
        work()
        costs.append(time.process_time() - start)
    return min(costs)


HONEST: dict[str, Callable[[random.Random], str]] = {
    "numbers": lambda draw: f"{draw.random():.5f}",
    "missing numbers": lambda draw: draw.choice(["", "NA", f"{draw.random():.3f}"]),
    "numbers and words": lambda draw: draw.choice(["male", f"{draw.random():.4f}"]),
}


@pytest.fixture(scope="module")
def most_seconds() -> float:
    text = _honest(HONEST["numbers"]).decode().partition("\n")[2]
    return YARDSTICKS * _cost(
        lambda: [[float(cell) for cell in row] for row in csv.reader(io.StringIO(text))]
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_long(name: str, most_seconds: float) -> None:
    assert _cost(lambda: _ask(HOSTILE[name])) < most_seconds


@pytest.mark.parametrize("name", HONEST)
def test_the_largest_honest_file_is_read_quickly(name: str, most_seconds: float) -> None:
    content = _honest(HONEST[name])
    tables: list[Table] = []
    assert _cost(lambda: tables.append(read_table(content))) < most_seconds
    assert [len(table.lines) for table in tables] == [19_000] * 2


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_much_memory(name: str) -> None:
    tracemalloc.start()
    try:
        _ask(HOSTILE[name])
        assert tracemalloc.get_traced_memory()[1] < 32 * MIB
    finally:
        tracemalloc.stop()


def test_any_bytes_are_read_or_refused() -> None:
    generator = random.Random(1)
    alphabet = [
        b",",
        b";",
        b"\t",
        b'"',
        b"\n",
        b"\r",
        b"a",
        b"1",
        b"\xef\xbb\xbf",
        b"\xc3",
        b"\xa4",
        b" ",
    ]
    for _ in range(3_000):
        _ask(b"".join(generator.choices(alphabet, k=generator.randrange(30))))
