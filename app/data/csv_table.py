"""A learner's CSV file as a table of typed columns, and the look at it that comes before choosing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from app.data.csv_column import Column, ColumnKind, ColumnReader, number_in, tidy
from app.data.csv_text import checked_bytes, records, sniffed_delimiter, too_many_rows
from app.data.limits import Limits
from app.engine.arrays import IntArray
from app.errors import Fault, InvalidInput, TooLarge

SAMPLE_ROWS = 10
RAGGED_SHOWN = 5
# Few enough to stay young for Python's garbage collector, many enough to read a column at once.
BLOCK_CELLS = 4_000
BLOCK_CHARACTERS = 100_000

Record = tuple[int, list[str]]


@dataclass(frozen=True, eq=False)
class Table:
    """Hold a CSV file's columns.

    Args:
        columns: in the file's order, names unique.
        lines: (N,) the line each row begins on.
        delimiter: "," or ";" or a tab.
        header: whether the first row held the names.
        sample: the first rows as text.
        limits: under which it was read.
    """

    columns: tuple[Column, ...]
    lines: IntArray
    delimiter: str
    header: bool
    sample: tuple[tuple[str, ...], ...]
    limits: Limits

    def column(self, name: str) -> Column | None:
        """Return the column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class ColumnPreview:
    """Show a column before it is chosen; `low` and `high` only of numbers."""

    name: str
    kind: ColumnKind
    categories: tuple[str, ...]
    missing: int
    low: float | None
    high: float | None
    problem: str | None


@dataclass(frozen=True)
class Preview:
    """Show a table before its columns are chosen, with a first choice to start from."""

    rows: int
    delimiter: str
    header: bool
    columns: tuple[ColumnPreview, ...]
    sample: tuple[tuple[str, ...], ...]
    input_columns: tuple[str, ...]
    target_columns: tuple[str, ...]


def read_table(
    content: str | bytes,
    limits: Limits | None = None,
    *,
    header: bool | None = None,
    pointer: str = "/csv",
) -> Table:
    """Read a CSV file: UTF-8, separated by commas, semicolons or tabs.

    Args:
        content: the file.
        limits: what is taken at most.
        header: whether the first row holds the names; None looks whether it holds a number.
        pointer: where the file stands in the request.

    Raises:
        InvalidInput: the file cannot be read; the sentence names the line.
        TooLarge: it goes beyond a limit.
    """
    limits = limits or Limits()
    data = checked_bytes(content, limits, pointer)
    delimiter = sniffed_delimiter(data, limits, pointer)
    stream = records(data, delimiter, limits, pointer)
    first = next(stream, None)
    if first is None:
        raise InvalidInput.at(pointer, "The file is empty.")
    cells = first[1]
    if len(cells) > limits.columns:
        raise TooLarge.at(
            pointer, f"The file has {len(cells):,} columns; at most {limits.columns:,} are taken."
        )
    named = not any(number_in(cell) is not None for cell in cells) if header is None else header
    names = _names(cells if named else [""] * len(cells), limits)
    rows = stream if named else chain([first], stream)
    columns, lines, sample = _read(_checked(rows, len(cells), limits, pointer), names, limits)
    if not lines:
        raise InvalidInput.at(pointer, "The file has names in its first line, but no rows.")
    return Table(columns, np.array(lines), delimiter, named, sample, limits)


def _names(cells: list[str], limits: Limits) -> list[str]:
    """Make every name printable, present and unique."""
    names: dict[str, None] = {}
    for place, cell in enumerate(cells, start=1):
        name = tidy(cell, limits.name_characters) or f"column {place}"
        while name in names:
            name = f"{name} ({place})"
        names[name] = None
    return list(names)


def _checked(rows: Iterable[Record], width: int, limits: Limits, pointer: str) -> Iterator[Record]:
    """Pass on the rows that keep the limits; refuse the file if some have too many or few cells."""
    ragged: list[Fault] = []
    for count, (line, cells) in enumerate(rows, start=1):
        if count > limits.rows:
            raise TooLarge.at(pointer, too_many_rows(limits))
        if count * width > limits.cells:
            raise TooLarge.at(
                pointer, f"The file has more cells than {limits.cells:,}, the most that are taken."
            )
        if len(cells) != width:
            ragged.append(Fault(pointer, f"Line {line:,} has {len(cells):,} of {width:,} cells."))
            if len(ragged) == RAGGED_SHOWN:
                break
            continue
        if max(map(len, cells)) > limits.field_characters:
            raise TooLarge.at(
                pointer,
                f"Line {line:,} has a cell of more than {limits.field_characters:,} characters.",
            )
        yield line, cells
    if ragged:
        raise InvalidInput("Every line needs the same number of cells. " + ragged[0].detail, ragged)


def _blocks(rows: Iterable[Record], width: int) -> Iterator[list[Record]]:
    """Gather rows until they are so many cells or characters: a file of 4 MiB can be 16 MiB of text."""
    block: list[Record] = []
    characters = 0
    for row in rows:
        block.append(row)
        characters += sum(map(len, row[1]))
        if len(block) * width >= BLOCK_CELLS or characters >= BLOCK_CHARACTERS:
            yield block
            block, characters = [], 0
    if block:
        yield block


def _read(
    rows: Iterable[Record], names: list[str], limits: Limits
) -> tuple[tuple[Column, ...], list[int], tuple[tuple[str, ...], ...]]:
    readers = [ColumnReader(name, limits) for name in names]
    lines: list[int] = []
    sample: list[tuple[str, ...]] = []
    for block in _blocks(rows, len(names)):
        for _, cells in block[: SAMPLE_ROWS - len(sample)]:
            sample.append(tuple(tidy(cell, limits.name_characters) for cell in cells))
        numbers = [line for line, _ in block]
        lines += numbers
        for reader, column in zip(
            readers, zip(*(cells for _, cells in block), strict=True), strict=True
        ):
            reader.extend(column, numbers)
    return tuple(reader.column(len(lines)) for reader in readers), lines, tuple(sample)


def preview(table: Table) -> Preview:
    """Show a table's columns and first rows, and propose the last usable column as the target."""
    usable = [column for column in table.columns if column.problem() is None]
    proposed = [column.name for column in usable if not _counts_rows(column)]
    return Preview(
        len(table.lines),
        table.delimiter,
        table.header,
        tuple(_column_preview(column) for column in table.columns),
        table.sample,
        tuple(proposed[:-1]),
        tuple(proposed[-1:]),
    )


def _column_preview(column: Column) -> ColumnPreview:
    low = high = None
    if column.kind == "number":
        low, high = float(np.nanmin(column.numbers)), float(np.nanmax(column.numbers))
    return ColumnPreview(
        column.name, column.kind, column.categories, column.missing, low, high, column.problem()
    )


def _counts_rows(column: Column) -> bool:
    """Tell whether a column only numbers the rows, which says nothing about them."""
    return len(column.numbers) > 2 and bool(np.all(np.diff(column.numbers) == 1.0))
