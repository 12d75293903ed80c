"""Addresses read and written, and nonsense refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.addresses import PATHS, Address, parse
from app.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("w[1][0][4]", Address("w", (1, 0, 4))),
        ("b[2][1]", Address("b", (2, 1))),
        ("a[0][3][12]", Address("a", (0, 3, 12))),
        ("y[0][0]", Address("y", (0, 0))),
        ("loss[3]", Address("loss", (3,))),
        ("cost", Address("cost")),
        ("old_moment_w[1][2][0][3]", Address("old_moment_w", (1, 2, 0, 3))),
        ("blame_term[1][0][9999999][0]", Address("blame_term", (1, 0, 9999999, 0))),
    ],
)
def test_an_address_is_read_and_written(text: str, address: Address) -> None:
    assert parse(text) == address
    assert str(address) == text


@settings(max_examples=100, derandomize=True, database=None)
@given(kind=st.sampled_from(sorted(PATHS)), steps=st.lists(st.integers(0, 9999999), min_size=4))
def test_every_address_comes_back_from_its_text(kind: str, steps: list[int]) -> None:
    address = Address(kind, tuple(steps[: len(PATHS[kind])]))
    assert parse(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "w",
        "weight[1][0][0]",
        "w[1][0][0] ",
        " w[1][0][0]",
        "w[1][0][0]\n",
        "w[-1][0][0]",
        "w[+1][0][0]",
        "w[01][0][0]",
        "w[1.0][0][0]",
        "w[1][0][]",
        "w[1][0][0",
        "w 1 0 0",
        "w[1,0,0]",
        "w[12345678][0][0]",
        "w[¹][0][0]",
        "w[١][0][0]",
        "W[1][0][0]",
        "cost[0]",
        "cost[]",
        "w[1][0]",
        "w[1][0][0][0]",
        "w" + "[0]" * 10_000,
        "x" * 100_000,
        "\x00",
        "\ud800",
    ],
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse(text)


def test_the_refusal_says_what_an_address_looks_like() -> None:
    with pytest.raises(InvalidInput, match=r"Addresses look like w\[1\]\[0\]\[4\] or cost"):
        parse("weights")
    with pytest.raises(InvalidInput, match=r"w takes 3 numbers in brackets: w\[l\]\[j\]\[i\]"):
        parse("w[1][0]")


def test_steps_are_found_by_their_letter() -> None:
    address = parse("product[1][2][3][4]")
    assert [address.get(letter) for letter in "lbjikm"] == [1, 2, 3, 4, None, None]
    assert parse("moment_b[1][2][0]").get("m") == 1
