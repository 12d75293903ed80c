from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel, Field
from starlette.testclient import TestClient

from app.sessions.strict_model import StrictModel
from app.web.openapi import DescribedApp, bodies
from app.web.strict_json import JsonBody
from tests.web.conftest import MakeClient


class Layer(StrictModel):
    size: int = Field(2, ge=1, le=128)


class NewThing(StrictModel):
    layers: list[Layer] = Field(default_factory=list, max_length=10)


class Move(StrictModel):
    by: float = Field(le=1)


def moved(body: Annotated[Move, JsonBody(Move)]) -> Move:
    return body


def other_layer() -> type[BaseModel]:
    class Layer(BaseModel):
        weights: list[float]

    return Layer


def add_routes(app: FastAPI) -> None:
    router = APIRouter(prefix="/things")

    @router.post("")
    async def start(body: Annotated[NewThing, JsonBody(NewThing)]) -> int:
        return len(body.layers)

    @router.post("/{name}/move", response_model=other_layer())
    async def move(name: str, body: Annotated[Move, Depends(moved)]) -> object:
        return {"weights": [body.by]}

    @router.get("/{name}", include_in_schema=False)
    async def hidden(body: Annotated[Move, JsonBody(Move)]) -> None:
        """Stay out of the description."""

    app.include_router(router, prefix="/v1")


@pytest.fixture
def document() -> dict[str, Any]:
    app = DescribedApp()
    add_routes(app)
    return app.openapi()


def test_a_body_is_described(document: dict[str, Any]) -> None:
    start = document["paths"]["/v1/things"]["post"]["requestBody"]
    assert start == {
        "required": False,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewThing"}}},
    }
    move = document["paths"]["/v1/things/{name}/move"]["post"]["requestBody"]
    assert move["required"] is True
    assert "/v1/things/{name}" not in document["paths"]


def test_schemas_of_one_name_do_not_mix(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert "weights" in schemas["Layer"]["properties"]
    assert "size" in schemas["LayerInput"]["properties"]
    assert "#/components/schemas/LayerInput" in str(schemas["NewThing"])


def test_every_operation_has_the_one_problem(document: dict[str, Any]) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            assert "422" not in operation["responses"]
            content = operation["responses"]["default"]["content"]
            assert list(content) == ["application/problem+json"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def test_every_reference_leads_somewhere(document: dict[str, Any], client: TestClient) -> None:
    for described in (document, client.get("/openapi.json").json()):
        schemas = described["components"]["schemas"]
        for reference in references(described):
            assert reference.removeprefix("#/components/schemas/") in schemas


def test_it_is_made_once(make_client: MakeClient) -> None:
    app = make_client(add_routes).app
    assert isinstance(app, DescribedApp)
    assert app.openapi() is app.openapi()


def unbounded(schema: Any, where: str) -> Iterator[str]:
    """Yield each place in a body's schema where a list may grow for ever."""
    parts: list[tuple[Any, Any]] = []
    if isinstance(schema, list):
        parts = list(enumerate(schema))
    elif isinstance(schema, dict):
        parts = list(schema.items())
        if schema.get("type") == "array" and "maxItems" not in schema:
            yield where
    for name, part in parts:
        yield from unbounded(part, f"{where}/{name}")


def test_every_list_in_a_body_is_bounded(client: TestClient) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    models = {model for *_, model in bodies(app)}
    places = [unbounded(model.model_json_schema(), model.__name__) for model in models]
    assert [place for found in places for place in found] == []


def test_an_unbounded_list_would_be_found() -> None:
    class Endless(StrictModel):
        rows: Annotated[list[list[int]], Field(max_length=3)] = Field(default_factory=list)

    assert list(unbounded(Endless.model_json_schema(), "")) == ["/properties/rows/items"]
