"""P7: whatever the order of commands, the service and a session on paper agree."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.errors import Conflict, GlassboxError, InvalidInput, NotFound, StaleRevision
from app.sessions import edits, moves
from app.sessions.replay import Work
from app.sessions.service import DAY, Outcome, Request, Service
from app.sessions.session import Session
from app.sessions.stores.memory import MemoryStore
from tests.figures import Figures
from tests.sessions.cases import SETTINGS, at, back, changed, goto, started, stepped, trained
from tests.sessions.paper import COUNT, EVENTS, FIRST, GRADIENTS_KNOWN, INPUTS, SIZES, TARGETS, Pad

BODY = {
    "data": {"inputs": INPUTS, "targets": TARGETS},
    "network": {
        "layers": [
            {
                "size": 2,
                "activation": "tanh",
                "weights": FIRST.weights[0],
                "biases": FIRST.biases[0],
            },
            {"size": 1, "weights": FIRST.weights[1], "biases": FIRST.biases[1]},
        ],
        "cost": "mse",
    },
    "training": {"learning_rate": 0.5, "batch_size": 2},
}
BY = st.sampled_from(["term", "neuron", "layer", "pass", "iteration", "epoch"])
SMALL = st.integers(1, 4)
NUMBER = st.sampled_from([-0.75, 0.0, 0.3, 1.25])
Move = Callable[[Session], Session]


def test_the_walk_has_as_many_events_as_the_engine() -> None:
    events = started(BODY).setup.events
    assert (events.count, events.phase_ends["backward"]) == (COUNT, GRADIENTS_KNOWN)
    for number, event in enumerate(EVENTS, start=1):
        found = events.at(number)
        assert (found.phase, found.layer, found.neuron) == (event.phase, event.layer, event.neuron)


class Learners(RuleBasedStateMachine):
    """Play two tabs on one session, a server that restarts, and repeated requests."""

    plays, done = 0, Counter[str]()

    def __init__(self) -> None:
        super().__init__()
        Learners.plays += 1
        self.runner, self.store, self.now, self.keys = asyncio.Runner(), MemoryStore(), 0.0, 0
        self.gone = 0
        self.tabs = self.services()
        self.begin()

    def services(self) -> list[Service]:
        return [Service(self.store, SETTINGS, lambda: self.now) for _ in range(2)]

    def begin(self) -> None:
        created = self.runner.run(self.tabs[0].create(partial(started, BODY), Request(), _render))
        self.name, self.revision, self.pad = created.id, 1, Pad()
        self.last: tuple[Move, Request, bytes] | None = None

    def teardown(self) -> None:
        for tab in self.tabs:
            tab.compute.close()
        self.runner.close()

    def give(self, move: Move, request: Request, tab: int = 0) -> bytes:
        def command(session: Session) -> Work[Outcome]:
            yield
            return Outcome(move(session))

        answer = self.tabs[tab].command(self.name, command, request, _render)
        try:
            body = self.runner.run(answer).body
        except GlassboxError:
            self.done["refused"] += 1
            raise
        self.done["accepted"] += 1
        return body

    def do(self, move: Move, tab: int) -> None:
        """Give a command that must succeed, under a key of its own."""
        self.keys += 1
        request = Request(self.revision, f"key {self.keys}", f"print {self.keys}")
        self.last = move, request, self.give(move, request, tab)
        self.revision += 1

    def refuse(self, move: Move, error: type[GlassboxError]) -> None:
        with pytest.raises(error):
            self.give(move, Request(self.revision))

    @rule(by=BY, count=SMALL, tab=st.integers(0, 1))
    def step(self, by: str, count: int, tab: int) -> None:
        self.do(lambda session: stepped(session, by, count), tab)
        for _ in range(count):
            self.pad.step(by)

    @rule(iterations=st.integers(1, 30), tab=st.integers(0, 1))
    def train(self, iterations: int, tab: int) -> None:
        self.do(lambda session: trained(session, iterations=iterations).session, tab)
        for _ in range(iterations):
            self.pad.step("iteration")

    @rule(by=BY, tab=st.integers(0, 1))
    def back(self, by: str, tab: int) -> None:
        if self.pad.at_beginning():
            self.refuse(lambda session: back(session, by), Conflict)
        else:
            self.do(lambda session: back(session, by), tab)
            self.pad.back(by)

    @rule(share=st.floats(0, 1), event=st.integers(0, COUNT), tab=st.integers(0, 1))
    def goto(self, share: float, event: int, tab: int) -> None:
        iteration = round(share * self.pad.reach())
        self.do(lambda session: goto(session, iteration, event), tab)
        self.pad.place(iteration, event)

    @rule(beyond=st.integers(1, 50))
    def goto_what_was_never_reached(self, beyond: int) -> None:
        iteration = self.pad.reach() + beyond
        self.refuse(lambda session: goto(session, iteration), InvalidInput)
        self.refuse(lambda session: goto(session, 0, COUNT + beyond), InvalidInput)

    @rule(
        rate=st.none() | st.sampled_from([0.1, 1.0]),
        weight=st.none() | NUMBER,
        bias=st.none() | NUMBER,
        tab=st.integers(0, 1),
    )
    def edit(self, rate: float | None, weight: float | None, bias: float | None, tab: int) -> None:
        numbers = {"w[1][1][0]": weight, "b[2][0]": bias}
        body: dict[str, Any] = {"values": {n: v for n, v in numbers.items() if v is not None}}
        if rate is not None:
            body["training"] = {"learning_rate": rate}
        self.do(lambda session: changed(session, **body), tab)
        self.pad.edit(rate, weight, bias)

    @rule()
    def edit_wrongly(self) -> None:
        self.refuse(lambda session: changed(session, values={"w[9][0][0]": 1.0}), InvalidInput)

    @rule(tab=st.integers(0, 1))
    def undo(self, tab: int) -> None:
        if self.pad.undo:
            self.do(edits.undo, tab)
            self.pad.take_back()
        else:
            self.refuse(edits.undo, Conflict)

    @rule(tab=st.integers(0, 1))
    def redo(self, tab: int) -> None:
        if self.pad.redo:
            self.do(edits.redo, tab)
            self.pad.bring_back()
        else:
            self.refuse(edits.redo, Conflict)

    @rule(by=st.sampled_from(["term", "layer", "pass"]))
    def command_that_does_not_fit(self, by: str) -> None:
        event = self.pad.here.event
        phase = "forward" if event == COUNT else EVENTS[event].phase
        fitting = "forward" if phase == "cost" else phase
        for command in {"forward", "backward", "update"} - {fitting}:
            self.refuse(partial(moves.run_command, command=command, by=by), Conflict)

    @rule(stale=st.integers(-3, 3).filter(bool))
    def act_on_a_stale_page(self, stale: int) -> None:
        with pytest.raises(StaleRevision) as caught:
            self.give(edits.undo, Request(self.revision + stale))
        assert caught.value.current == self.revision

    @precondition(lambda self: self.last is not None)
    @rule(tab=st.integers(0, 1))
    def repeat_the_last_request(self, tab: int) -> None:
        assert self.last is not None
        move, request, body = self.last
        assert self.give(move, request, tab) == body
        with pytest.raises(Conflict):
            self.give(move, Request(key=request.key, fingerprint="other"), tab)

    @rule()
    def restart(self) -> None:
        self.done["restarts"] += 1
        for tab in self.tabs:
            tab.compute.close()
        self.tabs = self.services()

    @precondition(lambda self: self.revision > 6)
    @rule(swept=st.booleans())
    def nobody_comes_for_a_week(self, swept: bool) -> None:
        self.done["expired"] += 1
        self.now += SETTINGS.idle_days * DAY
        self.gone += 1
        if swept:
            assert self.runner.run(self.tabs[0].sweep()) == self.gone
            self.gone = 0
        for tab in range(2):
            with pytest.raises(NotFound):
                self.runner.run(self.tabs[tab].load(self.name))
            with pytest.raises(NotFound):
                self.give(edits.undo, Request(self.revision), tab)
        self.begin()

    @invariant()
    def both_agree(self) -> None:
        here = self.pad.here
        session = self.runner.run(self.tabs[0].load(self.name))
        assert session.revision == self.revision
        assert at(session) == (here.iteration, here.event)
        assert (len(session.undo), len(session.redo)) == (len(self.pad.undo), len(self.pad.redo))
        assert session.history.iterations == here.finished
        weights, biases = self.pad.network(here.iteration, here.event)
        network, theta = session.setup.network, session.present_theta
        for layer in range(1, len(SIZES)):
            assert network.weights(theta, layer).tolist() == close(weights[layer - 1])
            assert network.biases(theta, layer).tolist() == close(biases[layer - 1])
        assert session.tape.cost == close(self.pad.cost(here.iteration))
        finished = min(here.finished, len(session.history.costs))
        for iteration in {0, finished // 2, finished - 1} if finished else ():
            assert session.history.costs[iteration] == close(self.pad.cost(iteration))


def close(expected: Any) -> Any:
    if isinstance(expected, list) and isinstance(expected[0], list):
        return [close(row) for row in expected]
    return pytest.approx(expected, rel=0, abs=1e-12)


def _render(outcome: Outcome) -> bytes:
    return f"{at(outcome.session)} {outcome.session.revision}".encode()


@pytest.mark.parametrize("plays", [50, pytest.param(1_000, marks=pytest.mark.long)])
def test_any_order_of_commands_does_what_it_does_on_paper(plays: int, figures: Figures) -> None:
    how = settings(
        max_examples=plays,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    Learners.plays, Learners.done = 0, Counter()
    run_state_machine_as_test(Learners, settings=how)
    done = Learners.done
    # How often each comes is drawn anew at each run.
    assert min(done["accepted"], done["refused"]) > plays
    assert min(done["restarts"], done["expired"]) > 0
    figures(
        "P7",
        f"{Learners.plays} plays of two tabs: {done['accepted']} commands accepted, {done['refused']} refused, "
        f"{done['restarts']} restarts, {done['expired']} expired; "
        "the service and the session on paper agreed after each",
    )
