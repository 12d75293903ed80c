"""Plausible requests for every route of the description: the ground that hostile ones grow on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

WORDS = ("article", "sgd", "pass", "layer", "w[1][0][0]", "x1", "y", "1", "penguin-colonies")


@dataclass(frozen=True)
class Route:
    """Hold an operation: its method, its address with {names}, its query's names, its body's schema."""

    method: str
    path: str
    query: tuple[str, ...]
    body: Mapping[str, Any] | None


def routes(document: Mapping[str, Any]) -> list[Route]:
    """List every operation of a description."""
    return list(_routes(document))


def _routes(document: Mapping[str, Any]) -> Iterator[Route]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
            content = operation.get("requestBody", {}).get("content", {})
            schema = next((one.get("schema") for one in content.values()), None)
            yield Route(method.upper(), path, tuple(names), schema)


@dataclass(frozen=True)
class Plausible:
    """Make values that a schema may take, most of the time."""

    document: Mapping[str, Any]
    random: Random

    def value(self, schema: Mapping[str, Any], depth: int = 0) -> Any:  # noqa: PLR0911
        """Make one value."""
        if "$ref" in schema:
            return self.value(self._named(schema["$ref"]), depth)
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                return self.value(self.random.choice(schema[word]), depth)
        if "const" in schema or "enum" in schema:
            return self.random.choice(schema.get("enum", [schema.get("const")]))
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                items = schema.get("items", {})
                count = self.random.randint(max(1, schema.get("minItems", 0)), 3)
                return [self.value(items, depth + 1) for _ in range(count)]
            case "integer" | "number" as kind:
                return self._number(schema, kind)
            case "boolean":
                return self.random.random() < 0.5
            case "null":
                return None
        return self.random.choice(WORDS)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        named = schema.get("properties", {})
        chosen = [name for name in named if name in required or self.random.random() < 0.5]
        if depth > 5:
            chosen = [name for name in chosen if name in required]
        made = {name: self.value(named[name], depth + 1) for name in chosen}
        if isinstance(schema.get("additionalProperties"), dict):
            made["w[1][0][0]"] = self.value(schema["additionalProperties"], depth + 1)
        return made

    def _number(self, schema: Mapping[str, Any], kind: str) -> float:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -3))
        high = min(schema.get("maximum", schema.get("exclusiveMaximum", 4)), low + 4)
        if kind == "integer":
            return self.random.randint(int(low), int(high))
        return round(self.random.uniform(low, high), 3)

    def _named(self, reference: str) -> Mapping[str, Any]:
        here: Any = self.document
        for part in reference.removeprefix("#/").split("/"):
            here = here[part]
        found: Mapping[str, Any] = here
        return found
