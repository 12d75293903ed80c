from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from app.errors import InvalidInput
from app.sessions.document import VALUE_BYTES
from app.sessions.edits import undo
from app.sessions.replay import longest_replay
from app.sessions.session import Session
from app.sessions.write_document import at_present, write_file
from app.settings import Settings
from tests.sessions.cases import (
    BODIES,
    at,
    back,
    changed,
    goto,
    moment,
    past,
    small,
    started,
    state_bits,
    stepped,
    trained,
)
from tests.sessions.documents import CSV, copied, opened, written


def onwards(session: Session) -> list[tuple[object, ...]]:
    """Go on, and far back, from a moment."""
    later = trained(session, iterations=6).session
    return [
        moment(session),
        past(session),
        moment(later),
        past(later),
        moment(back(later, "iteration", 3)),
        moment(stepped(session, "pass")),
        moment(goto(session, session.first_iteration)),
    ]


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_a_file_opens_again_to_the_same_bits(body: dict[str, Any]) -> None:
    session = started(body)
    assert onwards(copied(session)) == onwards(session)
    session = trained(session, iterations=23).session
    session = changed(stepped(session, "layer"), training={"learning_rate": 0.02}, focus=0)
    session = stepped(trained(session, iterations=9).session, "term", 3)
    assert onwards(copied(session)) == onwards(session)
    early = stepped(goto(session, 25), "pass")
    assert onwards(copied(early)) == onwards(early)
    assert len(copied(early).trunk) == 2


def test_a_copy_of_the_copy_is_the_same_file() -> None:
    session = changed(stepped(started(), "pass"), values={"a[0][0][1]": -0.0, "w[1][0][0]": 1 / 3})
    text = write_file(session, Settings())
    assert write_file(opened(json.loads(text)), Settings()) == text


def test_data_come_back_as_a_person_reads_them() -> None:
    body = {"data": CSV, "network": {"layers": [{"size": 3, "activation": "softmax"}]}}
    session = changed(started(body), values={"a[0][0][0]": 0.1, "y[0][0]": 0.25})
    before, after = session.setup.dataset, copied(session).setup.dataset
    for row in range(before.observations):
        assert after.raw(row) == before.raw(row)
        assert after.raw_targets(row) == before.raw_targets(row)
        assert after.row_label(row) == before.row_label(row)
    for name in ("inputs", "targets", "readings", "target_readings", "row_numbers"):
        assert getattr(after, name).tobytes() == getattr(before, name).tobytes()
        assert not getattr(after, name).flags.writeable
    for name in ("about", "scaling", "target_scaling", "classes", "dropped", "input_names"):
        assert getattr(after, name) == getattr(before, name)


@pytest.mark.parametrize("dataset", ["penguin-colonies", "digits", "moons", "noisy-sine"])
def test_an_edited_measurement_keeps_its_source(dataset: str) -> None:
    layers = {
        "layers": [
            {"size": len(started({"data": {"dataset": dataset}}).setup.dataset.target_names)}
        ]
    }
    session = changed(
        started({"data": {"dataset": dataset}, "network": layers}), values={"a[0][0][0]": 0.1}
    )
    before, after = session.setup.dataset, copied(session).setup.dataset
    assert (after.about, after.raw(0), after.raw(1)) == (before.about, before.raw(0), before.raw(1))
    assert after.inputs.tobytes() == before.inputs.tobytes()
    assert after.targets.tobytes() == before.targets.tobytes()


def test_branches_share_their_data() -> None:
    session = changed(started(small()), training={"learning_rate": 0.1})
    session = changed(trained(session, iterations=2).session, values={"y[0][0]": 0.5})
    session = changed(trained(session, iterations=2).session, training={"learning_rate": 0.2})
    document = written(session)
    assert [branch["data"] for branch in document["branches"]] == [0, 1, 1]
    copy = opened(document)
    assert copy.trunk[1].setup.dataset is copy.trunk[2].setup.dataset


def test_what_could_be_undone_stays_behind_and_new_edits_can_be() -> None:
    session = changed(trained(started(small()), iterations=3).session, values={"w[1][0][0]": 0.5})
    copy = copied(session)
    assert (copy.undo, copy.redo) == ((), ())
    assert moment(undo(changed(copy, values={"w[1][0][0]": 0.25}))) == moment(copy)


def test_no_name_of_the_session_is_in_the_file() -> None:
    session = started(small()).within(id="a-secret-id", follow_id="another", revision=77)
    text = write_file(session, Settings()).decode()
    assert "secret" not in text
    assert "another" not in text
    assert "77" not in json.loads(text)


def test_it_can_be_read_by_a_person() -> None:
    lines = write_file(started({"preset": "worked-example"}), Settings()).decode().splitlines()
    assert ' "format": "glassbox-session",' in lines
    assert lines[-1] == "}"
    assert "[0.15, 0.2]," in [line.strip() for line in lines]
    assert max(map(len, lines)) < 200


def test_checkpoints_grow_sparser_until_the_file_fits() -> None:
    layers: list[dict[str, Any]] = [{"size": 1_000, "activation": "tanh"}, {"size": 2}]
    roomy = Settings(max_layer_neurons=1_000)
    session = trained(started(small(layers=layers), roomy), iterations=3_000).session
    whole, states = write_file(session, roomy), session.checkpoints.states
    assert len(states) > 8
    assert len(copied(session, roomy).checkpoints.states) == len(states)
    tight = Settings(max_layer_neurons=1_000, upload_bytes=len(whole) * 2 // 3)
    text = write_file(session, tight)
    copy = opened(json.loads(text), tight)
    assert len(text) <= tight.upload_bytes
    assert 0 < len(copy.checkpoints.states) < len(states)
    assert copy.checkpoints.thinning > session.checkpoints.thinning
    assert state_bits(goto(copy, 2_003).state) == state_bits(goto(session, 2_003).state)


def test_without_room_for_it_the_past_is_let_go() -> None:
    body = small(layers=[{"size": 40, "activation": "tanh"}, {"size": 2}], learning_rate=0.01)
    session = trained(started(body), iterations=4).session
    for _ in range(3):
        session = trained(changed(session, values={"b[1][0]": 0.1}), iterations=2).session
    bare = len(write_file(at_present(session), Settings()))
    tight = Settings(upload_bytes=2 * bare)
    copy = opened(json.loads(write_file(session, tight)), tight)
    assert len(copied(session).trunk) == 4
    assert (len(copy.trunk), copy.first_iteration) == (1, session.position.iteration)
    assert moment(copy) == moment(session)
    assert copy.history.costs.tolist() == session.history.costs.tolist()[: at(session)[0] + 1]
    with pytest.raises(InvalidInput, match="larger than"):
        write_file(session, Settings(upload_bytes=bare // 2))


def test_a_past_too_far_to_replay_is_let_go() -> None:
    session = trained(started(small()), iterations=3_000).session
    assert longest_replay(session) < 1
    hasty = Settings(request_seconds=0.001)
    copy = opened(json.loads(write_file(session, hasty)), hasty)
    assert copy.first_iteration == at(session)[0]
    assert moment(copy) == moment(session)


def test_data_of_the_past_count_too() -> None:
    rows = {"inputs": [[0.5, 1.0]] * 30, "targets": [[0.0]] * 30}
    session = started({"data": rows, "network": {"layers": [{"size": 1}]}})
    session = changed(trained(session, iterations=2).session, values={"y[0][0]": 1.0})
    narrow = Settings(max_cells=150)
    assert len(opened(json.loads(write_file(session, narrow)), narrow).trunk) == 1
    assert len(copied(session).trunk) == 2


def test_a_file_full_of_short_numbers_is_no_denser_than_one_may_be() -> None:
    layers: list[dict[str, Any]] = [{"size": 40, "activation": "tanh"}, {"size": 2}]
    session = started(
        {**small(layers=layers), "network": {"layers": layers, "initializer": "zeros"}}
    )
    numbers = session.state.theta.size
    with pytest.raises(InvalidInput, match="larger than"):
        write_file(session, Settings(upload_bytes=numbers * VALUE_BYTES))
    assert np.all(copied(session).state.theta == 0)
