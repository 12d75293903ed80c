"""Single numbers set by hand: a weight, a bias, an input or a target of the present batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.data.dataset import Dataset, with_numbers
from app.data.limits import numbers_go
from app.engine.addresses import Address, parse
from app.engine.arrays import FloatArray, IntArray
from app.engine.network import Network
from app.errors import InvalidInput
from app.settings import Settings


@dataclass(frozen=True)
class SingleNumbers:
    """Hold the numbers set by hand.

    Args:
        parameters: weights and biases by address.
        inputs, targets: by (row of the data set, column).
    """

    parameters: dict[Address, float] = field(default_factory=dict)
    inputs: dict[tuple[int, int], float] = field(default_factory=dict)
    targets: dict[tuple[int, int], float] = field(default_factory=dict)

    def dataset(self, dataset: Dataset) -> Dataset:
        """Return the data with the numbers in it."""
        if not self.inputs and not self.targets:
            return dataset
        return with_numbers(dataset, self.inputs, self.targets)

    def put(self, network: Network, theta: FloatArray) -> None:
        """Write the weights and biases into the flat vector.

        Raises:
            InvalidInput: the network has no such weight or bias.
        """
        for address, value in self.parameters.items():
            layer, *place = address.path
            sizes = network.sizes
            fits = 1 <= layer <= network.depth and place[0] < sizes[layer]
            if not fits or (len(place) == 2 and place[1] >= sizes[layer - 1]):
                raise InvalidInput.at(_pointer(str(address)), f"This network has no {address}.")
            index = network.weight_index if address.kind == "w" else network.bias_index
            theta[index(layer, *place)] = value


def single_numbers(
    values: Mapping[str, float], rows: IntArray, dataset: Dataset, settings: Settings
) -> SingleNumbers:
    """Sort what is to be set by where it lies.

    Args:
        values: numbers by address.
        rows: the data set's rows in the present batch.
        dataset: whose inputs and targets may be meant.
        settings: the largest number.

    Raises:
        InvalidInput: not an address of such a number, or too large; points at it.
    """
    found = SingleNumbers()
    for text, value in values.items():
        address = _address(text)
        if abs(value) > settings.max_number:
            raise InvalidInput.at(_pointer(text), numbers_go(settings.max_number))
        if address.kind in ("w", "b"):
            found.parameters[address] = value
            continue
        columns = dataset.input_names if address.kind == "a" else dataset.target_names
        place, column = address.path[-2:]
        if place >= len(rows) or column >= len(columns):
            raise InvalidInput.at(_pointer(text), f"This batch has no {text}.")
        kind = found.inputs if address.kind == "a" else found.targets
        kind[int(rows[place]), column] = value
    return found


def _address(text: str) -> Address:
    try:
        address = parse(text)
    except InvalidInput as fault:
        raise InvalidInput.at(_pointer(text), fault.detail) from None
    given = address.kind in ("w", "b", "y") or (address.kind == "a" and address.path[0] == 0)
    if not given:
        raise InvalidInput.at(
            _pointer(text),
            "Only what is given can be set: weights w[l][j][i], biases b[l][j], "
            "inputs a[0][b][j] and targets y[b][j]. Everything else follows from them.",
        )
    return address


def _pointer(text: str) -> str:
    return "/values/" + text[:60].replace("~", "~0").replace("/", "~1")
