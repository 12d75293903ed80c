"""The line of NumPy and the line of PyTorch that do what an event does.

The NumPy lines run: `W, b, a, z, slope, blame, delta, dW, db` are lists by layer of arrays with one column an
observation, `y` the targets, `B` the number of observations, and `np` is NumPy. A test runs every one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.engine.events import Event
from app.engine.network import Network
from app.engine.training import Training

AUTOGRAD = "C.backward()  # every gradient at once"


@dataclass(frozen=True)
class Code:
    """Hold one line of each."""

    numpy: str
    pytorch: str


_CURVES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sigmoid": ("1 / (1 + np.exp(-{z}))", "torch.sigmoid({z})"),
        "tanh": ("np.tanh({z})", "torch.tanh({z})"),
        "relu": ("np.maximum({z}, 0)", "torch.relu({z})"),
        "leaky_relu": ("np.maximum({z}, 0.01 * {z})", "F.leaky_relu({z})"),
        "elu": ("np.where({z} > 0, {z}, np.expm1({z}))", "F.elu({z})"),
        "softplus": ("np.logaddexp(0, {z})", "F.softplus({z})"),
        "swish": ("{z} / (1 + np.exp(-{z}))", "F.silu({z})"),
        "linear": ("{z}", "{z}"),
        "softmax": ("np.exp({z}) / np.exp({z}).sum(axis=0)", "torch.softmax({z}, dim=1)"),
    }
)
_SLOPES: Mapping[str, str] = MappingProxyType(
    {
        "sigmoid": "{a} * (1 - {a})",
        "tanh": "1 - {a} ** 2",
        "relu": "({z} > 0) * 1.0",
        "leaky_relu": "np.where({z} > 0, 1.0, 0.01)",
        "elu": "np.where({z} > 0, 1.0, np.exp({z}))",
        "softplus": "1 / (1 + np.exp(-{z}))",
        "swish": "{a} + (1 - {a}) / (1 + np.exp(-{z}))",
        "linear": "np.ones_like({z})",
    }
)
_LOSSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "mse": ("({a} - y) ** 2", "({a} - y) ** 2"),
        "half_squared_error": ("({a} - y) ** 2 / 2", "({a} - y) ** 2 / 2"),
        "binary_cross_entropy": (
            "-(y * np.log({a}) + (1 - y) * np.log(1 - {a}))",
            'F.binary_cross_entropy({a}, y, reduction="none")',
        ),
        "cross_entropy": ("-y * np.log({a})", "-y * torch.log_softmax({z}, dim=1)"),
    }
)
_DERIVATIVES: Mapping[str, str] = MappingProxyType(
    {
        "mse": "2 * ({a} - y) / B",
        "half_squared_error": "({a} - y) / B",
        "binary_cross_entropy": "({a} - y) / ({a} * (1 - {a})) / B",
        "cross_entropy": "-y / {a} / B",
    }
)
_OPTIMIZERS: Mapping[str, str] = MappingProxyType(
    {
        "sgd": "torch.optim.SGD(parameters, lr={rate})",
        "momentum": "torch.optim.SGD(parameters, lr={rate}, momentum={momentum})",
        "nesterov": "torch.optim.SGD(parameters, lr={rate}, momentum={momentum}, nesterov=True)",
        "rmsprop": "torch.optim.RMSprop(parameters, lr={rate}, alpha={alpha})",
        "adam": "torch.optim.Adam(parameters, lr={rate}, betas=({beta1}, {beta2}))",
    }
)


def code_of(network: Network, training: Training, event: Event) -> Code:
    """Return the lines for an event; they do the whole layer at once, as one writes them."""
    layer, kind = event.layer, event.kind
    here = {"a": f"a[{layer}]", "z": f"z[{layer}]"}
    torch_here = {"a": f"a{layer}", "z": f"z{layer}"}
    if kind in ("product", "bias"):
        numpy = f"z[{layer}] = W[{layer}] @ a[{layer - 1}] + b[{layer}]"
        return Code(numpy, f"z{layer} = F.linear(a{layer - 1}, W{layer}, b{layer})")
    if kind == "activation":
        numpy, pytorch = _CURVES[network.activations[layer - 1]]
        return Code(
            f"a[{layer}] = {numpy.format(**here)}", f"a{layer} = {pytorch.format(**torch_here)}"
        )
    if kind in ("loss", "cost"):
        return _cost(network, training, kind, here, torch_here)
    if event.phase == "backward":
        return Code(_backward(network, training, event, here), AUTOGRAD)
    return _update(training, event)


def _cost(
    network: Network, training: Training, kind: str, here: dict[str, str], there: dict[str, str]
) -> Code:
    numpy, pytorch = (
        line.format(**at) for line, at in zip(_LOSSES[network.cost], (here, there), strict=True)
    )
    if kind == "loss":
        return Code(f"loss = {numpy}", f"loss = {pytorch}")
    penalty = ""
    if training.l2:
        penalty += f" + {training.l2 / 2!r} * sum((w ** 2).sum() for w in W[1:])"
    if training.l1:
        penalty += f" + {training.l1!r} * sum(abs(w).sum() for w in W[1:])"
    return Code(f"C = loss.sum() / B{penalty}", f"C = loss.sum() / B{penalty}")


def _backward(  # noqa: PLR0911 - one line for each kind of event
    network: Network, training: Training, event: Event, here: dict[str, str]
) -> str:
    layer, last, name = (
        event.layer,
        event.layer == network.depth,
        network.activations[event.layer - 1],
    )
    if event.kind == "loss_derivative":
        return f"blame[{layer}] = {_DERIVATIVES[network.cost].format(**here)}"
    if event.kind == "blame":
        return f"blame[{layer}] = W[{layer + 1}].T @ delta[{layer + 1}]"
    if event.kind == "slope":
        return f"slope[{layer}] = {_SLOPES[name].format(**here)}"
    if event.kind == "delta":
        if last and network.joined:
            return f"delta[{layer}] = (a[{layer}] - y) / B"
        if name == "softmax":
            a, g = f"a[{layer}]", f"blame[{layer}]"
            return f"delta[{layer}] = {a} * ({g} - ({a} * {g}).sum(axis=0))"
        return f"delta[{layer}] = blame[{layer}] * slope[{layer}]"
    if event.kind == "gradient":
        share = f" + {training.l2!r} * W[{layer}]" if training.l2 else ""
        share += f" + {training.l1!r} * np.sign(W[{layer}])" if training.l1 else ""
        return f"dW[{layer}] = delta[{layer}] @ a[{layer - 1}].T{share}"
    return f"db[{layer}] = delta[{layer}].sum(axis=1, keepdims=True)"


def _update(training: Training, event: Event) -> Code:
    layer, optimizer = event.layer, training.optimizer
    letter = "b" if "bias" in event.kind else "W"
    p, g, rate = f"{letter}[{layer}]", f"d{letter}[{layer}]", f"{training.learning_rate!r}"
    m, v = f"m_{letter}[{layer}]", f"v_{letter}[{layer}]"
    mu, name = f"{optimizer.momentum!r}", optimizer.name
    constants = {
        "rate": rate,
        "momentum": mu,
        "alpha": optimizer.alpha,
        "beta1": optimizer.beta1,
        "beta2": optimizer.beta2,
    }
    pytorch = _OPTIMIZERS[name].format(**constants) + ".step()"
    if "moment" in event.kind:
        return Code(_moment(training, event.moment, g, m, v), pytorch)
    steps = {
        "sgd": f"{p} -= {rate} * {g}",
        "momentum": f"{p} -= {rate} * {m}",
        "nesterov": f"{p} -= {rate} * ({g} + {mu} * {m})",
        "rmsprop": f"{p} -= {rate} * {g} / (np.sqrt({m}) + {optimizer.epsilon!r})",
        "adam": f"{p} -= {rate} * ({m} / (1 - {optimizer.beta1!r} ** t)) "
        f"/ (np.sqrt({v} / (1 - {optimizer.beta2!r} ** t)) + {optimizer.epsilon!r})",
    }
    return Code(steps[name], pytorch)


def _moment(training: Training, moment: int, g: str, m: str, v: str) -> str:
    optimizer = training.optimizer
    if optimizer.name in ("momentum", "nesterov"):
        return f"{m} = {optimizer.momentum!r} * {m} + {g}"
    if optimizer.name == "rmsprop":
        return f"{m} = {optimizer.alpha!r} * {m} + (1 - {optimizer.alpha!r}) * {g} ** 2"
    if moment == 0:
        return f"{m} = {optimizer.beta1!r} * {m} + (1 - {optimizer.beta1!r}) * {g}"
    return f"{v} = {optimizer.beta2!r} * {v} + (1 - {optimizer.beta2!r}) * {g} ** 2"
