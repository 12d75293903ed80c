"""The text of a learner's CSV file, record by record, without trusting any of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress

from app.data.limits import Limits
from app.errors import InvalidInput, TooLarge

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ("\t", ";", ",")
SAMPLE_LINES = 10
LINES_PER_ROW = 2


def checked_bytes(content: str | bytes, limits: Limits, pointer: str) -> bytes:
    """Return the file as bytes of UTF-8, or say why it cannot be read."""
    data = _encoded(content, pointer) if isinstance(content, str) else content
    if len(data) > limits.file_bytes:
        raise TooLarge.at(
            pointer,
            f"The file has {len(data):,} bytes; at most {limits.file_bytes:,} are taken.",
        )
    if data.startswith(UTF_16_MARKS):
        raise InvalidInput.at(
            pointer,
            "The file is written in UTF-16. Save it as UTF-8 "
            "(Excel calls it “CSV UTF-8”) and try again.",
        )
    _refuse_nul(data, pointer)
    if isinstance(content, bytes):
        _refuse_other_encodings(data, pointer)
    return data


def _encoded(content: str, pointer: str) -> bytes:
    try:
        return content.encode("utf-8")
    except UnicodeEncodeError as error:
        line = content.count("\n", 0, error.start) + 1
        raise InvalidInput.at(
            pointer, f"Line {line:,} holds half a character (a lone surrogate)."
        ) from None


def _refuse_nul(data: bytes, pointer: str) -> None:
    at = data.find(b"\0")
    if at >= 0:
        line = data.count(b"\n", 0, at) + 1
        raise InvalidInput.at(
            pointer,
            f"Line {line:,} holds a zero byte, which no text has. "
            "Is this a CSV file, saved as UTF-8?",
        )


def _refuse_other_encodings(data: bytes, pointer: str) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInput.at(
            pointer,
            f"Line {line:,} is not written in UTF-8. Save the file as UTF-8 and try again.",
        ) from None


class Lines:
    """Hand a CSV reader one physical line at a time, and stop a record before it grows large."""

    def __init__(self, data: bytes, limits: Limits, pointer: str) -> None:
        # newline="" keeps line ends inside quotation marks as they are.
        self._text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
        self._limits, self._pointer = limits, pointer
        self._count = 0
        self.begin_record()

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._room + 1)
        if not line:
            raise StopIteration
        self._count += 1
        self._room -= len(line)
        if self._room < 0:
            raise self._refusal(too_long(self._count, self._limits), most_lines=1)
        if self._count > LINES_PER_ROW * (self._limits.rows + 1):
            raise self._refusal(too_many_rows(self._limits), most_lines=self._limits.rows)
        return line

    def begin_record(self) -> None:
        """Give the next record its full room."""
        self._first = self._count + 1
        self._room = self._limits.line_characters

    def _refusal(self, detail: str, most_lines: int) -> InvalidInput:
        # A record that goes on over so many lines is an open quotation mark, not a long file.
        if self._count - self._first >= most_lines:
            return InvalidInput.at(self._pointer, never_closed(self._first))
        return TooLarge.at(self._pointer, detail)


def too_long(line: int, limits: Limits) -> str:
    """Say that a line goes on for too long."""
    return (
        f"Line {line:,} is longer than {limits.line_characters:,} characters. "
        f"Has it more than {limits.columns:,} columns, or are line ends missing?"
    )


def never_closed(line: int) -> str:
    """Say that a cell's quotation marks do not pair up."""
    return f"Line {line:,}: a quotation mark is never closed, or something follows it."


def too_many_rows(limits: Limits) -> str:
    """Say that a file goes on for too long."""
    return f"The file has more rows than {limits.rows:,}, the most that are taken."


def records(
    data: bytes, delimiter: str, limits: Limits, pointer: str
) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the number of its first line."""
    lines = Lines(data, limits, pointer)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + 1
        lines.begin_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise InvalidInput.at(pointer, never_closed(line)) from None
        if any(cells):
            yield line, cells


def sniffed_delimiter(data: bytes, limits: Limits, pointer: str) -> str:
    """Return the delimiter, of comma, semicolon and tab, that the first lines agree on most."""
    lines = Lines(data, limits, pointer)
    sample = []
    for _, line in zip(range(SAMPLE_LINES), lines, strict=False):
        lines.begin_record()
        sample.append(line)
    return max(DELIMITERS, key=lambda delimiter: _agreement(sample, delimiter))


def _agreement(sample: list[str], delimiter: str) -> tuple[int, int]:
    """Count the lines that are split into as many cells as the first, if into more than one."""
    widths: list[int] = []
    with suppress(csv.Error):
        widths = [len(cells) for cells in csv.reader(sample, delimiter=delimiter) if any(cells)]
    if not widths or widths[0] < 2:
        return 0, delimiter == ","
    return widths.count(widths[0]), 0
