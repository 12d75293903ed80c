"""Nothing is shown before its event, and everything after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.engine.addresses import Address, parse
from app.engine.tape import Tape
from app.engine.training import State
from app.errors import InvalidInput
from app.sessions.moves import arrive
from app.sessions.session import Position, Session
from app.web.values import MOST_NUMBERS, shown_observations, values
from app.web.views import session_view
from tests.sessions.cases import BODIES, INPUTS, end_of, goto, small, started, trained
from tests.web.learner import Json, Learner

NETS = {
    **BODIES,
    "softmax": small(
        layers=[{"size": 2}, {"size": 2, "activation": "softmax"}], cost="binary_cross_entropy"
    ),
}
net = pytest.mark.parametrize("body", NETS.values(), ids=list(NETS))


def entry(tree: Any, path: tuple[int, ...]) -> float | None:
    """Follow a path; null on the way is null at its end."""
    for step in path:
        if tree is None:
            return None
        tree = tree[step]
    assert tree is None or isinstance(tree, float)
    return tree


def numbers(tape: Tape) -> Iterator[tuple[str, tuple[int, ...], Address]]:
    """Yield every number a session's answer may show: its name there, its path, its address."""
    sizes, batch = tape.network.sizes, range(tape.batch)
    for layer in range(1, len(sizes)):
        for neuron in range(sizes[layer]):
            for kind in ("a", "z", "slope", "blame", "delta"):
                for b in batch:
                    yield kind, (layer, b, neuron), Address(kind, (layer, b, neuron))
            for source in range(sizes[layer - 1]):
                path = (layer, neuron, source)
                yield "weight_gradients", path, Address("dw", path)
                yield "weights", path, Address("new_w", path)
            yield "bias_gradients", (layer, neuron), Address("db", (layer, neuron))
            yield "biases", (layer, neuron), Address("new_b", (layer, neuron))
            for target in range(sizes[layer + 1]) if layer < len(sizes) - 1 else ():
                address = Address("blame_term", (layer, 0, neuron, target))
                yield "blame_terms", (layer, neuron, target), address
    for b in batch:
        yield "losses", (b,), Address("loss", (b,))
        for output in range(sizes[-1]):
            yield "loss_terms", (b, output), Address("loss_term", (b, output))
    for kind in ("cost", "penalty", "cost_after"):
        yield kind, (), Address(kind)


def expected(tape: Tape, address: Address) -> tuple[int | None, float]:
    """Return the event a number comes with, None for one that never comes, and the number."""
    try:
        return tape.event_number(address), tape.value(address)
    except InvalidInput:
        return None, 0.0


def compare(answer: Json, tape: Tape, event: int) -> None:
    shown = dict(answer["values"])
    layers = answer["network"]["layers"]
    for kind in ("weights", "biases"):
        shown[kind] = [layer[kind] for layer in layers]
    for name, path, address in numbers(tape):
        number, value = expected(tape, address)
        found = entry(shown[name], path)
        if name in ("weights", "biases"):
            old = tape.value(Address(address.kind[-1], address.path))
            assert found == (value if number is not None and number <= event else old)
        elif number is None or number > event:
            assert found is None, f"{name}{path} is shown at {event}, its event is {number}"
        else:
            assert found == value, f"{name}{path} at {event}"
    begun = event > tape.events.phase_ends["backward"]
    for kind, letter in (("weights", "w"), ("biases", "b")):
        old = shown[f"previous_{kind}"]
        assert (old is not None) == begun
        for layer in range(1, len(tape.network.sizes)) if begun else ():
            view = getattr(tape.network, kind)(tape.state.theta, layer)
            assert old[layer] == view.tolist(), letter
    for kind in ("z", "slope", "blame", "delta", "weight_gradients", "bias_gradients"):
        assert shown[kind][0] is None
    assert shown["a"][0] == tape.inputs.T.tolist()


@net
def test_at_every_event_exactly_what_has_happened_is_shown(
    body: dict[str, Any], client: TestClient
) -> None:
    learner, session = Learner(client, body), goto(trained(started(body), iterations=1).session, 0)
    tape = session.tape
    compare(learner.session, tape, 0)
    for event in range(1, tape.events.count + 1):
        answer = learner.do("step", by="term")
        assert learner.at == (0, event)
        compare(answer, tape, event)


@net
def test_going_back_hides_it_again(body: dict[str, Any], client: TestClient) -> None:
    learner, tape = Learner(client, body), started(body).tape
    learner.do("step", by="iteration")
    for event in range(tape.events.count - 1, -1, -7):
        compare(learner.do("goto", iteration=0, event=event), tape, event)


@net
def test_each_gradient_is_the_sum_of_what_the_observations_add(body: dict[str, Any]) -> None:
    session = started(body)
    tape, depth = session.tape, session.setup.network.depth
    session = arrive(session, end_of(session, "backward"))
    added = [values(session.within(focus=b), [b])["gradient_terms"] for b in range(tape.batch)]
    if tape.batch == 1 and not tape.training.penalised:
        assert added == [None]
        return
    for layer in range(1, depth + 1):
        total = sum(np.array(terms[layer]) for terms in added)
        data = tape.network.weights(tape.data_gradient, layer)
        np.testing.assert_allclose(total, data, rtol=1e-12, atol=1e-15)


def test_what_one_observation_adds_comes_with_its_gradient() -> None:
    session = started(small())
    for event in range(end_of(session, "cost"), end_of(session, "backward") + 1):
        found = values(arrive(session, event), [0])
        for terms, gradients in zip(
            found["gradient_terms"][1:], found["weight_gradients"][1:], strict=True
        ):
            assert known(terms) == known(gradients)


def known(tree: Any) -> Any:
    """Replace numbers by whether they are there."""
    return [known(one) for one in tree] if isinstance(tree, list) else tree is not None


def wide(rows: int) -> Session:
    return started(
        {
            "data": {"inputs": [[0.1, 0.2]] * rows, "targets": [[0.5]] * rows},
            "network": {"layers": [{"size": 7}, {"size": 1}]},
            "training": {"batch_size": None},
        }
    )


def test_a_small_batch_is_listed_whole() -> None:
    assert shown_observations(wide(400)) == list(range(400))
    assert MOST_NUMBERS == 400 * 10


def test_of_a_large_batch_the_one_in_focus_is_listed() -> None:
    session = wide(401).within(focus=17)
    assert shown_observations(session) == [17]
    found = values(arrive(session, end_of(session, "backward")), [17])
    assert found["a"][0] == [[0.1, 0.2]]
    assert len(found["delta"][1]) == len(found["losses"]) == 1


@pytest.mark.parametrize(
    ("focus", "first"), [(0, 0), (300, 50), (499, 249), (500, 250), (999, 499)]
)
def test_of_all_that_were_asked_for_as_many_as_fit_are_listed(focus: int, first: int) -> None:
    sizes = wide(1_000).setup.network.sizes
    each = sum(sizes) + 4 * sum(sizes[1:])
    listed = shown_observations(wide(1_000).within(focus=focus), 502 * each - 1)
    assert listed == list(range(first, first + 501))
    assert shown_observations(wide(1_000), 1_000 * each) == list(range(1_000))


def scaled(session: Session, number: float) -> Session:
    """Take parameters that only a diverging network has."""
    theta = np.full_like(session.state.theta, number)
    return session.at(Position(), State(theta, session.state.moments))


@pytest.mark.parametrize("exponent", range(60, 309, 2))
@pytest.mark.parametrize("activation", ["linear", "relu", "tanh", "softplus"])
def test_wherever_a_number_overflows_the_answer_is_finite(activation: str, exponent: int) -> None:
    layers = [{"size": 3, "activation": activation}, {"size": 2, "activation": "linear"}]
    session = scaled(started(small(layers=layers, batch_size=None)), float(f"1e{exponent}"))
    overflow = session.tape.overflow or session.setup.events.count
    for event in {0, 1, max(0, overflow - 1), overflow, session.setup.events.count}:
        view = session_view(arrive(session, event))
        assert (view.diverged is not None) == (
            session.tape.overflow is not None and event >= session.tape.overflow
        )


def test_losses_whose_sum_overflows_diverge_with_their_last_term() -> None:
    # Each term can be written, their sum cannot.
    session = started(small(layers=[{"size": 2, "activation": "linear"}], batch_size=1))
    session = scaled(session, 1.1e154)
    last = end_of(session, "cost") - 1
    assert session.tape.overflow == last
    before, stopped = (session_view(arrive(session, event)) for event in (last - 1, last))
    assert before.values.losses is stopped.values.losses is None
    assert before.diverged is None
    assert before.values.loss_terms is not None
    assert stopped.diverged is not None
    assert stopped.diverged.address == "loss[0]"


def test_the_number_named_is_one_that_overflows_whatever_observation_is_in_focus() -> None:
    session = started(small(layers=[{"size": 2, "activation": "linear"}], batch_size=None))
    session = scaled(session, 1e154)
    finite = np.isfinite(session.tape.terms[0])
    assert finite.any()
    assert not finite.all()
    for focus in range(len(finite)):
        view = session_view(arrive(session.within(focus=focus), session.setup.events.count))
        assert view.diverged is not None
        assert view.diverged.address.startswith("loss_term")
        assert not np.isfinite(session.tape.value(parse(view.diverged.address)))
        assert finite[focus] or view.diverged.address == f"loss_term[{focus}][0]"


def test_a_cost_after_that_overflows_is_said_and_left_to_the_next_iteration() -> None:
    body = small(layers=[{"size": 2, "activation": "linear"}], learning_rate=100.0)
    stopped = trained(started(body), iterations=1_000).session
    last = goto(stopped, stopped.position.iteration - 1, stopped.setup.events.count)
    assert not np.isfinite(last.tape.cost_after)
    view = session_view(last)
    assert view.values.cost_after is None
    assert view.diverged is None
    assert view.notices == [
        "With its new weights the network's cost on this batch is too large for the computer to hold."
    ]


def test_the_batch_is_the_rows_of_the_table() -> None:
    session = goto(trained(started(small()), iterations=2).session, 1)
    view = session_view(session)
    assert view.batch.rows == [2, 3]
    assert view.batch.inputs == [INPUTS[2], INPUTS[3]]
    assert view.values.a[0] == view.batch.inputs
