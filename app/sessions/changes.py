"""What an edit changed, in a sentence each: the other half of what it could not keep."""

from __future__ import annotations

from collections.abc import Iterator

from app.data.dataset import Dataset
from app.engine.training import Training
from app.sessions.setup import Setup
from app.sessions.single_numbers import SingleNumbers


def changes(old: Setup, new: Setup, numbers: SingleNumbers, *, redrawn: bool) -> tuple[str, ...]:
    """Say what is other than before; nothing of single weights, which are seen where they stand."""
    said = [*_network(old, new), *_training(old.training, new.training)]
    if redrawn:
        said.append("New first weights were drawn.")
    elif said and old.network.sizes == new.network.sizes:
        said.append("The weights were kept.")
    if numbers.inputs or numbers.targets:
        said += _numbers(new.dataset, numbers)
    elif new.dataset is not old.dataset:
        said.append(f"The data is now “{new.dataset.title}”.")
    return tuple(said)


def _network(old: Setup, new: Setup) -> Iterator[str]:
    before, after = old.network, new.network
    if before.depth != after.depth:
        yield f"The network is now {'-'.join(map(str, after.sizes))}."
    elif before.sizes != after.sizes:
        for layer in range(1, after.depth):
            if before.sizes[layer] != (size := after.sizes[layer]):
                yield f"Hidden {layer} now has {size:,} neuron{'s' * (size != 1)}."
    elif before.activations != after.activations:
        pairs = enumerate(zip(before.activations, after.activations, strict=True), start=1)
        for layer, (was, name) in pairs:
            if was != name:
                place = "The output" if layer == after.depth else f"Hidden {layer}"
                yield f"{place} now bends by {_plain(name)}."
    if before.cost != after.cost:
        yield f"The cost is now {_plain(after.cost)}."


def _training(old: Training, new: Training) -> Iterator[str]:
    if old.learning_rate != new.learning_rate:
        yield f"The learning rate is now {new.learning_rate:g}."
    if old.optimizer != new.optimizer:
        yield f"The optimizer is now {_plain(new.optimizer.name)}."
    if old.batch_size != new.batch_size:
        many = "all observations" if new.batch_size is None else f"of size {new.batch_size:,}"
        yield f"A batch is now {many}."
    if old.shuffle != new.shuffle:
        order = "drawn anew each epoch" if new.shuffle else "the rows’ own"
        yield f"The order of the observations is now {order}."
    for name, was, now in (("L1", old.l1, new.l1), ("L2", old.l2, new.l2)):
        if was != now:
            yield f"The {name} penalty is now {now:g}."
    if old.test_fraction != new.test_fraction:
        yield f"{new.test_fraction:.0%} of the observations are now kept for the test."


def _numbers(dataset: Dataset, numbers: SingleNumbers) -> Iterator[str]:
    given = (
        (dataset.input_names, numbers.inputs, ""),
        (dataset.target_names, numbers.targets, "the actual value of "),
    )
    for names, changed, what in given:
        for (row, column), value in changed.items():
            yield f"In row {row + 1} of the data {what}{names[column]} is now {value:g}."


def _plain(name: str) -> str:
    return {"mse": "the mean squared error", "sgd": "plain gradient descent"}.get(
        name, name.replace("_", " ")
    )
