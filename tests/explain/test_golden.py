"""The article's network, explained from first to last, kept as text for the eye.

After a wanted change run `GLASSBOX_GOLDEN=write pytest tests/explain/test_golden.py` and read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.data.bundled import bundled
from app.engine.addresses import PATHS
from app.engine.initializers import initialize
from app.engine.network import Network
from app.engine.tape import Tape
from app.engine.training import Optimizer, State, Training
from app.explain.events import explain, explain_event
from app.explain.explanation import Explanation
from app.explain.names import Names
from app.explain.next_step import next_sentence
from app.explain.summary import summary
from tests.explain.cases import addresses

GOLDEN = Path(__file__).with_name("golden")
COLONIES = bundled("penguin-colonies")
ROWS = {"one-by-one": [16], "batch": [16, 40, 200]}
GIVEN_OR_DERIVED = (
    "a", "y", "w", "b", "loss", "data_cost", "penalty", "cost_after", "blame", "data_dw",
    "old_moment_w",
)  # fmt: skip


def names(rows: list[int]) -> Names:
    readings = tuple(COLONIES.raw(row) for row in rows)
    standardized = (True, True, True, True, False)
    return Names(COLONIES.input_names, COLONIES.target_names, standardized, "penguin", readings)


def record(rows: list[int], activations: tuple[str, ...], cost: str, training: Training) -> Tape:
    network = Network((5, 2, 2, 5), activations, cost)
    state = State.start(initialize(network, "xavier_uniform", 1), training.optimizer)
    inputs, targets = COLONIES.inputs[rows], COLONIES.targets[rows]
    state = Tape.record(network, training, state, inputs, targets).after
    return Tape.record(network, training, state, inputs, targets)


def lines(explained: Explanation) -> list[str]:
    found = [
        explained.title,
        f"  {explained.label}: {explained.name}",
        f"  {explained.sentence}",
        f"  {explained.formula.text}",
        f"  {explained.substituted.text}",
    ]
    if explained.running is not None:
        running = explained.running
        found.append(f"  {running.written.formula.text}")
        found.append(f"  {running.written.substituted.text} ({running.done} of {running.of})")
    return found


def story(tape: Tape, called: Names, *, every: bool = True) -> str:
    """Write what happens event by event, and then the numbers that no event computes by itself.

    Args:
        every: false tells only one event of each kind and layer.
    """
    told: list[str] = []
    seen: set[object] = set()
    for event in range(1, tape.events.count + 1):
        one = tape.events.at(event)
        if every or (one.kind, one.layer, one.moment) not in seen:
            seen.add((one.kind, one.layer, one.moment))
            told.append(f"next: {next_sentence(tape, event - 1, 'term', called)}")
            title, *rest = lines(explain_event(tape, event, 0, 2, called))
            told += [f"{event}. {title}", *rest]
    for address in addresses(tape):
        if address.kind in GIVEN_OR_DERIVED and address.kind not in seen:
            seen.add(address.kind)
            told += [f"[{address}]", *lines(explain(tape, address, tape.events.count, 2, called))]
    return "\n".join(told) + "\n"


def article() -> str:
    rows = ROWS["one-by-one"]
    tape = record(rows, ("sigmoid",) * 3, "mse", Training())
    assert tape.events.count == 151
    return story(tape, names(rows))


def modern() -> str:
    rows = ROWS["batch"]
    training = Training(batch_size=3, optimizer=Optimizer("adam"), learning_rate=0.05, l2=0.01)
    tape = record(rows, ("relu", "tanh", "softmax"), "cross_entropy", training)
    return story(tape, names(rows), every=False)


def steps() -> str:
    """Write what every size of step says at every place of the article's network."""
    rows = ROWS["one-by-one"]
    tape, called = record(rows, ("sigmoid",) * 3, "mse", Training()), names(rows)
    told: list[str] = []
    for by in ("neuron", "layer", "pass", "iteration", "epoch"):
        told.append(f"== {by}")
        said = ""
        for event in range(tape.events.count + 1):
            sentence = next_sentence(tape, event, by, called)
            if sentence != said:
                told.append(f"{event}: {sentence}")
            said = sentence
    return "\n".join(told) + "\n"


def summaries() -> str:
    """Write what every larger step of the article's network says once it is done."""
    rows = ROWS["one-by-one"]
    tape, called = record(rows, ("sigmoid",) * 3, "mse", Training()), names(rows)
    told: list[str] = []
    for by in ("neuron", "layer", "pass"):
        told.append(f"== {by}")
        ends = [event for event in range(1, 152) if tape.events.next_stop(event - 1, by) == event]
        for event in ends:
            one = summary(tape, event, by, called)
            assert one is not None
            told += [f"{event}. {one.title}", f"  {one.sentence}"]
            for figure in one.figures:
                before = f"{figure.before.text} → " if figure.before else ""
                told.append(f"  {figure.label}: {figure.name}: {before}{figure.number.text}")
            told += [f"  and {one.more} more"] if one.more else []
    return "\n".join(told) + "\n"


@pytest.mark.parametrize(
    "tell", [article, modern, steps, summaries], ids=lambda tell: tell.__name__
)
def test_golden(tell) -> None:  # type: ignore[no-untyped-def]
    path = GOLDEN / f"{tell.__name__}.txt"
    told = tell()
    if os.environ.get("GLASSBOX_GOLDEN") == "write":
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")


def test_every_kind_of_number_is_an_events_or_told_apart() -> None:
    assert set(GIVEN_OR_DERIVED) <= set(PATHS)
