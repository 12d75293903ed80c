from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.engine.training import State
from app.errors import Conflict, InvalidInput
from app.sessions.edits import redo, undo
from app.sessions.moves import arrive
from app.sessions.session import Position, Session
from app.settings import Settings
from tests.sessions.cases import (
    INPUTS,
    SETTINGS,
    TARGETS,
    at,
    back,
    bits,
    changed,
    edited,
    end_of,
    goto,
    moment,
    past,
    small,
    started,
    stepped,
    trained,
)

RATE: dict[str, Any] = {"training": {"learning_rate": 0.01}}


@pytest.fixture
def session() -> Session:
    return trained(started(small(optimizer={"name": "adam"})), iterations=4).session


def phases(session: Session) -> dict[str, Session]:
    """Stand at each phase of the next iteration."""
    ready = stepped(session, "term")
    ends = ready.setup.events.phase_ends
    places = {
        "ready": 0,
        "mid forward": 3,
        "cost": ends["cost"],
        "mid backward": ends["cost"] + 5,
        "gradients known": ends["backward"],
        "mid update": ends["backward"] + 4,
        "done": ends["update"],
    }
    return {name: arrive(ready, event) for name, event in places.items()}


PHASES = tuple(phases(started(small())))


@pytest.mark.parametrize("phase", PHASES[:5])
def test_before_the_update_an_edit_takes_hold_where_it_is_made(
    session: Session, phase: str
) -> None:
    here = phases(session)[phase]
    found = edited(here, values={"w[1][0][0]": 0.5})
    after = found.session
    assert found.notices == ()
    assert at(after) == at(here)
    assert len(after.trunk) == 2
    assert after.branch.first_iteration == 4
    index = here.setup.network.weight_index(1, 0, 0)
    expected = here.state.theta.copy()
    expected[index] = 0.5
    assert bits(after.state.theta) == bits(expected)
    assert bits(after.state.moments) == bits(here.state.moments)
    assert after.state.updates == here.state.updates
    assert after.history.costs.tolist() == session.history.costs.tolist()


def test_amid_the_update_the_edit_meets_the_finished_update(session: Session) -> None:
    here = phases(session)["mid update"]
    found = edited(here, **RATE)
    assert found.notices == (
        "The update was finished first, so that the change meets the new weights.",
    )
    after = found.session
    assert at(after) == (5, 0)
    assert bits(after.state.theta) == bits(here.tape.after.theta)
    assert after.history.costs.tolist() == [*here.history.costs.tolist(), here.tape.cost]
    late = trained(after, iterations=3).session
    assert late.history.iterations == len(late.history.costs) == 8
    assert moment(goto(late, 4, 2)) == moment(goto(here, 4, 2))


def test_after_the_update_the_edit_begins_the_next_iteration(session: Session) -> None:
    here = phases(session)["done"]
    found = edited(here, **RATE)
    assert found.notices == ()
    assert at(found.session) == (5, 0)
    assert moment(back(found.session, "term"))[0] == moment(back(here, "term"))[0]
    assert moment(goto(found.session, *at(here))) == moment(here)


@pytest.mark.parametrize("phase", PHASES)
def test_undo_and_redo_return_to_the_exact_moment(session: Session, phase: str) -> None:
    here = phases(session)[phase]
    after = changed(here, values={"b[1][1]": -0.25}, **RATE)
    later = stepped(after, "pass", 5)
    undone = undo(later)
    assert (moment(undone), past(undone)) == (moment(here), past(here))
    redone = redo(undone)
    assert (moment(redone), past(redone)) == (moment(later), past(later))
    assert moment(undo(redone)) == moment(here)
    for iteration in range(at(later)[0]):
        assert moment(goto(redone, iteration)) == moment(goto(later, iteration))
    for iteration in range(at(here)[0]):
        assert moment(goto(undone, iteration)) == moment(goto(here, iteration))


def test_several_edits_are_undone_and_redone_in_turn(session: Session) -> None:
    moments = [session]
    for rate in (0.1, 0.2, 0.3):
        edit = changed(moments[-1], training={"learning_rate": rate})
        moments.append(trained(edit, iterations=2).session)
    here = moments[-1]
    for earlier in reversed(moments[:-1]):
        here = undo(here)
        assert (moment(here), past(here)) == (moment(earlier), past(earlier))
    with pytest.raises(Conflict, match="no edit to undo"):
        undo(here)
    for later in moments[1:]:
        here = redo(here)
        assert (moment(here), past(here)) == (moment(later), past(later))
    with pytest.raises(Conflict, match="no undone edit"):
        redo(here)


def test_a_new_edit_clears_redo_and_its_branches(session: Session) -> None:
    undone = undo(trained(changed(session, **RATE), iterations=2).session)
    assert len(undone.redo) == 1
    again = changed(undone, training={"learning_rate": 0.2})
    assert again.redo == ()
    with pytest.raises(Conflict):
        redo(again)


def test_keys_are_never_used_again(session: Session) -> None:
    keys: set[int] = {session.trunk[0].key}
    here = session
    for _ in range(5):
        here = undo(changed(changed(here, **RATE), **RATE))
        found = [one.key for one in here.trunk]
        found += [one.key for one in (*here.undo, *here.redo)]
        assert len(found) == len(set(found))
        new = set(found) - keys
        assert min(new) > max(keys)
        assert max(new) < here.next_key
        keys |= new


def test_undo_finds_the_checkpoints_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sessions.replay.checkpoint_spacing", lambda setup: 50)
    late = trained(session, iterations=2_000).session
    edit = changed(goto(late, 3), **RATE)
    restored = undo(trained(edit, iterations=200).session)
    assert restored.checkpoints.nearest(0, 1_999) == late.checkpoints.nearest(0, 1_999)
    assert past(restored) == past(late)
    assert moment(goto(restored, 1_998)) == moment(goto(late, 1_998))


def test_so_many_edits_can_be_undone_and_no_more() -> None:
    settings = Settings(store="memory:", undo_edits=3)
    session = started(small())
    for rate in range(1, 6):
        session = edited(session, settings, training={"learning_rate": rate}).session
    assert len(session.undo) == 3
    for rate in (4, 3, 2):
        session = undo(session)
        assert session.setup.training.learning_rate == rate
    with pytest.raises(Conflict):
        undo(session)


def test_the_focus_is_a_point_of_view_and_no_edit(session: Session) -> None:
    tape = session.tape
    found = edited(goto(session, 4), focus=1)
    assert found.session.focus == 1
    assert (found.session.undo, found.notices) == ((), ())
    assert edited(session, focus=0).session.tape is tape
    assert stepped(found.session, "term").focus == 1
    assert undo(changed(found.session, **RATE)).focus == 1


@pytest.mark.parametrize("focus", [2, 10_000_000])
def test_a_focus_beyond_the_batch_is_refused(session: Session, focus: int) -> None:
    with pytest.raises(InvalidInput, match="observations 0 to 1") as caught:
        edited(goto(session, 3), focus=focus)
    assert caught.value.faults[0].pointer == "/focus"


def test_the_focus_stays_within_a_smaller_batch(session: Session) -> None:
    focused = changed(goto(session, 4), focus=1)
    assert changed(focused, training={"batch_size": 1}).focus == 0
    assert changed(focused, training={"learning_rate": 1.0}, focus=1).focus == 1


def test_later_iterations_that_are_let_go_are_named(session: Session) -> None:
    gone = "The iterations that came after it were let go; undo brings them back."
    found = edited(goto(session, 1, 2), **RATE)
    assert found.notices[-1] == gone
    assert undo(found.session).history.iterations == session.history.iterations
    assert gone not in edited(session, **RATE).notices
    assert gone not in edited(stepped(session, "iteration"), **RATE).notices


def layers_of(*sizes: int, **given: Any) -> dict[str, Any]:
    layers: list[dict[str, Any]] = [{"size": size, "activation": "tanh"} for size in sizes[:-1]]
    return {"network": {"layers": [*layers, {"size": sizes[-1]}], **given}}


def kept(old: Session, new: Session, before: int, after: int) -> bool:
    """Tell whether the weights between neurons that both have are the same bits."""
    was = old.setup.network.augmented(old.tape.after.theta, before)
    now = new.setup.network.augmented(new.state.theta, after)
    rows, columns = min(len(was), len(now)), min(was.shape[1], now.shape[1]) - 1
    same = bits(was[:rows, :columns]) == bits(now[:rows, :columns])
    return same and bits(was[:rows, -1]) == bits(now[:rows, -1])


@pytest.mark.parametrize("hidden", [1, 2, 4, 7])
def test_a_neuron_more_or_less_keeps_the_other_weights(session: Session, hidden: int) -> None:
    found = edited(session, **layers_of(hidden, 2))
    assert found.session.setup.network.sizes == (2, hidden, 2)
    assert kept(session, found.session, 1, 1)
    assert kept(session, found.session, 2, 2)
    drawn = "Weights between neurons that are still there were kept; new ones were drawn."
    assert found.notices == (
        "All other weights and biases were kept." if hidden < 3 else drawn,
        "What the optimizer remembered was let go; it begins anew.",
    )
    assert found.session.state.updates == 0
    assert not found.session.state.moments.any()


def test_a_layer_more_in_the_middle_keeps_what_lies_around_it() -> None:
    session = trained(started(small(layers=[{"size": 3}, {"size": 4}, {"size": 2}])), 3).session
    more = changed(session, **layers_of(3, 5, 4, 2))
    assert more.setup.network.sizes == (2, 3, 5, 4, 2)
    assert kept(session, more, 1, 1)
    assert kept(session, more, 3, 4)
    less = changed(session, **layers_of(3, 2))
    assert kept(session, less, 1, 1)
    assert not kept(session, less, 3, 2)
    at_the_end = changed(session, **layers_of(3, 4, 4, 2))
    assert [kept(session, at_the_end, a, b) for a, b in ((1, 1), (2, 2), (3, 4))] == [True] * 3
    first = changed(session, **layers_of(6, 3, 4, 2))
    assert [kept(session, first, a, b) for a, b in ((2, 3), (3, 4))] == [True] * 2


def test_given_weights_are_taken_and_the_others_kept(session: Session) -> None:
    layers = [
        {"size": 3, "activation": "tanh", "biases": [1.0, 2.0, 3.0]},
        {"size": 2, "weights": [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]},
    ]
    after = changed(session, network={"layers": layers})
    network, old, new = after.setup.network, session.tape.after.theta, after.state.theta
    assert network.biases(new, 1).tolist() == [1.0, 2.0, 3.0]
    assert bits(network.weights(new, 1)) == bits(network.weights(old, 1))
    assert network.weights(new, 2).tolist() == [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
    assert bits(network.biases(new, 2)) == bits(network.biases(old, 2))
    assert bits(after.state.moments) == bits(session.tape.after.moments)


@pytest.mark.parametrize("network", [{"seed": 3}, {"initializer": "zeros"}, {"seed": 0}])
def test_a_seed_draws_every_weight_anew(session: Session, network: dict[str, Any]) -> None:
    found = edited(session, network=network)
    fresh = started(small() | {"network": {**small()["network"], **network}})
    assert bits(found.session.state.theta) == bits(fresh.state.theta)
    assert found.session.setup.initializer == fresh.setup.initializer
    assert found.session.setup.seed == fresh.setup.seed
    assert found.session.state.updates == 0
    assert found.notices == ("What the optimizer remembered was let go; it begins anew.",)


def test_the_drawn_weights_take_the_numbers_set_beside_them(session: Session) -> None:
    after = changed(session, network={"seed": 9}, values={"b[2][1]": 0.75})
    assert after.setup.network.biases(after.state.theta, 2)[1] == 0.75


def test_an_activation_is_changed_where_one_stands(session: Session) -> None:
    here = phases(session)["mid backward"]
    found = edited(here, **layers_of(3, 2))
    assert found.notices == ()
    relu = edited(here, network={"layers": [{"size": 3, "activation": "relu"}, {"size": 2}]})
    assert relu.notices == ()
    assert at(relu.session) == at(here)
    assert bits(relu.session.state.theta) == bits(here.state.theta)


def test_another_order_of_events_begins_the_iteration_again(session: Session) -> None:
    softmax = [{"size": 3, "activation": "tanh"}, {"size": 2, "activation": "softmax"}]
    here = phases(session)["cost"]
    found = edited(here, network={"layers": softmax, "cost": "cross_entropy"})
    assert found.notices == ("The iteration begins again: its steps are others now.",)
    assert at(found.session) == (4, 0)
    ready = edited(phases(session)["ready"], network={"layers": softmax, "cost": "cross_entropy"})
    assert ready.notices == ()


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "rmsprop"])
def test_another_optimizer_begins_anew_and_says_so(session: Session, name: str) -> None:
    here = phases(session)["mid backward"]
    found = edited(here, training={"optimizer": {"name": name}})
    assert found.notices == ("What the optimizer remembered was let go; it begins anew.",)
    assert at(found.session) == at(here)
    assert found.session.state.updates == 0
    assert bits(found.session.state.theta) == bits(here.state.theta)
    trained(found.session, iterations=3)


def test_the_same_optimizer_keeps_what_it_remembers(session: Session) -> None:
    found = edited(session, training={"optimizer": {"name": "adam", "beta1": 0.5}})
    assert found.notices == ()
    assert bits(found.session.state.moments) == bits(session.tape.after.moments)
    assert found.session.state.updates == 4


def test_an_optimizer_without_memory_has_nothing_to_let_go() -> None:
    session = trained(started(small()), iterations=2).session
    assert edited(session, training={"optimizer": {"name": "adam"}}).notices == ()
    fresh = started(small(optimizer={"name": "adam"}))
    assert edited(fresh, training={"optimizer": {"name": "sgd"}}).notices == ()


@pytest.mark.parametrize(
    "training",
    [{"batch_size": 1}, {"batch_size": None}, {"shuffle": True}, {"test_fraction": 0.4}],
)
def test_other_batches_begin_the_epoch_anew(session: Session, training: dict[str, Any]) -> None:
    amid = edited(session, training=training)
    assert amid.notices == ("The epoch begins anew, because its batches are others now.",)
    after = amid.session
    assert (after.epoch, after.branch.schedule.place(4)) == (1, 0)
    assert after.branch.schedule.first_iteration == 4
    boundary = edited(trained(session, iterations=2).session, training=training)
    assert boundary.notices == ()
    assert boundary.session.epoch == 2


def test_other_settings_leave_the_epoch_alone(session: Session) -> None:
    found = edited(session, training={"learning_rate": 0.1, "l1": 0.1, "l2": 0.2})
    assert found.notices == ()
    assert found.session.branch.schedule is session.branch.schedule
    assert found.session.setup.training.l2 == 0.2


def test_what_is_not_said_stays(session: Session) -> None:
    after = changed(session, training={"learning_rate": 0.125})
    old, new = session.setup.training, after.setup.training
    assert new.learning_rate == 0.125
    assert (new.batch_size, new.optimizer, new.l2) == (old.batch_size, old.optimizer, old.l2)
    assert after.setup.network is session.setup.network


def test_other_data_keep_the_weights_that_fit(session: Session) -> None:
    rows = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    found = edited(session, data={"inputs": rows, "targets": [[0.0], [1.0]]})
    after = found.session
    assert after.setup.network.sizes == (3, 3, 1)
    assert kept(session, after, 1, 1)
    assert kept(session, after, 2, 2)
    assert "The epoch begins anew, because its batches are others now." in found.notices
    assert after.setup.dataset.inputs.tolist() == rows
    assert moment(undo(after)) == moment(session)


def test_data_of_the_same_shape_are_other_batches_too(session: Session) -> None:
    found = edited(session, data={"inputs": INPUTS[::-1], "targets": TARGETS})
    assert found.notices == ("The epoch begins anew, because its batches are others now.",)
    assert bits(found.session.state.theta) == bits(session.tape.after.theta)


def test_single_inputs_and_targets_are_set_without_a_new_epoch(session: Session) -> None:
    here = phases(session)["cost"]
    row = int(here.rows[1])
    found = edited(here, values={"a[0][1][0]": 0.5, "y[1][1]": 0.25, "b[1][0]": 0.125})
    after = found.session
    assert found.notices == ()
    assert at(after) == at(here)
    assert after.setup.dataset.inputs[row, 0] == 0.5
    assert after.setup.dataset.targets[row, 1] == 0.25
    assert after.tape.inputs[0, 1] == 0.5
    assert after.branch.schedule is here.branch.schedule
    assert moment(undo(after)) == moment(here)


def test_other_data_and_single_inputs_do_not_go_together(session: Session) -> None:
    data = {"inputs": INPUTS, "targets": TARGETS}
    with pytest.raises(InvalidInput, match="not both") as caught:
        edited(session, data=data, values={"a[0][0][0]": 0.5})
    assert caught.value.faults[0].pointer == "/values"
    assert changed(session, data=data, values={"w[1][0][0]": 0.5}).undo


def test_an_edit_of_the_past_lets_go_of_what_came_after(session: Session) -> None:
    here = goto(session, 1, 5)
    after = changed(here, **RATE)
    assert after.history.iterations == 1
    assert after.history.costs.tolist() == session.history.costs[:1].tolist()
    with pytest.raises(InvalidInput, match="0 to 1"):
        goto(after, 2)


def test_an_edit_right_before_an_earlier_one_follows_its_own_batches(session: Session) -> None:
    later = changed(session, training={"batch_size": 1})
    here = goto(trained(later, iterations=2).session, 3, session.setup.events.count)
    after = changed(here, training={"learning_rate": 0.01})
    assert after.setup.training.batch_size == 2
    assert after.branch.schedule == session.branch.schedule
    assert len(after.rows) == 2
    assert after.epoch == 1


def overflowing(session: Session, number: float) -> Session:
    theta = np.full_like(session.state.theta, number)
    return session.at(Position(), State(theta, session.state.moments))


def test_at_an_overflow_an_edit_stays_where_the_numbers_end() -> None:
    session = overflowing(started(small(layers=[{"size": 2, "activation": "linear"}])), 1e200)
    stopped = arrive(session, 10_000)
    found = edited(stopped, training={"learning_rate": 0.01})
    assert at(found.session) == at(stopped)
    assert found.session.diverged
    healed = edited(stopped, network={"seed": 1}).session
    assert not healed.diverged
    assert at(healed) == at(stopped)
    worse = changed(started(small()), values={"w[1][0][0]": 1e6})
    assert not worse.diverged


def test_an_overflow_of_the_update_begins_its_iteration_again() -> None:
    # The cost, a sum of squares, is finite still; the mean of the gradient's squares is not.
    body = small(
        layers=[{"size": 1, "activation": "linear"}], optimizer={"name": "rmsprop", "alpha": 0.0}
    )
    body["data"] = {"inputs": INPUTS, "targets": [[0.0]] * 5}
    session = overflowing(started(body), 7e153)
    backward = end_of(session, "backward")
    assert session.tape.overflow is not None
    assert session.tape.overflow > backward + 1
    for event in (backward + 1, 10_000):
        found = edited(arrive(session, event), training={"optimizer": {"name": "sgd"}})
        assert found.notices[0] == (
            "The update met a number that is too large, so its iteration begins again."
        )
        assert at(found.session) == (0, 0)
        assert found.session.history.iterations == 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"training": {"learning_rate": 100.5}}, "/training/learning_rate"),
        ({"training": {"l1": 2e6}}, "/training/l1"),
        ({"network": {"seed": 2**53}}, "/network/seed"),
        (layers_of(129, 2), "/network/layers/0/size"),
        (layers_of(3, 3), "/network/layers/1/size"),
        (layers_of(*[2] * 11), "/network/layers"),
        ({"network": {"cost": "cross_entropy"}}, "/network/cost"),
        ({"network": {"layers": [{"size": 2, "biases": [1.0]}]}}, "/network/layers/0/biases"),
        ({"values": {"w[9][0][0]": 1.0}}, "/values/w[9][0][0]"),
        ({"data": {"inputs": [[1.0]]}}, "/data/targets"),
    ],
)
def test_what_cannot_be_used_is_pointed_at_and_changes_nothing(
    session: Session, body: dict[str, Any], pointer: str
) -> None:
    before = (moment(session), past(session))
    with pytest.raises(InvalidInput) as caught:
        edited(session, **body)
    assert pointer in [fault.pointer for fault in caught.value.faults]
    assert (moment(session), past(session)) == before


def test_edits_one_after_another_on_one_iteration_replace_each_other(session: Session) -> None:
    here = session
    for rate in (0.1, 0.2, 0.3):
        here = changed(here, training={"learning_rate": rate})
    assert [one.first_iteration for one in here.trunk] == [0, 4]
    assert len(here.undo) == 3


def test_the_limit_of_undo_is_the_settings() -> None:
    assert SETTINGS.undo_edits == 200
