"""That uses are the inverse of operands is tested in test_events; here is what stays short."""

from __future__ import annotations

from tests.explain.cases import Case, explained, tape_of


def test_of_very_many_uses_the_first_are_listed() -> None:
    tape = tape_of(Case(sizes=(2, 2, 60)))
    users = explained(tape, "a[1][0][0]").used_by
    assert len(users) == 48
    assert [str(user) for user in users[:3]] == ["product[2][0][0][0]", "z[2][0][0]", "dw[2][0][0]"]


def test_a_number_hidden_in_a_long_sum_still_says_where_it_is_used() -> None:
    tape = tape_of(Case(batch=100))
    users = [str(user) for user in explained(tape, "delta[1][50][0]").used_by]
    assert "dw[1][0][0]" in users
    assert explained(tape, "dw[1][0][0]").operands[0].address.path != (1, 50, 0)


def test_what_comes_last_is_used_by_nothing() -> None:
    tape = tape_of(Case())
    for address in ("new_w[1][0][0]", "new_b[1][0]", "cost", "cost_after"):
        assert explained(tape, address).used_by == ()
