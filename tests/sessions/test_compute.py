from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from itertools import pairwise
from typing import Any, TypeVar

import pytest

from app.errors import Busy, TooSlow
from app.sessions.compute import FREE_SLICES, Compute
from app.sessions.replay import Work
from app.settings import Settings

Result = TypeVar("Result")
SETTINGS = Settings(store="memory:", compute_threads=1, compute_queue=1, request_seconds=10.0)


class Timer:
    """Tell a time that goes on by a step at each look."""

    def __init__(self, step: float = 0.0) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def compute(timer: Timer) -> Iterator[Compute]:
    made = Compute(SETTINGS, timer)
    yield made
    made.close()


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(asyncio.wait_for(coroutine, 20))


def slices(count: int, seen: list[str], log: list[object] | None = None) -> Work[int]:
    try:
        for number in range(count):
            seen.append(threading.current_thread().name)
            if log is not None:
                log.append(number)
            yield
    finally:
        seen.append("closed")
    return count


def test_light_work_stays_on_the_loop(compute: Compute) -> None:
    seen: list[str] = []
    assert run(compute.drive(slices(5, seen), heavy=False)) == 5
    assert set(seen[:-1]) == {threading.current_thread().name}


def test_light_work_lets_others_in_between_its_slices(compute: Compute) -> None:
    log: list[object] = []

    async def other() -> None:
        for _ in range(3):
            log.append("other")
            await asyncio.sleep(0)

    async def both() -> None:
        await asyncio.gather(compute.drive(slices(3, [], log), heavy=False), other())

    run(both())
    assert log == [0, "other", 1, "other", 2, "other"]


def test_long_light_work_takes_turns(compute: Compute) -> None:
    rounds: list[int] = []
    done: list[object] = []

    async def other() -> None:
        while len(done) < 24:
            rounds.append(len(done))
            await asyncio.sleep(0)

    async def together() -> None:
        works = (compute.drive(slices(8, [], done), heavy=False) for _ in range(3))
        await asyncio.gather(other(), *works)
        # A short piece of work does not stand in line behind them.
        trainings = [asyncio.ensure_future(compute.drive(slices(900, []), heavy=False))]
        await asyncio.sleep(0)
        assert await compute.drive(slices(FREE_SLICES - 1, []), heavy=False) == FREE_SLICES - 1
        assert not trainings[0].done()
        await asyncio.gather(*trainings)

    run(together())
    late = [after - before for before, after in pairwise(rounds) if before >= 3 * FREE_SLICES]
    assert max(late, default=0) <= 1


def here() -> str:
    return threading.current_thread().name.partition("_")[0]


def test_heavy_work_goes_to_a_thread(compute: Compute) -> None:
    seen: list[str] = []
    assert run(compute.drive(slices(3, seen), heavy=True)) == 3
    assert run(compute.drive(slices(3, seen), heavy=True, words=True)) == 3
    assert [name.partition("_")[0] for name in seen] == [
        *["compute"] * 3, "closed", *["write"] * 3, "closed",
    ]  # fmt: skip
    assert run(compute.call(here, heavy=True)) == "compute"
    assert run(compute.write(here, heavy=True)) == "write"
    assert run(compute.call(here, heavy=False)) == here()
    assert run(compute.write(here, heavy=False)) == here()


def test_numbers_are_computed_side_by_side_and_words_written_one_after_the_other() -> None:
    made = Compute(SETTINGS.model_copy(update={"compute_threads": 2, "compute_queue": 8}))
    together = threading.Barrier(2)
    writing = threading.Lock()

    def write() -> bool:
        alone = writing.acquire(blocking=False)
        time.sleep(0.01)
        writing.release()
        return alone

    async def both() -> None:
        await asyncio.gather(*(made.call(lambda: together.wait(10), heavy=True) for _ in range(2)))
        assert all(await asyncio.gather(*(made.write(write, heavy=True) for _ in range(4))))

    run(both())
    made.close()


@pytest.mark.parametrize("heavy", [False, True])
def test_work_past_its_deadline_is_stopped(compute: Compute, timer: Timer, heavy: bool) -> None:
    timer.step = 3.0
    seen: list[str] = []
    with pytest.raises(TooSlow, match="longer than one request"):
        run(compute.drive(slices(100, seen), heavy=heavy))
    assert seen[-1] == "closed"
    assert len(seen) == 5
    timer.step = 0.0
    assert run(compute.drive(slices(100, seen), heavy=heavy)) == 100


@pytest.mark.parametrize("heavy", [False, True])
def test_what_goes_wrong_is_told(compute: Compute, heavy: bool) -> None:
    def failing() -> Work[int]:
        yield
        raise ValueError("no")

    def fail() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        run(compute.drive(failing(), heavy=heavy))
    with pytest.raises(ValueError, match="no"):
        run(compute.write(fail, heavy=heavy))


def test_too_much_work_is_told_to_wait_and_light_work_goes_on(compute: Compute) -> None:
    release = threading.Event()

    async def crowd() -> None:
        waiting = [
            asyncio.create_task(compute.write(lambda: release.wait(10), heavy=True))
            for _ in range(2)
        ]
        await asyncio.sleep(0)
        with pytest.raises(Busy) as caught:
            await compute.write(lambda: None, heavy=True)
        assert caught.value.retry_after == 1
        with pytest.raises(Busy):
            await compute.drive(slices(1, []), heavy=True)
        assert await compute.drive(slices(2, []), heavy=False) == 2
        release.set()
        assert await asyncio.gather(*waiting) == [True, True]
        assert await compute.write(lambda: 3, heavy=True) == 3

    run(crowd())


def test_a_place_is_free_again_after_a_failure(compute: Compute) -> None:
    def fail() -> None:
        raise ValueError("no")

    for _ in range(5):
        with pytest.raises(ValueError, match="no"):
            run(compute.write(fail, heavy=True))
    assert run(compute.write(lambda: 1, heavy=True)) == 1
