"""The description of the API at /openapi.json: FastAPI's own, with our bodies and our problems."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from pydantic.json_schema import models_json_schema

from app.sessions.strict_model import StrictModel
from app.web import problems, strict_json

REFERENCE: Final = "#/components/schemas/"

_FAULT: Final = {
    "title": "Fault",
    "description": "One place in the request that is wrong.",
    "type": "object",
    "required": ["pointer", "detail"],
    "properties": {
        "pointer": {"type": "string", "description": "A JSON pointer into the body (RFC 6901)."},
        "detail": {"type": "string"},
    },
}
_PROBLEM: Final = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457); one shape for every status.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Names the kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What to do about it, for a person."},
        "errors": {
            "type": "array",
            "maxItems": problems.MOST_FAULTS,
            "items": {"$ref": REFERENCE + "Fault"},
        },
        "current": {"type": "integer", "description": "With 412: the session's revision."},
        "request_id": {"type": "string", "description": "With 500: where the log tells more."},
    },
}
_ANY_PROBLEM: Final = {
    "description": "A problem.",
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": REFERENCE + "Problem"}}},
}


class DescribedApp(FastAPI):
    """Be a FastAPI app whose description knows the bodies that JsonBody reads."""

    def openapi(self) -> dict[str, Any]:
        """Return the description; made once."""
        if not self.openapi_schema:
            document = super().openapi()
            _describe_bodies(self, document)
            _describe_problems(document)
            self.openapi_schema = document
        return self.openapi_schema


def readers(dependant: Dependant) -> Iterator[type[StrictModel]]:
    """Yield the models that a route's dependencies read from the body."""
    for dependency in dependant.dependencies:
        # A reader, or the part of it that only fetches a file.
        reader = getattr(dependency.call, "__self__", dependency.call)
        if isinstance(reader, strict_json.JsonReader):
            yield reader.model
        yield from readers(dependency)


def bodies(app: FastAPI) -> Iterator[tuple[str, str, type[StrictModel]]]:
    """Yield path, method and model of every route that reads a body through JsonBody."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        if dependant is None or not getattr(route, "include_in_schema", False):
            continue
        for model in readers(dependant):
            for method in route.methods or ():
                yield str(route.path_format), method.lower(), model


def _describe_bodies(app: FastAPI, document: dict[str, Any]) -> None:
    found = list(bodies(app))
    models = sorted({model for *_, model in found}, key=lambda model: model.__name__)
    references, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template=REFERENCE + "{model}"
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    renamed = _merge(schemas, definitions.get("$defs", {}))
    for path, method, model in found:
        schema = _renamed(references[model, "validation"], renamed)
        document["paths"][path][method]["requestBody"] = {
            # An absent body is an empty object.
            "required": model.model_json_schema().get("required", []) != [],
            "content": {strict_json.MEDIA_TYPE: {"schema": schema}},
        }


def _merge(schemas: dict[str, Any], added: Mapping[str, Any]) -> dict[str, str]:
    """Add schemas; one that differs from an answer's of the same name is called ...Input."""
    renamed = {
        name: f"{name}Input" for name in added if name in schemas and schemas[name] != added[name]
    }
    for name, schema in added.items():
        schemas[renamed.get(name, name)] = _renamed(schema, renamed)
    return renamed


def _renamed(schema: Any, renamed: Mapping[str, str]) -> Any:
    text = json.dumps(schema)
    for name, other in renamed.items():
        text = text.replace(f'"{REFERENCE}{name}"', f'"{REFERENCE}{other}"')
    return json.loads(text)


def _describe_problems(document: dict[str, Any]) -> None:
    """Give every operation the one shape of problem, in place of FastAPI's own for 422."""
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= {"Fault": _FAULT, "Problem": _PROBLEM}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _ANY_PROBLEM
