"""Draw small random networks with their data and training settings, for property tests.

Numbers are drawn in thousandths, so a failing case shrinks to one that can be read and typed. Two
repairs follow the draw. A layer whose weighted inputs grow beyond ``largest_z`` is halved until
they do not, so that no test drowns in saturation or overflow it did not ask for. And a bias near
a kink of its activation is moved, so that central differences mean something.
"""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.oracle import HIDDEN, OPTIMISERS, PAIRS, Matrix, OracleNetwork, Vector, activate

KINKED = ("relu", "leaky_relu", "elu")
MARGIN = 1e-3
LARGEST_Z = 10.0
LARGEST_LOGIT = 3.0  # softmax under binary cross-entropy, whose ln(1 − a) loses digits near a = 1


@dataclass(frozen=True)
class Case:
    """One network with a batch; layers are counted as in ``tests.oracle``."""

    sizes: list[int]
    activations: list[str]
    cost: str
    optimizer: str
    learning_rate: float
    l1: float
    l2: float
    weights: list[Matrix]
    biases: list[Vector]
    inputs: Matrix
    targets: Matrix

    @property
    def oracle(self) -> OracleNetwork:
        """The network as the oracle takes it."""
        return OracleNetwork(self.sizes, self.activations, self.cost, self.weights, self.biases)


def numbers(reach: float) -> st.SearchStrategy[float]:
    limit = round(reach * 1000)
    return st.integers(-limit, limit).map(lambda thousandths: thousandths / 1000)


def vectors(n: int, reach: float) -> st.SearchStrategy[Vector]:
    return st.lists(numbers(reach), min_size=n, max_size=n)


def matrices(n: int, m: int, reach: float) -> st.SearchStrategy[Matrix]:
    return st.lists(vectors(m, reach), min_size=n, max_size=n)


def probabilities(n: int) -> st.SearchStrategy[Vector]:
    """Draw n shares that add up to 1, some of them 0."""
    shares = st.lists(st.integers(0, 8), min_size=n, max_size=n).filter(any)
    return shares.map(lambda parts: [part / sum(parts) for part in parts])


def target_rows(cost: str, n: int) -> st.SearchStrategy[Vector]:
    if cost == "cross_entropy":
        return probabilities(n)
    if cost == "binary_cross_entropy":
        return st.lists(st.integers(0, 8).map(lambda k: k / 8), min_size=n, max_size=n)
    return vectors(n, 2.0)


@st.composite
def cases(
    draw: st.DrawFn,
    pairs: tuple[tuple[str, str], ...] = PAIRS,
    optimizers: tuple[str, ...] = OPTIMISERS,
    penalties: bool = True,
    largest_z: float = LARGEST_Z,
) -> Case:
    """Draw a case: 1 to 4 layers after the input, 1 to 5 neurons each, 1 to 6 observations.

    A softmax layer has at least two neurons. ``pairs`` are (output activation, cost).
    """
    output, cost = draw(st.sampled_from(pairs))
    hidden = draw(st.lists(st.sampled_from(HIDDEN), max_size=3))
    sizes = draw(st.lists(st.integers(1, 5), min_size=len(hidden) + 1, max_size=len(hidden) + 1))
    sizes.append(draw(st.integers(2 if output == "softmax" else 1, 5)))
    batch = draw(st.integers(1, 6))
    inputs = draw(matrices(batch, sizes[0], 2.0))
    activations = [*hidden, output]
    weights, biases, values = [], [], inputs
    for l, name in enumerate(activations):
        limit = min(largest_z, LARGEST_LOGIT) if is_delicate(name, cost) else largest_z
        w, b = draw(matrices(sizes[l + 1], sizes[l], 2.0)), draw(vectors(sizes[l + 1], 2.0))
        w, b, values = settled(name, limit, w, b, values)
        weights.append(w)
        biases.append(b)
    penalty = st.sampled_from([0.0, 0.001, 0.01, 0.1]) if penalties else st.just(0.0)
    return Case(
        sizes=sizes,
        activations=activations,
        cost=cost,
        optimizer=draw(st.sampled_from(optimizers)),
        learning_rate=draw(st.sampled_from([0.001, 0.01, 0.1, 0.5])),
        l1=draw(penalty),
        l2=draw(penalty),
        weights=weights,
        biases=biases,
        inputs=inputs,
        targets=draw(st.lists(target_rows(cost, sizes[-1]), min_size=batch, max_size=batch)),
    )


def is_delicate(name: str, cost: str) -> bool:
    return (name, cost) == ("softmax", "binary_cross_entropy")


def settled(
    name: str, limit: float, w: Matrix, b: Vector, sources: Matrix
) -> tuple[Matrix, Vector, Matrix]:
    """Repair one layer as the module says; also give what it passes on, observations in rows."""
    while max(abs(z) for row in weighted(w, b, sources) for z in row) > limit:
        w, b = [[weight / 2 for weight in row] for row in w], [bias / 2 for bias in b]
    if name in KINKED:
        columns = zip(*weighted(w, b, sources), strict=True)
        b = [bias + away(column) for bias, column in zip(b, columns, strict=True)]
    return w, b, [activate(name, z) for z in weighted(w, b, sources)]


def weighted(w: Matrix, b: Vector, sources: Matrix) -> Matrix:
    """Give every observation's z."""
    rows = []
    for source in sources:
        z = []
        for row, bias in zip(w, b, strict=True):
            z.append(sum(weight * value for weight, value in zip(row, source, strict=True)) + bias)
        rows.append(z)
    return rows


def away(zs: tuple[float, ...]) -> float:
    """Find the smallest move of a bias that takes all of its z off the kink at 0."""
    # Steps ten margins wide: one z can spoil at most one of them, so more steps than z are enough.
    moves = (step * 10 * MARGIN for step in range(len(zs) + 1))
    return next(move for move in moves if all(abs(z + move) >= MARGIN for z in zs))
