"""How a session becomes named blobs of bytes, and again a session with the same bits.

A blob is a checksum, a JSON header and the raw arrays that it names. Every object of a session has a part of its
own, so that a step writes the few that changed:

head             position, focus, and the names of all that follows
state            the parameters at the start of the present iteration
history          the costs
branch:KEY       where a stretch of training begins: setup, schedule, state
data:HASH        a learner's own data (bundled sets are named, not copied)
snapshot:KEY     a moment that undo or redo returns to
checkpoint:KEY:ITER  a state of a branch's past
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from app.data.bundled import bundled
from app.data.dataset import About, Dataset
from app.data.scale import Scale
from app.engine.arrays import FloatArray
from app.engine.network import Network
from app.engine.schedule import Schedule
from app.engine.training import Optimizer, State, Training
from app.errors import StoreError
from app.sessions.history import History
from app.sessions.session import Branch, Position, Snapshot
from app.sessions.setup import Setup

FORMAT = 1
DAMAGED = "A part of this session is damaged and cannot be read."

Parts = Mapping[str, bytes]
Buffer = bytes | memoryview


def pack(header: dict[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    """Write a header and arrays, little-endian and in C order."""
    return b"".join(_pieces(header, arrays))


def _pieces(header: dict[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> list[Buffer]:
    """Return what a blob is made of; half a million numbers lie in it as they are, not as copies."""
    listed = {
        name: {"shape": array.shape, "kind": _KINDS[array.dtype.kind]}
        for name, array in arrays.items()
    }
    top = json.dumps({**header, "arrays": listed}, separators=(",", ":")).encode()
    bodies = (
        np.ascontiguousarray(array, dtype="<" + listed[name]["kind"]).ravel().data
        for name, array in arrays.items()
    )
    pieces: list[Buffer] = [len(top).to_bytes(4, "little"), top, *bodies]
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
    return [checksum.to_bytes(4, "little"), *pieces]


_KINDS = {"f": "f8", "i": "i8", "u": "u1"}


def unpack(blob: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read what `pack` wrote; the arrays are read-only views of the bytes.

    Raises:
        StoreError: the blob is damaged.
    """
    if len(blob) < 8 or zlib.crc32(blob[4:]) != int.from_bytes(blob[:4], "little"):
        raise StoreError(DAMAGED)
    start = 8 + int.from_bytes(blob[4:8], "little")
    header, arrays = json.loads(blob[8:start]), {}
    for name, one in header.pop("arrays").items():
        count = int(np.prod(one["shape"], dtype=np.int64))
        flat = np.frombuffer(blob, dtype="<" + one["kind"], count=count, offset=start)
        arrays[name] = flat.reshape(one["shape"])
        start += flat.nbytes
    return header, arrays


def _aligned(array: FloatArray) -> FloatArray:
    copy = array.astype(np.float64)
    copy.flags.writeable = False
    return copy


def encode_state(state: State) -> bytes:
    """Write a state."""
    return pack({"updates": state.updates}, {"theta": state.theta, "moments": state.moments})


def decode_state(blob: bytes) -> State:
    """Read a state."""
    header, arrays = unpack(blob)
    return State(_aligned(arrays["theta"]), _aligned(arrays["moments"]), header["updates"])


def encode_history(history: History) -> bytes:
    """Write a history."""
    header = {"iterations": history.iterations, "stride": history.stride, "first": history.first}
    return pack(header, {"costs": history.costs})


def decode_history(blob: bytes) -> History:
    """Read a history."""
    header, arrays = unpack(blob)
    return _history(header, arrays["costs"])


def _history(header: dict[str, Any], costs: FloatArray) -> History:
    return History(header["iterations"], header["stride"], _aligned(costs), header["first"])


def data_name(dataset: Dataset) -> str | None:
    """Name the part that a learner's own data lie in; None for a bundled set."""
    if dataset.id:
        return None
    # The digest of half a million cells takes a moment; a frozen data set keeps its own.
    known = dataset.__dict__
    if "_part" not in known:
        digest = hashlib.sha256()
        for piece in _pieces(*_content(dataset)):
            digest.update(piece)
        known["_part"] = f"data:{digest.hexdigest()[:32]}"
    return str(known["_part"])


def encode_dataset(dataset: Dataset) -> bytes:
    """Write a learner's own data."""
    return pack(*_content(dataset))


def _content(dataset: Dataset) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    header = {
        "about": asdict(dataset.about),
        "input_names": dataset.input_names,
        "target_names": dataset.target_names,
        "scaling": [asdict(scale) for scale in dataset.scaling],
        "target_scaling": [asdict(scale) for scale in dataset.target_scaling],
        "classes": dataset.classes,
        "dropped": dataset.dropped,
    }
    arrays = ("inputs", "targets", "readings", "target_readings", "row_numbers")
    return header, {name: getattr(dataset, name) for name in arrays}


def decode_dataset(blob: bytes) -> Dataset:
    """Read a learner's own data."""
    header, arrays = unpack(blob)
    about = header["about"]
    about["picture"] = tuple(about["picture"]) if about["picture"] else None
    return Dataset(
        about=About(**about),
        input_names=tuple(header["input_names"]),
        target_names=tuple(header["target_names"]),
        inputs=_aligned(arrays["inputs"]),
        targets=_aligned(arrays["targets"]),
        readings=_aligned(arrays["readings"]),
        target_readings=_aligned(arrays["target_readings"]),
        scaling=_scales(header["scaling"]),
        target_scaling=_scales(header["target_scaling"]),
        classes=tuple(header["classes"]),
        row_numbers=arrays["row_numbers"].astype(np.int64),
        dropped=header["dropped"],
    )


def _scales(listed: list[dict[str, Any]]) -> tuple[Scale, ...]:
    return tuple(
        Scale(**{**one, "coding": tuple((name, number) for name, number in one["coding"])})
        for one in listed
    )


def encode_branch(branch: Branch) -> bytes:
    """Write a branch; its data are named, not copied."""
    setup = branch.setup
    header = {
        "key": branch.key,
        "first_iteration": branch.first_iteration,
        "network": asdict(setup.network),
        "training": asdict(setup.training),
        "dataset": setup.dataset.id,
        "data": data_name(setup.dataset),
        "initializer": setup.initializer,
        "seed": setup.seed,
        "preset": setup.preset,
        "schedule": asdict(branch.schedule),
        "updates": branch.state.updates,
    }
    return pack(header, {"theta": branch.state.theta, "moments": branch.state.moments})


def decode_branch(blob: bytes, parts: Parts, datasets: dict[str, Dataset]) -> Branch:
    """Read a branch; data read once are shared through `datasets`."""
    header, arrays = unpack(blob)
    network = header["network"]
    training = header["training"]
    training["optimizer"] = Optimizer(**training["optimizer"])
    name = header["data"]
    if name is not None and name not in datasets:
        datasets[name] = decode_dataset(parts[name])
        datasets[name].__dict__["_part"] = name
    setup = Setup(
        Network(tuple(network["sizes"]), tuple(network["activations"]), network["cost"]),
        Training(**training),
        bundled(header["dataset"]) if name is None else datasets[name],
        header["initializer"],
        header["seed"],
        header["preset"],
    )
    state = State(_aligned(arrays["theta"]), _aligned(arrays["moments"]), header["updates"])
    schedule = Schedule(**header["schedule"])
    return Branch(header["key"], header["first_iteration"], setup, schedule, state)


def encode_snapshot(snapshot: Snapshot) -> bytes:
    """Write a snapshot; its branches are named."""
    header = {
        "key": snapshot.key,
        "trunk": [branch.key for branch in snapshot.trunk],
        "position": asdict(snapshot.position),
        "updates": snapshot.state.updates,
        "iterations": snapshot.history.iterations,
        "stride": snapshot.history.stride,
        "first": snapshot.history.first,
    }
    state, history = snapshot.state, snapshot.history
    arrays = {"theta": state.theta, "moments": state.moments, "costs": history.costs}
    return pack(header, arrays)


def decode_snapshot(blob: bytes, branches: Mapping[int, Branch]) -> Snapshot:
    """Read a snapshot."""
    header, arrays = unpack(blob)
    return Snapshot(
        header["key"],
        tuple(branches[key] for key in header["trunk"]),
        Position(**header["position"]),
        State(_aligned(arrays["theta"]), _aligned(arrays["moments"]), header["updates"]),
        _history(header, arrays["costs"]),
    )
