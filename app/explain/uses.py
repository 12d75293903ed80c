"""Where a number is used: the inverse of the operands of every formula.

Uses that belong to observations are listed for one observation only, and of very many uses the first ones. A number
that a long sum holds without spelling it out is used there all the same. Without a penalty the data's parts of the
cost and of a gradient are the whole, so only the whole is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from app.engine.addresses import Address
from app.explain.loss import written_with_z
from app.explain.scene import Scene

MOST_USES = 48

SLOPE_OF_A = frozenset({"sigmoid", "tanh"})
SLOPE_OF_Z = frozenset({"relu", "leaky_relu", "elu", "softplus", "swish"})
STEPS_BY_GRADIENT = frozenset({"sgd", "nesterov", "rmsprop"})

Uses = Iterator[Address]


def used_by(scene: Scene, address: Address) -> tuple[Address, ...]:
    """Return the numbers whose formulas hold this one."""
    uses = _RULES.get(address.kind)
    return () if uses is None else tuple(islice(uses(scene, address), MOST_USES))


def _of_activation(scene: Scene, address: Address) -> Uses:
    layer, observation, neuron = address.path
    if layer == scene.depth:
        yield from _of_prediction(scene, address)
    else:
        for follower in range(scene.sizes[layer + 1]):
            yield Address("product", (layer + 1, observation, follower, neuron))
            yield Address("z", (layer + 1, observation, follower))
            yield from _gradients(scene, (layer + 1, follower, neuron))
    if layer and _has_slope(scene, layer, SLOPE_OF_A):
        yield Address("slope", address.path)


def _of_prediction(scene: Scene, address: Address) -> Uses:
    _, observation, output = address.path
    network = scene.tape.network
    if not written_with_z(scene, observation, output):
        yield Address("loss_term", (observation, output))
    yield Address("delta" if network.joined else "blame", address.path)
    if network.activations[-1] == "softmax" and not network.joined:
        yield from _all_outputs(scene, "delta", observation)


def _of_sum(scene: Scene, address: Address) -> Uses:
    layer, observation, neuron = address.path
    softmax = scene.tape.network.activations[layer - 1] == "softmax"
    if softmax:
        yield from _all_outputs(scene, "a", observation)
    else:
        yield Address("a", address.path)
    if _has_slope(scene, layer, SLOPE_OF_Z):
        yield Address("slope", address.path)
    if layer == scene.depth:
        for output in range(scene.sizes[-1]) if softmax else (neuron,):
            if written_with_z(scene, observation, output):
                yield Address("loss_term", (observation, output))


def _of_target(scene: Scene, address: Address) -> Uses:
    observation, output = address.path
    yield Address("loss_term", address.path)
    kind = "delta" if scene.tape.network.joined else "blame"
    yield Address(kind, (scene.depth, observation, output))


def _of_weight(scene: Scene, address: Address) -> Uses:
    layer, neuron, source = address.path
    observation = scene.observation
    yield Address("product", (layer, observation, neuron, source))
    yield Address("z", (layer, observation, neuron))
    if layer > 1:
        yield Address("blame_term", (layer - 1, observation, source, neuron))
        yield Address("blame", (layer - 1, observation, source))
    if scene.tape.training.penalised:
        yield Address("penalty")
        yield Address("dw", address.path)
    yield Address("new_w", address.path)


def _of_bias(scene: Scene, address: Address) -> Uses:
    layer, neuron = address.path
    yield Address("z", (layer, scene.observation, neuron))
    yield Address("new_b", address.path)


def _of_product(scene: Scene, address: Address) -> Uses:
    yield Address("z", address.path[:3])


def _of_share(scene: Scene, address: Address) -> Uses:
    yield Address("blame", address.path[:3])


def _of_blame(scene: Scene, address: Address) -> Uses:
    layer, observation, _ = address.path
    if layer == scene.depth and scene.tape.network.activations[-1] == "softmax":
        yield from _all_outputs(scene, "delta", observation)
    else:
        yield Address("delta", address.path)


def _of_slope(scene: Scene, address: Address) -> Uses:
    yield Address("delta", address.path)


def _of_delta(scene: Scene, address: Address) -> Uses:
    layer, observation, neuron = address.path
    sources = range(scene.sizes[layer - 1])
    if layer > 1:
        for source in sources:
            yield Address("blame_term", (layer - 1, observation, source, neuron))
            yield Address("blame", (layer - 1, observation, source))
    for source in sources:
        yield from _gradients(scene, (layer, neuron, source))
    yield Address("db", (layer, neuron))


def _of_loss_term(scene: Scene, address: Address) -> Uses:
    yield Address("loss", address.path[:1])
    if scene.tape.batch == 1:
        yield from _averages(scene)


def _of_loss(scene: Scene, address: Address) -> Uses:
    if scene.tape.batch > 1:
        yield from _averages(scene)


def _of_cost_part(scene: Scene, address: Address) -> Uses:
    if scene.tape.training.penalised:
        yield Address("cost")


def _of_data_gradient(scene: Scene, address: Address) -> Uses:
    if scene.tape.training.penalised:
        yield Address("dw", address.path)


def _of_gradient(scene: Scene, address: Address) -> Uses:
    letter, optimizer = address.kind[-1], scene.tape.training.optimizer
    for which in range(optimizer.moment_count):
        yield Address(f"moment_{letter}", (which, *address.path))
    if optimizer.name in STEPS_BY_GRADIENT:
        yield Address(f"new_{letter}", address.path)


def _of_moment(scene: Scene, address: Address) -> Uses:
    yield Address(f"new_{address.kind[-1]}", address.path[1:])


def _of_old_moment(scene: Scene, address: Address) -> Uses:
    yield Address(address.kind.removeprefix("old_"), address.path)


def _gradients(scene: Scene, place: tuple[int, ...]) -> Uses:
    if scene.tape.training.penalised:
        yield Address("data_dw", place)
    yield Address("dw", place)


def _averages(scene: Scene) -> Uses:
    yield Address("data_cost" if scene.tape.training.penalised else "cost")


def _all_outputs(scene: Scene, kind: str, observation: int) -> Uses:
    return (Address(kind, (scene.depth, observation, k)) for k in range(scene.sizes[-1]))


def _has_slope(scene: Scene, layer: int, kinds: frozenset[str]) -> bool:
    network = scene.tape.network
    straight = layer == scene.depth and network.joined
    return not straight and network.activations[layer - 1] in kinds


_RULES: Mapping[str, Callable[[Scene, Address], Uses]] = MappingProxyType(
    {
        "a": _of_activation,
        "z": _of_sum,
        "y": _of_target,
        "w": _of_weight,
        "b": _of_bias,
        "product": _of_product,
        "blame_term": _of_share,
        "blame": _of_blame,
        "slope": _of_slope,
        "delta": _of_delta,
        "loss_term": _of_loss_term,
        "loss": _of_loss,
        "data_cost": _of_cost_part,
        "penalty": _of_cost_part,
        "data_dw": _of_data_gradient,
        "dw": _of_gradient,
        "db": _of_gradient,
        "moment_w": _of_moment,
        "moment_b": _of_moment,
        "old_moment_w": _of_old_moment,
        "old_moment_b": _of_old_moment,
    }
)
