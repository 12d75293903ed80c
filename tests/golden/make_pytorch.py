"""Write pytorch.json: what PyTorch computes for small networks, in float64.

Run it from the project's root, with PyTorch 2.13 (the CPU build) beside the project::

    python tests/golden/make_pytorch.py

The tests read the file only; nothing but this script needs PyTorch. It is seeded: the same version
on the same machine writes the same bytes, another may differ in the last digits of a few numbers.

Every allowed pair of output activation and cost meets every optimizer once; the hidden layers take
turns through the activations. Networks are drawn again until no number is near a kink of relu or
of |w|, and no gradient is so small that Adam would blow up its rounding error.
"""

import itertools
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

VERSION = "2.13"
TARGET = Path(__file__).with_name("pytorch.json")
SEED = 20260
UPDATES = 5
MARGIN = 1e-3  # how far from a kink every z and every penalised weight stays
FAINT = 1e-5  # a gradient is exactly 0 or larger than this


class Softplus(nn.Module):
    def forward(self, z: Tensor) -> Tensor:
        # PyTorch's own default goes over to a straight line at 20; the definition does not.
        return functional.softplus(z, threshold=1000)


ACTIVATIONS: dict[str, nn.Module] = {
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(),
    "elu": nn.ELU(),
    "softplus": Softplus(),
    "swish": nn.SiLU(),
    "linear": nn.Identity(),
    "softmax": nn.Softmax(dim=-1),
}
HIDDEN = [name for name in ACTIVATIONS if name != "softmax"]
PAIRS = [
    *((name, cost) for cost in ("mse", "half_squared_error") for name in ACTIVATIONS),
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
]
LEARNING_RATES = {"sgd": 0.5, "momentum": 0.1, "nesterov": 0.1, "rmsprop": 0.01, "adam": 0.05}
SHAPES = [(3, 4, 2), (2, 3, 3, 2), (3, 2), (2, 4, 3), (2, 2, 2, 2, 2)]
BATCHES = [1, 3, 5]
PENALTIES = [(0.0, 0.0), (0.0, 0.1), (0.02, 0.0), (0.0, 0.0), (0.01, 0.05)]
GRID = sorted({*map(float, range(-30, 31)), *(k / 8 for k in range(-8, 9))})
ROWS = [[0.0, 0.0], [1.0, 2.0, 3.0], [-30.0, 0.5, 30.0], [0.3, -1.2, 0.8, 2.5], [30.0]]


@dataclass(frozen=True)
class Plan:
    """One network to draw, with all that does not come by chance."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    cost: str
    optimizer: str
    batch: int
    l1: float
    l2: float


class Unlucky(Exception):
    """The network drawn is too near a kink."""


# --- drawing -------------------------------------------------------------------------------------


def plans() -> list[Plan]:
    drawn = []
    hidden = itertools.cycle(HIDDEN)
    turns = itertools.product(PAIRS, LEARNING_RATES)
    for turn, ((output, cost), optimizer) in enumerate(turns):
        sizes = SHAPES[turn % 7 % len(SHAPES)]
        activations = (*(next(hidden) for _ in sizes[2:]), output)
        l1, l2 = PENALTIES[turn % 9 % len(PENALTIES)]
        batch = BATCHES[turn % len(BATCHES)]
        drawn.append(Plan(sizes, activations, cost, optimizer, batch, l1, l2))
    return drawn


def rows(rng: random.Random, n: int, m: int, reach: float) -> list[list[float]]:
    return [[round(rng.uniform(-reach, reach), 3) for _ in range(m)] for _ in range(n)]


def target_rows(rng: random.Random, plan: Plan) -> list[list[float]]:
    n = plan.sizes[-1]
    if plan.cost == "cross_entropy":
        hot = [[float(j == b % n) for j in range(n)] for b in range(plan.batch)]
        soft = [[0.25, 0.75], [0.5, 0.25, 0.25]][n - 2]
        return [soft, *hot[1:]]
    if plan.cost == "binary_cross_entropy":
        return [[rng.choice([0.0, 1.0, 0.25]) for _ in range(n)] for _ in range(plan.batch)]
    return rows(rng, plan.batch, n, 1.0)


def build(rng: random.Random, plan: Plan) -> list[nn.Linear]:
    layers = []
    for m, n in itertools.pairwise(plan.sizes):
        layer = nn.Linear(m, n, dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(rows(rng, n, m, 1.5)))
            layer.bias.copy_(torch.tensor(rows(rng, 1, n, 1.0)[0]))
        layers.append(layer)
    return layers


# --- computing -----------------------------------------------------------------------------------


def run(layers: list[nn.Linear], plan: Plan, x: Tensor) -> tuple[Tensor, Tensor]:
    """Give the output layer's z and a, observations in rows."""
    a = x
    for layer, name in zip(layers, plan.activations, strict=True):
        z = layer(a)
        if name in ("relu", "leaky_relu", "elu") and z.abs().min() < MARGIN:
            raise Unlucky
        a = ACTIVATIONS[name](z)
    return z, a


def data_cost(plan: Plan, z: Tensor, a: Tensor, y: Tensor) -> Tensor:
    match plan.cost:
        case "mse":
            return functional.mse_loss(a, y, reduction="sum") / plan.batch
        case "half_squared_error":
            return functional.mse_loss(a, y, reduction="sum") / 2 / plan.batch
        case "cross_entropy":
            return functional.cross_entropy(z, y)
    if plan.activations[-1] == "sigmoid":
        scores = functional.binary_cross_entropy_with_logits(z, y, reduction="sum")
    else:
        scores = functional.binary_cross_entropy(a, y, reduction="sum")
    return scores / plan.batch


def whole_cost(layers: list[nn.Linear], plan: Plan, x: Tensor, y: Tensor) -> Tensor:
    total = data_cost(plan, *run(layers, plan, x), y)
    for layer in layers:
        if plan.l1 and layer.weight.abs().min() < MARGIN:
            raise Unlucky
        total = total + plan.l2 / 2 * layer.weight.pow(2).sum() + plan.l1 * layer.weight.abs().sum()
    return total


def optimizer_for(plan: Plan, layers: list[nn.Linear]) -> torch.optim.Optimizer:
    parameters = [tensor for layer in layers for tensor in layer.parameters()]
    rate = LEARNING_RATES[plan.optimizer]
    match plan.optimizer:
        case "momentum":
            return torch.optim.SGD(parameters, lr=rate, momentum=0.9)
        case "nesterov":
            return torch.optim.SGD(parameters, lr=rate, momentum=0.9, nesterov=True)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, lr=rate)
        case "adam":
            return torch.optim.Adam(parameters, lr=rate)
    return torch.optim.SGD(parameters, lr=rate)


def parameters_of(layers: list[nn.Linear]) -> dict[str, Any]:
    weights = [layer.weight.tolist() for layer in layers]
    return {"weights": weights, "biases": [layer.bias.tolist() for layer in layers]}


def derive(layers: list[nn.Linear], total: Tensor) -> dict[str, Any]:
    for layer in layers:
        layer.zero_grad()
    total.backward()
    for tensor in (tensor.grad for layer in layers for tensor in layer.parameters()):
        if ((tensor != 0) & (tensor.abs() < FAINT)).any():
            raise Unlucky
    if not all(layer.weight.grad.any() for layer in layers):
        raise Unlucky  # a network that died shows nothing
    dW = [layer.weight.grad.tolist() for layer in layers]
    return {"dW": dW, "db": [layer.bias.grad.tolist() for layer in layers]}


def train(plan: Plan, layers: list[nn.Linear], x: Tensor, y: Tensor) -> dict[str, Any]:
    optimizer = optimizer_for(plan, layers)
    total = whole_cost(layers, plan, x, y)
    expected = {"outputs": run(layers, plan, x)[1].tolist(), "cost": total.item()}
    expected |= derive(layers, total)
    expected["updates"] = updates = []
    for _ in range(UPDATES):
        optimizer.step()
        total = whole_cost(layers, plan, x, y)
        updates.append({"cost": total.item(), **parameters_of(layers)})
        derive(layers, total)
    return expected


def attempt(plan: Plan, rng: random.Random) -> dict[str, Any]:
    layers = build(rng, plan)
    start = parameters_of(layers)
    inputs = rows(rng, plan.batch, plan.sizes[0], 1.5)
    targets = target_rows(rng, plan)
    x, y = (torch.tensor(values, dtype=torch.float64) for values in (inputs, targets))
    expected = train(plan, layers, x, y)
    network = {"sizes": plan.sizes, "activations": plan.activations, "cost": plan.cost}
    network |= {"optimizer": plan.optimizer, "learning_rate": LEARNING_RATES[plan.optimizer]}
    network |= {"l1": plan.l1, "l2": plan.l2, **start, "inputs": inputs, "targets": targets}
    return network | {"expected": expected}


def golden(turn: int, plan: Plan) -> dict[str, Any]:
    for draw in itertools.count():
        try:
            return attempt(plan, random.Random(f"{SEED} {turn} {draw}"))
        except Unlucky:
            continue
    raise AssertionError


# --- single activations --------------------------------------------------------------------------


def curve(name: str) -> dict[str, list[float]]:
    """Give f and f' over the grid, the kinks at 0 as PyTorch decides them."""
    z = torch.tensor(GRID, dtype=torch.float64, requires_grad=True)
    f = ACTIVATIONS[name](z)
    f.sum().backward()
    return {"f": f.tolist(), "slope": z.grad.tolist()}


def softmax_row(row: list[float]) -> dict[str, Any]:
    z = torch.tensor(row, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(ACTIVATIONS["softmax"], z)
    return {"z": row, "a": ACTIVATIONS["softmax"](z).tolist(), "jacobian": jacobian.tolist()}


# --- writing -------------------------------------------------------------------------------------


def dumps(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def block(items: list[str]) -> str:
    return ",\n".join(items)


def main() -> None:
    if not torch.__version__.startswith(VERSION):
        raise SystemExit(f"this needs PyTorch {VERSION}, here is {torch.__version__}")
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    curves = block([f'"{name}":{dumps(curve(name))}' for name in HIDDEN])
    softmaxes = block([dumps(softmax_row(row)) for row in ROWS])
    networks = block([dumps(golden(turn, plan)) for turn, plan in enumerate(plans())])
    TARGET.write_text(
        f'{{"made_with":"PyTorch {VERSION}, float64",\n"grid":{dumps(GRID)},\n'
        f'"curves":{{\n{curves}\n}},\n"softmax":[\n{softmaxes}\n],\n"networks":[\n{networks}\n]}}\n'
    )


if __name__ == "__main__":
    main()
