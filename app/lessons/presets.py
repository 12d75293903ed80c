"""The ready-made networks: data files, and their loader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from app.data.bundled import bundled
from app.errors import NotFound

FOLDER = Path(__file__).with_name("presets")
IDS = (
    "article",
    "small",
    "logistic-1",
    "logistic-5",
    "worked-example",
    "xor",
    "encoder",
    "species",
    "iris",
    "digits",
)

Measure = Literal["accuracy", "test_accuracy", "cost"]


@dataclass(frozen=True)
class Result:
    """Promise what a preset trains to from its own first weights.

    Args:
        measure: "accuracy" or "cost" over all rows, "test_accuracy" over the rows kept aside.
        sentence: the promise in words.
        epochs: how long it takes, or None where `iterations` says so.
        iterations: likewise.
        at_least: bound of the measure, if it is to be large.
        at_most: bound of the measure, if it is to be small.
    """

    measure: Measure
    sentence: str
    epochs: int | None = None
    iterations: int | None = None
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Preset:
    """Hold a ready-made network.

    Args:
        id: its name in links and requests.
        title: a few words.
        summary: a sentence or two for a learner.
        dataset: a bundled data set's id.
        network: as in the body that starts a session.
        training: as in the body that starts a session, every setting said.
        result: what it trains to.
    """

    id: str
    title: str
    summary: str
    dataset: str
    network: Mapping[str, Any]
    training: Mapping[str, Any]
    result: Result

    @property
    def layers(self) -> tuple[int, ...]:
        """The sizes of its layers, input first."""
        sizes = [int(layer["size"]) for layer in self.network["layers"]]
        return (len(bundled(self.dataset).input_names), *sizes)


def preset(identifier: str) -> Preset:
    """Return a ready-made network, freshly read, so that nobody's change reaches another.

    Raises:
        NotFound: there is none of that id.
    """
    if identifier not in IDS:
        raise NotFound(f"There is no preset “{identifier[:40]}”. There are {', '.join(IDS)}.")
    fields = json.loads(_text(identifier))
    return Preset(**{**fields, "result": Result(**fields["result"])})


@cache
def _text(identifier: str) -> str:
    return (FOLDER / f"{identifier}.json").read_text(encoding="utf-8")
