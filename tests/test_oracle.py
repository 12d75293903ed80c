"""The oracle is the judge of the engine, so it is judged here by three others.

Central differences, PyTorch's numbers, and a worked example known from many textbooks and blogs.
"""

import json
import math
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.oracle import (
    ACTIVATIONS,
    HIDDEN,
    OPTIMISERS,
    PAIRS,
    SLOPES,
    Matrix,
    Optimiser,
    OracleNetwork,
    Vector,
    cost,
    forward,
    gradients,
    softmax,
)
from tests.strategies import KINKED, MARGIN, Case, cases

GOLDEN = json.loads((Path(__file__).parent / "golden" / "pytorch.json").read_text("utf-8"))
STEP = 1e-5


def close(got: Any, expected: Any, tolerance: float) -> bool:
    """Compare nested lists; a number may be off by the tolerance, or by that share if it is big."""
    if isinstance(expected, list):
        pairs = zip(got, expected, strict=True)
        return all(close(one, other, tolerance) for one, other in pairs)
    return math.isclose(got, expected, rel_tol=tolerance, abs_tol=tolerance)


# --- central differences -------------------------------------------------------------------------


def numeric(net: OracleNetwork, vector: Vector, i: int, batch: tuple[Any, ...]) -> float:
    """Give the slope of the cost along one parameter, found by moving it a little."""
    kept = vector[i]
    vector[i] = kept + STEP
    above = cost(net, *batch)
    vector[i] = kept - STEP
    below = cost(net, *batch)
    vector[i] = kept
    return (above - below) / (2 * STEP)


def agrees_with_differences(net: OracleNetwork, batch: tuple[Any, ...]) -> bool:
    dW, db, _ = gradients(net, *batch)
    vectors = [row for matrix in net.weights for row in matrix] + net.biases
    derivatives = [row for matrix in dW for row in matrix] + db
    # The difference of two costs keeps an error in proportion to the costs.
    tolerance = 1e-7 * max(1.0, cost(net, *batch))
    return all(
        close([numeric(net, vector, i, batch) for i in range(len(vector))], slopes, tolerance)
        for vector, slopes in zip(vectors, derivatives, strict=True)
    )


def network(hidden: str, output: str, cost_name: str) -> tuple[OracleNetwork, Matrix, Matrix]:
    rng = random.Random(f"{hidden} {output} {cost_name}")
    sizes = [2, 3, 2]
    weights = [
        [[rng.uniform(-1, 1) for _ in range(m)] for _ in range(n)] for m, n in ((2, 3), (3, 2))
    ]
    biases = [[rng.uniform(-1, 1) for _ in range(n)] for n in sizes[1:]]
    net = OracleNetwork(sizes, [hidden, output], cost_name, weights, biases)
    inputs = [[rng.uniform(-1, 1) for _ in range(2)] for _ in range(3)]
    return net, inputs, [[0.3, 0.7], [1.0, 0.0], [0.5, 0.5]]


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(("output", "cost_name"), PAIRS)
def test_gradients_are_central_differences(hidden: str, output: str, cost_name: str) -> None:
    net, inputs, targets = network(hidden, output, cost_name)
    assert agrees_with_differences(net, (inputs, targets, 0.0, 0.0))
    assert agrees_with_differences(net, (inputs, targets, 0.03, 0.2))


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_gradients_of_any_network_are_central_differences(case: Case) -> None:
    assert agrees_with_differences(case.oracle, (case.inputs, case.targets, case.l1, case.l2))


def test_deltas_are_the_derivatives_by_z_and_carry_the_batch_size() -> None:
    net, inputs, targets = network("tanh", "softmax", "mse")
    dW, db, deltas = gradients(net, inputs, targets)
    assert len(deltas) == 3
    for layer in range(2):
        for j in range(net.sizes[layer + 1]):
            assert db[layer][j] == pytest.approx(sum(delta[layer][j] for delta in deltas))
    # An observation alone is a batch of one, so its deltas are three times those it has here.
    _, one, _ = gradients(net, inputs[:1], targets[:1])
    assert close(one, [[3 * value for value in layer] for layer in deltas[0]], 1e-15)
    sources = [forward(net, x)[1][1] for x in inputs]
    by_hand = sum(delta[1][0] * a[2] for delta, a in zip(deltas, sources, strict=True))
    assert dW[1][0][2] == pytest.approx(by_hand)


# --- PyTorch -------------------------------------------------------------------------------------


def name_of(golden: dict[str, Any]) -> str:
    return "-".join([*golden["activations"], golden["cost"], golden["optimizer"]])


@pytest.mark.parametrize("golden", GOLDEN["networks"], ids=name_of)
def test_networks_train_as_in_pytorch(golden: dict[str, Any]) -> None:
    keys = ("sizes", "activations", "cost", "weights", "biases")
    net = OracleNetwork(**{key: golden[key] for key in keys})
    batch = golden["inputs"], golden["targets"], golden["l1"], golden["l2"]
    expected = golden["expected"]
    dW, db, _ = gradients(net, *batch)
    assert close([forward(net, x)[1][-1] for x in golden["inputs"]], expected["outputs"], 1e-10)
    assert close(
        [cost(net, *batch), dW, db], [expected[key] for key in ("cost", "dW", "db")], 1e-10
    )
    optimiser = Optimiser(golden["optimizer"], golden["learning_rate"])
    for update in expected["updates"]:
        net = optimiser.step(net, *gradients(net, *batch)[:2])
        assert close(net.weights, update["weights"], 1e-10)
        assert close(net.biases, update["biases"], 1e-10)
        assert close(cost(net, *batch), update["cost"], 1e-10)


def test_golden_networks_leave_nothing_out() -> None:
    networks = GOLDEN["networks"]
    met = {(n["activations"][-1], n["cost"], n["optimizer"]) for n in networks}
    assert met == {(*pair, optimizer) for pair in PAIRS for optimizer in OPTIMISERS}
    assert {name for n in networks for name in n["activations"][:-1]} == set(HIDDEN)
    assert {len(n["inputs"]) for n in networks} == {1, 3, 5}


@pytest.mark.parametrize("name", HIDDEN)
def test_activations_follow_pytorch(name: str) -> None:
    curve = GOLDEN["curves"][name]
    assert close([ACTIVATIONS[name](z) for z in GOLDEN["grid"]], curve["f"], 1e-14)
    assert close([SLOPES[name](z) for z in GOLDEN["grid"]], curve["slope"], 1e-14)


@pytest.mark.parametrize("row", GOLDEN["softmax"])
def test_softmax_follows_pytorch(row: dict[str, Any]) -> None:
    assert close(softmax(row["z"]), row["a"], 1e-15)


# --- the worked example --------------------------------------------------------------------------


def test_the_worked_example() -> None:
    net = OracleNetwork(
        sizes=[2, 2, 2],
        activations=["sigmoid", "sigmoid"],
        cost="half_squared_error",
        weights=[[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
        biases=[[0.35, 0.35], [0.60, 0.60]],
    )
    inputs, targets = [[0.05, 0.10]], [[0.01, 0.99]]
    outputs = forward(net, inputs[0])[1][-1]
    assert outputs == pytest.approx([0.75136507, 0.772928465], abs=1e-9)
    assert cost(net, inputs, targets) == pytest.approx(0.298371109, abs=1e-9)
    dW, db, _ = gradients(net, inputs, targets)
    after = Optimiser("sgd", 0.5).step(net, dW, db)
    assert after.weights[1][0] == pytest.approx([0.35891648, 0.408666186], abs=1e-8)
    assert after.weights[1][1] == pytest.approx([0.511301270, 0.561370121], abs=1e-8)
    assert after.weights[0][0] == pytest.approx([0.149780716, 0.19956143], abs=1e-8)
    assert after.weights[0][1] == pytest.approx([0.24975114, 0.29950229], abs=1e-8)
    assert net.weights[1][0] == [0.40, 0.45]


# --- far out, and what is refused ----------------------------------------------------------------


def straight(output: str, cost_name: str, z: Vector) -> OracleNetwork:
    """Build one layer whose weighted inputs are z whatever comes in."""
    return OracleNetwork([1, len(z)], [output], cost_name, [[[0.0] for _ in z]], [z])


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("z", [-1e4, 1e4])
def test_activations_stay_finite_far_out(name: str, z: float) -> None:
    assert math.isfinite(ACTIVATIONS[name](z))
    assert math.isfinite(SLOPES[name](z))


@pytest.mark.parametrize(
    ("pair", "z", "y", "expected", "delta"),
    [
        (("sigmoid", "binary_cross_entropy"), [800.0], [0.0], 800.0, [1.0]),
        (("sigmoid", "binary_cross_entropy"), [-800.0], [1.0], 800.0, [-1.0]),
        (("sigmoid", "binary_cross_entropy"), [800.0], [1.0], 0.0, [0.0]),
        (("softmax", "cross_entropy"), [800.0, 0.0], [0.0, 1.0], 800.0, [1.0, -1.0]),
        (("softmax", "binary_cross_entropy"), [800.0, 0.0], [0.0, 1.0], 1600.0, [2.0, -2.0]),
        (("softmax", "binary_cross_entropy"), [0.0, 800.0], [1.0, 0.0], 1600.0, [-2.0, 2.0]),
        (("softmax", "binary_cross_entropy"), [800.0, 0.0], [1.0, 0.0], 0.0, [0.0, 0.0]),
        (("softmax", "mse"), [800.0, 0.0], [0.0, 1.0], 2.0, [0.0, 0.0]),
    ],
)
def test_costs_stay_exact_far_out(
    pair: tuple[str, str], z: Vector, y: Vector, expected: float, delta: Vector
) -> None:
    net = straight(*pair, z)
    assert cost(net, [[1.0]], [y]) == pytest.approx(expected)
    assert gradients(net, [[1.0]], [y])[2] == [[pytest.approx(delta)]]


def test_the_slope_of_the_size_of_a_zero_weight_is_zero() -> None:
    net = straight("linear", "mse", [1.0])
    assert gradients(net, [[1.0]], [[1.0]], l1=0.5, l2=0.5)[0] == [[[0.0]]]


def test_what_does_not_go_together_is_refused() -> None:
    for output, cost_name in [("tanh", "binary_cross_entropy"), ("sigmoid", "cross_entropy")]:
        with pytest.raises(ValueError, match="do not go with"):
            straight(output, cost_name, [1.0, 2.0])
    with pytest.raises(ValueError, match="do not go with"):
        OracleNetwork([1, 1, 1], ["softmax", "linear"], "mse", [[[1.0]]] * 2, [[0.0]] * 2)
    with pytest.raises(ValueError, match="always 1"):
        straight("softmax", "binary_cross_entropy", [1.0])
    with pytest.raises(ValueError, match="no optimiser"):
        Optimiser("newton", 0.1).step(straight("linear", "mse", [1.0]), [[[0.0]]], [[0.0]])


# --- the cases other tests draw ------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_cases_keep_their_promises(case: Case) -> None:
    assert 2 <= len(case.sizes) <= 5
    assert all(1 <= size <= 5 for size in case.sizes)
    assert 1 <= len(case.inputs) <= 6
    assert len(case.targets) == len(case.inputs)
    assert [len(matrix) for matrix in case.weights] == case.sizes[1:]
    assert all(abs(w) <= 2 for matrix in case.weights for row in matrix for w in row)
    for x in case.inputs:
        for name, z in zip(case.activations, forward(case.oracle, x)[0], strict=True):
            assert name not in KINKED or min(map(abs, z)) >= MARGIN * 0.99


def test_a_step_leaves_the_network_it_began_from() -> None:
    net, inputs, targets = network("tanh", "linear", "mse")
    before = replace(net, weights=json.loads(json.dumps(net.weights)))
    Optimiser("adam", 0.1).step(net, *gradients(net, inputs, targets)[:2])
    assert net == before
