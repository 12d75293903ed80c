"""How large a learner's data may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bound what is read from a learner, so that no file can slow or fill the server.

    Args:
        file_bytes: size of a CSV file.
        rows: observations.
        columns: columns of a CSV file, chosen or not.
        cells: rows × columns, of the file and of what is fed to the network.
        line_characters: one record of a CSV file.
        field_characters: one cell of a CSV file.
        categories: different words in a column that is read as categories, at most 32,000.
        neurons: inputs, and outputs, that a network may have.
        name_characters: a column's name.
        number: largest magnitude of a number that is fed as it is.
        table_number: largest magnitude of a number in a CSV file, which is scaled before it is fed.
    """

    file_bytes: int = 4 * 2**20
    rows: int = 20_000
    columns: int = 1_000
    cells: int = 500_000
    line_characters: int = 131_072
    field_characters: int = 1_000
    categories: int = 50
    neurons: int = 128
    name_characters: int = 60
    number: float = 1e6
    table_number: float = 1e12


def numbers_go(most: float) -> str:
    """Say how large a number may be, either sign."""
    return f"Numbers go from −{most:,.15g} to {most:,.15g}."
