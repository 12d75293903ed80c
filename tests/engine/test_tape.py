"""Every number of an iteration beside the oracle, frozen arrays, and the place of an overflow."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from app.engine.addresses import Address, parse
from app.engine.arrays import frozen
from app.engine.events import Event
from app.engine.locate import event_address
from app.engine.network import Network
from app.engine.tape import Tape
from app.engine.training import MOMENT_COUNTS, Optimizer, State, Training
from app.errors import InvalidInput
from tests import oracle
from tests.engine.bridge import flat, lists, oracle_of

BATCH = 3
RATE, L1, L2 = 0.05, 0.02, 0.1
NETWORKS = {
    "article": Network((5, 2, 2, 5), ("sigmoid",) * 3, "mse"),
    "mixed": Network((3, 4, 2, 3), ("relu", "swish", "tanh"), "half_squared_error"),
    "joined sigmoid": Network((3, 2, 2), ("elu", "sigmoid"), "binary_cross_entropy"),
    "joined softmax": Network((2, 3, 3), ("leaky_relu", "softmax"), "cross_entropy"),
    "softmax": Network((2, 3, 3), ("softplus", "softmax"), "mse"),
    "softmax, binary": Network((2, 3), ("softmax",), "binary_cross_entropy"),
    "linear": Network((2, 1, 1), ("linear", "linear"), "mse"),
}


def recorded(network: Network, optimizer: str = "sgd", l1: float = L1, l2: float = L2) -> Tape:
    """Record the second iteration, so that an optimizer has something to remember."""
    generator = np.random.default_rng(8)
    training = Training(
        learning_rate=RATE, batch_size=None, optimizer=Optimizer(optimizer), l1=l1, l2=l2
    )
    start = State.start(generator.normal(size=network.parameter_count), training.optimizer)
    inputs = generator.normal(size=(BATCH, network.sizes[0]))
    targets = generator.uniform(size=(BATCH, network.sizes[-1]))
    targets /= targets.sum(axis=1, keepdims=True)
    first = Tape.record(network, training, start, inputs, targets)
    return Tape.record(network, training, first.after, inputs, targets)


TAPES = [(name, "sgd") for name in NETWORKS]
TAPES += [("article", optimizer) for optimizer in MOMENT_COUNTS if optimizer != "sgd"]


class Judge:
    """Compute every event of a tape with the oracle, from the tape's state and batch alone."""

    def __init__(self, tape: Tape) -> None:
        self.tape, self.name = tape, tape.training.optimizer.name
        self.net = oracle_of(tape.network, tape.state.theta)
        self.inputs, self.targets = tape.inputs.T.tolist(), tape.targets.T.tolist()
        penalties = (tape.training.l1, tape.training.l2)
        batch = (self.inputs, self.targets, *penalties)
        self.passes = [oracle.forward(self.net, x) for x in self.inputs]
        self.dW, self.db, self.deltas = oracle.gradients(self.net, *batch)
        self.plain_dW = oracle.gradients(self.net, self.inputs, self.targets)[0]
        self.data_cost = oracle.cost(self.net, self.inputs, self.targets)
        self.penalty = oracle.penalty(self.net, *penalties)
        self.judge = self._optimiser()
        self.after = self.judge.step(self.net, self.dW, self.db)
        self.cost_after = oracle.cost(self.after, *batch)

    def _optimiser(self) -> oracle.Optimiser:
        judge = oracle.Optimiser(self.name, RATE)
        judge.steps = self.tape.state.updates
        rows = [lists(self.tape.network, row) for row in self.tape.state.moments]
        for buffer, (weights, biases) in zip((judge.first, judge.second), rows, strict=False):
            for l, matrix in enumerate(weights):
                for j, row in enumerate(matrix):
                    buffer[l, j] = biases[l][j]
                    buffer.update({(l, j, i): value for i, value in enumerate(row)})
        return judge

    def blame(self, b: int, l: int, j: int) -> float:
        """Derive the cost by one activation."""
        if l < self.tape.network.depth:
            above = enumerate(self.deltas[b][l])
            return math.fsum(self.net.weights[l][k][j] * delta for k, delta in above)
        a, y = self.passes[b][1][l][j], self.targets[b][j]
        factors = {"mse": 2.0, "half_squared_error": 1.0, "binary_cross_entropy": 1 / (a * (1 - a))}
        return float(factors[self.net.cost] * (a - y) / BATCH)

    def number(self, event: Event, b: int) -> float:
        l, j, index = event.layer - 1, event.neuron, event.index
        zs, a = self.passes[b]
        computed: dict[str, Callable[[], float]] = {
            "product": lambda: self.net.weights[l][j][index] * a[l][index],
            "bias": lambda: zs[l][j],
            "activation": lambda: a[l + 1][j],
            "loss": lambda: oracle.loss_term(self.net, index, zs[l], a[-1], self.targets[b][index]),
            "cost": lambda: self.data_cost + self.penalty,
            "loss_derivative": lambda: self.blame(b, event.layer, j),
            "blame": lambda: self.net.weights[l + 1][index][j] * self.deltas[b][l + 1][index],
            "slope": lambda: oracle.SLOPES[self.net.activations[l]](zs[l][j]),
            "delta": lambda: self.deltas[b][l][j],
            "gradient": lambda: self.dW[l][j][index],
            "bias_gradient": lambda: self.db[l][j],
            "moment": lambda: self.moment(event.moment)[l, j, index],
            "bias_moment": lambda: self.moment(event.moment)[l, j],
            "new_weight": lambda: self.after.weights[l][j][index],
            "new_bias": lambda: self.after.biases[l][j],
        }
        return computed[event.kind]()

    def moment(self, which: int) -> dict[tuple[int, ...], float]:
        return (self.judge.first, self.judge.second)[which]


def near(got: float, expected: float) -> bool:
    return math.isclose(got, expected, rel_tol=1e-12, abs_tol=1e-12)


def events(tape: Tape) -> Iterator[Event]:
    return (tape.events.at(number) for number in range(1, tape.events.count + 1))


@pytest.mark.parametrize(("name", "optimizer"), TAPES)
def test_the_number_of_every_event_is_the_oracles(name: str, optimizer: str) -> None:
    tape = recorded(NETWORKS[name], optimizer)
    judge = Judge(tape)
    for event in events(tape):
        values = tape.values(event)
        assert values.shape in ((BATCH,), (1,))
        for b, value in enumerate(values):
            assert near(float(value), judge.number(event, b)), (event, b)


@pytest.mark.parametrize(("name", "optimizer"), TAPES)
def test_the_value_at_an_events_address_is_the_events_number(name: str, optimizer: str) -> None:
    tape = recorded(NETWORKS[name], optimizer)
    for event in events(tape):
        for b, value in enumerate(tape.values(event)):
            address = event_address(event, b)
            assert tape.value(address) == value
            assert tape.event_number(address) == event.number


@pytest.mark.parametrize("name", NETWORKS)
def test_running_sums_grow_term_by_term_to_the_whole(name: str) -> None:
    tape = recorded(NETWORKS[name])
    total = np.zeros(BATCH)
    for event in events(tape):
        running = tape.running(event)
        if event.kind not in ("product", "blame"):
            assert running is None
            continue
        assert running is not None
        total = tape.values(event) if event.index == 0 else total + tape.values(event)
        assert running.tobytes() == total.tobytes()
        some = tape.running(event, slice(1, 3))
        assert some is not None
        assert some.tobytes() == total[1:3].tobytes()
        l, j = event.layer, event.neuron
        if event.kind == "product" and event.index == tape.network.sizes[l - 1] - 1:
            whole = running + tape.network.biases(tape.state.theta, l)[j]
            np.testing.assert_allclose(whole, tape.z[l][j], rtol=1e-13, atol=1e-15)
        if event.kind == "blame" and event.index == tape.network.sizes[l + 1] - 1:
            np.testing.assert_allclose(running, tape.blame[l][j], rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(("name", "optimizer"), TAPES)
def test_the_numbers_that_are_no_events(name: str, optimizer: str) -> None:
    tape = recorded(NETWORKS[name], optimizer)
    judge, network = Judge(tape), tape.network
    assert near(tape.data_cost, judge.data_cost)
    assert near(tape.penalty, judge.penalty)
    assert tape.cost == tape.data_cost + tape.penalty == tape.value(Address("cost"))
    assert near(tape.cost_after, judge.cost_after)
    for kind in ("data_cost", "penalty", "cost_after"):
        assert tape.value(Address(kind)) == getattr(tape, kind)
    assert near(float(tape.losses.mean()), tape.data_cost)
    for b in range(BATCH):
        zs, a = judge.passes[b]
        assert near(
            tape.value(Address("loss", (b,))),
            oracle.loss(judge.net, zs[-1], a[-1], judge.targets[b]),
        )
        assert tape.value(Address("y", (b, 0))) == judge.targets[b][0]
        assert tape.value(Address("a", (0, b, 1))) == judge.inputs[b][1]
    np.testing.assert_allclose(
        tape.data_gradient, flat(judge.plain_dW, judge.db), rtol=1e-12, atol=1e-12
    )
    for layer in range(1, network.depth + 1):
        weight = (layer, 0, network.sizes[layer - 1] - 1)
        assert tape.value(Address("w", weight)) == judge.net.weights[layer - 1][0][-1]
        assert tape.value(Address("b", (layer, 0))) == judge.net.biases[layer - 1][0]
        assert near(tape.value(Address("data_dw", weight)), judge.plain_dW[layer - 1][0][-1])


def test_blame_of_a_hidden_layer_has_an_address() -> None:
    tape = recorded(NETWORKS["article"])
    judge = Judge(tape)
    for b in range(BATCH):
        assert near(tape.value(Address("blame", (1, b, 1))), judge.blame(b, 1, 1))


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_moments_before_and_after_have_addresses(optimizer: str) -> None:
    tape = recorded(NETWORKS["article"], optimizer)
    for m in range(MOMENT_COUNTS[optimizer]):
        index, bias = tape.network.weight_index(2, 1, 0), tape.network.bias_index(2, 1)
        for kind, state in (("old_moment", tape.state), ("moment", tape.after)):
            assert tape.value(Address(f"{kind}_w", (m, 2, 1, 0))) == state.moments[m][index] != 0.0
            assert tape.value(Address(f"{kind}_b", (m, 2, 1))) == state.moments[m][bias] != 0.0


def test_without_a_penalty_the_whole_gradient_is_the_datas() -> None:
    tape = recorded(NETWORKS["article"], l1=0.0, l2=0.0)
    assert tape.penalty == 0.0
    assert tape.gradient.tobytes() == tape.data_gradient.tobytes()


def test_what_is_not_there_has_no_value() -> None:
    tape = recorded(NETWORKS["joined softmax"])
    for text in ("w[1][0][9]", "slope[2][0][0]", "moment_b[0][1][0]", f"loss[{BATCH}]"):
        with pytest.raises(InvalidInput):
            tape.value(parse(text))
        with pytest.raises(InvalidInput):
            tape.event_number(parse(text))


# --- frozen --------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_every_array_is_read_only(optimizer: str) -> None:
    tape = recorded(NETWORKS["article"], optimizer)
    arrays = [*tape.a, *tape.z, *tape.slope, *tape.blame, *tape.delta, tape.terms, tape.losses]
    arrays += [tape.targets, tape.gradient, tape.data_gradient, tape.inputs]
    arrays += [state for one in (tape.state, tape.after) for state in (one.theta, one.moments)]
    arrays += [tape.values(event) for event in events(tape) if event.kind in ("bias", "loss")]
    for array in arrays:
        assert array.dtype == np.float64
        assert not array.flags.writeable


def test_recording_takes_its_own_copies() -> None:
    network, training = NETWORKS["linear"], Training(batch_size=None)
    inputs, targets = np.ones((1, 2)), np.zeros((1, 1))
    state = State.start(np.ones(network.parameter_count), training.optimizer)
    tape = Tape.record(network, training, state, inputs, targets)
    before = (tape.cost, tape.inputs.tolist(), tape.targets.tolist())
    inputs[:], targets[:] = 9.0, 9.0
    assert (tape.cost, tape.inputs.tolist(), tape.targets.tolist()) == before
    assert tape.state is state


def test_the_shapes_are_those_of_the_network() -> None:
    tape = recorded(NETWORKS["mixed"])
    assert tape.batch == BATCH
    for arrays in (tape.a, tape.z, tape.slope, tape.blame, tape.delta):
        assert [array.shape for array in arrays] == [(size, BATCH) for size in (3, 4, 2, 3)]
    assert tape.terms.shape == tape.targets.shape == (3, BATCH)
    assert tape.losses.shape == (BATCH,)


def test_recording_twice_gives_the_same_bits() -> None:
    one, other = (recorded(NETWORKS["mixed"], "adam") for _ in range(2))
    assert one.after.same_bits(other.after)
    assert one.gradient.tobytes() == other.gradient.tobytes()
    assert one.cost == other.cost


# --- overflow ------------------------------------------------------------------------------------


def single(
    theta: list[float],
    x: float,
    y: float = 0.0,
    names: tuple[str, ...] = ("linear",),
    learning_rate: float = 0.5,
    l2: float = 0.0,
) -> Tape:
    """Record a chain of single neurons."""
    network = Network((1,) * (len(names) + 1), names, "mse")
    training = Training(learning_rate=learning_rate, l2=l2)
    state = State.start(np.array(theta), training.optimizer)
    return Tape.record(network, training, state, np.array([[x]]), np.array([[y]]))


def where(tape: Tape) -> tuple[str, str, int] | None:
    if tape.overflow is None:
        return None
    event = tape.events.at(tape.overflow)
    return event.phase, event.kind, event.layer


def test_ordinary_numbers_do_not_overflow() -> None:
    assert all(recorded(network).overflow is None for network in NETWORKS.values())


TWO = ("linear", "linear")


@pytest.mark.parametrize(
    ("tape", "expected"),
    [
        (single([1e200, 0.0], 1e200), ("forward", "product", 1)),
        (single([1e300, 1.79e308], 1e8), ("forward", "bias", 1)),
        (single([1e200, 0.0], 1.0), ("cost", "loss", 1)),
        (single([1.0, 0.0], 1.0, l2=1e308), None),
        (single([1e150, 0.0], 1.0, l2=1e10), ("cost", "cost", 1)),
        (single([0.0, 0.0, 1e200, 1e120], 1.0, names=TWO), ("backward", "blame", 1)),
        (single([1e200, 1e10, 0.0, 1e120], 1.0, names=TWO), ("backward", "gradient", 2)),
        (single([1e100, 0.0], 1.0, learning_rate=1e300), ("update", "new_weight", 1)),
        (single([0.0, 1e-9], 0.0, learning_rate=1e308), None),
        (single([0.0, 10.0], 0.0, learning_rate=1e308), ("update", "new_bias", 1)),
    ],
)
def test_the_first_event_that_overflows_is_found(
    tape: Tape, expected: tuple[str, str, int] | None
) -> None:
    assert where(tape) == expected


def test_an_optimizers_memory_can_overflow() -> None:
    network, training = (
        Network((1, 1), ("linear",), "mse"),
        Training(optimizer=Optimizer("rmsprop")),
    )
    state = State.start(np.array([0.0, 1e150]), training.optimizer)
    tape = Tape.record(network, training, state, np.array([[1e10]]), np.array([[0.0]]))
    assert where(tape) == ("update", "moment", 1)
    assert tape.events.at(tape.overflow or 0).moment == 0


def test_an_overflow_in_the_middle_of_a_sum_is_found_at_its_term() -> None:
    network, training = Network((3, 2), ("tanh",), "mse"), Training()
    weights = [[1.0, 1.0, 1.0, 0.0], [1.0, 1.7e308, 1.7e308, 0.0]]
    state = State.start(np.array(weights).reshape(-1), training.optimizer)
    tape = Tape.record(network, training, state, np.ones((1, 3)), np.zeros((1, 2)))
    event = tape.events.at(tape.overflow or 0)
    assert (event.kind, event.neuron, event.index) == ("product", 1, 2)
    # The product itself can be written; the sum it is added to cannot.
    assert str(tape.overflowed(0)) == "z[1][0][1]"


def test_the_number_that_overflowed_is_named_with_its_observation() -> None:
    network, training = Network((1, 2), ("linear",), "mse"), Training()
    state = State.start(np.array([1.1e154, 0.0, 1.1e154, 0.0]), training.optimizer)
    inputs, targets = np.array([[0.0], [1.0], [2.0]]), np.zeros((3, 2))
    tape = Tape.record(network, training, state, inputs, targets)
    # The third's first term cannot be written; of the second only the sum of both cannot.
    assert [str(tape.overflowed(focus)) for focus in range(3)] == ["loss_term[2][0]"] * 3
    two = Tape.record(network, training, state, inputs[:2], targets[:2])
    assert where(two) == ("cost", "loss", 1)
    assert [str(two.overflowed(focus)) for focus in range(2)] == ["loss[1]"] * 2
    assert (
        str(single([1.0, 0.0, 1e200, 0.0], 1e200, names=TWO).overflowed(0)) == "product[2][0][0][0]"
    )


def test_very_large_numbers_that_do_not_overflow_are_let_through() -> None:
    assert single([1e151, 0.0], 1.0, y=1e151).overflow is None


def test_an_overflow_hides_behind_no_activation() -> None:
    # ReLU makes an ordinary 0 of −∞; the cost still says that something was lost.
    tape = single([1e300, 0.0, 1.0, 0.0], -1e300, names=("relu", "linear"))
    assert (tape.a[1][0, 0], tape.terms[0, 0]) == (0.0, 0.0)
    assert math.isnan(tape.cost)
    assert where(tape) == ("forward", "product", 1)


def test_numbers_that_overflowed_are_read_without_a_warning() -> None:
    tape = single([1e200, 0.0, 1e200, 0.0], 1e200, names=TWO)
    for event in events(tape):
        running = tape.running(event)
        values = tape.values(event)
        assert running is None or running.shape == values.shape
        tape.value(event_address(event, 0))
    assert not math.isfinite(tape.cost_after)
    assert not np.isfinite(tape.losses).all()


def test_the_state_before_may_be_shared_between_tapes() -> None:
    state = State(frozen([0.5, 0.1]), frozen(np.zeros((0, 2))))
    network = Network((1, 1), ("tanh",), "mse")
    tapes = [
        Tape.record(network, Training(), state, np.array([[x]]), np.array([[0.0]]))
        for x in (1.0, 2.0)
    ]
    assert tapes[0].state is tapes[1].state
    assert tapes[0].cost != tapes[1].cost
