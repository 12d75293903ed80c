"""What every answer's shape stands on: finite numbers, and rows in which null means not computed yet."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

Finite = Annotated[float, Field(allow_inf_nan=False)]
Entry = Finite | None
Row = list[Entry]
Grid = list[Row]
Granularity = Literal["term", "neuron", "layer", "pass"]


class View(BaseModel):
    """Be the base of every answer."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())

    def written(self) -> bytes:
        """Write it as JSON, field by field.

        Between two fields another thread may answer somebody; while pydantic writes the whole of a large answer, which
        is tens of milliseconds on a slow computer, none could.
        """
        fields = (
            f'"{name}":'.encode() + (value.written() if isinstance(value, View) else to_json(value))
            for name, value in self
        )
        return b"{" + b",".join(fields) + b"}"
