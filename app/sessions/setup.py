"""From what was asked for to a network, training settings and data that fit together and keep to the limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from app.data.bundled import bundled
from app.data.csv_choice import to_dataset
from app.data.csv_table import read_table
from app.data.dataset import Dataset
from app.data.given import dataset_from_values
from app.data.limits import Limits, numbers_go
from app.engine.arrays import FloatArray, IntArray
from app.engine.events import EventMap
from app.engine.initializers import initialize
from app.engine.network import Network
from app.engine.once import once
from app.engine.schedule import Schedule, split
from app.engine.training import Optimizer, Training
from app.errors import Fault, InvalidInput
from app.sessions.spec import DataSpec, LayerSpec, NetworkSpec, OptimizerSpec, TrainingSpec
from app.settings import Settings


@dataclass(frozen=True, eq=False)
class Setup:
    """Hold what training is a function of, apart from the parameters.

    Args:
        network, training, dataset: what is trained, how, and on what.
        initializer, seed: where first weights come from.
        preset: the preset it began as, or None.
    """

    network: Network
    training: Training
    dataset: Dataset
    initializer: str = "xavier_uniform"
    seed: int = 0
    preset: str | None = None

    @once
    def _rows(self) -> tuple[IntArray, IntArray]:
        training = self.training
        return split(self.dataset.observations, training.test_fraction, training.seed)

    @property
    def train_rows(self) -> IntArray:
        """The rows to train on, in the table's order."""
        return self._rows[0]

    @property
    def test_rows(self) -> IntArray:
        """The rows kept aside."""
        return self._rows[1]

    @once
    def events(self) -> EventMap:
        """The events of one iteration."""
        return EventMap.of(self.network, self.training)

    def schedule(self, iteration: int = 0, epoch: int = 0) -> Schedule:
        """Plan batches from an iteration on, which begins an epoch."""
        rows, training = len(self.train_rows), self.training
        size, shuffle = training.batch_size, training.shuffle
        return Schedule(rows, size, shuffle, training.seed, iteration, epoch)


def build_dataset(spec: DataSpec, settings: Settings) -> Dataset:
    """Find or make the data asked for.

    Raises:
        InvalidInput: it is not said in one way, or the data cannot be used.
    """
    ways = [way for way in ("dataset", "csv", "inputs") if getattr(spec, way) is not None]
    if len(ways) != 1:
        raise InvalidInput.at(
            "/data", "Say the data in one way: `dataset`, `csv`, or `inputs` with `targets`."
        )
    limits = Limits(
        file_bytes=settings.upload_bytes,
        rows=settings.max_observations,
        cells=settings.max_cells,
        neurons=settings.max_layer_neurons,
        number=settings.max_number,
    )
    if spec.dataset is not None:
        return bundled(spec.dataset)
    if spec.csv is not None:
        table = read_table(spec.csv, limits, pointer="/data/csv")
        if spec.input_columns is None or spec.target_columns is None:
            raise InvalidInput.at(
                "/data",
                "Say which columns are inputs and which are targets: `input_columns`, `target_columns`.",
            )
        return to_dataset(table, spec.input_columns, spec.target_columns, pointer="/data")
    if spec.targets is None:
        raise InvalidInput.at("/data/targets", "Every row of inputs needs its targets.")
    names = spec.input_names, spec.target_names
    return dataset_from_values(spec.inputs or [], spec.targets, *names, limits=limits)


def build_training(given: dict[str, Any], base: Training, settings: Settings) -> Training:
    """Change training settings by what is given.

    Raises:
        InvalidInput: a number is beyond its limit; points at it.
    """
    most = {
        "learning_rate": ("learning rate", settings.max_learning_rate),
        "seed": ("seed", settings.max_seed),
        "l1": ("L1 penalty", settings.max_number),
        "l2": ("L2 penalty", settings.max_number),
    }
    for name, (words, limit) in most.items():
        if name in given and given[name] > limit:
            detail = f"The {words} may be at most {limit:,.16g}."
            raise InvalidInput.at(f"/training/{name}", detail)
    changes = dict(given)
    if isinstance(changes.get("optimizer"), OptimizerSpec):
        changes["optimizer"] = Optimizer(**changes["optimizer"].model_dump())
    return replace(base, **changes)


def default_layers(dataset: Dataset) -> list[LayerSpec]:
    """Offer a network for data that came without one: one sigmoid layer."""
    return [LayerSpec(size=len(dataset.target_names))]


def fitted_layers(layers: Sequence[LayerSpec], dataset: Dataset) -> list[LayerSpec]:
    """Make a preset's layers fit other data: the last is as wide as the targets, what was given and fits stays."""
    widths = [*(layer.size for layer in layers[:-1]), len(dataset.target_names)]
    before = [len(dataset.input_names), *widths[:-1]]
    fitted = []
    for layer, width, sources in zip(layers, widths, before, strict=True):
        weights, biases = layer.weights, layer.biases
        if weights and (len(weights), len(weights[0])) != (width, sources):
            weights = None
        if biases and len(biases) != width:
            biases = None
        changes = {"size": width, "weights": weights, "biases": biases}
        fitted.append(layer.model_copy(update=changes))
    return fitted


def build_network(
    layers: Sequence[LayerSpec],
    cost: str,
    dataset: Dataset,
    settings: Settings,
    targets_at: str = "/network/cost",
) -> Network:
    """Make the network for these layers over this data.

    Args:
        layers, cost: the network.
        dataset: what it is trained on.
        settings: the limits.
        targets_at: where to point when the cost has no meaning for the targets.

    Raises:
        InvalidInput: too large, or its ends do not fit the data; points at the layer.
    """
    inputs, outputs = len(dataset.input_names), len(dataset.target_names)
    if len(layers) > settings.max_layers:
        raise InvalidInput.at(
            "/network/layers",
            f"A network may have at most {settings.max_layers} layers after its input.",
        )
    for place, layer in enumerate(layers):
        if layer.size > settings.max_layer_neurons:
            raise InvalidInput.at(
                f"/network/layers/{place}/size",
                f"A layer may have at most {settings.max_layer_neurons} neurons.",
            )
    if layers[-1].size != outputs:
        raise InvalidInput.at(
            f"/network/layers/{len(layers) - 1}/size",
            f"The last layer gives the outputs, and the data have {outputs} targets: its size must be {outputs}.",
        )
    sizes = (inputs, *(layer.size for layer in layers))
    network = Network(sizes, tuple(layer.activation for layer in layers), cost)
    if network.parameter_count > settings.max_parameters:
        raise InvalidInput.at(
            "/network/layers",
            f"This network has {network.parameter_count:,} weights and biases; "
            f"at most {settings.max_parameters:,} are allowed.",
        )
    _check_targets(cost, dataset, targets_at)
    return network


def _check_targets(cost: str, dataset: Dataset, pointer: str) -> None:
    """Refuse targets that the cost has no meaning for."""
    y = dataset.targets
    if cost in ("binary_cross_entropy", "cross_entropy"):
        wrong = np.flatnonzero(((y < 0) | (y > 1)).any(axis=1))
        if len(wrong):
            label = dataset.row_label(int(wrong[0]))
            raise InvalidInput.at(
                pointer, f"{cost} needs targets from 0 to 1; {label} has another."
            )
    if cost == "cross_entropy":
        wrong = np.flatnonzero(np.abs(y.sum(axis=1) - 1.0) > 1e-9)
        if len(wrong):
            label = dataset.row_label(int(wrong[0]))
            raise InvalidInput.at(
                pointer,
                f"{cost} needs targets that add up to 1, a share for each class; those of {label} do not.",
            )


@dataclass
class _Filling:
    """Collect the faults met while given weights are put in place."""

    settings: Settings
    faults: list[Fault] = field(default_factory=list)

    def fill(self, target: FloatArray, given: Any, pointer: str, what: str) -> None:
        shape = " × ".join(str(size) for size in target.shape)
        rows = given if target.ndim == 2 else [given]
        lengths = {len(row) for row in rows}
        if len(given) != len(target) or lengths != {target.shape[-1]}:
            self.faults.append(Fault(pointer, f"These {what} must be {shape} numbers."))
            return
        values = np.array(given, dtype=np.float64)
        if (np.abs(values) > self.settings.max_number).any():
            self.faults.append(Fault(pointer, numbers_go(self.settings.max_number)))
            return
        target[...] = values


def check_seed(seed: int, settings: Settings) -> None:
    """Refuse a seed of first weights that not every language reads exactly.

    Raises:
        InvalidInput: it is too large; points at it.
    """
    if seed > settings.max_seed:
        raise InvalidInput.at("/network/seed", f"A seed may be at most {settings.max_seed:,}.")


def first_parameters(
    network: Network,
    layers: Sequence[LayerSpec],
    initializer: str,
    seed: int,
    settings: Settings,
) -> FloatArray:
    """Return the flat vector (P,): drawn, then overwritten by what the layers give.

    Raises:
        InvalidInput: given weights do not fit; points at each.
    """
    check_seed(seed, settings)
    theta = initialize(network, initializer, seed)
    filling = _Filling(settings)
    for number, layer in enumerate(layers, start=1):
        place = f"/network/layers/{number - 1}"
        if layer.weights is not None:
            target = network.weights(theta, number)
            filling.fill(target, layer.weights, f"{place}/weights", "weights")
        if layer.biases is not None:
            filling.fill(network.biases(theta, number), layer.biases, f"{place}/biases", "biases")
    if filling.faults:
        raise InvalidInput(filling.faults[0].detail, filling.faults[:20])
    return theta


def merge_network(given: NetworkSpec | None, base: NetworkSpec) -> NetworkSpec:
    """Lay what is given over a preset's network."""
    if given is None:
        return base
    said = {name: getattr(given, name) for name in given.model_fields_set}
    return base.model_copy(update={n: v for n, v in said.items() if v is not None})


def merge_training(given: TrainingSpec | None, base: TrainingSpec) -> dict[str, Any]:
    """Lay what is given over a preset's settings."""
    return {**base.given(), **(given.given() if given is not None else {})}
