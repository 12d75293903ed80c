from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.data.bundled import IDS, bundled
from app.data.dataset import Dataset, with_numbers
from app.engine.training import Optimizer, State
from app.errors import StoreError
from app.sessions import codec
from app.sessions.edits import undo
from app.sessions.setup import build_dataset
from app.sessions.spec import DataSpec
from tests.sessions.cases import (
    BODIES,
    SETTINGS,
    bits,
    changed,
    small,
    started,
    state_bits,
    trained,
)

CSV = (
    "bill (mm),sex,colony\n39.1,male,Dream\n36.7,female,Biscoe\n,male,Dream\n40.2,male,Torgersen\n"
)


def csv(text: str) -> Dataset:
    spec = DataSpec(csv=text, input_columns=["bill (mm)", "sex"], target_columns=["colony"])
    return build_dataset(spec, SETTINGS)


def same_data(one: Dataset, other: Dataset) -> bool:
    arrays = ("inputs", "targets", "readings", "target_readings", "row_numbers")
    words = ("about", "input_names", "target_names", "scaling", "target_scaling", "classes")
    return all(bits(getattr(one, n)) == bits(getattr(other, n)) for n in arrays) and all(
        getattr(one, n) == getattr(other, n) for n in (*words, "dropped")
    )


def test_arrays_come_back_to_the_bit() -> None:
    arrays = {
        "floats": np.array([[0.1, -0.0, np.nan], [np.inf, 5e-324, 1.7e308]]),
        "whole": np.array([[1], [-(2**62)]]),
        "bytes": np.frombuffer(b"abc", dtype=np.uint8),
        "nothing": np.zeros((0, 3)),
    }
    header, found = codec.unpack(codec.pack({"name": "x", "list": [1, None]}, arrays))
    assert header == {"name": "x", "list": [1, None]}
    for name, array in arrays.items():
        assert found[name].shape == array.shape
        assert found[name].dtype == array.dtype
        assert bits(found[name]) == bits(array)
        assert not found[name].flags.writeable


def test_arrays_in_any_order_of_memory_are_written_alike() -> None:
    array = np.arange(6.0).reshape(2, 3)
    assert codec.pack({}, {"a": array}) == codec.pack({}, {"a": np.asfortranarray(array)})
    assert codec.pack({}, {"a": array[:, ::2]}) == codec.pack({}, {"a": array[:, ::2].copy()})


def test_any_damaged_byte_is_noticed() -> None:
    blob = codec.pack({"name": "x"}, {"a": np.arange(3.0)})
    for place in range(len(blob)):
        damaged = bytearray(blob)
        damaged[place] ^= 0x10
        with pytest.raises(StoreError, match="damaged"):
            codec.unpack(bytes(damaged))


def test_a_blob_that_was_cut_off_or_goes_on_is_damaged() -> None:
    blob = codec.pack({"name": "x"}, {"a": np.arange(3.0)})
    for length in range(len(blob)):
        with pytest.raises(StoreError, match="damaged"):
            codec.unpack(blob[:length])
    with pytest.raises(StoreError, match="damaged"):
        codec.unpack(blob + b"\0")


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_a_state_comes_back_to_the_bit(name: str) -> None:
    state = State.start(np.array([0.1, -0.0, 1e-310]), Optimizer(name))
    state = State(state.theta, state.moments + 0.3, 7)
    found = codec.decode_state(codec.encode_state(state))
    assert state_bits(found) == state_bits(state)
    assert not found.theta.flags.writeable
    assert not found.moments.flags.writeable


def test_a_history_comes_back() -> None:
    session = trained(started(small()), iterations=9).session
    found = codec.decode_history(codec.encode_history(session.history))
    assert (found.iterations, found.stride, found.first) == (9, 1, 0)
    assert bits(found.costs) == bits(session.history.costs)


OWN: dict[str, Dataset] = {
    "rows": started(small()).setup.dataset,
    "csv": csv(CSV),
    "edited": with_numbers(bundled("digits"), {(0, 3): 0.5}, {}),
    "picture": with_numbers(bundled("digits"), {}, {(7, 0): 0.5}),
    "iris": with_numbers(bundled("iris"), {(0, 0): 1.0}, {(1, 1): 0.5}),
}


@pytest.mark.parametrize("dataset", OWN.values(), ids=list(OWN))
def test_a_learners_own_data_come_back(dataset: Dataset) -> None:
    found = codec.decode_dataset(codec.encode_dataset(dataset))
    assert same_data(found, dataset)
    assert codec.data_name(found) == codec.data_name(dataset)
    for row in (0, dataset.observations - 1):
        assert found.raw(row) == dataset.raw(row)
        assert found.row_label(row) == dataset.row_label(row)
        assert found.class_of(row) == dataset.class_of(row)


def test_bundled_data_have_no_part() -> None:
    assert {codec.data_name(bundled(name)) for name in IDS} == {None}


def test_data_that_differ_in_what_a_person_reads_are_two_parts() -> None:
    # Standardised, millimetres and centimetres are the same numbers.
    centimetres = CSV.replace("39.1", "3.91").replace("36.7", "3.67").replace("40.2", "4.02")
    one, other = csv(CSV), csv(centimetres)
    assert np.allclose(one.inputs, other.inputs)
    assert codec.data_name(one) != codec.data_name(other)
    assert codec.data_name(one) == codec.data_name(csv(CSV))


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_a_branch_comes_back(body: dict[str, Any]) -> None:
    session = changed(trained(started(body), iterations=4).session, training={"batch_size": 1})
    branch = session.branch
    dataset = branch.setup.dataset
    name = codec.data_name(dataset)
    parts = {} if name is None else {name: codec.encode_dataset(dataset)}
    shared: dict[str, Dataset] = {}
    found = codec.decode_branch(codec.encode_branch(branch), parts, shared)
    assert (found.key, found.first_iteration) == (branch.key, branch.first_iteration)
    assert found.schedule == branch.schedule
    assert state_bits(found.state) == state_bits(branch.state)
    assert found.setup.network == branch.setup.network
    assert found.setup.training == branch.setup.training
    for word in ("initializer", "seed", "preset"):
        assert getattr(found.setup, word) == getattr(branch.setup, word)
    again = codec.decode_branch(codec.encode_branch(branch), parts, shared)
    assert again.setup.dataset is found.setup.dataset


def test_a_snapshot_comes_back_with_its_branches() -> None:
    session = changed(trained(started(small()), iterations=4).session, values={"b[1][0]": 0.5})
    for snapshot in (session.undo[0], undo(session).redo[0]):
        branches = {branch.key: branch for branch in session.trunk}
        found = codec.decode_snapshot(codec.encode_snapshot(snapshot), branches)
        assert (found.key, found.position) == (snapshot.key, snapshot.position)
        assert found.trunk == snapshot.trunk
        assert state_bits(found.state) == state_bits(snapshot.state)
        assert found.history.iterations == snapshot.history.iterations
        assert bits(found.history.costs) == bits(snapshot.history.costs)
