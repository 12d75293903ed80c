from __future__ import annotations

from typing import Any

import pytest

from app.errors import Conflict, InvalidInput
from app.sessions.moves import arrive, next_command, run_command
from app.sessions.session import Session
from tests.sessions.cases import (
    BODIES,
    at,
    back,
    changed,
    end_of,
    goto,
    moment,
    small,
    started,
    stepped,
    trained,
)

BIG = small(layers=[{"size": 2, "activation": "linear", "weights": [[1e6, 1e6], [1e6, 1e6]]}])


@pytest.fixture
def session() -> Session:
    return started(small())


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_each_moment_takes_one_command_and_says_which(body: dict[str, Any]) -> None:
    session = started(body)
    ends = session.setup.events.phase_ends
    for event in range(session.setup.events.count + 1):
        here = arrive(session, event)
        expected = "forward"
        if ends["cost"] <= event < ends["update"]:
            expected = "backward" if event < ends["backward"] else "update"
        assert next_command(here) == expected
        for command in ("forward", "backward", "update"):
            if command == expected:
                assert at(run_command(here, command, "term")) == (
                    (0, event + 1) if event < ends["update"] else (1, 1)
                )
            else:
                with pytest.raises(Conflict, match=f"call {expected}"):
                    run_command(here, command, "term")


def test_by_pass_each_command_ends_its_phase(session: Session) -> None:
    for command, phase in (("forward", "cost"), ("backward", "backward"), ("update", "update")):
        session = run_command(session, command, "pass")
        assert at(session) == (0, end_of(session, phase))
    assert session.finished
    assert session.history.costs.tolist() == [session.tape.cost]
    assert at(run_command(session, "forward", "layer")) == (
        1,
        session.setup.events.segments[0].end,
    )


def test_the_cost_phase_belongs_to_forward(session: Session) -> None:
    within = arrive(session, end_of(session, "forward") + 1)
    assert at(run_command(within, "forward", "layer")) == (0, end_of(session, "cost"))


def test_back_at_the_beginning_is_refused(session: Session) -> None:
    with pytest.raises(Conflict, match="very beginning"):
        back(session, "term")


def test_the_start_of_an_iteration_is_the_end_of_the_one_before(session: Session) -> None:
    ready = goto(trained(session, iterations=2).session, 1)
    assert at(ready) == (1, 0)
    ends = session.setup.events.phase_ends
    assert at(back(ready, "term")) == (0, ends["update"] - 1)
    assert at(back(ready, "pass")) == (0, ends["backward"])
    assert at(back(ready, "iteration")) == (0, 0)


def test_back_by_iteration_from_the_middle_goes_to_the_end_before(session: Session) -> None:
    amid = stepped(trained(session, iterations=2).session, "term", 4)
    assert at(back(amid, "iteration")) == (1, session.setup.events.count)
    assert at(back(stepped(session, "term", 4), "iteration")) == (0, 0)


def test_back_by_epoch_goes_to_the_ends_of_epochs(session: Session) -> None:
    count = session.setup.events.count
    late = trained(session, iterations=8).session
    assert at(back(late, "epoch")) == (5, count)
    assert at(back(late, "epoch", 2)) == (2, count)
    assert at(back(late, "epoch", 3)) == (0, 0)
    ready = goto(late, 6)
    assert at(back(ready, "epoch")) == (2, count)
    assert at(back(goto(late, 3), "epoch")) == (0, 0)


def test_back_by_epoch_across_an_edit_that_began_the_epoch_anew(session: Session) -> None:
    session = trained(session, iterations=4).session
    session = changed(session, training={"batch_size": 1})
    session = trained(session, iterations=6).session
    stops = []
    while at(session) != (0, 0):
        session = back(session, "epoch")
        stops.append(at(session)[0])
    assert stops == [8, 3, 2, 0]


def test_back_by_epoch_across_an_edit_that_kept_the_batches(session: Session) -> None:
    session = trained(session, iterations=4).session
    session = changed(session, training={"learning_rate": 0.1})
    session = trained(session, epochs=1).session
    assert at(session)[0] == 5
    assert at(back(session, "epoch"))[0] == 2


def test_goto_reaches_the_past_and_the_present_iteration(session: Session) -> None:
    count = session.setup.events.count
    session = stepped(trained(session, iterations=3).session, "term")
    assert at(goto(session, 3, count)) == (3, count)
    assert at(goto(session, 0, 0)) == (0, 0)
    here = goto(session, 1, 5)
    assert at(goto(here, 3, 1)) == (3, 1)
    assert moment(goto(here, 3, 1)) == moment(session)


@pytest.mark.parametrize("place", [(4, 0), (-1, 0), (10**15, 0)])
def test_goto_refuses_iterations_never_reached(session: Session, place: tuple[int, int]) -> None:
    session = trained(session, iterations=3).session
    with pytest.raises(InvalidInput, match="Iterations 0 to 3") as caught:
        goto(session, *place)
    assert [fault.pointer for fault in caught.value.faults] == ["/iteration"]


@pytest.mark.parametrize("beyond", [1, 10**15])
def test_goto_refuses_events_that_there_are_not(session: Session, beyond: int) -> None:
    count = session.setup.events.count
    with pytest.raises(InvalidInput, match=f"events 0 to {count}") as caught:
        goto(session, 0, count + beyond)
    assert [fault.pointer for fault in caught.value.faults] == ["/event"]
    with pytest.raises(InvalidInput):
        goto(session, 0, -1)


def test_goto_counts_the_events_of_the_branch_it_goes_to(session: Session) -> None:
    session = trained(session, iterations=2).session
    first = session.setup.events.count
    session = changed(session, training={"optimizer": {"name": "adam"}})
    session = trained(session, iterations=2).session
    assert session.setup.events.count > first
    assert at(goto(session, 3, session.setup.events.count))[0] == 3
    with pytest.raises(InvalidInput, match=f"0 to {first}"):
        goto(session, 1, first + 1)


def test_stepping_on_from_the_past_walks_through_the_edits(session: Session) -> None:
    session = changed(trained(session, iterations=2).session, values={"w[1][0][0]": 0.5})
    late = trained(session, iterations=2).session
    early = goto(late, 0, 4)
    walked = trained(early, iterations=4).session
    assert moment(walked) == moment(late)
    assert walked.history.costs.tolist() == late.history.costs.tolist()


def test_a_diverged_session_goes_back_but_not_on() -> None:
    session = started({**BIG, "training": {"learning_rate": 100.0}})
    stopped = trained(session, iterations=100).session
    assert stopped.diverged
    for go_on in (
        lambda: stepped(stopped, "term"),
        lambda: run_command(stopped, "forward", "pass"),
        lambda: trained(stopped, iterations=1),
    ):
        with pytest.raises(Conflict, match="lower the learning rate"):
            go_on()
    earlier = back(stopped, "term")
    assert not earlier.diverged
    assert at(stepped(earlier, "pass")) == at(stopped)
    assert at(goto(stopped, at(stopped)[0])) == (at(stopped)[0], 0)
    with pytest.raises(InvalidInput):
        goto(stopped, at(stopped)[0] + 1)
