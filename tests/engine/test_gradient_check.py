"""The check agrees with right gradients, finds wrong ones, and knows where it cannot tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.engine.addresses import Address, parse
from app.engine.arrays import frozen
from app.engine.gradient_check import GradientCheck, gradient_check, parameter_addresses, rows_of
from app.engine.network import Network
from app.engine.tape import Tape
from app.engine.training import State, Training
from app.errors import Conflict, InvalidInput
from tests import oracle


def recorded(
    network: Network, theta: list[float] | None = None, training: Training | None = None
) -> Tape:
    generator = np.random.default_rng(5)
    training = training or Training(batch_size=None)
    drawn = generator.normal(size=network.parameter_count) if theta is None else np.array(theta)
    inputs = generator.normal(size=(4, network.sizes[0]))
    targets = np.eye(network.sizes[-1])[generator.integers(network.sizes[-1], size=4)]
    start = State.start(drawn, training.optimizer)
    return Tape.record(network, training, start, inputs, targets)


def single(weight: float, x: float, activation: str = "relu", l1: float = 0.0) -> Tape:
    """Record one weight without a bias on one observation with target 0."""
    training = Training(batch_size=None, l1=l1)
    network = Network((1, 1), (activation,), "mse")
    state = State.start(np.array([weight, 0.0]), training.optimizer)
    return Tape.record(network, training, state, np.array([[x]]), np.array([[0.0]]))


def only_weight(tape: Tape) -> GradientCheck:
    return gradient_check(tape, addresses=[parse("w[1][0][0]")])


@pytest.mark.parametrize("hidden", oracle.HIDDEN)
@pytest.mark.parametrize(("output", "cost"), oracle.PAIRS)
def test_right_gradients_pass(hidden: str, output: str, cost: str) -> None:
    training = Training(batch_size=None, l1=0.02, l2=0.3)
    check = gradient_check(recorded(Network((2, 3, 2), (hidden, output), cost), training=training))
    assert check.complete
    assert check.parameters == len(check.rows) == 17
    assert check.kinks == 0
    assert check.largest == max(row.relative_error for row in check.rows) <= 1e-6


def test_the_rows_are_all_parameters_in_the_flat_vectors_order() -> None:
    network = Network((2, 2, 1), ("tanh", "linear"), "mse")
    tape = recorded(network)
    rows = gradient_check(tape).rows
    assert [str(row.address) for row in rows] == [
        "w[1][0][0]",
        "w[1][0][1]",
        "b[1][0]",
        "w[1][1][0]",
        "w[1][1][1]",
        "b[1][1]",
        "w[2][0][0]",
        "w[2][0][1]",
        "b[2][0]",
    ]
    assert [row.backprop for row in rows] == tape.gradient.tolist()
    assert [tape.value(row.address) for row in rows] == tape.state.theta.tolist()
    assert [row.address for row in rows] == [*parameter_addresses(network)]


def test_a_wrong_gradient_is_found() -> None:
    tape = recorded(Network((2, 3, 2), ("tanh", "sigmoid"), "mse"))
    gradient = tape.gradient.copy()
    place = tape.network.weight_index(1, 2, 0)
    gradient[place] *= 1.001
    check = gradient_check(replace(tape, gradient=frozen(gradient)))
    wrong = [row for row in check.rows if row.relative_error > 1e-6]
    assert [str(row.address) for row in wrong] == ["w[1][2][0]"]
    assert check.largest == wrong[0].relative_error == pytest.approx(0.001, rel=1e-2)


def test_a_missing_factor_is_found_in_every_row() -> None:
    # The classic: forgetting the 2 of the square.
    tape = recorded(Network((2, 2), ("sigmoid",), "mse"))
    halved = replace(tape, gradient=frozen(tape.gradient / 2))
    assert all(row.relative_error > 0.4 for row in gradient_check(halved).rows)


def test_the_check_changes_nothing() -> None:
    tape = recorded(Network((2, 3, 2), ("tanh", "softmax"), "cross_entropy"))
    before = (tape.state.theta.tobytes(), tape.gradient.tobytes(), tape.cost)
    first, second = gradient_check(tape), gradient_check(tape)
    assert first == second
    assert (tape.state.theta.tobytes(), tape.gradient.tobytes(), tape.cost) == before


def test_a_large_weight_takes_a_large_step() -> None:
    row = only_weight(single(1e8, 1e-8, "tanh")).rows[0]
    assert row.relative_error < 1e-6
    assert row.numeric != 0.0


def test_the_step_can_be_chosen() -> None:
    tape = single(0.5, 1.0, "tanh")
    assert gradient_check(tape, step=0.5).rows[0].relative_error > 0.01
    assert gradient_check(tape).rows[0].relative_error < 1e-6


# --- kinks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu"])
def test_a_kink_of_the_activation_is_told_and_left_out_of_the_largest(activation: str) -> None:
    tape = single(1e-7, 1.0, activation)
    assert only_weight(tape).rows[0].kink
    assert only_weight(tape).kinks == 1
    assert only_weight(tape).largest == 0.0
    away = only_weight(single(1e-3, 1.0, activation))
    assert not away.rows[0].kink
    assert away.largest < 1e-6


def test_a_smooth_activation_has_no_kink() -> None:
    assert not only_weight(single(1e-7, 1.0, "swish")).rows[0].kink


def test_a_neuron_that_rests_on_the_kink_is_no_matter_where_nothing_moves_it() -> None:
    # An input of 0 keeps z at 0 whatever the weight does; the bias does move it.
    tape = single(1.0, 0.0)
    weight, bias = gradient_check(tape).rows
    assert (weight.kink, weight.relative_error) == (False, 0.0)
    assert bias.kink


def test_the_kink_of_the_l1_penalty_is_told() -> None:
    assert only_weight(single(1e-7, 1.0, "linear", l1=0.1)).rows[0].kink
    assert not only_weight(single(1e-7, 1.0, "linear")).rows[0].kink
    assert not only_weight(single(0.1, 1.0, "linear", l1=0.1)).rows[0].kink


def test_a_weight_of_0_balances_on_the_l1_penalty() -> None:
    row = only_weight(single(0.0, 1.0, "linear", l1=0.1)).rows[0]
    assert (row.kink, row.backprop) == (False, 0.0)
    assert row.relative_error < 1e-6


def test_a_bias_is_not_penalised_so_it_has_no_such_kink() -> None:
    tape = single(0.5, 1.0, "linear", l1=0.1)
    assert not gradient_check(tape, addresses=[parse("b[1][0]")]).rows[0].kink


# --- only some, and not for ever -----------------------------------------------------------------


def test_only_the_named_parameters_are_checked() -> None:
    tape = recorded(Network((2, 3, 2), ("tanh", "softmax"), "cross_entropy"))
    wanted = [parse("b[2][1]"), parse("w[1][2][0]")]
    check = gradient_check(tape, addresses=wanted)
    assert [row.address for row in check.rows] == wanted
    assert not check.complete


def test_the_clock_ends_it() -> None:
    tape = recorded(Network((2, 3, 2), ("tanh", "softmax"), "cross_entropy"))
    answers = iter([False, False, True])
    check = gradient_check(tape, out_of_time=lambda: next(answers))
    assert len(check.rows) == 3
    assert not check.complete


def test_rows_come_one_at_a_time() -> None:
    tape = recorded(Network((2, 3, 2), ("tanh", "softmax"), "cross_entropy"))
    rows = rows_of(tape)
    assert str(next(rows).address) == "w[1][0][0]"
    assert [*rows] == [*gradient_check(tape).rows[1:]]


def test_no_rows_have_no_largest() -> None:
    tape = recorded(Network((1, 1), ("tanh",), "mse"))
    assert gradient_check(tape, addresses=[]).largest == 0.0


@pytest.mark.parametrize("text", ["a[0][0][0]", "cost", "dw[1][0][0]"])
def test_only_weights_and_biases_have_a_gradient_to_check(text: str) -> None:
    with pytest.raises(InvalidInput, match="no weight and no bias"):
        gradient_check(recorded(Network((1, 1), ("tanh",), "mse")), addresses=[parse(text)])


def test_a_parameter_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="neurons of that layer"):
        gradient_check(single(1.0, 1.0), addresses=[Address("w", (1, 1, 0))])


def test_numbers_that_overflowed_cannot_be_compared() -> None:
    with pytest.raises(Conflict, match="grown too large"):
        only_weight(single(1e200, 1e10, "linear"))
