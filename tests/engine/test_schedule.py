"""Which rows an iteration trains on: in order or shuffled, with a smaller batch at the end, found without the past."""

from collections import Counter

import numpy as np
import pytest

from app.engine.schedule import Schedule, split


def rows(schedule: Schedule, iteration: int) -> list[int]:
    return [int(row) for row in schedule.rows(iteration)]


def test_the_last_batch_of_an_epoch_holds_what_is_left() -> None:
    schedule = Schedule(7, 3, shuffle=False, seed=0)
    assert [rows(schedule, iteration) for iteration in range(4)] == [
        [0, 1, 2],
        [3, 4, 5],
        [6],
        [0, 1, 2],
    ]
    assert [schedule.epoch(iteration) for iteration in range(7)] == [0, 0, 0, 1, 1, 1, 2]
    assert [schedule.place(iteration) for iteration in range(7)] == [0, 1, 2, 0, 1, 2, 0]
    assert (schedule.size, schedule.per_epoch) == (3, 3)


@pytest.mark.parametrize("size", [None, 7, 8, 100])
def test_all_rows_at_once(size: int | None) -> None:
    schedule = Schedule(7, size, shuffle=False, seed=0)
    assert (schedule.size, schedule.per_epoch, schedule.epoch(5)) == (7, 1, 5)
    assert rows(schedule, 5) == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("size", [1, 2, 3, 5, None])
def test_a_shuffled_epoch_meets_every_row_once(size: int | None) -> None:
    schedule = Schedule(10, size, shuffle=True, seed=4)
    for epoch in range(5):
        first = epoch * schedule.per_epoch
        met = [row for place in range(schedule.per_epoch) for row in rows(schedule, first + place)]
        assert Counter(met) == Counter(range(10))
        assert met == [int(row) for row in schedule.order(epoch)]


def test_every_epoch_and_every_seed_has_an_order_of_its_own() -> None:
    orders = {
        tuple(int(row) for row in Schedule(10, 2, shuffle=True, seed=seed).order(epoch))
        for seed in (0, 1, 2**53 - 1)
        for epoch in range(20)
    }
    assert len(orders) == 60


def test_any_iteration_is_found_without_its_past() -> None:
    one_by_one = Schedule(10, 3, shuffle=True, seed=4)
    walked = [rows(one_by_one, iteration) for iteration in range(200)]
    for iteration in np.random.default_rng(0).permutation(200):
        assert rows(Schedule(10, 3, shuffle=True, seed=4), int(iteration)) == walked[iteration]


def test_a_schedule_can_take_over_in_the_middle() -> None:
    schedule = Schedule(5, 2, shuffle=True, seed=1, first_iteration=17, first_epoch=6)
    assert [schedule.epoch(iteration) for iteration in range(17, 24)] == [6, 6, 6, 7, 7, 7, 8]
    assert [schedule.place(iteration) for iteration in range(17, 21)] == [0, 1, 2, 0]
    assert rows(schedule, 17) == [int(row) for row in schedule.order(6)[:2]]


# --- training and test rows ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fraction", "kept_aside"), [(0.0, 0), (0.2, 2), (0.25, 2), (0.36, 4), (0.99, 9), (1.0, 9)]
)
def test_the_rows_are_split_in_the_tables_order(fraction: float, kept_aside: int) -> None:
    train, test = split(10, fraction, seed=3)
    assert len(test) == kept_aside
    assert sorted([*train, *test]) == [*range(10)]
    assert [*train] == sorted(train)
    assert [*test] == sorted(test)


def test_one_row_is_always_left_to_train_on() -> None:
    train, test = split(1, 0.9, seed=3)
    assert (train.tolist(), test.tolist()) == ([0], [])


def test_the_split_follows_the_seed() -> None:
    assert split(30, 0.3, 1)[1].tolist() == split(30, 0.3, 1)[1].tolist()
    assert split(30, 0.3, 1)[1].tolist() != split(30, 0.3, 2)[1].tolist()
