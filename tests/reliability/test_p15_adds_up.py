"""P15: what is shown adds up: a learner with pencil and paper finds the total shown, for every kind of number."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.engine.addresses import PATHS, parse
from app.engine.locate import EVENT_ADDRESSES
from app.explain.digits import MOST_DIGITS, display
from tests.browser.promised import numbers
from tests.conftest import AppServer
from tests.explain.paper import adds_up, sums_of
from tests.figures import Figures
from tests.reliability.learner import Learner
from tests.strategies import Case, cases

Json = dict[str, Any]
PAGE: Final = 200
# Up to here a formula that its own numbers do not give is a rarity; with all digits of a double it is not.
READABLE: Final = 6
RAREST: Final = 0.005
ADMITTED: Final = "do not quite add up"


def spec_of(case: Case, batch: int | None) -> Json:
    """Ask for the network of a case."""
    layers = [
        {"size": size, "activation": activation, "weights": weights, "biases": biases}
        for size, activation, weights, biases in zip(
            case.sizes[1:], case.activations, case.weights, case.biases, strict=True
        )
    ]
    return {
        "data": {"inputs": case.inputs, "targets": case.targets},
        "network": {"layers": layers, "cost": case.cost},
        "training": {
            "learning_rate": case.learning_rate, "batch_size": batch, "l1": case.l1, "l2": case.l2,
            "optimizer": {"name": case.optimizer},
        },
    }  # fmt: skip


@dataclass
class Paper:
    """Work out again what the answers show, and keep count.

    Args:
        about: explanations that do not add up and say so with "≈", and all, by digits.
        kinds: how many explanations of each kind of number.
        told: how many sums of numbers in sentences.
    """

    about: dict[bool, Counter[int]] = field(
        default_factory=lambda: {True: Counter(), False: Counter()}
    )
    kinds: Counter[str] = field(default_factory=Counter)
    values: dict[str, float] = field(default_factory=dict)
    told: int = 0

    def check(self, explanation: Json, digits: int) -> None:
        """Hold one explanation, and the sum it adds to, to what it shows."""
        self.kinds[parse(explanation["address"]).kind] += 1
        self._same(explanation["address"], explanation["value"])
        for operand in explanation["operands"]:
            self._same(operand["address"], operand["value"])
        self._formula(explanation, digits)
        written = ways_to_write(explanation, digits)
        for text, address in numbers(explanation["substituted"]["tokens"]):
            assert text in written.get(address or "", {text}), (address, text)
        if running := explanation["running"]:
            self._formula(running, digits)
        self._sentence(explanation)

    def _formula(self, told: Json, digits: int) -> None:
        text, about = told["substituted"]["text"], not told["adds_up"]
        assert text.split(" ≈ " if about else " = ")[-1] == told["shown"]
        assert about == ("≈" in text)
        # What is still to come of a sum is marked, and does not count.
        assert about or adds_up(re.sub(r" \+ …$| \+ …(?= [=≈])", "", text), digits), text
        self.about[about][digits] += 1

    def _sentence(self, explanation: Json) -> None:
        assert (
            "".join(part["text"] for part in explanation["sentence_parts"])
            == (explanation["sentence"])
        )
        for told in sums_of(explanation["sentence"]):
            # A sentence has no "≈": where not even all digits add up, a note beside it says so.
            admitted = ADMITTED in (explanation["digits_note"] or "")
            assert told.adds_up or admitted, explanation["sentence"]
            self.told += 1

    def _same(self, address: str, value: float) -> None:
        # The same number is the same wherever it is met.
        assert self.values.setdefault(address, value) == value, address

    def share(self, most: int) -> float:
        """Return the share of formulas with up to so many digits that do not add up."""
        counts = [
            sum(n for digits, n in self.about[about].items() if digits <= most)
            for about in (True, False)
        ]
        return counts[0] / sum(counts)


def ways_to_write(explanation: Json, digits: int) -> dict[str, set[str]]:
    """Return by address the ways in which a formula may write its operands: as asked for, or finer."""
    return {
        operand["address"]: {
            display(operand["value"], digits, extra) for extra in range(MOST_DIGITS - digits + 1)
        }
        for operand in explanation["operands"]
    }


def events_of(learner: Learner, digits: int) -> Iterator[Json]:
    """List the events of the present iteration."""
    first, last = 1, learner.answer["position"]["events"]
    while first <= last:
        query = f"from={first}&count={PAGE}&digits={digits}"
        reply = learner.wire.request("GET", f"{learner.path}/events?{query}")
        assert reply.status == 200, reply.body
        listed = reply.json()["events"]
        yield from listed
        first += len(listed)


def others(paper: Paper, seen: set[str], most: int) -> list[str]:
    """Choose addresses that were met and belong to no event, those of a kind met least first."""
    met = [address for address in paper.values if address not in seen]
    met += ["cost_after", "loss[0]", "data_cost", "penalty", "data_dw[1][0][0]"]
    return sorted(met, key=lambda address: paper.kinds[parse(address).kind])[:most]


def work_through(learner: Learner, paper: Paper, digits: int) -> None:
    """Work out every event of the present iteration, and some of the numbers they are made of."""
    paper.values.clear()
    seen: set[str] = set()
    for event in events_of(learner, digits):
        paper.check(event["explanation"], digits)
        seen.add(event["address"])
    for address in others(paper, seen, 6):
        reply = learner.wire.request("GET", f"{learner.path}/explain/{address}?digits={digits}")
        assert reply.status == 200, (address, reply.body)
        paper.check(reply.json(), digits)


def bring(learner: Learner, iterations: int, focus: int) -> None:
    """Bring a session to the end of an iteration, with one observation in focus."""
    assert learner.command("train", {"iterations": iterations}).status == 200
    chosen = focus % len(learner.answer["batch"]["rows"])
    assert learner.command("", {"focus": chosen}).status == 200


@pytest.mark.parametrize("count", [30, pytest.param(1_500, marks=pytest.mark.long)])
def test_what_is_shown_adds_up(app_server: AppServer, figures: Figures, count: int) -> None:
    began, paper, networks = time.monotonic(), Paper(), 0

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        cases(),
        st.sampled_from([None, 1, 2]),
        st.integers(1, 3),
        st.integers(0, 5),
        st.integers(1, MOST_DIGITS),
    )
    def drawn(case: Case, batch: int | None, iterations: int, focus: int, digits: int) -> None:
        nonlocal networks
        networks += 1
        learner = Learner(app_server.port, spec_of(case, batch))
        with closing(learner.wire):
            bring(learner, iterations, focus)
            work_through(learner, paper, digits)

    drawn()
    total = sum(counts.total() for counts in paper.about.values())
    figures(
        "P15",
        f"{networks} random networks and formats: {total:,} formulas of {len(paper.kinds)} kinds of number "
        f"and {paper.told:,} sums told in sentences worked out in decimals, all as shown; "
        f"{time.monotonic() - began:.0f} s",
    )
    figures(
        "P15",
        f"written as about equal, for not even all digits add up: {paper.share(READABLE):.2%} with up to "
        f"{READABLE} digits, {paper.share(MOST_DIGITS):.1%} in all",
    )
    assert set(paper.kinds) == set(PATHS)
    assert set(EVENT_ADDRESSES.values()) <= set(paper.kinds)
    assert paper.share(READABLE) < RAREST
    assert paper.told > 10 * networks
