"""The benchmark compares like with like: all ways of training a job end at the same cost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.engine.arrays import FloatArray
from benchmarks import engine
from benchmarks.engine import BY_HAND, OURS, PROMISES, TEXTBOOK, check_costs, contestants, verdict
from benchmarks.jobs import Contestant, Job, jobs
from benchmarks.numpy_ways import Glassbox, Textbook


class Stray(Textbook):
    """Learn a little faster than was said."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.rate *= 1.000001


class Idle:
    """Learn nothing."""

    def __init__(self, job: Job) -> None:
        self._theta = job.theta

    def advance(self, updates: int) -> None:
        pass

    def theta(self) -> FloatArray:
        return self._theta


@pytest.mark.parametrize("job", jobs(), ids=lambda job: job.title)
def test_the_textbook_ends_at_the_same_cost(job: Job) -> None:
    # The ways with PyTorch are checked whenever the benchmark runs; importing it would take seconds here.
    assert check_costs(job, {OURS: Glassbox, TEXTBOOK: Textbook}) < job.cost(job.theta)


@pytest.mark.parametrize("job", jobs(), ids=lambda job: job.title)
def test_the_batches_come_out_even(job: Job) -> None:
    assert len(job.inputs) == len(job.targets)
    assert len(job.inputs) % job.batch == 0


@pytest.mark.parametrize(
    ("makers", "said"),
    [
        ({OURS: Glassbox, TEXTBOOK: Stray}, "ends at"),
        ({OURS: Idle, TEXTBOOK: Idle}, "nothing was learned"),
    ],
)
def test_who_computes_something_else_is_not_measured(
    makers: dict[str, Callable[[Job], Contestant]], said: str
) -> None:
    with pytest.raises(SystemExit, match=said):
        check_costs(jobs()[0], makers)


def test_everyone_takes_as_many_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "TURN_SECONDS", 1e-4)
    taken = engine.measure(jobs()[0], {OURS: Glassbox, TEXTBOOK: Textbook}, rounds=3)
    assert {name: len(times) for name, times in taken.items()} == {OURS: 3, TEXTBOOK: 3}
    assert all(time > 0 for times in taken.values() for time in times)


def test_a_promise_is_judged_by_the_median_of_the_rounds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    slow = {OURS: [1.0, 1.0, 1.0], TEXTBOOK: [9.0, 3.4, 1.0]}
    fast = {OURS: [1.0, 2.0, 1.0], TEXTBOOK: [9.0, 7.2, 1.0]}
    assert not verdict(PROMISES[0], jobs()[0], slow)
    assert verdict(PROMISES[0], jobs()[0], fast)
    assert "MISSED" in capsys.readouterr().out


def test_without_pytorch_its_rows_are_missing_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    makers = contestants()
    assert [*makers] == [OURS, TEXTBOOK]
    assert PROMISES[1].rival == BY_HAND
    assert verdict(PROMISES[1], jobs()[1], {OURS: [1.0], TEXTBOOK: [1.0]})
    assert "PyTorch is not installed" in capsys.readouterr().out
