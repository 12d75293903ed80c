"""Random networks beside the scalar-loop oracle and beside central differences.

Every pairing of output activation, cost and optimizer gets the same number of networks; hidden layers, sizes,
batches, penalties and numbers are drawn. Over five updates the oracle goes on from its own numbers, the engine from
its own. RMSProp and Adam divide a gradient by its own size, so where a gradient almost vanishes they make a rounding
of 1e-16 visible: for these two the oracle derives at the engine's parameters, and its optimizer, which goes on from
its own numbers all the same, is given the engine's gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

from hypothesis import Phase, given, settings

from app.engine.gradient_check import gradient_check
from app.engine.tape import Tape
from tests import oracle
from tests.engine.bridge import first_tape, flat, gap, lists, next_tape, oracle_of
from tests.strategies import Case, cases

PAIRS = tuple(product(oracle.PAIRS, oracle.OPTIMISERS))
DRAWS = 6
UPDATES = 5
TOLERANCE = 1e-12
NUMERIC_TOLERANCE = 1e-6
DELICATE = ("rmsprop", "adam")


@dataclass
class Found:
    """Gather the largest differences over the networks seen."""

    networks: set[str] = field(default_factory=set)
    parameters: int = 0
    passes: float = 0.0
    gradients: float = 0.0
    updates: float = 0.0
    numeric: float = 0.0
    kinks: int = 0


def batch_of(case: Case) -> tuple[oracle.Matrix, oracle.Matrix, float, float]:
    return case.inputs, case.targets, case.l1, case.l2


def pass_gap(case: Case, tape: Tape) -> float:
    """Compare z, a, delta and the cost of the first iteration."""
    gaps = [gap(tape.cost, oracle.cost(case.oracle, *batch_of(case)))]
    deltas = oracle.gradients(case.oracle, *batch_of(case))[2]
    for b, x in enumerate(case.inputs):
        zs, activations = oracle.forward(case.oracle, x)
        for layer in range(1, tape.network.depth + 1):
            gaps.append(gap(tape.z[layer][:, b], zs[layer - 1]))
            gaps.append(gap(tape.a[layer][:, b], activations[layer]))
            gaps.append(gap(tape.delta[layer][:, b], deltas[b][layer - 1]))
    return max(gaps)


def training_gaps(case: Case, tape: Tape) -> tuple[float, float]:
    """Compare the gradients and the parameters of five updates."""
    net, optimiser = case.oracle, oracle.Optimiser(case.optimizer, case.learning_rate)
    gradients, updates = [], []
    for _ in range(UPDATES):
        at = oracle_of(tape.network, tape.state.theta) if case.optimizer in DELICATE else net
        dW, db, _ = oracle.gradients(at, *batch_of(case))
        gradients.append(gap(tape.gradient, flat(dW, db)))
        if case.optimizer in DELICATE:
            dW, db = lists(tape.network, tape.gradient)
        net = optimiser.step(net, dW, db)
        updates.append(gap(tape.after.theta, flat(net.weights, net.biases)))
        tape = next_tape(tape)
    return max(gradients), max(updates)


def compare(case: Case, found: Found) -> None:
    tape = first_tape(case)
    check = gradient_check(tape)
    gradients, updates = training_gaps(case, tape)
    found.networks.add(repr(case))
    found.parameters += len(check.rows)
    found.passes = max(found.passes, pass_gap(case, tape))
    found.gradients, found.updates = max(found.gradients, gradients), max(found.updates, updates)
    found.numeric, found.kinks = max(found.numeric, check.largest), found.kinks + check.kinks
    assert found.passes <= TOLERANCE
    assert found.gradients <= TOLERANCE
    assert found.updates <= TOLERANCE
    assert found.numeric <= NUMERIC_TOLERANCE


def draw_and_compare(pair: tuple[str, str], optimizer: str, found: Found) -> None:
    @settings(
        max_examples=DRAWS, derandomize=True, database=None, deadline=None, phases=[Phase.generate]
    )
    @given(case=cases(pairs=(pair,), optimizers=(optimizer,)))
    def drawn(case: Case) -> None:
        compare(case, found)

    drawn()


def test_random_networks_train_as_in_the_oracle(figure: Callable[[str], None]) -> None:
    found = Found()
    for pair, optimizer in PAIRS:
        draw_and_compare(pair, optimizer, found)
    assert len(found.networks) >= 500
    assert found.kinks == 0
    figure(
        f"scalar-loop oracle: {len(found.networks)} networks, largest difference {found.passes:.1e} in z, a, delta "
        f"and cost, {found.gradients:.1e} in gradients, {found.updates:.1e} over five updates"
    )
    figure(
        f"central differences: {found.parameters} parameters of the same networks, largest relative error "
        f"{found.numeric:.1e}"
    )
