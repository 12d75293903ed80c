import pytest

from app.data.csv_text import checked_bytes, records, sniffed_delimiter
from app.data.limits import Limits
from app.errors import InvalidInput, TooLarge

LIMITS = Limits(file_bytes=2_000, rows=20, line_characters=200)


def read(text: str | bytes, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    data = checked_bytes(text, LIMITS, "/csv")
    return list(records(data, delimiter, LIMITS, "/csv"))


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,b\n1,2"])
def test_all_line_ends_are_known(text: str) -> None:
    assert read(text) == [(1, ["a", "b"]), (2, ["1", "2"])]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert read("a,b".encode("utf-8-sig")) == read(b"a,b") == read("\ufeffa,b") == [(1, ["a", "b"])]


def test_records_carry_the_number_of_their_first_line() -> None:
    assert read('a,b\n\n"x\ny",2\n,\n3,4\n') == [
        (1, ["a", "b"]),
        (3, ["x\ny", "2"]),
        (6, ["3", "4"]),
    ]


def test_formulas_are_text() -> None:
    assert read('=1+1,"=cmd|x"\n')[0][1] == ["=1+1", "=cmd|x"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2".encode("utf-16"), "UTF-16"),
        ("a,b\n1,2".encode("utf-32"), "UTF-16"),
        ("a,b\n1,2".encode("utf-16-le"), "Line 1 holds a zero byte"),
        (b"a,b\n1,\x00\n", "Line 2 holds a zero byte"),
        (b"a,b\nk\xf6ln,1\n", "Line 2 is not written in UTF-8"),
        ("a,b\n\ud800,1\n", "Line 2 holds half a character"),
        (b'a,b\n"x,1\ny,2\n', "Line 2: a quotation mark"),
        (b'a,b\n"x"y,1\n', "Line 2: a quotation mark"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(content: str | bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        read(content)
    assert [fault.pointer for fault in caught.value.faults] == ["/csv"]
    assert caught.value.status == 422


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n" * 501, "2,004 bytes; at most 2,000"),
        (b"a,b\n" + b"," * 201, "Line 2 is longer than 200 characters"),
        (b"\n" * 50, "more rows than 20"),
    ],
)
def test_what_is_too_large_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(TooLarge, match=said):
        read(content)


@pytest.mark.parametrize("content", [b'a,b\n"' + b"x\n" * 50, b'a,b\n"' + b"x,1\n" * 50])
def test_an_open_quotation_mark_is_named_where_it_opens(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="Line 2: a quotation mark is never closed"):
        read(content)


def test_an_open_quotation_mark_does_not_stop_the_search_for_the_delimiter() -> None:
    assert sniffed_delimiter(b'"' + (b"x;" * 50_000 + b"\n") * 3, Limits(), "/csv") == ","


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("39,1;18,7\n40,3;17,1\n", ";"),
        ("a\tb\n1,2\t3\n", "\t"),
        ('"a;b;c",d\n"x;y;z",1\n', ","),
        ("alone\n1\n", ","),
        ("", ","),
        ('"a\n', ","),
    ],
)
def test_the_delimiter_is_found(text: str, delimiter: str) -> None:
    assert sniffed_delimiter(text.encode(), LIMITS, "/csv") == delimiter
