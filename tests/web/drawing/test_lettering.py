from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.web.drawing.lettering import fitting, shortened, width, wrapped

TEXTS = st.text(max_size=80)


def test_wide_letters_take_more_room() -> None:
    assert width("mmm", 10) > width("nnn", 10) > width("iii", 10)
    assert width("企", 10) == 10
    assert width("e\u0301", 10) == width("e", 10)


@given(TEXTS)
def test_a_shortened_line_fits(text: str) -> None:
    line = shortened(text, 10, 100)
    assert width(line, 10) <= 100
    assert line == text or line.endswith("…")


@given(TEXTS, st.integers(1, 3))
def test_wrapped_lines_fit_and_lose_nothing_unsaid(text: str, most: int) -> None:
    lines = wrapped(text, 10, 100, most)
    assert len(lines) <= most
    assert all(width(line, 10) <= 100 for line in lines)
    whole = " ".join(lines) == " ".join(text.split())
    assert whole or any(line.endswith("…") for line in lines)


def test_a_number_shrinks_to_fit_but_stays_legible() -> None:
    assert fitting("1", 17, 100) == 17
    assert width("−0.0031", fitting("−0.0031", 17, 30)) <= 30.001
    assert fitting("x" * 200, 17, 30) == 7
    assert fitting("", 17, 30) == 17
