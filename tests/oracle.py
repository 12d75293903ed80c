"""Say what a small network must compute, in plain scalar loops and nothing but ``math``.

The engine is tested against this file, so it shares nothing with the engine: one number at a time,
every derivative written out by hand, no arrays. Slow and obvious on purpose.

Layers are counted like list indices here: ``weights[0]`` leads from the input to the first layer,
``weights[l][j][i]`` from neuron i to neuron j, and ``zs``, ``deltas``, ``dW`` and ``db`` line up
with it. Only ``activations`` of a pass has one entry more, because it begins with the input.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

Vector = list[float]
Matrix = list[list[float]]

OPTIMISERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam")


@dataclass
class OracleNetwork:
    sizes: list[int]
    activations: list[str]
    cost: str
    weights: list[Matrix]
    biases: list[Vector]

    def __post_init__(self) -> None:
        if (self.activations[-1], self.cost) not in PAIRS or "softmax" in self.activations[:-1]:
            raise ValueError(f"{self.activations} do not go with {self.cost}")
        if (self.activations[-1], self.cost, self.sizes[-1]) == LONELY:
            raise ValueError("a softmax of one output is always 1, and ln(1 − 1) does not exist")


# --- activations: f(z) and f'(z) -----------------------------------------------------------------


def sigmoid(z: float) -> float:
    # By sign, so that exp never sees a large positive number.
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def sigmoid_slope(z: float) -> float:
    # 1 − σ(z) is σ(−z), which loses nothing where σ(z) is almost 1.
    return sigmoid(z) * sigmoid(-z)


def softplus(z: float) -> float:
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "sigmoid": sigmoid,
    "tanh": math.tanh,
    "relu": lambda z: z if z > 0 else 0.0,
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "softplus": softplus,
    "swish": lambda z: z * sigmoid(z),
    "linear": lambda z: z,
}

SLOPES: dict[str, Callable[[float], float]] = {
    "sigmoid": sigmoid_slope,
    "tanh": lambda z: 4 * sigmoid_slope(2 * z),
    "relu": lambda z: 1.0 if z > 0 else 0.0,
    "leaky_relu": lambda z: 1.0 if z > 0 else 0.01,
    "elu": lambda z: 1.0 if z > 0 else math.exp(z),
    "softplus": sigmoid,
    "swish": lambda z: sigmoid(z) + z * sigmoid_slope(z),
    "linear": lambda z: 1.0,
}

HIDDEN = tuple(ACTIVATIONS)
"""The activations a hidden layer may have; an output layer may have softmax as well."""

PAIRS = (
    *((name, cost) for cost in ("mse", "half_squared_error") for name in (*HIDDEN, "softmax")),
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
)
"""The allowed pairs of output activation and cost."""

LONELY = ("softmax", "binary_cross_entropy", 1)


def log_softmax(z: Vector) -> Vector:
    top = z.index(max(z))
    rest = 0.0
    for j, value in enumerate(z):
        if j != top:
            rest += math.exp(value - z[top])
    return [(value - z[top]) - math.log1p(rest) for value in z]


def softmax(z: Vector) -> Vector:
    powers = [math.exp(value - max(z)) for value in z]
    total = 0.0
    for power in powers:
        total += power
    return [power / total for power in powers]


# --- forward -------------------------------------------------------------------------------------


def activate(name: str, z: Vector) -> Vector:
    return softmax(z) if name == "softmax" else [ACTIVATIONS[name](value) for value in z]


def forward(net: OracleNetwork, x: Vector) -> tuple[list[Vector], list[Vector]]:
    """Pass one observation through: ``zs[l]`` and ``activations[l + 1]`` belong to ``weights[l]``.

    ``activations[0]`` is the observation itself.
    """
    zs: list[Vector] = []
    activations = [list(x)]
    for weights, biases, name in zip(net.weights, net.biases, net.activations, strict=True):
        z = []
        for row, bias in zip(weights, biases, strict=True):
            total = 0.0
            for weight, source in zip(row, activations[-1], strict=True):
                total += weight * source
            z.append(total + bias)
        zs.append(z)
        activations.append(activate(name, z))
    return zs, activations


# --- cost ----------------------------------------------------------------------------------------


def loss(net: OracleNetwork, z: Vector, a: Vector, y: Vector) -> float:
    """Score one observation from its output layer: weighted inputs z, outputs a, targets y."""
    total = 0.0
    for j in range(len(y)):
        total += loss_term(net, j, z, a, y[j])
    return total


def loss_term(net: OracleNetwork, j: int, z: Vector, a: Vector, y: float) -> float:
    match net.cost:
        case "mse":
            return (a[j] - y) * (a[j] - y)
        case "half_squared_error":
            return (a[j] - y) * (a[j] - y) / 2
        case "cross_entropy":
            return -y * log_softmax(z)[j]
    if net.activations[-1] == "sigmoid":
        # ln σ(z) = −softplus(−z) and ln(1 − σ(z)) = −softplus(z): no logarithm of a rounded 0.
        return y * softplus(-z[j]) + (1 - y) * softplus(z[j])
    return -y * log_softmax(z)[j] - (1 - y) * log_rest(z, a, j)


def log_rest(z: Vector, a: Vector, j: int) -> float:
    """Give ln(1 − a_j) of a softmax, also where a_j rounds to 1."""
    if a[j] < 0.5:
        return math.log1p(-a[j])
    # 1 − a_j is the share of all the others: a_k over what k has among the others alone.
    k = 0 if j else 1
    return log_softmax(z)[k] - log_softmax(z[:j] + z[j + 1 :])[0]


def penalty(net: OracleNetwork, l1: float, l2: float) -> float:
    squares = sizes = 0.0
    for weights in net.weights:
        for row in weights:
            for weight in row:
                squares += weight * weight
                sizes += abs(weight)
    return l2 / 2 * squares + l1 * sizes


def cost(
    net: OracleNetwork, inputs: Matrix, targets: Matrix, l1: float = 0.0, l2: float = 0.0
) -> float:
    total = 0.0
    for x, y in zip(inputs, targets, strict=True):
        zs, activations = forward(net, x)
        total += loss(net, zs[-1], activations[-1], y)
    return total / len(inputs) + penalty(net, l1, l2)


# --- backward ------------------------------------------------------------------------------------


def output_delta(net: OracleNetwork, z: Vector, a: Vector, y: Vector) -> Vector:
    """Derive one observation's loss by each weighted input of the output layer."""
    name, n = net.activations[-1], len(y)
    if (name, net.cost) in (("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")):
        return [a[j] - y[j] for j in range(n)]
    if net.cost == "binary_cross_entropy":
        return softmax_binary_delta(z, a, y)
    factor = 2.0 if net.cost == "mse" else 1.0
    blame = [factor * (a[j] - y[j]) for j in range(n)]
    if name != "softmax":
        return [blame[j] * SLOPES[name](z[j]) for j in range(n)]
    delta = []
    for k in range(n):
        total = 0.0
        for j in range(n):  # every output hangs on every z: da_j/dz_k = a_j·([j = k] − a_k)
            total += blame[j] * a[j] * ((1.0 if j == k else 0.0) - a[k])
        delta.append(total)
    return delta


def softmax_binary_delta(z: Vector, a: Vector, y: Vector) -> Vector:
    """Join (a_j − y_j) / (a_j·(1 − a_j)) with da_j/dz_k = a_j·([j = k] − a_k).

    For j = k everything but a_k − y_k cancels. For the others a_k / (1 − a_j) stays, which is the
    softmax of k among all but j, and is computed as that: 1 − a_j may round to 0.
    """
    delta = []
    for k in range(len(y)):
        total = a[k] - y[k]
        for j in range(len(y)):
            if j != k:
                among_others = softmax(z[:j] + z[j + 1 :])[k if k < j else k - 1]
                total -= (a[j] - y[j]) * among_others
        delta.append(total)
    return delta


def backward(net: OracleNetwork, x: Vector, y: Vector, observations: int) -> list[Vector]:
    """Give d cost / dz of one observation, layer by layer, first layer first."""
    zs, activations = forward(net, x)
    last = [value / observations for value in output_delta(net, zs[-1], activations[-1], y)]
    deltas = [last]
    for layer in range(len(zs) - 2, -1, -1):
        slope = SLOPES[net.activations[layer]]
        delta = []
        for j, z in enumerate(zs[layer]):
            blame = 0.0
            for k, above in enumerate(deltas[0]):
                blame += net.weights[layer + 1][k][j] * above
            delta.append(blame * slope(z))
        deltas.insert(0, delta)
    return deltas


def penalty_slope(weight: float, l1: float, l2: float) -> float:
    sign = (weight > 0) - (weight < 0)
    return l2 * weight + l1 * sign


def gradients(
    net: OracleNetwork, inputs: Matrix, targets: Matrix, l1: float = 0.0, l2: float = 0.0
) -> tuple[list[Matrix], list[Vector], list[list[Vector]]]:
    """Derive the batch's cost: ``dW[l][j][i]``, ``db[l][j]`` and ``deltas[observation][l][j]``.

    The deltas carry the 1/B, so dW is their plain sum times the inputs, plus the penalty's share.
    """
    deltas = [backward(net, x, y, len(inputs)) for x, y in zip(inputs, targets, strict=True)]
    passes = [forward(net, x)[1] for x in inputs]
    dW: list[Matrix] = []
    db: list[Vector] = []
    for layer, weights in enumerate(net.weights):
        dW.append([[penalty_slope(weight, l1, l2) for weight in row] for row in weights])
        db.append([0.0 for _ in weights])
        for delta, activations in zip(deltas, passes, strict=True):
            for j, value in enumerate(delta[layer]):
                db[layer][j] += value
                for i, source in enumerate(activations[layer]):
                    dW[layer][j][i] += value * source
    return dW, db, deltas


# --- update --------------------------------------------------------------------------------------


@dataclass
class Optimiser:
    """Move parameters as torch.optim does; one object remembers one network's buffers."""

    name: str
    learning_rate: float
    momentum: float = 0.9
    alpha: float = 0.99
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    steps: int = 0
    first: dict[tuple[int, ...], float] = field(default_factory=dict)
    second: dict[tuple[int, ...], float] = field(default_factory=dict)

    def step(self, net: OracleNetwork, dW: list[Matrix], db: list[Vector]) -> OracleNetwork:
        """Return the network after one update; the one given stays as it is.

        ``first`` and ``second`` hold the buffers, (layer, j, i) for a weight, (layer, j) for a
        bias. For rmsprop ``first`` is the running mean of squares.
        """
        self.steps += 1
        weights: list[Matrix] = []
        biases: list[Vector] = []
        for layer, matrix in enumerate(net.weights):
            weights.append([])
            biases.append([])
            for j, row in enumerate(matrix):
                moved = [w - self.change((layer, j, i), dW[layer][j][i]) for i, w in enumerate(row)]
                weights[layer].append(moved)
                biases[layer].append(net.biases[layer][j] - self.change((layer, j), db[layer][j]))
        return replace(net, weights=weights, biases=biases)

    def change(self, key: tuple[int, ...], g: float) -> float:
        match self.name:
            case "sgd":
                return self.learning_rate * g
            case "momentum":
                return self.learning_rate * self.velocity(key, g)
            case "nesterov":
                return self.learning_rate * (g + self.momentum * self.velocity(key, g))
            case "rmsprop":
                square = self.alpha * self.first.get(key, 0.0) + (1 - self.alpha) * g * g
                self.first[key] = square
                return self.learning_rate * g / (math.sqrt(square) + self.epsilon)
            case "adam":
                return self.adam(key, g)
        raise ValueError(f"there is no optimiser {self.name}")

    def velocity(self, key: tuple[int, ...], g: float) -> float:
        self.first[key] = self.momentum * self.first.get(key, 0.0) + g
        return self.first[key]

    def adam(self, key: tuple[int, ...], g: float) -> float:
        mean = self.beta1 * self.first.get(key, 0.0) + (1 - self.beta1) * g
        square = self.beta2 * self.second.get(key, 0.0) + (1 - self.beta2) * g * g
        self.first[key], self.second[key] = mean, square
        unbiased = mean / (1 - self.beta1**self.steps)
        root = math.sqrt(square / (1 - self.beta2**self.steps))
        return self.learning_rate * unbiased / (root + self.epsilon)
