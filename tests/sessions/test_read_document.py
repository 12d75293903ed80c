from __future__ import annotations

from typing import Any

import pytest

from app.errors import InvalidInput
from app.sessions.session import Session
from app.settings import Settings
from tests.sessions.cases import at, changed, goto, moment, small, started, stepped, trained
from tests.sessions.documents import Document, changed_at, copied, opened, written


def edited_on_the_way() -> Session:
    """Train, edit, train on: two branches, checkpoints of both, optimizer moments."""
    body = small(optimizer={"name": "adam"}, shuffle=True)
    # A checkpoint comes with the first slice that ends a thousand iterations after the last one, and how many
    # iterations fit into a slice is up to the clock: this is far enough for two of them, and for one more below.
    session = trained(started(body), iterations=2_400).session
    session = changed(stepped(session, "pass"), training={"learning_rate": 0.02})
    return stepped(trained(session, iterations=1_200).session, "term", 3)


@pytest.fixture(scope="module")
def document() -> Document:
    return written(edited_on_the_way())


STATE = {"weights": [[]], "biases": [[]], "moments": [], "updates": 0}

FAULTS: list[tuple[str, Any, str]] = [
    ("/position/iteration", 2**53, "/history/iterations"),
    ("/position/event", 10_000, "/position/event"),
    ("/focus", 2, "/focus"),
    ("/state", None, "/state"),
    ("/state/moments", [], "/state/moments"),
    ("/state/weights", [[[0.0, 0.0]]], "/state/weights"),
    ("/state/biases", [[0.0]], "/state/biases"),
    ("/state/weights/0", [[0.0, 0.0]], "/state/weights/0"),
    ("/state/weights/1/1", [0.0], "/state/weights/1"),
    ("/state/biases/1", [0.0], "/state/biases/1"),
    ("/state/moments/0/biases/0", [], "/state/moments/0/biases/0"),
    ("/state/moments/1/weights/0/0/0", -1e-9, "/state/moments/1"),
    ("/branches/0/iteration", 2_400, "/branches/1/iteration"),
    ("/branches/1/iteration", 0, "/branches/1/iteration"),
    ("/branches/0/epoch/iteration", 1, "/branches/0/epoch/iteration"),
    ("/branches/0/data", 1, "/branches/0/data"),
    ("/branches/1/training/learning_rate", 100.5, "/branches/1/training/learning_rate"),
    ("/branches/1/network/cost", "cross_entropy", "/branches/1/network/cost"),
    ("/branches/1/network/layers/1/size", 3, "/branches/1/network/layers/1/size"),
    ("/branches/1/network/layers/0/size", 129, "/branches/1/network/layers/0/size"),
    ("/branches/0/state/weights/0/0", [], "/branches/0/state/weights/0"),
    ("/data/0", {}, "/data/0"),
    ("/data/0/dataset", "iris", "/data/0"),
    ("/data/0", {"dataset": "nothing"}, "/data/0/dataset"),
    ("/history/first", 1, "/history/first"),
    ("/history/iterations", 10, "/history/iterations"),
    ("/history/costs", [0.5], "/history/costs"),
    ("/history/stride", 2, "/history/costs"),
    ("/checkpoints/0/branch", 2, "/checkpoints/0/branch"),
    ("/checkpoints/0/branch", 1, "/checkpoints/0/branch"),
    ("/checkpoints/0/state", STATE, "/checkpoints/0/state/moments"),
]


@pytest.mark.parametrize(("place", "value", "pointer"), FAULTS)
def test_a_fault_is_pointed_at(document: Document, place: str, value: Any, pointer: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        opened(changed_at(document, place, value))
    assert caught.value.faults[0].pointer == pointer


def test_a_moment_before_all_branches_is_none() -> None:
    document = written(trained(started(small()), iterations=3).session)
    late = changed_at(document, "/branches/0/iteration", 9)
    with pytest.raises(InvalidInput, match="No branch reaches") as caught:
        opened(late)
    assert caught.value.faults[0].pointer == "/position/iteration"


def test_a_seed_keeps_to_the_limit(document: Document) -> None:
    with pytest.raises(InvalidInput, match="at most 1") as caught:
        opened(document, Settings(max_seed=1))
    assert caught.value.faults[0].pointer == "/branches/0/network/seed"


def test_all_data_together_keep_to_the_limit() -> None:
    session = trained(started(small()), iterations=2).session
    document = written(changed(session, values={"y[0][0]": 0.5}))
    assert len(document["data"]) == 2
    with pytest.raises(InvalidInput, match="There are 40 cells in all; at most 39") as caught:
        opened(document, Settings(max_cells=39))
    assert caught.value.faults[0].pointer == "/data"


def test_a_fault_without_a_place_is_given_that_of_its_part(document: Document) -> None:
    with pytest.raises(InvalidInput) as caught:
        opened(document, Settings(max_layers=1))
    assert [fault.pointer for fault in caught.value.faults] == ["/branches/0/network/layers"]


def test_a_past_that_cannot_be_replayed_is_refused(document: Document) -> None:
    endless = changed_at(document, "/history/iterations", 2**53)
    endless = changed_at(endless, "/history/stride", 2**53)
    endless = changed_at(endless, "/history/costs", [0.5])
    with pytest.raises(InvalidInput, match="too far apart") as caught:
        opened(endless)
    assert caught.value.faults[0].pointer == "/checkpoints"


def test_checkpoints_are_put_in_order(document: Document) -> None:
    assert len(document["checkpoints"]) >= 3
    mixed = document | {"checkpoints": document["checkpoints"][::-1]}
    states = opened(mixed).checkpoints.states
    assert [one[:2] for one in states] == sorted(one[:2] for one in states)
    assert moment(goto(opened(mixed), 2_050)) == moment(goto(edited_on_the_way(), 2_050))


def test_a_session_at_an_overflow_opens_there() -> None:
    body = small(layers=[{"size": 2, "activation": "linear"}], learning_rate=100.0)
    stopped = trained(started(body), iterations=1_000).session
    copy = copied(stopped)
    assert copy.diverged
    assert at(copy) == at(stopped)
