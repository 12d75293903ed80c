"""What every answer's shape stands on: finite numbers, and rows in which null means not computed yet."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Finite = Annotated[float, Field(allow_inf_nan=False)]
Entry = Finite | None
Row = list[Entry]
Grid = list[Row]
Granularity = Literal["term", "neuron", "layer", "pass"]


class View(BaseModel):
    """Be the base of every answer."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())
