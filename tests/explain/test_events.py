from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.addresses import Address, parse
from app.engine.locate import event_address
from app.errors import InvalidInput, NotComputedYet
from app.explain.digits import DIGITS
from app.explain.events import explain, explain_event
from app.explain.explanation import Explanation
from app.explain.expression import Part, evaluate, walk
from tests.explain.cases import (
    ACTIVATIONS,
    CASES,
    NAMES,
    OPTIMIZERS,
    OUTPUTS,
    PENALTIES,
    Case,
    addresses,
    tape_of,
)
from tests.explain.paper import adds_up, number, sums_of


@pytest.fixture(scope="module", params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    """One case after the other: all tests of a case run in a row, and share its explanations."""
    found: Case = request.param
    return found


@lru_cache(maxsize=2)
def everything(case: Case, digits: int = DIGITS) -> Mapping[Address, Explanation]:
    tape = tape_of(case)
    last = tape.events.count
    return {
        address: explain(tape, address, last, digits, NAMES, observation=0)
        for address in addresses(tape)
    }


def test_every_number_is_explained_and_its_formula_gives_it(case: Case) -> None:
    tape = tape_of(case)
    for address, explained in everything(case).items():
        assert explained.address == address
        assert explained.value == tape.value(address)
        if explained.expression is not None:
            found = evaluate(explained.expression)
            assert math.isclose(found, explained.value, rel_tol=1e-12, abs_tol=1e-15), address
        for operand in explained.operands:
            assert parse(str(operand.address)) == operand.address
            assert tape.value(operand.address) == operand.value


def test_what_is_displayed_adds_up_on_paper(case: Case) -> None:
    for address, explained in everything(case).items():
        substituted = explained.substituted.text
        assert "≈" not in substituted
        assert adds_up(substituted, DIGITS), (address, substituted)


def test_the_texts_hold_no_machine_words(case: Case) -> None:
    for address, explained in everything(case).items():
        texts = [
            explained.label,
            explained.name,
            explained.title,
            explained.sentence,
            explained.formula.text,
            explained.substituted.text,
            explained.formula.latex,
            explained.substituted.latex,
        ]
        for text in texts:
            assert text, address
            for word in ("nan", "None", "inf", "True", "False", "e-0", "  ", "Error", "_relu"):
                assert word not in text, (address, text)
        assert "-" not in explained.sentence.replace("cross-entropy", ""), explained.sentence
        assert explained.sentence[0].isupper() or explained.sentence[0] in "−0123456789"
        assert explained.sentence.endswith((".", ")"))
        assert len(explained.sentence) < 350, explained.sentence
        json.dumps(explained.substituted.tokens.json(), allow_nan=False)


def test_each_number_of_a_sentence_leads_to_itself(case: Case) -> None:
    tape = tape_of(case)
    for explained in everything(case).values():
        for part in explained.told:
            if part.address:
                address = parse(part.address)
                assert tape.event_number(address) <= tape.event_number(explained.address)
                size = number(part.text.lstrip("−"))
                assert math.isclose(size, abs(tape.value(address)), rel_tol=0.06, abs_tol=1e-300)


def test_used_by_is_the_inverse_of_what_a_formula_holds(case: Case) -> None:
    tape = tape_of(case)
    explained = everything(case)
    twins = () if tape.training.penalised else ("data_dw", "data_cost")
    held: dict[Address, set[Address]] = {address: set() for address in explained}
    for user, one in explained.items():
        if user.kind in twins:
            continue
        parts = {operand.address for operand in one.operands}
        if one.expression is not None:
            parts |= {node.address for node in walk(one.expression) if isinstance(node, Part)}
        for part in parts:
            if user.get("b") in (None, part.get("b"), 0 if part.get("b") is None else None):
                held[part].add(user)
    for address, one in explained.items():
        assert len(set(one.used_by)) == len(one.used_by)
        assert set(one.used_by) == held[address], address


def test_every_event_is_explained_and_its_running_sum_with_it(case: Case) -> None:
    tape = tape_of(case)
    for event in range(1, tape.events.count + 1):
        running = tape.running(tape.events.at(event))
        address = event_address(tape.events.at(event), tape.batch - 1)
        explained = everything(case)[address]
        assert (running is None) == (explained.running is None)
        if running is not None and explained.running is not None:
            expected = float(running[tape.batch - 1])
            assert math.isclose(explained.running.value, expected, rel_tol=1e-12, abs_tol=1e-15)
            assert explained.running.done == tape.events.at(event).index + 1
            text = explained.running.written.substituted.text
            assert adds_up(text.replace(" + …", ""), DIGITS), text


@pytest.mark.parametrize("case", CASES[::5], ids=str)
@pytest.mark.parametrize("digits", [1, 3, 6])
def test_more_or_fewer_digits_add_up_too(case: Case, digits: int) -> None:
    for address, explained in everything(case, digits).items():
        assert adds_up(explained.substituted.text, digits), (address, explained.substituted.text)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CASES), st.integers(0, 2**32), st.integers(1, 8))
def test_random_networks_and_formats_add_up(case: Case, seed: int, digits: int) -> None:
    tape = tape_of(case, seed, 1)
    for event in range(1, tape.events.count + 1):
        explained = explain_event(tape, event, 0, digits, NAMES)
        text = explained.substituted.text
        assert "≈" in text or adds_up(text, digits), text
        told = list(sums_of(explained.sentence))
        assert all(one.adds_up for one in told), explained.sentence
        running = explained.running
        if running is not None and running.done > 1 and explained.value:
            assert told or "it stays near" in explained.sentence, explained.sentence


def test_an_event_tells_of_the_observation_in_focus() -> None:
    tape = tape_of(Case(batch=3))
    for event in range(1, tape.events.count + 1):
        address = event_address(tape.events.at(event), 2)
        told = explain_event(tape, event, 2, names=NAMES)
        assert told == explain(tape, address, event, names=NAMES, observation=2)


def test_a_number_is_absent_before_its_event() -> None:
    tape = tape_of(Case())
    for address in addresses(tape):
        number = tape.event_number(address)
        explain(tape, address, number)
        if number:
            with pytest.raises(NotComputedYet) as caught:
                explain(tape, address, number - 1)
            assert f"event {number}," in caught.value.detail


def test_the_refusal_says_when_the_number_will_be_known() -> None:
    tape = tape_of(Case())
    with pytest.raises(NotComputedYet) as caught:
        explain(tape, Address("delta", (1, 0, 1)), 4)
    assert caught.value.detail == (
        "The error of Hidden 1, neuron 2 is not known yet: "
        "it comes with event 55, in the backward pass; you are at event 4."
    )
    with pytest.raises(NotComputedYet, match="nothing has been computed yet"):
        explain(tape, Address("cost"), 0)


def test_a_number_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInput):
        explain(tape_of(Case()), Address("w", (9, 0, 0)), 0)


def test_the_cases_hold_every_choice_there_is() -> None:
    assert {case.hidden for case in CASES} == set(ACTIVATIONS)
    met = {((case.output, case.cost, case.batch), (case.optimizer, case.penalty)) for case in CASES}
    assert {first for first, _ in met} == {(*one, batch) for one in OUTPUTS for batch in (1, 3)}
    assert {second for _, second in met} == set(itertools.product(OPTIMIZERS, PENALTIES))
    assert {(case.penalty, case.batch) for case in CASES} == set(
        itertools.product(PENALTIES, (1, 3))
    )
