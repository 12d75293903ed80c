"""Measure training: Glassbox beside what one would write or take instead.

    python -m benchmarks.engine [--rounds N]

First everyone trains from the same start, and must end at the same cost. Then they take turns, so that a slower moment
of the computer meets all of them; a ratio is the median over the rounds of one's time over Glassbox's own.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median

import numpy as np

from benchmarks.jobs import Contestant, Job, jobs
from benchmarks.numpy_ways import Glassbox, Textbook
from benchmarks.torch_ways import Autograd, ByHand, pytorch

OURS, TEXTBOOK = "Glassbox", "NumPy, lists of matrices"
BY_HAND, AUTOGRAD = "PyTorch by hand, in place", "PyTorch with autograd"
COST_TOLERANCE = 1e-10
CHECKED_UPDATES = 600
TURN_SECONDS = 0.04


@dataclass(frozen=True)
class Promise:
    """Name a ratio that Glassbox has to reach."""

    job: int
    rival: str
    ratio: float


PROMISES = (Promise(0, TEXTBOOK, 3.5), Promise(1, BY_HAND, 3.0))


def contestants() -> dict[str, Callable[[Job], Contestant]]:
    """Return who takes part: PyTorch only where it is installed."""
    taking_part: dict[str, Callable[[Job], Contestant]] = {OURS: Glassbox, TEXTBOOK: Textbook}
    torch = pytorch()
    if torch is not None:
        taking_part |= {BY_HAND: partial(ByHand, torch), AUTOGRAD: partial(Autograd, torch)}
    return taking_part


def check_costs(job: Job, makers: dict[str, Callable[[Job], Contestant]]) -> float:
    """Train everyone from the start; return the cost that all agree on."""
    costs = {}
    for name, make in makers.items():
        one = make(job)
        one.advance(CHECKED_UPDATES)
        costs[name] = job.cost(one.theta())
    for name, cost in costs.items():
        if not abs(cost - costs[OURS]) <= COST_TOLERANCE:
            sys.exit(f"{job.title}: {name} ends at {cost!r}, Glassbox at {costs[OURS]!r}.")
    if not costs[OURS] < job.cost(job.theta):
        sys.exit(f"{job.title}: nothing was learned.")
    return costs[OURS]


def seconds(one: Contestant, updates: int) -> float:
    # The time of this process on the processor: what else the computer does stays out of it.
    start = time.process_time()
    one.advance(updates)
    return time.process_time() - start


def measure(
    job: Job, makers: dict[str, Callable[[Job], Contestant]], rounds: int
) -> dict[str, list[float]]:
    """Let everyone take turns; return for each the seconds an update takes, round by round."""
    ready = {name: make(job) for name, make in makers.items()}
    turns = {}
    for name, one in ready.items():
        one.advance(50)
        turns[name] = max(20, int(TURN_SECONDS / (seconds(one, 200) / 200)))
    names, taken = list(ready), {name: list[float]() for name in ready}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            taken[name].append(seconds(ready[name], turns[name]) / turns[name])
    return taken


def ratios(taken: dict[str, list[float]], name: str) -> list[float]:
    return sorted(theirs / ours for theirs, ours in zip(taken[name], taken[OURS], strict=True))


def report(job: Job, cost: float, taken: dict[str, list[float]]) -> None:
    print(
        f"\n### {job.title}\n\nAll end at the cost {cost:.12f} after {CHECKED_UPDATES} updates.\n"
    )
    print("| | µs an update | samples/s | Glassbox is faster by | middle half of the rounds |")
    print("| --- | ---: | ---: | ---: | --- |")
    for name, times in taken.items():
        each, by = median(times), ratios(taken, name)
        quarter = len(by) // 4
        spread = "" if name == OURS else f"{by[quarter]:.2f} to {by[-1 - quarter]:.2f}"
        factor = "" if name == OURS else f"{median(by):.2f}"
        print(f"| {name} | {each * 1e6:,.1f} | {job.batch / each:,.0f} | {factor} | {spread} |")


def verdict(promise: Promise, job: Job, taken: dict[str, list[float]]) -> bool:
    if promise.rival not in taken:
        print(
            f"Not measured: {job.title} against {promise.rival}, as PyTorch is not installed here."
        )
        return True
    reached = median(ratios(taken, promise.rival))
    kept = reached >= promise.ratio
    word = "kept" if kept else "MISSED"
    print(
        f"Promise {word}: {job.title}, {reached:.2f} times {promise.rival} (at least {promise.ratio})."
    )
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure training beside the alternatives.")
    parser.add_argument("--rounds", type=int, default=31)
    rounds = parser.parse_args().rounds
    makers, torch = contestants(), pytorch()
    versions = [f"CPython {platform.python_version()}", f"NumPy {np.__version__}"]
    if torch is None:
        print("PyTorch is not installed, so its rows are missing: `pip install torch` adds them.\n")
    else:
        versions.append(f"PyTorch {torch.__version__}")
    print(f"{', '.join(versions)}; {platform.machine()}, float64, one thread, {rounds} rounds")
    all_jobs, results = jobs(), []
    for job in all_jobs:
        cost = check_costs(job, makers)
        results.append(measure(job, makers, rounds))
        report(job, cost, results[-1])
    print()
    kept = [verdict(one, all_jobs[one.job], results[one.job]) for one in PROMISES]
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
