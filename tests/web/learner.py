"""A learner at the API: commands by name, and every answer held to its shape."""

from __future__ import annotations

import json
from functools import cache, reduce
from operator import or_
from typing import Any

import httpx
import httpx2
from pydantic import BaseModel, TypeAdapter
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.web import schemas, schemas_explain, schemas_look
from app.web.schemas import SessionView

Response = httpx.Response | httpx2.Response
API = "/api/v1"
SESSIONS = f"{API}/sessions"
Json = dict[str, Any]


@cache
def described() -> Json:
    """Return the description at /openapi.json."""
    return create_app(Settings(store="memory:")).openapi()


def models_of(method: str, path: str, status: int) -> list[type[BaseModel]]:
    """Return the models, one of which the description promises for an answer; none for one without a body."""
    template = _template(path.partition("?")[0])
    answer = described()["paths"][template][method.lower()]["responses"][str(status)]
    content = answer.get("content", {}).get("application/json")
    if content is None:
        return []
    schema = content["schema"]
    names = [one["$ref"].rpartition("/")[2] for one in schema.get("anyOf", [schema])]
    rooms = (schemas, schemas_explain, schemas_look)
    return [next(vars(room)[name] for room in rooms if name in vars(room)) for name in names]


def _template(path: str) -> str:
    parts = path.split("/")
    # What is named in full goes before what fits a name.
    for template in sorted(described()["paths"], key=lambda one: one.count("{")):
        names = template.split("/")
        if len(names) == len(parts) and all(
            name.startswith("{") or name == part for name, part in zip(names, parts, strict=True)
        ):
            return str(template)
    raise AssertionError(f"{path} is not described")


def checked(method: str, path: str, response: Response) -> Json:
    """Hold an answer to the shape it was promised, strictly and to the last key; return it."""
    assert response.headers["content-type"] == "application/json"
    models = models_of(method, path, response.status_code)
    assert models
    adapter: TypeAdapter[BaseModel] = TypeAdapter(reduce(or_, models))
    view = adapter.validate_json(response.content, strict=True)
    answer: Json = json.loads(response.content, parse_constant=_refuse)
    assert json.loads(view.model_dump_json()) == answer
    return answer


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} on the wire")


def problem(response: Response, status: int) -> Json:
    """Hold an answer to the one shape of a problem; return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: Json = response.json()
    assert body.keys() >= {"type", "title", "status", "detail"}
    assert body.keys() <= {"type", "title", "status", "detail", "errors", "current", "request_id"}
    assert body["status"] == status
    assert len(body.get("errors", [])) <= 20
    return body


def pointers(body: Json) -> list[str]:
    return [fault["pointer"] for fault in body["errors"]]


class Learner:
    """Know a session by its id, and the last answer about it."""

    def __init__(self, client: TestClient | httpx.Client, body: Json | None = None) -> None:
        self.client = client
        response = client.post(SESSIONS, json=body or {})
        assert response.status_code == 201, response.text
        self.session = checked("POST", SESSIONS, response)
        self.path = response.headers["location"]

    def send(
        self, command: str, body: Json | None = None, headers: dict[str, str] | None = None
    ) -> Response:
        """Post a command, or PATCH the session itself, whatever comes of it."""
        method, path = ("POST", f"{self.path}/{command}") if command else ("PATCH", self.path)
        return self.client.request(method, path, json=body or {}, headers=headers)

    def do(self, command: str, **body: Any) -> Json:
        """Give a command that succeeds; return the answer."""
        return self._took("POST", command, body)

    def edit(self, **body: Any) -> Json:
        """Edit the session."""
        return self._took("PATCH", "", body)

    def _took(self, method: str, command: str, body: Json) -> Json:
        response = self.send(command, body)
        assert response.status_code == 200, response.text
        path = f"{self.path}/{command}" if command else self.path
        answer = checked(method, path, response)
        if models_of(method, path, 200) == [SessionView]:
            self.session = answer
            assert response.headers["etag"] == f'"{answer["revision"]}"'
        return answer

    def get(self, what: str = "") -> Json:
        """Look at something of the session."""
        path = f"{self.path}/{what}" if what else self.path
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        return checked("GET", path, response)

    @property
    def at(self) -> tuple[int, int]:
        """The position."""
        position = self.session["position"]
        return position["iteration"], position["event"]
