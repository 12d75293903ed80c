from __future__ import annotations

from app.explain.sentence import Part, mark, parts, plain


def test_a_marked_number_is_cut_out_with_where_it_leads() -> None:
    told = parts(f"The sum starts at {mark('−0.36', 'product[1][0][0][0]', 'plain')}.")
    assert told == (
        Part("The sum starts at "),
        Part("−0.36", "product[1][0][0][0]", "plain"),
        Part("."),
    )
    assert plain(told) == "The sum starts at −0.36."


def test_numbers_stand_at_either_end_and_side_by_side() -> None:
    one, two = mark("1", "w[1][0][0]", "weight"), mark("2", "cost", "cost")
    assert parts(one + two) == (Part("1", "w[1][0][0]", "weight"), Part("2", "cost", "cost"))
    assert plain(parts(f"{one}, {two}")) == "1, 2"


def test_a_sentence_without_numbers_is_one_part() -> None:
    assert parts("Nothing moves.") == (Part("Nothing moves."),)
    assert parts("") == ()


def test_a_number_that_occurs_twice_leads_to_two_places() -> None:
    told = parts(
        f"{mark('0.28', 'delta[1][0][0]', 'error')} and {mark('0.28', 'delta[1][0][1]', 'error')}"
    )
    assert [part.address for part in told if part.address] == ["delta[1][0][0]", "delta[1][0][1]"]
